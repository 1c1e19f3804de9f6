-- The wider column stands beside the narrow one until no release uses that any more.

-- migrate:up
ALTER TABLE preview ADD COLUMN size_bytes bigint;

-- migrate:down
-- Nothing: the tests drop the database.
