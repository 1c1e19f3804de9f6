-- loses: column type of table t

-- migrate:up
ALTER TABLE t DROP "type";

-- migrate:down
-- Nothing.
