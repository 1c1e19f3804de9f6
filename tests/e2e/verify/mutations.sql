-- What can be done to a schema, one thing at a time, and what verify has to say of it then. Behind each "-- mutation:"
-- is a query of all the ways to do it: statements, and the differences that there must be, a line each.
--
-- The first part makes what the queries look at. Tables called annex... are what the archive's schema has none of.

CREATE TEMPORARY VIEW tab AS
SELECT c.oid, c.relname::text AS name
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname !~ '^(migrate_version|annex)';

CREATE TEMPORARY VIEW col AS
SELECT t.name AS tab, a.attname::text AS name, regexp_replace(format_type(a.atttypid, a.atttypmod), '^public[.]', '') AS type, y.typtype = 'e' AS enum,
	a.attnotnull AS filled, pg_get_expr(d.adbin, d.adrelid) AS preset,
	EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'p' AND k.conrelid = t.oid
		AND a.attnum = ANY (k.conkey)) AS pkey,
	EXISTS (
		SELECT FROM pg_constraint k
		WHERE k.contype = 'f' AND ((k.conrelid = t.oid AND a.attnum = ANY (k.conkey))
			OR (k.confrelid = t.oid AND a.attnum = ANY (k.confkey)))
	) AS linked
FROM tab t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
	AND quote_ident(a.attname) = a.attname
JOIN pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum;

-- "simple" is the column of an index on nothing else.
CREATE TEMPORARY VIEW ind AS
SELECT t.name AS tab, c.relname::text AS name, c.oid, pg_get_indexdef(c.oid) AS definition,
	CASE WHEN i.indnatts = 1 AND i.indoption[0] = 0 AND NOT i.indisunique THEN a.attname::text END AS simple
FROM tab t
JOIN pg_index i ON i.indrelid = t.oid
JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.conrelid = t.oid);

CREATE TEMPORARY VIEW con AS
SELECT t.name AS tab, k.conname::text AS name, k.contype AS type, pg_get_constraintdef(k.oid) AS definition,
	EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = k.conindid) AS linked
FROM tab t
JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u', 'f');

CREATE TEMPORARY VIEW seq AS
SELECT c.relname::text AS name, t.name AS tab, a.attname::text AS col, pg_get_expr(d.adbin, d.adrelid) AS preset
FROM pg_depend p
JOIN pg_class c ON c.oid = p.objid AND c.relkind = 'S'
JOIN tab t ON t.oid = p.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid
JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
WHERE p.deptype = 'a' AND p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass;

CREATE TEMPORARY VIEW label AS
SELECT t.oid, t.typname::text AS type, e.enumlabel::text AS name, quote_ident(e.enumlabel) AS quoted, count(*) OVER (PARTITION BY t.oid) AS count
FROM pg_type t
JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typnamespace = 'public'::regnamespace;

-- What apache may do, and what it might do but for one of these.
CREATE TEMPORARY VIEW may AS
SELECT c.relname::text AS name, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
	a.privilege_type AS what,
	(SELECT string_agg(b.privilege_type, ', ' ORDER BY b.privilege_type) FROM aclexplode(c.relacl) b
	WHERE b.grantee = a.grantee) AS all_of_it,
	(SELECT string_agg(b.privilege_type, ', ' ORDER BY b.privilege_type) FROM aclexplode(c.relacl) b
	WHERE b.grantee = a.grantee AND b.privilege_type <> a.privilege_type) AS rest,
	(SELECT string_agg(b.privilege_type || CASE WHEN b.privilege_type = a.privilege_type THEN ' with grant option'
	ELSE '' END, ', ' ORDER BY b.privilege_type) FROM aclexplode(c.relacl) b WHERE b.grantee = a.grantee) AS with_option
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S') AND c.relname !~ '^(migrate_version|annex)'
	AND pg_get_userbyid(a.grantee) = 'apache';

-- mutation: drop a table
SELECT format('DROP TABLE public.%I CASCADE', name), format('missing table %s', name)
FROM tab;

