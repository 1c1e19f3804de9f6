-- As 56, for the provenance of a file.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_provenance_diskfile_id ON provenance (diskfile_id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_provenance_diskfile_id;
