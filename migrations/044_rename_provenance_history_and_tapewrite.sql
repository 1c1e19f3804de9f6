-- The software of 2023-07 calls the history of a file history, the primitive that added a file to its provenance
-- added_by, and spells succeeded right. create_tables of version 3 may have made an empty history beside the old
-- table.

-- migrate:up
DO $$
BEGIN
	IF to_regclass('public.provenance_history') IS NOT NULL AND to_regclass('public.history') IS NOT NULL THEN
		IF EXISTS (SELECT FROM public.history) THEN
			RAISE EXCEPTION 'the tables provenance_history and history both exist, and history has rows'
				USING HINT = 'Decide which rows are the right ones, and delete those of history or rename it.';
		END IF;
		DROP TABLE public.history;
	END IF;
END
$$;
-- lint:allow drop-or-rename: the archive is down from 40 to 54
ALTER TABLE IF EXISTS provenance_history RENAME TO history;
ALTER SEQUENCE IF EXISTS provenance_history_id_seq RENAME TO history_id_seq;
ALTER INDEX IF EXISTS provenance_history_pkey RENAME TO history_pkey;
-- lint:allow drop-or-rename: as above
DO $$
DECLARE
	tab text;
	col text;
	kind text;
BEGIN
	IF EXISTS (
		SELECT FROM pg_constraint
		WHERE conrelid = to_regclass('public.history')::oid AND conname = 'provenance_history_diskfile_id_fkey'
	) THEN
		ALTER TABLE public.history
			RENAME CONSTRAINT provenance_history_diskfile_id_fkey TO history_diskfile_id_fkey;
	END IF;

	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = to_regclass('public.provenance')::oid AND attname = 'primitive' AND NOT attisdropped
	) THEN
		ALTER TABLE public.provenance RENAME COLUMN primitive TO added_by;
	END IF;

	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = to_regclass('public.tapewrite')::oid AND attname = 'suceeded' AND NOT attisdropped
	) THEN
		ALTER TABLE public.tapewrite RENAME COLUMN suceeded TO succeeded;
	END IF;

	FOR tab, col IN VALUES ('history', 'primitive'), ('provenance', 'added_by'), ('provenance', 'filename')
	LOOP
		SELECT format_type(atttypid, NULL) INTO kind
		FROM pg_attribute
		WHERE attrelid = to_regclass('public.' || tab)::oid AND attname = col::name AND NOT attisdropped;
		IF kind = 'character varying' THEN
			EXECUTE pg_catalog.format('ALTER TABLE public.%I ALTER COLUMN %I TYPE text', tab, col);
		END IF;
	END LOOP;
END
$$;
ALTER INDEX IF EXISTS ix_tapewrite_suceeded RENAME TO ix_tapewrite_succeeded;

-- migrate:down
-- Texts are cut to 128 characters, as the older software did.
ALTER TABLE IF EXISTS history RENAME TO provenance_history;
ALTER SEQUENCE IF EXISTS history_id_seq RENAME TO provenance_history_id_seq;
ALTER INDEX IF EXISTS history_pkey RENAME TO provenance_history_pkey;
ALTER TABLE IF EXISTS provenance_history
	RENAME CONSTRAINT history_diskfile_id_fkey TO provenance_history_diskfile_id_fkey;
ALTER TABLE IF EXISTS provenance_history
	ALTER COLUMN primitive TYPE varchar(128) USING primitive::varchar(128);
ALTER TABLE provenance RENAME COLUMN added_by TO primitive;
ALTER TABLE provenance
	ALTER COLUMN filename TYPE varchar(128) USING filename::varchar(128),
	ALTER COLUMN primitive TYPE varchar(128) USING primitive::varchar(128);
ALTER TABLE tapewrite RENAME COLUMN succeeded TO suceeded;
ALTER INDEX IF EXISTS ix_tapewrite_succeeded RENAME TO ix_tapewrite_suceeded;
