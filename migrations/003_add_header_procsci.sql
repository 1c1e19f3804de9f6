-- How far a reduced file may be trusted for science: sq, ql or qa. Migration 21 renames the column to procmode, so
-- a database made from newer data models has it under that name and needs nothing here.

-- migrate:up
DO $$
BEGIN
	IF NOT EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.header'::regclass::oid AND attname IN ('procsci', 'procmode') AND NOT attisdropped
	) THEN
		ALTER TABLE header ADD COLUMN procsci varchar(4);
	END IF;
END
$$;

-- migrate:down
ALTER TABLE header DROP COLUMN IF EXISTS procsci;