-- mutation: add a table
SELECT statement, 'extra table mutant'
FROM (VALUES
	('CREATE TABLE public.mutant (id serial PRIMARY KEY, mode public.procmode UNIQUE, header_id integer REFERENCES'
	' public.header, note text CHECK (note <> ''x'')); CREATE INDEX ON public.mutant (mode);'
	' GRANT SELECT ON public.mutant TO'
	' apache'),
	('CREATE UNLOGGED TABLE public.mutant ()'),
	('CREATE TABLE public.mutant () INHERITS (public.annex_parent)')
) s (statement);

-- mutation: give a table to another
SELECT format('ALTER TABLE public.%I OWNER TO postgres', name),
	format('changed table %s owner: postgres -> fitsdata', name)
FROM tab;

-- mutation: do not log a table
SELECT format('ALTER TABLE public.%I SET UNLOGGED', name),
	format('changed table %s unlogged:  -> none', name)
FROM tab
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND tab.oid IN (k.conrelid, k.confrelid));

-- mutation: put a table under another
SELECT format('ALTER TABLE public.%I INHERIT public.annex_parent', name),
	format('changed table %s inherits: annex_parent -> none', name)
FROM tab;

-- mutation: secure the rows of a table
SELECT format('ALTER TABLE public.%I %s ROW LEVEL SECURITY', name, word),
	format('changed table %s %s:  -> none', name, property)
FROM tab, (VALUES ('ENABLE', 'row security'), ('FORCE', 'force row security')) s (word, property);

-- mutation: drop a column
SELECT format('ALTER TABLE public.%I DROP COLUMN %I CASCADE', tab, name), format('missing column %s.%s', tab, name)
FROM col;

-- mutation: add a column
SELECT format('ALTER TABLE public.%I ADD COLUMN mutant %s', name, type), format('extra column %s.mutant', name)
FROM tab, (VALUES ('text'), ('integer NOT NULL DEFAULT 7'), ('serial'), ('integer REFERENCES public.header'),
	('text UNIQUE'),
	('public.procmode'), ('integer GENERATED BY DEFAULT AS IDENTITY'), ('integer CHECK (mutant > 7)')) t (type);

-- mutation: change a column's type
SELECT format('ALTER TABLE public.%I ALTER COLUMN %I TYPE %s USING %I::text::%s', tab, name, other, name, other),
	format('changed column %s.%s type: %s -> %s', tab, name, other, type)
FROM col,
	LATERAL (SELECT CASE type WHEN 'integer' THEN 'bigint' WHEN 'bigint' THEN 'integer' WHEN 'text'
		THEN 'character varying(99)'
	WHEN 'timestamp without time zone' THEN 'timestamp with time zone' WHEN 'double precision' THEN 'numeric(9,3)'
	ELSE 'text' END AS other) o
WHERE preset IS NULL AND (NOT linked OR type = 'integer');

-- mutation: collate a column
SELECT format('ALTER TABLE public.%I ALTER COLUMN %I TYPE text COLLATE "C"', tab, name),
	format('changed column %s.%s collation: "C" -> none', tab, name)
FROM col
WHERE type = 'text' AND preset IS NULL AND NOT linked;

-- mutation: let a column be null, or not
SELECT format('ALTER TABLE public.%I ALTER COLUMN %I %s NOT NULL', tab, name,
	CASE WHEN filled THEN 'DROP' ELSE 'SET' END),
	format('changed column %s.%s not null: %s', tab, name, CASE WHEN filled THEN 'none -> '
	ELSE ' -> none' END)
FROM col
WHERE NOT pkey;

-- mutation: set a column's default
SELECT format('ALTER TABLE public.%I ALTER COLUMN %I SET DEFAULT %s', tab, name,
	CASE type WHEN 'text' THEN '''it''''s''' ELSE '7' END),
	format('changed column %s.%s default: %s -> %s', tab, name,
		CASE type WHEN 'text' THEN '''it''''s''::text' ELSE '7' END,
	coalesce(preset, 'none'))
FROM col
WHERE type IN ('integer', 'text');

-- mutation: drop a column's default
SELECT format('ALTER TABLE public.%I ALTER COLUMN %I DROP DEFAULT', tab, name),
	format('changed column %s.%s default: none -> %s', tab, name, preset)
FROM col
WHERE preset IS NOT NULL;

