-- The statement acquires the lock that it needs.

-- migrate:up
ALTER TABLE preview ADD COLUMN checksum text;

-- migrate:down
-- Nothing: the tests drop the database.
