-- Built beside the writers.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_header_object ON header (object);

-- migrate:down
-- Nothing: the tests drop the database.