-- mutation: give a column an identity, and so a sequence
SELECT format('ALTER TABLE public.%I ALTER COLUMN %I ADD GENERATED ALWAYS AS IDENTITY', tab, name),
	format(E'changed column %1$s.%2$s identity: always -> none\nextra sequence %1$s_%2$s_seq', tab, name)
FROM col
WHERE type = 'integer' AND filled AND preset IS NULL;

-- mutation: drop an index
SELECT format('DROP INDEX public.%I', name), format('missing index %s.%s', tab, name)
FROM ind;

-- mutation: add an index
SELECT format('CREATE INDEX mutant ON public.%I (%I)', tab, name), format('extra index %s.mutant', tab)
FROM col
WHERE type <> 'polygon';

-- mutation: rename an index
SELECT format('ALTER INDEX public.%I RENAME TO mutant', name), format('note renamed index %s.%s: mutant', tab, name)
FROM ind;

-- mutation: change an index
SELECT format('DROP INDEX public.%I; CREATE %s INDEX %I ON public.%I USING ' || new,
	name, kind, name, tab, simple, simple),
	format(CASE WHEN told LIKE 'options%' THEN 'note ' ELSE '' END || 'changed index %s.%s ', tab, name)
		|| format(told, simple, simple)
FROM ind, (VALUES ('UNIQUE', 'btree (%I)', 'definition: unique btree (%I) -> btree (%I)'),
	('', 'hash (%I)', 'definition: hash (%I) -> btree (%I)'),
	('', 'btree (%I DESC)', 'definition: btree (%I DESC) -> btree (%I)'),
	('', 'btree (%I) WHERE (%I IS NOT NULL)', 'where: (%I IS NOT NULL) -> none'),
	('', 'btree ((%I IS NULL))', 'definition: btree (((%I IS NULL))) -> btree (%I)'),
	('', 'btree (%I) WITH (fillfactor=50)', 'options: fillfactor=50 -> none')) v (kind, new, told)
WHERE simple IS NOT NULL;

-- mutation: an index that was left half-built
SELECT format('UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = %s', oid),
	format('changed index %s.%s invalid:  -> none', tab, name)
FROM ind;

-- mutation: drop a constraint
SELECT format('ALTER TABLE public.%I DROP CONSTRAINT %I CASCADE', tab, name),
	format('missing constraint %s.%s', tab, name)
FROM con;

-- mutation: add a constraint
SELECT format('ALTER TABLE public.%I ADD CONSTRAINT mutant ' || definition, tab, name),
	format('extra constraint %s.mutant', tab)
FROM col, (VALUES ('text', 'CHECK (%I <> ''mutant'')'), ('text', 'UNIQUE (%I)'),
	('integer', 'EXCLUDE USING btree (%I WITH =)'),
	('integer', 'FOREIGN KEY (%I) REFERENCES public.header')) d (for_type, definition)
WHERE type = for_type;

-- mutation: rename a constraint
SELECT format('ALTER TABLE public.%I RENAME CONSTRAINT %I TO mutant', tab, name),
	format('renamed constraint %s.%s: mutant', tab, name)
FROM con;

-- mutation: a constraint that was not validated
SELECT format('ALTER TABLE public.%1$I DROP CONSTRAINT %2$I; ALTER TABLE public.%1$I ADD CONSTRAINT %2$I %3$s'
	' NOT VALID', tab,
	name, definition), format('changed constraint %1$s.%2$s not valid:  -> none', tab, name)
FROM con
WHERE type = 'f';

-- mutation: change a constraint
SELECT format('ALTER TABLE public.%1$I DROP CONSTRAINT %2$I; ALTER TABLE public.%1$I ADD CONSTRAINT %2$I %3$s %4$s',
	tab, name, definition, more),
	format(told, tab, name, definition, more)
FROM con, (VALUES ('f', 'ON DELETE CASCADE', 'changed constraint %1$s.%2$s definition: %3$s %4$s -> %3$s'),
	('f', 'ON UPDATE SET NULL', 'changed constraint %1$s.%2$s definition: %3$s %4$s -> %3$s'),
	('f', 'DEFERRABLE', 'changed constraint %1$s.%2$s deferrable:  -> none'),
	('u', 'DEFERRABLE INITIALLY DEFERRED', E'changed constraint %1$s.%2$s deferrable:  -> none\n'
	'changed constraint %1$s.%2$s initially deferred:  -> none')) m (for_type, more, told)
