-- loses: column constraint of table t

-- migrate:up
ALTER TABLE t ALTER a DROP DEFAULT, DROP "constraint";

-- migrate:down
-- Nothing.
