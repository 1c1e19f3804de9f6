-- The queues of version 3 keep the time of a failure and its text in the entry itself. An entry that has not failed
-- has the latest possible time: a null would be part of no unique key, and the software would never take the entry. No
-- entry stays in progress, because no daemon works while the archive is down. Of several entries with the same new key
-- the newest one stays.
-- lint:allow drop-or-rename: the queues are short, and the archive is down from 40 to 54
-- lint:allow rewrite: as above
-- lint:allow unbatched-rows: as above
-- lint:allow locked-scan: as above
-- lint:allow set-not-null: as above
-- lint:allow validated-constraint: as above
-- lint:allow create-index: as above
-- lint:allow work-after-exclusive: as above
-- lint:allow dropped-dependency: as above

-- migrate:up
DO $$
DECLARE
	never constant timestamp := '9999-12-31 23:59:59.999999';
	queues constant text[] := ARRAY['calcachequeue', 'exportqueue', 'ingestqueue', 'previewqueue'];
	old_queues text[] := ARRAY(
		SELECT c.relname::text
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'failed' AND NOT a.attisdropped
		WHERE c.relnamespace = 'public'::regnamespace::oid AND c.relname::text = ANY (queues)
	);
	tab text;
	col text;
	new_col text;
BEGIN
	IF old_queues = ARRAY[]::text[] THEN
		RETURN;
	END IF;

	-- Backups leave out all tables with "queue" in their names.
	IF to_regclass('public.queue_error') IS NULL THEN
		IF to_regtype('public.queue') IS NULL THEN
			CREATE TYPE public.queue AS ENUM ('INGEST', 'PREVIEW', 'CALCACHE', 'EXPORT');
		END IF;
		CREATE TABLE public.queue_error (
			id       serial PRIMARY KEY,
			filename text NOT NULL,
			path     text,
			added    timestamp,
			queue    public.queue,
			error    text
		);
	END IF;

	FOREACH tab IN ARRAY old_queues
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE public.%I ADD COLUMN IF NOT EXISTS fail_dt timestamp,'
			' ADD COLUMN IF NOT EXISTS error text', tab);
	END LOOP;

	-- A failure without a time has that of the newest error, or of the entry. The texts are joined, the oldest first.
	IF 'exportqueue' = ANY (old_queues) THEN
		ALTER TABLE public.exportqueue
			DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_failed_destination_key;
		UPDATE public.exportqueue q
		SET fail_dt = coalesce(q.lastfailed, e.added, q.added, localtimestamp), error = e.error
		FROM public.exportqueue o
		LEFT JOIN (
			SELECT filename, coalesce(path, '') AS path, max(added) AS added,
				string_agg(error, E'\n\n' ORDER BY added, id) AS error
			FROM public.queue_error
			WHERE queue::text = 'EXPORT'
			GROUP BY 1, 2
		) e ON e.filename = o.filename AND e.path = coalesce(o.path, '')
		WHERE q.failed AND o.id = q.id;
	END IF;

	IF 'ingestqueue' = ANY (old_queues) THEN
		ALTER TABLE public.ingestqueue
			DROP CONSTRAINT IF EXISTS ingestqueue_filename_inprogress_failed_key,
			DROP CONSTRAINT IF EXISTS ingestqueue_filename_path_key;
		UPDATE public.ingestqueue SET path = '' WHERE path IS NULL;
		UPDATE public.ingestqueue q
		SET fail_dt = coalesce(e.added, q.added, localtimestamp), error = e.error
		FROM public.ingestqueue o
		LEFT JOIN (
			SELECT filename, coalesce(path, '') AS path, max(added) AS added,
				string_agg(error, E'\n\n' ORDER BY added, id) AS error
			FROM public.queue_error
			WHERE queue::text = 'INGEST'
			GROUP BY 1, 2
		) e ON e.filename = o.filename AND e.path = o.path
		WHERE q.failed AND o.id = q.id;
	END IF;

	-- An entry of this queue has no path; its file has one.
	IF 'calcachequeue' = ANY (old_queues) THEN
		ALTER TABLE public.calcachequeue RENAME COLUMN ut_datetime TO added;
		ALTER TABLE public.calcachequeue ALTER COLUMN sortkey TYPE text;
		UPDATE public.calcachequeue q
		SET filename = d.filename
		FROM public.header h
		JOIN public.diskfile d ON d.id = h.diskfile_id
		WHERE h.id = q.obs_hid AND q.filename IS NULL;
		UPDATE public.calcachequeue q
		SET fail_dt = coalesce(f.failed_at, q.added, localtimestamp), error = f.error
		FROM (
			SELECT o.id, max(e.added) AS failed_at, string_agg(e.error, E'\n\n' ORDER BY e.added, e.id) AS error
			FROM public.calcachequeue o
			JOIN public.header h ON h.id = o.obs_hid
			JOIN public.diskfile d ON d.id = h.diskfile_id
			LEFT JOIN public.queue_error e ON e.queue::text = 'CALCACHE' AND e.filename = o.filename
				AND coalesce(e.path, '') IN ('', d.path)
			GROUP BY o.id
		) f
		WHERE q.failed AND f.id = q.id;
	END IF;

	-- The errors of this one were saved without the name of the file.
	IF 'previewqueue' = ANY (old_queues) THEN
		ALTER TABLE public.previewqueue ADD COLUMN IF NOT EXISTS filename text;
		UPDATE public.previewqueue q
		SET filename = d.filename
		FROM public.diskfile d
		WHERE d.id = q.diskfile_id AND q.filename IS NULL;
		UPDATE public.previewqueue SET fail_dt = localtimestamp WHERE failed;
	END IF;

	-- Entries are taken in the order of the sort key, the greatest first. Old and new keys do not sort with each other.
	FOREACH tab IN ARRAY old_queues
	LOOP
		EXECUTE pg_catalog.format($update$
			UPDATE public.%I
			SET inprogress = false, fail_dt = coalesce(fail_dt, %L::timestamp), sortkey = CASE
				WHEN filename ~ '^[NS][0-9]{8}\w[0-9]'
					THEN regexp_replace(filename, '^[NS]([0-9]{8})\w([0-9]+).*$', 'z\1\2')
				WHEN filename ~ '^SDC[SHK]_[0-9]{8}_[0-9]'
					THEN regexp_replace(filename, '^SDC[SHK]_([0-9]{8})_([0-9]+).*$', 'z\1\2')
				WHEN filename ~ '^img_[0-9]{8}_\w'
					THEN regexp_replace(filename, '^img_([0-9]{8})_(\w+).*$', 'y\1\2')
				WHEN filename ~ '^[0-9]{8}_.*_obslog\.txt'
					THEN regexp_replace(filename, '^([0-9]{8})_(.*)_obslog\.txt.*$', 'x\1\2')
				ELSE 'aaaa' || filename
			END $update$, tab, never);
	END LOOP;
	IF 'exportqueue' = ANY (old_queues) THEN
		UPDATE public.exportqueue
		SET sortkey = CASE WHEN strpos(destination, 'archive') > 0 THEN 'z' ELSE 'a' END || sortkey;
		DELETE FROM public.exportqueue q
		USING public.exportqueue n
		WHERE n.id > q.id AND n.filename = q.filename AND n.destination = q.destination AND n.fail_dt = q.fail_dt;
	END IF;
	IF 'ingestqueue' = ANY (old_queues) THEN
		DELETE FROM public.ingestqueue q
		USING public.ingestqueue n
		WHERE n.id > q.id AND n.filename = q.filename AND n.path = q.path AND n.fail_dt = q.fail_dt;
	END IF;
	IF 'calcachequeue' = ANY (old_queues) THEN
		DELETE FROM public.calcachequeue q
		USING public.calcachequeue n
		WHERE n.id > q.id AND n.obs_hid = q.obs_hid AND n.fail_dt = q.fail_dt;
	END IF;

	FOR tab, col, new_col IN
		SELECT c.relname::text, a.attname::text, r.new_name
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
		JOIN (VALUES ('header_fields', 'header_update'), ('md5_before_header', 'md5_before_header_update'),
			('md5_after_header', 'md5_after_header_update')) r (old_name, new_name) ON r.old_name = a.attname::text
		WHERE c.relnamespace = 'public'::regnamespace::oid AND c.relname::text = ANY (old_queues)
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE public.%I RENAME COLUMN %I TO %I', tab, col, new_col);
	END LOOP;

	IF to_regnamespace('retired') IS NULL THEN
		EXECUTE pg_catalog.format('CREATE SCHEMA retired AUTHORIZATION %I', (
			SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.header'::regclass::oid
		));
	ELSIF (SELECT nspowner FROM pg_namespace WHERE nspname = 'retired') NOT IN (
		SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
		UNION SELECT datdba FROM pg_database WHERE datname = current_database()
		UNION SELECT oid FROM pg_roles WHERE rolsuper
	) THEN
		RAISE EXCEPTION 'schema retired belongs to another role than table header'
			USING HINT = 'Its owner could drop what is moved there. Give it to the owner of header, or rename it.';
	END IF;
	ALTER TABLE public.queue_error SET SCHEMA retired;
	ALTER TYPE public.queue SET SCHEMA retired;
