-- loses: column role of table t

-- migrate:up
ALTER TABLE t DROP role;

-- migrate:down
-- Nothing.
