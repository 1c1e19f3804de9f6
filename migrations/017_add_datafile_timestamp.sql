-- Files are deleted in the order of the time in their names. Filling it in for old rows took too long for a deploy;
-- migration 38 does it in batches.

-- migrate:up
ALTER TABLE diskfile ADD COLUMN IF NOT EXISTS datafile_timestamp timestamptz;
CREATE INDEX IF NOT EXISTS idx_diskfile_datafile_timestamp ON diskfile (datafile_timestamp);

-- migrate:down
ALTER TABLE diskfile DROP COLUMN IF EXISTS datafile_timestamp;