WHERE type::text = for_type AND NOT (linked AND type <> 'f');

-- mutation: drop a sequence, and so the default that uses it
SELECT format('DROP SEQUENCE public.%I CASCADE', name),
	format('missing sequence %s', name)
FROM seq;

-- mutation: add a sequence
SELECT format('CREATE SEQUENCE public.mutant; ALTER SEQUENCE public.mutant OWNER TO fitsdata;'
	' ALTER SEQUENCE public.mutant OWNED BY public.%I.%I', tab, col), 'extra sequence mutant'
FROM seq
UNION ALL
SELECT 'CREATE SEQUENCE public.mutant', 'extra sequence mutant';

-- mutation: change a sequence
SELECT format('ALTER SEQUENCE public.%I %s', name, word),
	format(CASE WHEN told LIKE 'cache%' THEN 'note ' ELSE '' END || 'changed sequence %1$s ' || told, name)
FROM seq, (VALUES ('INCREMENT 2', 'increment: 2 -> none'), ('MAXVALUE 99', 'maximum: 99 -> none'),
	('MINVALUE 0', E'minimum: 0 -> none\nchanged sequence %1$s start: 1 -> none'), ('CYCLE', 'cycle:  -> none'),
	('CACHE 7', 'cache: 7 -> none'), ('START 9', 'start: 9 -> none'), ('AS bigint', 'definition')) w (word, told);

-- mutation: free a sequence of its column
SELECT format('ALTER SEQUENCE public.%I OWNED BY NONE', name),
	format('changed sequence %s owned by: none -> %s.%s', name, tab, col)
FROM seq;

-- mutation: drop a type
SELECT DISTINCT format('DROP TYPE public.%I CASCADE', type), format('missing type %s', type)
FROM label
WHERE NOT EXISTS (SELECT FROM col WHERE col.type = label.type) OR label.type ~ '^ghost';

