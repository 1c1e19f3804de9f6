-- The history of a file is looked up by the file. The index is built without blocking the daemons that write to the
-- table.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_history_diskfile_id ON history (diskfile_id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_history_diskfile_id;
