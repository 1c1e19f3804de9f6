-- Searches ask for files with a published processing tag. The index is built without blocking the daemons that write to
-- header.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_header_processing_tag ON header (processing_tag);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_header_processing_tag;
