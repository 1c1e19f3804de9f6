-- Releases 3.3 to 3.6 reduce data themselves: what was reduced, how and from what, which results are published, and
-- what they tell of the instruments. The tables grew column by column in 2025, so each column is added where it is
-- missing.
-- lint:allow validated-constraint: the queue is new, and short

-- migrate:up
CREATE TABLE IF NOT EXISTS monitoring (
	id serial PRIMARY KEY
);
ALTER TABLE monitoring
	ADD COLUMN IF NOT EXISTS filename text,
	ADD COLUMN IF NOT EXISTS data_label text,
	ADD COLUMN IF NOT EXISTS ut_datetime timestamp,
	ADD COLUMN IF NOT EXISTS header_id integer,
	ADD COLUMN IF NOT EXISTS software_used text,
	ADD COLUMN IF NOT EXISTS software_version text,
	ADD COLUMN IF NOT EXISTS processing_tag text,
	ADD COLUMN IF NOT EXISTS recipe text,
	ADD COLUMN IF NOT EXISTS keyword text,
	ADD COLUMN IF NOT EXISTS label text,
	ADD COLUMN IF NOT EXISTS adid integer,
	ADD COLUMN IF NOT EXISTS value_int integer,
	ADD COLUMN IF NOT EXISTS value_float double precision,
	ADD COLUMN IF NOT EXISTS value_text text,
	ADD COLUMN IF NOT EXISTS notes text;

CREATE TABLE IF NOT EXISTS processingtag (
	id       serial PRIMARY KEY,
	tag      text NOT NULL,
	domain   text NOT NULL,
	priority integer NOT NULL
);
ALTER TABLE processingtag
	ADD COLUMN IF NOT EXISTS published boolean,
	ADD COLUMN IF NOT EXISTS description text;

CREATE TABLE IF NOT EXISTS processinglog (
	id serial PRIMARY KEY
);
-- Release 3.5 has other names and wider numbers.
DO $$
DECLARE
	old_name text;
	new_name text;
BEGIN
	FOR old_name, new_name IN
		VALUES ('num_raw_files', 'num_input_files'), ('num_reduced_files', 'num_output_files')
	LOOP
		IF EXISTS (
			SELECT FROM pg_attribute
			WHERE attrelid = 'public.processinglog'::regclass::oid AND attname = old_name::name AND NOT attisdropped
		) THEN
			EXECUTE pg_catalog.format('ALTER TABLE public.processinglog RENAME COLUMN %I TO %I', old_name, new_name);
		END IF;
	END LOOP;
END
$$;
ALTER TABLE processinglog
	ADD COLUMN IF NOT EXISTS input_files text,
	ADD COLUMN IF NOT EXISTS output_files text,
	ADD COLUMN IF NOT EXISTS num_input_files integer,
	ADD COLUMN IF NOT EXISTS num_output_files integer,
	ADD COLUMN IF NOT EXISTS capture_files boolean,
	ADD COLUMN IF NOT EXISTS capture_monitoring boolean,
	ADD COLUMN IF NOT EXISTS debundle text,
	ADD COLUMN IF NOT EXISTS recipe text,
	ADD COLUMN IF NOT EXISTS actual_recipe text,
	ADD COLUMN IF NOT EXISTS processing_tag text,
	ADD COLUMN IF NOT EXISTS processing_started timestamp,
	ADD COLUMN IF NOT EXISTS processing_completed timestamp,
	ADD COLUMN IF NOT EXISTS cpu_secs double precision,
	ADD COLUMN IF NOT EXISTS failed boolean,
	ADD COLUMN IF NOT EXISTS log text;

CREATE TABLE IF NOT EXISTS processinglog_files (
	id               serial PRIMARY KEY,
	processinglog_id integer NOT NULL
);
ALTER TABLE processinglog_files
	ADD COLUMN IF NOT EXISTS filename text,
	ADD COLUMN IF NOT EXISTS md5sum text,
	ADD COLUMN IF NOT EXISTS output boolean;

