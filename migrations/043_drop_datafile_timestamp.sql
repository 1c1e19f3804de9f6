-- The software of version 3 computes the time in a file's name when it needs it. Nothing is lost: 38 can do so as well.

-- migrate:up
-- lint:allow drop-or-rename: the archive is down from 40 to 54
ALTER TABLE diskfile DROP COLUMN IF EXISTS datafile_timestamp;

-- migrate:down
-- The column is empty: migration 38 fills it, if the database is downgraded to 37 and upgraded to 39.
ALTER TABLE diskfile ADD COLUMN IF NOT EXISTS datafile_timestamp timestamptz;
CREATE INDEX IF NOT EXISTS ix_diskfile_datafile_timestamp ON diskfile (datafile_timestamp);
DO $$
BEGIN
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.diskfile'::regclass::oid AND attname = 'datafile_timestamp' AND NOT attisdropped
	) AND EXISTS (SELECT FROM public.diskfile) THEN
		RAISE WARNING 'diskfile.datafile_timestamp is empty: downgrade to 37 and upgrade to 39 to fill it';
	END IF;
END
$$;
