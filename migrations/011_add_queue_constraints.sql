-- A file that waits already must not be queued once more. The data models later chose another constraint for
-- exportqueue: where that one is, this one is not added.

-- migrate:up
-- lint:allow validated-constraint: the queues are short, and those who use them wait for a moment
DO $$
BEGIN
	IF NOT EXISTS (
		SELECT FROM pg_constraint
		WHERE conrelid = 'public.exportqueue'::regclass::oid
			AND conname IN (
				'exportqueue_filename_path_destination_key',
				'exportqueue_filename_inprogress_failed_destination_key'
			)
	) THEN
		ALTER TABLE exportqueue ADD UNIQUE (filename, path, destination);
	END IF;

	IF NOT EXISTS (
		SELECT FROM pg_constraint
		WHERE conrelid = 'public.ingestqueue'::regclass::oid AND conname = 'ingestqueue_filename_path_key'
	) THEN
		ALTER TABLE ingestqueue ADD UNIQUE (filename, path);
	END IF;
END
$$;

-- migrate:down
ALTER TABLE ingestqueue DROP CONSTRAINT IF EXISTS ingestqueue_filename_path_key;
ALTER TABLE exportqueue DROP CONSTRAINT IF EXISTS exportqueue_filename_path_destination_key;
