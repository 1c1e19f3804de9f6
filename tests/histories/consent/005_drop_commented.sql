-- loses: column a of table t

-- migrate:up
ALTER TABLE t DROP /* not used any more */ COLUMN a;

-- migrate:down
-- Nothing.
