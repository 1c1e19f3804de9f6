-- A function of the test's session that tells what the tables hold.

CREATE FUNCTION pg_temp.tell() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	c record;
	told text[];
BEGIN
	FOR c IN SELECT r.oid::regclass AS tab, array_agg(a.attname) AS cols,
			string_agg(format('string_agg(coalesce(%1$I::text, ''null''), '';'' ORDER BY %1$I::text)', a.attname), ', ')
				AS vals
		FROM pg_class r LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE r.relnamespace = 'public'::regnamespace AND r.relkind = 'r' AND r.relname <> 'migrate_version'
		GROUP BY r.oid LOOP
		EXECUTE format('SELECT ARRAY[count(*)::text, %s] FROM %s', c.vals, c.tab) INTO told;
		RETURN NEXT format('%s rows=%s', c.tab, told[1]);
		RETURN QUERY SELECT format('%s.%s values=%s', c.tab, col, told[n + 1])
			FROM unnest(c.cols) WITH ORDINALITY AS u (col, n);
	END LOOP;
END $$;
