-- Files are deleted in the order of the time in their names. Filling it in for old rows took too long for a deploy;
-- migration 38 does it in batches.

-- migrate:up
ALTER TABLE diskfile ADD COLUMN IF NOT EXISTS datafile_timestamp timestamptz;
-- lint:allow create-index: nobody writes to diskfile until it is built; to be run while the archive is down
-- lint:allow work-after-exclusive: nor does anybody read it, as it is locked for the new column; as above
CREATE INDEX IF NOT EXISTS idx_diskfile_datafile_timestamp ON diskfile (datafile_timestamp);

-- migrate:down
ALTER TABLE diskfile DROP COLUMN IF EXISTS datafile_timestamp;
