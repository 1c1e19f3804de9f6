-- loses: column identity of table t

-- migrate:up
ALTER TABLE t DROP identity;

-- migrate:down
-- Nothing.