END
$$;

-- Only entries whose time has come are taken; one without a time would never be.
UPDATE exportqueue SET after = coalesce(added, now() AT TIME ZONE 'UTC') WHERE after IS NULL;
UPDATE ingestqueue SET after = coalesce(added, now() AT TIME ZONE 'UTC') WHERE after IS NULL;

ALTER TABLE calcachequeue
	DROP COLUMN IF EXISTS failed,
	DROP CONSTRAINT IF EXISTS calcachequeue_obs_hid_inprogress_fail_dt_key,
	ADD CONSTRAINT calcachequeue_obs_hid_inprogress_fail_dt_key UNIQUE (obs_hid, inprogress, fail_dt);
ALTER TABLE exportqueue
	ADD COLUMN IF NOT EXISTS header_update text,
	ADD COLUMN IF NOT EXISTS md5_before_header_update text,
	ADD COLUMN IF NOT EXISTS md5_after_header_update text,
	DROP COLUMN IF EXISTS failed,
	DROP COLUMN IF EXISTS lastfailed,
	DROP COLUMN IF EXISTS reject_new,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_fail_dt_destination_key,
	ADD CONSTRAINT exportqueue_filename_inprogress_fail_dt_destination_key
		UNIQUE (filename, inprogress, fail_dt, destination);
