-- One row has a wrong name.

-- migrate:up
UPDATE header SET object = 'NGC 7000' WHERE id = 1;

-- migrate:down
-- Nothing: the tests drop the database.
