-- The pipeline calls it the processing mode now. The type and the column are renamed, so every value stays. Where a
-- database has both columns the two become one: procmode's value, or procsci's where it has none.

-- migrate:up
-- lint:allow drop-or-rename: a release that knows the column as procsci fails from here on; it goes with the next one
DO $$
DECLARE
	has_procsci boolean;
	has_procmode boolean;
BEGIN
	SELECT bool_or(attname = 'procsci'), bool_or(attname = 'procmode')
	INTO has_procsci, has_procmode
	FROM pg_attribute
	WHERE attrelid = 'public.header'::regclass::oid AND NOT attisdropped;

	IF NOT has_procmode THEN
		DROP TYPE IF EXISTS procmode;
		ALTER TYPE procsci RENAME TO procmode;
		ALTER TABLE header RENAME COLUMN procsci TO procmode;
	ELSIF has_procsci THEN
		UPDATE header SET procmode = procsci::text::procmode WHERE procmode IS NULL AND procsci IS NOT NULL;
		ALTER TABLE header DROP COLUMN procsci;
	END IF;
END
$$;
DROP TYPE IF EXISTS procsci;

-- migrate:down
DO $$
DECLARE
	has_procsci boolean;
	has_procmode boolean;
BEGIN
	SELECT bool_or(attname = 'procsci'), bool_or(attname = 'procmode')
	INTO has_procsci, has_procmode
	FROM pg_attribute
	WHERE attrelid = 'public.header'::regclass::oid AND NOT attisdropped;

	IF has_procmode THEN
		IF has_procsci THEN
			UPDATE header SET procmode = procsci::text::procmode WHERE procmode IS NULL AND procsci IS NOT NULL;
			ALTER TABLE header DROP COLUMN procsci;
		END IF;
		DROP TYPE IF EXISTS procsci;
		ALTER TYPE procmode RENAME TO procsci;
		ALTER TABLE header RENAME COLUMN procmode TO procsci;
	END IF;
END
$$;
DROP TYPE IF EXISTS procmode;
