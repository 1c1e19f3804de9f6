-- The statement waits for all who use header, and all others wait for it.

-- migrate:up
DROP INDEX ix_header_object;

-- migrate:down
-- Nothing: the tests drop the database.