-- mutation: add a type
SELECT format('CREATE ' || what, 'public.mutant'), 'extra type mutant'
FROM (VALUES ('TYPE %s AS ENUM (''a'', ''b'')'), ('DOMAIN %s AS text CHECK (VALUE <> '''')'),
	('TYPE %s AS (a integer)')) w (what);

-- mutation: give a type to another
SELECT DISTINCT format('ALTER TYPE public.%I OWNER TO postgres', type),
	format('changed type %s owner: postgres -> fitsdata', type)
FROM label;

-- mutation: add a label
SELECT DISTINCT CASE WHEN current_setting('server_version_num')::integer >= 120000
	THEN format('ALTER TYPE public.%I ADD VALUE ''it''''s''', type)
	ELSE format('INSERT INTO pg_catalog.pg_enum VALUES (%s, 99, ''it''''s'')', oid) END,
	format('extra label %s."it''s"', type)
FROM label;

-- mutation: drop a label
SELECT format('DELETE FROM pg_catalog.pg_enum WHERE enumtypid = %s AND enumlabel = %L', oid, name),
	format('missing label %s.%s', type, quoted)
FROM label;

-- mutation: rename a label, which is to have one that should not be there in the place of one that should
SELECT format('ALTER TYPE public.%I RENAME VALUE %L TO ''mutant''', type, name),
	format(E'missing label %1$s.%2$s\nextra label %1$s.mutant', type, quoted)
FROM label;

-- mutation: put labels into another order
SELECT DISTINCT format('UPDATE pg_catalog.pg_enum SET enumsortorder = -enumsortorder WHERE enumtypid = %s', oid),
	format('note order label %s', type)
FROM label
WHERE count > 1;

-- mutation: take a privilege away
SELECT format('REVOKE %s ON %s public.%I FROM apache', what, kind, name),
	format('changed privilege %s.apache privileges: %s -> %s', name, lower(rest), lower(all_of_it))
FROM may;

-- mutation: take all privileges away
SELECT DISTINCT format('REVOKE ALL ON %s public.%I FROM apache', kind, name),
	format('missing privilege %s.apache', name)
FROM may;

-- mutation: give a privilege with the right to give it on
SELECT format('GRANT %s ON %s public.%I TO apache WITH GRANT OPTION', what, kind, name),
	format('changed privilege %s.apache privileges: %s -> %s', name, lower(with_option), lower(all_of_it))
FROM may;

-- mutation: give a privilege to somebody whom no migration speaks of
SELECT format('CREATE ROLE mutant; GRANT SELECT ON public.%I TO mutant, PUBLIC', name),
	format(E'extra privilege %s.PUBLIC\nnote extra role mutant', name)
FROM tab;

-- mutation: add a view
SELECT format('CREATE %s public.mutant AS SELECT * FROM public.%I', kind, name), format('extra %s mutant', lower(kind))
FROM tab, (VALUES ('VIEW'), ('MATERIALIZED VIEW')) k (kind);

-- mutation: add a function
SELECT format('CREATE %s', what), format('extra %s', named)
FROM (VALUES ('FUNCTION public.mutant(a text) RETURNS text LANGUAGE sql AS ''SELECT $1''', 'function mutant(text)'),
	('AGGREGATE public.mutant(integer) (sfunc = int4pl, stype = integer)', 'aggregate mutant(integer)')) w (what, named);

-- mutation: add a trigger
SELECT format('CREATE TRIGGER mutant BEFORE INSERT ON public.%I EXECUTE PROCEDURE public.annex_trigger()', name),
	format('extra trigger %s.mutant', name)
FROM tab;

-- mutation: rename a table, a column, a type: then there is one that should not be in the place of one that should
SELECT format('ALTER TABLE public.%I RENAME TO mutant', name), format(E'missing table %s\nextra table mutant', name)
FROM tab
UNION ALL
SELECT format('ALTER TABLE public.%I RENAME COLUMN %I TO mutant', tab, name),
	format(E'missing column %1$s.%2$s\nextra column %1$s.mutant', tab, name)
FROM col
UNION ALL
SELECT DISTINCT format('ALTER TYPE public.%I RENAME TO mutant', type),
	format(E'missing type %s\nextra type mutant', type)
FROM label;

-- mutation: let something in a table be made of what should not be there, and is told as well
SELECT format('CREATE TYPE public.mutant AS ENUM (); ALTER TABLE public.%I ADD COLUMN mutant public.mutant', name),
	format(E'extra type mutant\nextra column %s.mutant', name)
FROM tab
UNION ALL
SELECT format('CREATE TYPE public.mutant AS ENUM (); ALTER TABLE public.%I ALTER COLUMN %I TYPE public.mutant'
	' USING NULL', tab, name),
	format(E'extra type mutant\nchanged column %s.%s type: mutant -> %s', tab, name, type)
FROM col
WHERE preset IS NULL AND NOT linked
UNION ALL
SELECT format('CREATE TABLE public.mutant (id integer PRIMARY KEY);'
	' ALTER TABLE public.%I ADD FOREIGN KEY (%I) REFERENCES'
	' public.mutant', tab, name), format(E'extra table mutant\nextra constraint %1$s.%1$s_%2$s_fkey', tab, name)
FROM col
WHERE type = 'integer' AND NOT linked AND length(tab || name) < 50
UNION ALL
SELECT format('CREATE FUNCTION public.mutant() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END'';'
	' CREATE TRIGGER mutant BEFORE INSERT ON public.%I EXECUTE PROCEDURE public.mutant()', name),
	format(E'extra function mutant()\nextra trigger %s.mutant', name)
FROM tab;

-- mutation: what the archive has none of
SELECT statement, differences
FROM (VALUES
	('DROP TABLE public.annex CASCADE', E'missing table annex\nmissing view annex_view\nmissing view annex_second_view\nmissing materialized view annex_store'),
	('DROP TABLE public.annex_partitioned', 'missing table annex_partitioned'),
	('ALTER TABLE public.annex_partitioned DETACH PARTITION public.annex_partition',
		E'changed table annex_partition partition of: none -> annex_partitioned\nchanged table annex_partition bound'),
	('DROP VIEW public.annex_view CASCADE', E'missing view annex_view\nmissing view annex_second_view'),
	('DROP VIEW public.annex_second_view', 'missing view annex_second_view'),
	('CREATE OR REPLACE VIEW public.annex_view AS SELECT id, note, checked FROM public.annex',
	E'changed view annex_view definition\nextra column annex_view.checked'),
	('ALTER VIEW public.annex_view SET (security_barrier)',
		'changed view annex_view options: security_barrier=true -> none'),
	('ALTER VIEW public.annex_view OWNER TO postgres', 'changed view annex_view owner: postgres -> fitsdata'),
	('DROP MATERIALIZED VIEW public.annex_store', 'missing materialized view annex_store'),
	('DROP INDEX public.annex_store_index', 'missing index annex_store.annex_store_index'),
	('DROP FUNCTION public.annex_function(integer)', 'missing function annex_function(integer)'),
	('DROP FUNCTION public.annex_trigger() CASCADE', 'missing function annex_trigger()'),
	('DROP AGGREGATE public.annex_sum(integer)', 'missing aggregate annex_sum(integer)'),
	('CREATE OR REPLACE FUNCTION public.annex_function(integer) RETURNS integer LANGUAGE sql AS ''SELECT $1''',
	'changed function annex_function(integer) source'),
	('ALTER FUNCTION public.annex_function(integer) SECURITY DEFINER',
		'changed function annex_function(integer) security definer:  -> none'),
	('ALTER FUNCTION public.annex_function(integer) OWNER TO postgres',
	'changed function annex_function(integer) owner: postgres -> fitsdata'),
	('DROP TRIGGER annex_trigger ON public.annex', 'missing trigger annex.annex_trigger'),
	('DROP TRIGGER annex_trigger ON public.annex; CREATE TRIGGER annex_trigger AFTER DELETE ON public.annex'
	' EXECUTE PROCEDURE public.annex_trigger()', 'changed trigger annex.annex_trigger definition'),
	('ALTER TABLE public.annex DISABLE TRIGGER annex_trigger',
		'changed trigger annex.annex_trigger state: disabled -> enabled'),
	('ALTER TABLE public.annex ENABLE ALWAYS TRIGGER annex_trigger',
	'changed trigger annex.annex_trigger state: always -> enabled'),
	('ALTER TABLE public.annex ENABLE REPLICA TRIGGER annex_trigger',
	'changed trigger annex.annex_trigger state: replica -> enabled'),
	('CREATE FUNCTION public.mutant() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END'';'
	' DROP TRIGGER annex_trigger ON public.annex; CREATE TRIGGER annex_trigger BEFORE UPDATE OF note ON public.annex'
	' FOR EACH ROW EXECUTE PROCEDURE public.mutant()',
	E'extra function mutant()\nchanged trigger annex.annex_trigger definition'),
	('ALTER TABLE public.annex RENAME COLUMN note TO mutant', E'missing column annex.note\nextra column annex.mutant\nchanged view annex_view definition'),
	('ALTER TABLE public.annex DROP CONSTRAINT annex_checked_check', 'missing constraint annex.annex_checked_check'),
	('ALTER TABLE public.annex DROP CONSTRAINT annex_checked_check,'
		' ADD CONSTRAINT annex_checked_check CHECK (checked > 7)',
	'changed constraint annex.annex_checked_check definition: CHECK ((checked > 7)) -> CHECK ((checked > 0))'),
	('DROP DOMAIN public.annex_domain', 'missing type annex_domain'),
	('ALTER DOMAIN public.annex_domain SET DEFAULT ''y''', 'changed type annex_domain default: ''y''::text -> ''x''::text'),
	('ALTER DOMAIN public.annex_domain ADD CHECK (VALUE <> ''z'')', 'extra domain constraint annex_domain.annex_domain_check1'),
	('ALTER DOMAIN public.annex_domain OWNER TO postgres', 'changed type annex_domain owner: postgres -> fitsdata'),
	('DROP TYPE public.annex_pair', 'missing type annex_pair'),
	('ALTER TYPE public.annex_pair ADD ATTRIBUTE c text', 'extra attribute annex_pair.c'),
	('DROP SEQUENCE public.annex_sequence', 'missing sequence annex_sequence'),
	('ALTER SEQUENCE public.annex_sequence OWNER TO postgres',
		'changed sequence annex_sequence owner: postgres -> fitsdata'),
	('ALTER SEQUENCE public.annex_sequence OWNED BY public.annex.id',
	'changed sequence annex_sequence owned by: annex.id -> none')
) m (statement, differences);
