-- loses: table t, table child, table grandchild

-- migrate:up
DELETE FROM t WHERE id = 1;

-- migrate:down
-- Nothing.
