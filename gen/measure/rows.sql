-- Functions of a session that fill tables with rows. The tests use them, too.

-- A value of a type, as text: another one for each item. NULL: not known.
CREATE FUNCTION pg_temp.made_up(type text, width integer, item integer, label text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN CASE
		WHEN type IN ('text', 'varchar', 'citext', 'name') THEN left(item || '-' || label, coalesce(width, 40))
		WHEN type IN ('bpchar', 'char') THEN left(item || '-' || label, coalesce(width, 1))
		WHEN type IN ('int2', 'int4', 'int8', 'oid', 'money') THEN item::text
		WHEN type IN ('numeric', 'float4', 'float8') THEN (item + 0.5)::text
		WHEN type = 'bool' THEN (item % 2 = 0)::text
		WHEN type = 'date' THEN format('2020-07-0%s', item)
		WHEN type IN ('timestamp', 'timestamptz') THEN format('2020-07-0%s 01:02:03', item)
		WHEN type IN ('time', 'timetz') THEN format('01:02:0%s', item)
		WHEN type = 'interval' THEN format('%s days', item)
		WHEN type = 'point' THEN format('(%s,2)', item)
		WHEN type = 'polygon' THEN format('((0,0),(%s,0),(%s,2))', item, item)
		WHEN type IN ('lseg', 'box', 'path') THEN format('((0,0),(%s,2))', item)
		WHEN type = 'line' THEN format('{1,-1,%s}', item)
		WHEN type = 'circle' THEN format('<(0,0),%s>', item)
		WHEN type = 'bytea' THEN format('\x0%s', item)
		WHEN type = 'uuid' THEN format('00000000-0000-0000-0000-00000000000%s', item)
		WHEN type IN ('json', 'jsonb') THEN format('{"n": %s}', item)
		WHEN type = 'xml' THEN format('<n>%s</n>', item)
		WHEN type = 'hstore' THEN format('n=>%s', item)
		WHEN type IN ('inet', 'cidr') THEN format('10.0.0.%s', item)
		WHEN type = 'macaddr' THEN format('08:00:2b:01:02:0%s', item)
		WHEN type = 'bit' THEN lpad(item % 2 || '', coalesce(width, 1), '0')
		WHEN type = 'varbit' THEN (item % 2)::text
		WHEN type = 'tsvector' THEN format('n%s', item)
		WHEN type = 'pg_lsn' THEN format('0/%s', item)
		WHEN type IN ('int4range', 'int8range', 'numrange') THEN format('[%s,%s)', item, item + 1)
		WHEN type = 'daterange' THEN format('[2020-07-0%s,2020-07-0%s)', item, item + 1)
		WHEN type IN ('tsrange', 'tstzrange') THEN format('["2020-07-0%s","2020-07-0%s")', item, item + 1)
	END;
END $$;

-- A value that occurs in the checks of a column or of its domain, or in the bounds of the partition: a string, or, with
-- `numbers`, a number if there is no string.
CREATE FUNCTION pg_temp.allowed(tab regclass, a pg_attribute, item integer, numbers boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	checks text;
	bounds text := pg_get_partition_constraintdef(tab);
	found text[];
BEGIN
	SELECT string_agg(pg_get_constraintdef(oid), ' ') INTO checks FROM pg_constraint
	WHERE contype = 'c' AND (contypid = a.atttypid OR (conrelid = tab AND a.attnum = ANY (conkey)));
	IF strpos(bounds, quote_ident(a.attname)) > 0 THEN
		checks := concat(checks, bounds);
	END IF;
	found := ARRAY(SELECT m[1] FROM regexp_matches(checks, '''((?:[^'']|'''')*)''', 'g') AS m);
	IF numbers AND cardinality(found) = 0 THEN
		found := ARRAY(SELECT m[1] FROM regexp_matches(checks, '[^a-z_0-9]([0-9]+)', 'g') AS m);
	END IF;
	RETURN found[1 + (item - 1) % nullif(cardinality(found), 0)];
END $$;

-- The value of a column of type `t` in a row, as SQL. NULL: none is known. `refers`: the table has foreign keys.
-- `checks`: 1, strings in them are used; 2: numbers, too.
CREATE FUNCTION pg_temp.literal(tab regclass, a pg_attribute, t pg_type, item integer, refers boolean, checks integer)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	f record;
	type oid := a.atttypid;
	modifier integer := nullif(a.atttypmod, -1);
	chosen text;
BEGIN
	IF item = 3 AND NOT a.attnotnull THEN
		RETURN 'NULL';
	END IF;
	IF refers THEN
		SELECT confrelid::regclass AS target, k.attname INTO f
		FROM pg_constraint
		JOIN pg_attribute k ON k.attrelid = confrelid AND k.attnum = confkey[array_position(conkey, a.attnum)]
		WHERE conrelid = tab AND contype = 'f' AND a.attnum = ANY (conkey);
		IF FOUND THEN
			RETURN format('(SELECT %I FROM %s ORDER BY ctid OFFSET %s LIMIT 1)', f.attname, f.target, item - 1);
		END IF;
	END IF;
	IF checks > 0 THEN
		chosen := pg_temp.allowed(tab, a, item, checks = 2);
	END IF;
	IF chosen IS NOT NULL THEN
		RETURN quote_literal(chosen);
	END IF;
	WHILE t.typtype = 'd' LOOP
		modifier := nullif(t.typtypmod, -1);
		type := t.typbasetype;
		SELECT * INTO t FROM pg_type WHERE oid = type;
	END LOOP;
	IF t.typtype = 'e' THEN
		SELECT enumlabel INTO chosen FROM pg_enum WHERE enumtypid = type ORDER BY enumsortorder
		OFFSET (item - 1) % (SELECT count(*) FROM pg_enum WHERE enumtypid = type) LIMIT 1;
	ELSIF t.typcategory = 'A' THEN
		SELECT coalesce(format('{"%s"}', replace(pg_temp.made_up(typname::text, 40, item, a.attname::text), '"', '\"')),
			'{}') INTO chosen FROM pg_type WHERE oid = t.typelem;
	ELSE
		chosen := pg_temp.made_up(t.typname::text, CASE WHEN t.typname IN ('varchar', 'bpchar') THEN modifier - 4
			WHEN t.typname = 'bit' THEN modifier END, item, a.attname::text);
	END IF;
	RETURN quote_literal(chosen);
END $$;

-- A row. `required`: only what must have a value. A second row like the first one has other values of unique columns.
CREATE FUNCTION pg_temp.add_row(tab regclass, item integer, checks integer, required boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	names text;
	vals text;
	unknown text;
	refers boolean := EXISTS (SELECT FROM pg_constraint WHERE conrelid = tab AND contype = 'f');
BEGIN
	-- What comes from a sequence or is generated is left out, and what has no value that is known may be.
	SELECT string_agg(quote_ident(c.attname), ', ' ORDER BY c.attnum),
		string_agg(c.value, ', ' ORDER BY c.attnum),
		string_agg(format('%s of type %s', c.attname, format_type(c.atttypid, NULL)), ', ')
			FILTER (WHERE c.value IS NULL AND c.attnotnull AND NOT c.atthasdef)
	INTO names, vals, unknown
	FROM (SELECT a.*, pg_temp.literal(tab, a, t, CASE WHEN item < 4 OR EXISTS (SELECT FROM pg_index
			WHERE indrelid = tab AND indisunique AND a.attnum = ANY (indkey)) THEN item ELSE 1 END, refers, checks) AS value
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attrelid = tab AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
			AND coalesce(to_jsonb(a)->>'attgenerated', '') = ''
			AND NOT (a.atthasdef AND (a.attname = 'id' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%'))
			AND (NOT required OR (a.attnotnull AND NOT a.atthasdef))) AS c
	WHERE c.value IS NOT NULL OR (c.attnotnull AND NOT c.atthasdef);
	IF unknown IS NOT NULL THEN
		RAISE 'no value is known for %', unknown;
	END IF;
	IF names IS NULL THEN
		EXECUTE format('INSERT INTO %s DEFAULT VALUES', tab);
	ELSE
		EXECUTE format('INSERT INTO %s (%s) VALUES (%s)', tab, names, vals);
	END IF;
END $$;

-- Why there are no rows in the table; NULL: there are.
CREATE FUNCTION pg_temp.fill(tab regclass, most integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	there boolean;
	way integer := 0;
	item integer := 1;
	why text;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %s)', tab) INTO there;
	IF there THEN
		RETURN NULL;
	END IF;
	WHILE item <= most LOOP
		BEGIN
			PERFORM pg_temp.add_row(tab, item, way % 3, way >= 3);
			there := true;
			item := item + 1;
		EXCEPTION WHEN OTHERS THEN
			why := coalesce(why, SQLERRM);
			-- The same way is tried for the next row.
			IF there THEN
				item := item + 1;
			ELSE
				way := way + 1;
				EXIT WHEN way = 6;
			END IF;
		END;
	END LOOP;
	RETURN CASE WHEN NOT there THEN why END;
END $$;

-- Put rows into every empty table: three, and if `most` is 4, another that is like the first one. Returns why tables
-- have none. A table comes after those that it refers to. `all_tables`: rows may have been deleted.
CREATE FUNCTION pg_temp.fill_all(most integer, all_tables boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	waiting oid[] := ARRAY(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND c.oid >= '16384' AND c.relname <> 'migrate_version'
			AND (all_tables OR pg_relation_size(c.oid) = 0)
			AND n.nspname NOT IN ('fitsdb_schema', 'fitsdb_measure') AND n.nspname::text !~ '^pg_'
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
				AND d.deptype = 'e')
		ORDER BY n.nspname, c.relname);
	next oid[];
	tab oid;
	why text;
BEGIN
	WHILE cardinality(waiting) > 0 LOOP
		next := ARRAY(SELECT t FROM unnest(waiting) WITH ORDINALITY AS w(t, place) WHERE NOT EXISTS (SELECT
			FROM pg_constraint WHERE conrelid = t AND contype = 'f' AND confrelid <> t AND confrelid = ANY (waiting))
			ORDER BY place);
		-- Tables that refer to each other.
		IF cardinality(next) = 0 THEN
			next := waiting[1:1];
		END IF;
		FOREACH tab IN ARRAY next LOOP
			why := pg_temp.fill(tab, most);
			IF why IS NOT NULL THEN
				RETURN NEXT format('%s: %s', tab::regclass, why);
			END IF;
			waiting := array_remove(waiting, tab);
		END LOOP;
	END LOOP;
END $$;

-- The range of the keys of a batched statement: the least one, and what is above the greatest one.
CREATE FUNCTION pg_temp.bounds(tab text, key text, OUT low text, OUT high text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT min(%1$I), max(%1$I) FROM %2$s', key, to_regclass(tab)) INTO low, high;
	IF high ~ '^-?[0-9]+$' THEN
		high := high::numeric + 1;
	ELSE
		high := high::timestamptz + interval '1 second';
	END IF;
END $$;

-- Run the statements of a script.
CREATE FUNCTION pg_temp.run(script text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE script;
END $$;
