-- All rows stay locked until the last one is written.

-- migrate:up
UPDATE header SET object = lower(object);

-- migrate:down
-- Nothing: the tests drop the database.
