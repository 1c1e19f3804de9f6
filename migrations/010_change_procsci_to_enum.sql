-- procsci takes one of three values, and an enum keeps it so. Values are kept; what is none of the three becomes null.
-- The whole header table is rewritten. A database that has procmode instead (migration 21) needs nothing here.

-- migrate:up
-- lint:allow rewrite: nobody reads header until all of it is written anew; to be run while the archive is down
DO $$
DECLARE
	type_now oid := (
		SELECT atttypid FROM pg_attribute
		WHERE attrelid = 'public.header'::regclass::oid AND attname = 'procsci' AND NOT attisdropped
	);
BEGIN
	IF type_now IS NULL THEN
		RETURN;
	END IF;
	IF to_regtype('public.procsci') IS NULL THEN
		CREATE TYPE procsci AS ENUM ('sq', 'ql', 'qa');
	END IF;
	IF type_now <> to_regtype('public.procsci')::oid THEN
		ALTER TABLE header ALTER COLUMN procsci TYPE procsci
			USING CASE WHEN procsci IN ('sq', 'ql', 'qa') THEN procsci::procsci END;
	END IF;
END
$$;

-- migrate:down
DO $$
BEGIN
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.header'::regclass::oid AND attname = 'procsci' AND NOT attisdropped
			AND atttypid = to_regtype('public.procsci')::oid
	) THEN
		ALTER TABLE header ALTER COLUMN procsci TYPE varchar(4) USING procsci::varchar(4);
	END IF;
END
$$;
DROP TYPE IF EXISTS procsci;
