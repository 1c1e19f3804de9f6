-- Objects are searched for without regard to case. The rows stay as they are.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_header_object_lower ON header (lower(object));

-- migrate:down
-- Nothing: the tests drop the database.
