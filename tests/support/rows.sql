-- A function of the test's session that tells what the tables hold.

CREATE FUNCTION pg_temp.tell() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	c record;
	told text;
BEGIN
	FOR c IN SELECT oid::regclass AS tab FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
		AND relname <> 'migrate_version' LOOP
		EXECUTE format('SELECT count(*) FROM %s', c.tab) INTO told;
		RETURN NEXT format('%s rows=%s', c.tab, told);
	END LOOP;
	FOR c IN SELECT attrelid::regclass AS tab, attname AS col FROM pg_attribute JOIN pg_class r ON r.oid = attrelid
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrate_version'
		AND attnum > 0 AND NOT attisdropped LOOP
		EXECUTE format('SELECT string_agg(coalesce(%1$I::text, ''null''), '';'' ORDER BY %1$I::text) FROM %2$s',
			c.col, c.tab) INTO told;
		RETURN NEXT format('%s.%s values=%s', c.tab, c.col, told);
	END LOOP;
END $$;
