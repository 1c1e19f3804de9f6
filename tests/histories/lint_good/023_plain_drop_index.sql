-- The statement waits, but nobody waits for it.

-- migrate:up transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_header_object;

-- migrate:down
-- Nothing: the tests drop the database.