CREATE TABLE IF NOT EXISTS semester (
	id   serial PRIMARY KEY,
	name text NOT NULL
);
ALTER TABLE semester
	ADD COLUMN IF NOT EXISTS start date,
	ADD COLUMN IF NOT EXISTS "end" date;

DO $$
DECLARE
	tab text;
	col text;
BEGIN
	FOR tab, col IN
		SELECT c.relname::text, a.attname::text
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.atttypid = 'bigint'::regtype::oid
		WHERE c.relnamespace = 'public'::regnamespace::oid
			AND (c.relname, a.attname) IN (('processinglog', 'id'), ('processinglog_files', 'id'),
				('processinglog_files', 'processinglog_id'))
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE public.%I ALTER COLUMN %I TYPE integer', tab, col);
		IF col = 'id' THEN
			EXECUTE pg_catalog.format('ALTER SEQUENCE public.%I AS integer', tab || '_id_seq');
		END IF;
	END LOOP;

	IF NOT EXISTS (
		SELECT FROM pg_constraint
		WHERE conrelid = 'public.monitoring'::regclass::oid AND conname = 'monitoring_header_id_fkey'
	) THEN
		ALTER TABLE public.monitoring
			ADD CONSTRAINT monitoring_header_id_fkey FOREIGN KEY (header_id) REFERENCES public.header (id);
	END IF;
	IF NOT EXISTS (
		SELECT FROM pg_constraint
		WHERE conrelid = 'public.processinglog_files'::regclass::oid
			AND conname = 'processinglog_files_processinglog_id_fkey'
	) THEN
		ALTER TABLE public.processinglog_files
			ADD CONSTRAINT processinglog_files_processinglog_id_fkey
				FOREIGN KEY (processinglog_id) REFERENCES public.processinglog (id);
	END IF;
END
$$;
DROP INDEX IF EXISTS ix_processinglog_processing_started;
CREATE INDEX IF NOT EXISTS ix_monitoring_data_label ON monitoring (data_label);
CREATE INDEX IF NOT EXISTS ix_monitoring_filename ON monitoring (filename);
CREATE INDEX IF NOT EXISTS ix_monitoring_header_id ON monitoring (header_id);
CREATE INDEX IF NOT EXISTS ix_monitoring_keyword ON monitoring (keyword);
CREATE INDEX IF NOT EXISTS ix_monitoring_processing_tag ON monitoring (processing_tag);
CREATE INDEX IF NOT EXISTS ix_monitoring_ut_datetime ON monitoring (ut_datetime);
CREATE INDEX IF NOT EXISTS ix_processingtag_domain ON processingtag (domain);
CREATE INDEX IF NOT EXISTS ix_processingtag_priority ON processingtag (priority);
CREATE INDEX IF NOT EXISTS ix_processingtag_published ON processingtag (published);
CREATE UNIQUE INDEX IF NOT EXISTS ix_processingtag_tag ON processingtag (tag);
CREATE INDEX IF NOT EXISTS ix_processinglog_failed ON processinglog (failed);
CREATE INDEX IF NOT EXISTS ix_processinglog_processing_tag ON processinglog (processing_tag);
CREATE INDEX IF NOT EXISTS ix_processinglog_files_filename ON processinglog_files (filename);
CREATE INDEX IF NOT EXISTS ix_processinglog_files_md5sum ON processinglog_files (md5sum);
CREATE INDEX IF NOT EXISTS ix_processinglog_files_output ON processinglog_files (output);
CREATE INDEX IF NOT EXISTS ix_processinglog_files_processinglog_id ON processinglog_files (processinglog_id);
CREATE INDEX IF NOT EXISTS ix_semester_name ON semester (name);