ALTER TABLE ingestqueue
	ADD COLUMN IF NOT EXISTS header_update text,
	ADD COLUMN IF NOT EXISTS md5_before_header_update text,
	ADD COLUMN IF NOT EXISTS md5_after_header_update text,
	ALTER COLUMN path SET NOT NULL,
	DROP COLUMN IF EXISTS failed,
	DROP COLUMN IF EXISTS reject_new,
	DROP CONSTRAINT IF EXISTS ingestqueue_filename_path_inprogress_fail_dt_key,
	ADD CONSTRAINT ingestqueue_filename_path_inprogress_fail_dt_key UNIQUE (filename, path, inprogress, fail_dt);
ALTER TABLE previewqueue
	DROP COLUMN IF EXISTS failed,
	DROP CONSTRAINT IF EXISTS previewqueue_diskfile_id_inprogress_fail_dt_key,
	ADD CONSTRAINT previewqueue_diskfile_id_inprogress_fail_dt_key UNIQUE (diskfile_id, inprogress, fail_dt);

CREATE INDEX IF NOT EXISTS ix_calcachequeue_fail_dt ON calcachequeue (fail_dt);
CREATE INDEX IF NOT EXISTS ix_exportqueue_fail_dt ON exportqueue (fail_dt);
CREATE INDEX IF NOT EXISTS ix_ingestqueue_fail_dt ON ingestqueue (fail_dt);
CREATE INDEX IF NOT EXISTS ix_previewqueue_fail_dt ON previewqueue (fail_dt);

-- migrate:down
-- The texts of errors since then are lost. The older constraints allow fewer entries: the newest of them stays.
-- Each column is a statement, which a downgrade leaves out where the database did not have it.
ALTER TABLE calcachequeue ADD COLUMN IF NOT EXISTS failed boolean;
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS failed boolean;
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS lastfailed timestamp;
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS reject_new boolean;
ALTER TABLE ingestqueue ADD COLUMN IF NOT EXISTS failed boolean;
ALTER TABLE ingestqueue ADD COLUMN IF NOT EXISTS reject_new boolean;
ALTER TABLE previewqueue ADD COLUMN IF NOT EXISTS failed boolean;
DO $$
DECLARE
	never constant timestamp := '9999-12-31 23:59:59.999999';
	tab text;
