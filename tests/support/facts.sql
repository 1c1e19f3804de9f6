-- What schema public holds, a line of text for each thing, for PostgreSQL 10 to 18. The version table is left out.

WITH relation AS (
	SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relowner
	FROM pg_class c
	WHERE c.relnamespace = 'public'::regnamespace
		AND c.oid IS DISTINCT FROM to_regclass('public.migrate_version')
		AND NOT EXISTS (
			SELECT FROM pg_index i
			WHERE i.indexrelid = c.oid AND i.indrelid = to_regclass('public.migrate_version'))
)
SELECT 'table ' || relname FROM relation WHERE relkind = 'r'
UNION ALL
SELECT format('odd relation %s: kind %s, persistence %s, owner %s', relname, relkind, relpersistence,
	pg_get_userbyid(relowner))
FROM relation
WHERE relkind NOT IN ('r', 'i', 'S') OR relpersistence <> 'p' OR pg_get_userbyid(relowner) <> 'fitsdata'
UNION ALL
SELECT format('column %s.%s %s', r.relname, a.attname, format_type(a.atttypid, a.atttypmod))
	|| CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
	|| CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END
	|| coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE r.relkind = 'r'
UNION ALL
SELECT format('index %s on %s %s%s', r.relname, t.relname, CASE WHEN i.indisunique THEN 'unique ' ELSE '' END,
	substring(pg_get_indexdef(i.indexrelid) FROM ' USING (.*)$'))
FROM relation r
JOIN pg_index i ON i.indexrelid = r.oid
JOIN pg_class t ON t.oid = i.indrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'odd index ' || r.relname || ': not valid'
FROM relation r
JOIN pg_index i ON i.indexrelid = r.oid
WHERE NOT i.indisvalid OR NOT i.indisready
UNION ALL
-- NOT NULL is a constraint of its own ('n') from PostgreSQL 18 on; it is told with the column.
SELECT format('constraint %s on %s %s (%s)', c.conname, r.relname,
	CASE c.contype
		WHEN 'p' THEN 'primary key'
		WHEN 'f' THEN 'foreign key'
		WHEN 'u' THEN 'unique'
		ELSE c.contype::text
	END,
	(SELECT string_agg(a.attname, ', ' ORDER BY k.n)
		FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
		JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum))
	|| CASE WHEN c.contype = 'f' THEN format(' references %s (%s)', f.relname,
		(SELECT string_agg(a.attname, ', ' ORDER BY k.n)
			FROM unnest(c.confkey) WITH ORDINALITY k (attnum, n)
			JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum)) ELSE '' END
	|| CASE WHEN c.condeferrable THEN ' deferrable' ELSE '' END
	|| CASE WHEN NOT c.convalidated THEN ' not valid' ELSE '' END
	|| CASE WHEN c.contype = 'f' AND (c.confupdtype, c.confdeltype) <> ('a', 'a') THEN ' with an action' ELSE '' END
FROM relation r
JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype <> 'n'
LEFT JOIN pg_class f ON f.oid = c.confrelid
UNION ALL
SELECT 'enum ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
UNION ALL
SELECT format('label %s %s', t.typname, e.enumlabel)
FROM pg_enum e
JOIN pg_type t ON t.oid = e.enumtypid AND t.typnamespace = 'public'::regnamespace
UNION ALL
-- Every table has a row type, and every type its array.
SELECT format('odd type %s: kind %s, owner %s', t.typname, t.typtype, pg_get_userbyid(t.typowner))
FROM pg_type t
WHERE t.typnamespace = 'public'::regnamespace
	AND NOT (t.typtype = 'e' AND pg_get_userbyid(t.typowner) = 'fitsdata')
	AND NOT (t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c'))
	AND NOT (t.typtype = 'b' AND t.typelem <> 0)
UNION ALL
SELECT format('sequence %s of %s', r.relname, coalesce((
	SELECT format('%s.%s', t.relname, a.attname)
	FROM pg_depend d
	JOIN pg_class t ON t.oid = d.refobjid
	JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
	WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
		AND d.deptype = 'a'), 'nothing'))
FROM relation r
WHERE r.relkind = 'S'
UNION ALL
SELECT 'odd function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'odd trigger ' || t.tgname FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'odd schema ' || nspname
FROM pg_namespace
WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', 'public', 'fitsdb_schema', 'retired')