ALTER TABLE reducequeue
	ADD COLUMN IF NOT EXISTS debundle debundle_options,
	ADD COLUMN IF NOT EXISTS recipe text,
	ADD COLUMN IF NOT EXISTS uparms text,
	ADD COLUMN IF NOT EXISTS capture_files boolean,
	ADD COLUMN IF NOT EXISTS capture_monitoring boolean,
	ADD COLUMN IF NOT EXISTS batch text,
	ADD COLUMN IF NOT EXISTS after_batch text,
	ADD COLUMN IF NOT EXISTS mem_gb double precision,
	ADD COLUMN IF NOT EXISTS host text,
	ADD COLUMN IF NOT EXISTS designated_host text,
	ADD COLUMN IF NOT EXISTS intent text,
	ADD COLUMN IF NOT EXISTS initiatedby text,
	ADD COLUMN IF NOT EXISTS tag text,
	DROP CONSTRAINT IF EXISTS reducequeue_filenames_inprogress_fail_dt_key,
	DROP CONSTRAINT IF EXISTS reducequeue_filenames_debundle_recipe_inprogress_fail_dt_key,
	ADD CONSTRAINT reducequeue_filenames_debundle_recipe_inprogress_fail_dt_key
		UNIQUE (filenames, debundle, recipe, inprogress, fail_dt);
ALTER TABLE ingestqueue ADD COLUMN IF NOT EXISTS batch text;
ALTER TABLE fileopsqueue ADD COLUMN IF NOT EXISTS batch text;
ALTER TABLE glacier ADD COLUMN IF NOT EXISTS path text;
ALTER TABLE header
	ADD COLUMN IF NOT EXISTS processing_tag text,
	ADD COLUMN IF NOT EXISTS numpix integer;

-- migrate:down
-- The logs of reductions and the values of monitoring are lost. The older queue allows fewer jobs: the newest stays.
ALTER TABLE header DROP COLUMN IF EXISTS processing_tag, DROP COLUMN IF EXISTS numpix;
ALTER TABLE glacier DROP COLUMN IF EXISTS path;
ALTER TABLE fileopsqueue DROP COLUMN IF EXISTS batch;
ALTER TABLE ingestqueue DROP COLUMN IF EXISTS batch;
ALTER TABLE reducequeue DROP CONSTRAINT IF EXISTS reducequeue_filenames_debundle_recipe_inprogress_fail_dt_key;
DO $$
BEGIN
	-- The newer constraint is kept in a database that had it before.
	IF NOT EXISTS (
		SELECT FROM pg_constraint
		WHERE conrelid = 'public.reducequeue'::regclass::oid
			AND conname IN ('reducequeue_filenames_debundle_recipe_inprogress_fail_dt_key',
				'reducequeue_filenames_inprogress_fail_dt_key')
	) THEN
		DELETE FROM public.reducequeue q
		USING public.reducequeue n
		WHERE n.id > q.id AND n.filenames = q.filenames AND n.inprogress = q.inprogress AND n.fail_dt = q.fail_dt;
		ALTER TABLE public.reducequeue
			ADD CONSTRAINT reducequeue_filenames_inprogress_fail_dt_key UNIQUE (filenames, inprogress, fail_dt);
	END IF;
END
$$;
ALTER TABLE reducequeue
	DROP COLUMN IF EXISTS debundle,
	DROP COLUMN IF EXISTS recipe,
	DROP COLUMN IF EXISTS uparms,
	DROP COLUMN IF EXISTS capture_files,
	DROP COLUMN IF EXISTS capture_monitoring,
	DROP COLUMN IF EXISTS batch,
	DROP COLUMN IF EXISTS after_batch,
	DROP COLUMN IF EXISTS mem_gb,
	DROP COLUMN IF EXISTS host,
	DROP COLUMN IF EXISTS designated_host,
	DROP COLUMN IF EXISTS intent,
	DROP COLUMN IF EXISTS initiatedby,
	DROP COLUMN IF EXISTS tag;
DROP TABLE IF EXISTS semester;
DROP TABLE IF EXISTS processinglog_files;
DROP TABLE IF EXISTS processinglog;
DROP TABLE IF EXISTS processingtag;
DROP TABLE IF EXISTS monitoring;
