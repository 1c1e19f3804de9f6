-- Two functions of the test's session: one fills every empty table, the other tells what the tables hold.

CREATE FUNCTION pg_temp.made_up(type text, width integer, item integer, label text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN CASE
		WHEN type IN ('text', 'varchar') THEN left(item || '-' || label, coalesce(width, 40))
		WHEN type IN ('int2', 'int4', 'int8') THEN item::text
		WHEN type IN ('numeric', 'float4', 'float8') THEN (item + 0.5)::text
		WHEN type = 'bool' THEN (item % 2 = 0)::text
		WHEN type = 'date' THEN format('2020-07-0%s', item)
		WHEN type IN ('timestamp', 'timestamptz') THEN format('2020-07-0%s 01:02:03', item)
		WHEN type = 'time' THEN format('01:02:0%s', item)
		WHEN type = 'point' THEN format('(%s,2)', item)
		WHEN type = 'polygon' THEN format('((0,0),(%s,0),(%s,2))', item, item)
	END;
END $$;

CREATE FUNCTION pg_temp.literal(tab regclass, col smallint, item integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	a record;
	f record;
	chosen text;
BEGIN
	SELECT attname, attnotnull, atttypid, t.typname, t.typtype,
		CASE WHEN t.typname = 'varchar' THEN atttypmod - 4 END AS width
	INTO a FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = tab AND attnum = col;
	IF item = 3 AND NOT a.attnotnull THEN
		RETURN 'NULL';
	END IF;
	SELECT confrelid::regclass AS target, k.attname INTO f
	FROM pg_constraint JOIN pg_attribute k ON k.attrelid = confrelid AND k.attnum = confkey[1]
	WHERE conrelid = tab AND contype = 'f' AND conkey[1] = col;
	IF FOUND THEN
		RETURN format('(SELECT %I FROM %s ORDER BY 1 OFFSET %s LIMIT 1)', f.attname, f.target, item - 1);
	END IF;
	IF a.typtype = 'e' THEN
		SELECT enumlabel INTO chosen FROM pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder
		OFFSET (item - 1) % (SELECT count(*) FROM pg_enum WHERE enumtypid = a.atttypid) LIMIT 1;
	ELSE
		chosen := pg_temp.made_up(a.typname::text, a.width, item, a.attname::text);
	END IF;
	IF chosen IS NULL THEN
		RAISE 'no value for %.%, type %', tab, a.attname, a.typname;
	END IF;
	RETURN quote_literal(chosen);
END $$;

CREATE FUNCTION pg_temp.fill(tab regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	names text;
	vals text;
	occupied boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %s)', tab) INTO occupied;
	FOR item IN 1..3 LOOP
		EXIT WHEN occupied;
		-- An id comes from its sequence.
		SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
			string_agg(pg_temp.literal(tab, attnum, item), ', ' ORDER BY attnum)
		INTO names, vals FROM pg_attribute
		WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped AND NOT (atthasdef AND attname = 'id');
		EXECUTE format('INSERT INTO %s (%s) VALUES (%s)', tab, names, vals);
	END LOOP;
END $$;

-- A table comes after those that it refers to.
CREATE FUNCTION pg_temp.fill_all() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	done regclass[] := ARRAY[]::regclass[];
	waiting integer;
	progress boolean;
	tab regclass;
BEGIN
	LOOP
		waiting := 0;
		progress := false;
		FOR tab IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
			AND relname <> 'migrate_version' AND oid::regclass <> ALL (done) ORDER BY relname LOOP
			IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = tab AND contype = 'f' AND confrelid <> tab
				AND confrelid::regclass <> ALL (done)) THEN
				waiting := waiting + 1;
			ELSE
				PERFORM pg_temp.fill(tab);
				done := done || tab;
				progress := true;
			END IF;
		END LOOP;
		EXIT WHEN waiting = 0;
		IF NOT progress THEN
			RAISE '% tables refer to each other', waiting;
		END IF;
	END LOOP;
END $$;

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
