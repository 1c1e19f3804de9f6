-- The lock is stronger than the next statement needs, or is acquired by it anyway.

-- migrate:up
LOCK TABLE preview IN ACCESS EXCLUSIVE MODE;
ALTER TABLE preview ADD COLUMN checksum text;

-- migrate:down
-- Nothing: the tests drop the database.
