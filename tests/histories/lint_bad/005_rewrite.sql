-- Nobody reads preview until it and its indexes are written anew.

-- migrate:up
ALTER TABLE preview ALTER COLUMN size TYPE bigint;

-- migrate:down
-- Nothing: the tests drop the database.