BEGIN
	FOR tab IN
		SELECT c.relname::text
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'failed' AND NOT a.attisdropped
		WHERE c.relnamespace = 'public'::regnamespace::oid
			AND c.relname IN ('calcachequeue', 'exportqueue', 'ingestqueue', 'previewqueue')
	LOOP
		EXECUTE pg_catalog.format('UPDATE public.%I SET failed = coalesce(fail_dt <> %L::timestamp, false)',
			tab, never);

		IF tab = 'exportqueue' THEN
			UPDATE public.exportqueue SET lastfailed = nullif(fail_dt, never);
			DELETE FROM public.exportqueue q
			USING public.exportqueue n
			WHERE n.id > q.id AND n.filename = q.filename AND n.destination = q.destination
				AND n.inprogress = q.inprogress AND n.failed = q.failed;
		ELSIF tab = 'ingestqueue' THEN
			DELETE FROM public.ingestqueue q
			USING public.ingestqueue n
			WHERE n.id > q.id AND n.filename = q.filename AND n.path = q.path;
			DELETE FROM public.ingestqueue q
			USING public.ingestqueue n
			WHERE n.id > q.id AND n.filename = q.filename AND n.inprogress = q.inprogress AND n.failed = q.failed;
		END IF;
	END LOOP;
END
$$;
ALTER TABLE calcachequeue RENAME COLUMN added TO ut_datetime;
ALTER TABLE calcachequeue ALTER COLUMN sortkey TYPE timestamp USING ut_datetime;
ALTER TABLE calcachequeue DROP CONSTRAINT IF EXISTS calcachequeue_obs_hid_inprogress_fail_dt_key;
ALTER TABLE calcachequeue DROP COLUMN IF EXISTS fail_dt, DROP COLUMN IF EXISTS error;

ALTER TABLE exportqueue RENAME COLUMN header_update TO header_fields;
ALTER TABLE exportqueue RENAME COLUMN md5_before_header_update TO md5_before_header;
ALTER TABLE exportqueue RENAME COLUMN md5_after_header_update TO md5_after_header;
ALTER TABLE exportqueue DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_fail_dt_destination_key;
ALTER TABLE exportqueue DROP COLUMN IF EXISTS fail_dt, DROP COLUMN IF EXISTS error;
ALTER TABLE exportqueue
	ADD CONSTRAINT exportqueue_filename_inprogress_failed_destination_key
		UNIQUE (filename, inprogress, failed, destination);

ALTER TABLE ingestqueue RENAME COLUMN header_update TO header_fields;
ALTER TABLE ingestqueue RENAME COLUMN md5_before_header_update TO md5_before_header;
ALTER TABLE ingestqueue RENAME COLUMN md5_after_header_update TO md5_after_header;
ALTER TABLE ingestqueue DROP CONSTRAINT IF EXISTS ingestqueue_filename_path_inprogress_fail_dt_key;
ALTER TABLE ingestqueue DROP COLUMN IF EXISTS fail_dt, DROP COLUMN IF EXISTS error;
ALTER TABLE ingestqueue ALTER COLUMN path DROP NOT NULL;
ALTER TABLE ingestqueue
	ADD CONSTRAINT ingestqueue_filename_inprogress_failed_key UNIQUE (filename, inprogress, failed);
ALTER TABLE ingestqueue ADD CONSTRAINT ingestqueue_filename_path_key UNIQUE (filename, path);

ALTER TABLE previewqueue DROP CONSTRAINT IF EXISTS previewqueue_diskfile_id_inprogress_fail_dt_key;
ALTER TABLE previewqueue
	DROP COLUMN IF EXISTS filename,
	DROP COLUMN IF EXISTS fail_dt,
	DROP COLUMN IF EXISTS error;

-- The errors come back from retired; where nothing was retired there were none.
DO $$
BEGIN
	IF to_regtype('public.queue') IS NULL THEN
		IF EXISTS (
			SELECT FROM pg_type r
			WHERE r.oid = to_regtype('retired.queue')::oid AND r.typtype = 'e' AND r.typowner IN (
				SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
				UNION SELECT oid FROM pg_roles WHERE rolsuper
			)
		) THEN
			ALTER TYPE retired.queue SET SCHEMA public;
		ELSE
			CREATE TYPE public.queue AS ENUM ('INGEST', 'PREVIEW', 'CALCACHE', 'EXPORT');
		END IF;
	END IF;
END
$$;
DO $$
BEGIN
	IF to_regclass('public.queue_error') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.queue_error')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.queue_error SET SCHEMA public;
	ELSIF to_regclass('public.queue_error') IS NULL THEN
		CREATE TABLE public.queue_error (
			id       serial PRIMARY KEY,
			filename text NOT NULL,
			path     text,
			added    timestamp,
			queue    public.queue,
			error    text
		);
		CREATE INDEX ix_queue_error_filename ON public.queue_error (filename);
		CREATE INDEX ix_queue_error_queue ON public.queue_error (queue);
	END IF;
END
$$;
