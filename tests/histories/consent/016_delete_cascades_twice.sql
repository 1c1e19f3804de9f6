-- loses: table child, table grandchild

-- migrate:up
DELETE FROM child;

-- migrate:down
-- Nothing.
