-- loses: table t, table child

-- migrate:up
TRUNCATE t CASCADE;

-- migrate:down
-- Nothing.
