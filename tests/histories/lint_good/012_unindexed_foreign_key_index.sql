-- What the foreign key will be looked up by.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_preview_header_id ON preview (header_id);

-- migrate:down
-- Nothing: the tests drop the database.
