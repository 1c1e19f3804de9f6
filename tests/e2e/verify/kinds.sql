-- Every kind of object that SQL can make, with every property. Each line "-- all" or "-- from VERSION" or
-- "-- until VERSION" begins a section, which is sent as one message to servers of these versions. The first section is
-- run by a superuser in an empty database that fitsdata owns.

-- all
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['kinds_owner', 'kinds reader', 'Größe', 'select'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
			EXECUTE format('CREATE ROLE %I', name);
		END IF;
	END LOOP;
END $$;
GRANT kinds_owner TO fitsdata;
SET client_min_messages = error;

-- all
-- The database: comment, privileges, settings of it and of a role in it.
DO $$
BEGIN
	EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), E'two\nlines, a\ttab and a back\\slash');
	EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
	EXECUTE format('GRANT CREATE ON DATABASE %I TO kinds_owner', current_database());
	EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO "kinds reader" WITH GRANT OPTION', current_database());
	EXECUTE format('ALTER DATABASE %I SET search_path = "$user", public, "other schema"', current_database());
	EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database());
	EXECUTE format('ALTER DATABASE %I SET row_security = off', current_database());
	EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = off', current_database());
	EXECUTE format('ALTER DATABASE %I SET transform_null_equals = on', current_database());
	EXECUTE format('ALTER DATABASE %I SET default_tablespace = pg_default', current_database());
	EXECUTE format('ALTER DATABASE %I SET work_mem = ''8MB''', current_database());
	EXECUTE format('ALTER DATABASE %I SET timezone = ''America/New_York''', current_database());
	EXECUTE format('ALTER DATABASE %I SET datestyle = ''German''', current_database());
	EXECUTE format('ALTER DATABASE %I SET intervalstyle = ''iso_8601''', current_database());
	EXECUTE format('ALTER DATABASE %I SET extra_float_digits = -5', current_database());
	EXECUTE format('ALTER DATABASE %I SET bytea_output = ''escape''', current_database());
	EXECUTE format('ALTER DATABASE %I SET quote_all_identifiers = on', current_database());
	EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database());
	EXECUTE format('ALTER DATABASE %I SET kinds.hidden = ''secret''', current_database());
	EXECUTE format('ALTER ROLE "kinds reader" IN DATABASE %I SET statement_timeout = ''5s''', current_database());
	EXECUTE format('ALTER ROLE "kinds reader" IN DATABASE %I SET search_path = public', current_database());
END $$;
SET session_replication_role = origin;

-- from 12
DO $$ BEGIN
	EXECUTE format('ALTER DATABASE %I SET default_table_access_method = heap', current_database());
END $$;

-- all
SET ROLE fitsdata;

-- all
-- Schemas, and names that must be quoted.
CREATE SCHEMA "other schema";
CREATE SCHEMA kinds_owned AUTHORIZATION kinds_owner;
CREATE SCHEMA "select";
CREATE SCHEMA empty;
COMMENT ON SCHEMA "other schema" IS 'another schema';
GRANT USAGE ON SCHEMA "other schema" TO apache;
GRANT USAGE, CREATE ON SCHEMA "other schema" TO "kinds reader" WITH GRANT OPTION;
REVOKE USAGE ON SCHEMA "select" FROM fitsdata;
CREATE TABLE "select"."from" ("where" integer, "user" text, "order" text);
CREATE TABLE "Odd Name" ("A column" integer, "with ""quotes""" text, "dots.in.name" text, U&"tab\0009here" text,
	"größe" text, "back\slash" text, "it's" text, "$1" text, "--comment" text, "/*" text, "1st" text,
	U&"line\000Aend" text, UPPER text, "UPPER" text, " " text, "	" text, _ text);
COMMENT ON COLUMN "Odd Name".U&"tab\0009here" IS 'the column''s "comment"';
CREATE INDEX "an index. with: punctuation" ON "Odd Name" ("with ""quotes""", "größe");
CREATE TABLE "other schema"."dots.and ""quotes""" ("a.b" integer, CONSTRAINT "a.b" PRIMARY KEY ("a.b"));
CREATE TABLE a2345678901234567890123456789012345678901234567890123456789012 (
	b2345678901234567890123456789012345678901234567890123456789012 integer);

-- all
-- Types.
CREATE TYPE empty_enum AS ENUM ();
CREATE TYPE colours AS ENUM ('red', 'green', 'blue', 'with space', 'it''s', 'größer', '', 'a,b', 'a"b', 'back\slash');
COMMENT ON TYPE colours IS 'an enum';
CREATE TYPE "other schema"."Enum" AS ENUM ('one');
CREATE TYPE pair AS (first integer, second text COLLATE "C", "Third" numeric(10, 2)[]);
COMMENT ON TYPE pair IS 'a composite type';
COMMENT ON COLUMN pair.second IS 'an attribute';
CREATE TYPE empty_pair AS ();
CREATE TYPE float_range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TYPE text_range AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
COMMENT ON TYPE float_range IS 'a range';
CREATE DOMAIN plain_domain AS text;
CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CONSTRAINT is_positive CHECK (VALUE > 0) CHECK (VALUE < 1000);
CREATE DOMAIN short_text AS varchar(5) COLLATE "C" DEFAULT 'a''b' CHECK (VALUE <> ''::varchar);
CREATE DOMAIN domain_of_domain AS positive CHECK (VALUE % 2 = 0);
CREATE DOMAIN domain_of_array AS integer[] CHECK (array_length(VALUE, 1) = 3);
CREATE DOMAIN domain_of_enum AS colours DEFAULT 'red';
COMMENT ON DOMAIN positive IS 'a domain';
COMMENT ON CONSTRAINT is_positive ON DOMAIN positive IS 'a constraint of a domain';
CREATE DOMAIN not_valid_domain AS integer;
ALTER DOMAIN not_valid_domain ADD CONSTRAINT later CHECK (VALUE > 0) NOT VALID;
CREATE DOMAIN owned_domain AS integer;
GRANT USAGE ON TYPE colours TO apache;
REVOKE USAGE ON TYPE pair FROM PUBLIC;
GRANT USAGE ON DOMAIN positive TO "kinds reader" WITH GRANT OPTION;

-- from 11
CREATE TABLE domain_array (a positive[]);
CREATE DOMAIN domain_of_pair AS pair CHECK ((VALUE).first > 0);

-- from 14
CREATE TYPE named_range AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = "other schema".many_ranges);
CREATE TABLE multiranges (a int4multirange, b named_range, c "other schema".many_ranges);

-- from 17
CREATE DOMAIN named_not_null AS integer CONSTRAINT must_be NOT NULL;

-- all
-- A value may not be added in a transaction before 12.
ALTER TYPE colours ADD VALUE 'orange' BEFORE 'green';

-- all
-- Functions.
CREATE FUNCTION plain() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION with_everything(a integer, IN b text DEFAULT 'x''y', VARIADIC c integer[] DEFAULT '{}', OUT d integer,
	OUT e text) LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER PARALLEL RESTRICTED COST 12.5
	SET search_path = public, "other schema" SET work_mem = '1MB' SET datestyle = 'ISO, DMY'
	AS $$ BEGIN d := a; e := b; END $$;
CREATE FUNCTION overloaded(integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION overloaded(text) RETURNS text LANGUAGE sql VOLATILE AS E'SELECT\n\t$1 -- back\\slash';
CREATE FUNCTION overloaded(integer, "Odd Name", "other schema"."Enum") RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION set_of() RETURNS SETOF "Odd Name" LANGUAGE sql ROWS 7 AS 'SELECT * FROM "Odd Name"';
CREATE FUNCTION returns_table(n integer DEFAULT 1 + 2) RETURNS TABLE (a integer, b text) LANGUAGE sql
	AS 'SELECT n, ''b''';
CREATE FUNCTION in_out(INOUT a integer, INOUT b numeric DEFAULT 1.5) LANGUAGE sql AS 'SELECT a, b';
CREATE FUNCTION polymorphic(anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION "Function. Name"("Arg Name" integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "other schema".elsewhere("other schema"."Enum"[], time(3), varchar(4)) RETURNS varchar(3)
	LANGUAGE sql AS 'SELECT ''a''::varchar(3)';
CREATE FUNCTION enum_default(c colours DEFAULT 'red', r pair DEFAULT (1, 'a', '{1.50}'),
	t timestamptz DEFAULT '2020-01-01 00:00+00') RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION owned_function() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION trigger_function() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
COMMENT ON FUNCTION overloaded(text) IS 'a function';
GRANT EXECUTE ON FUNCTION plain() TO apache;
REVOKE EXECUTE ON FUNCTION with_everything(integer, text, integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION with_everything(integer, text, integer[]) TO "kinds reader" WITH GRANT OPTION;
REVOKE ALL ON FUNCTION overloaded(integer) FROM PUBLIC, fitsdata;

-- from 11
CREATE PROCEDURE a_procedure(a integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$ BEGIN COMMIT; END $$;
COMMENT ON PROCEDURE a_procedure(integer, text) IS 'a procedure';
GRANT EXECUTE ON PROCEDURE a_procedure(integer, text) TO apache;
CREATE FUNCTION window_function() RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- from 14
CREATE FUNCTION sql_body(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a + 1; SELECT a + 2; END;
CREATE FUNCTION sql_return(a text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(a) || 'x';
CREATE PROCEDURE out_procedure(OUT a integer) LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM "Odd Name"; END;

-- all
-- Aggregates; those with a state of type internal need a superuser.
RESET ROLE;
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl,
	PARALLEL = SAFE, SSPACE = 8);
CREATE AGGREGATE moving(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi,
	MSTYPE = integer, INITCOND = '0', MINITCOND = '1', MSSPACE = 4, SORTOP = >);
CREATE AGGREGATE median(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
	FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE ranked(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
	STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
COMMENT ON AGGREGATE total(integer) IS 'an aggregate';
GRANT EXECUTE ON FUNCTION total(integer) TO apache;

-- from 11
CREATE AGGREGATE modifying(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', FINALFUNC = int4abs,
	FINALFUNC_MODIFY = READ_WRITE);

-- all
-- Collations.
SET ROLE fitsdata;
CREATE COLLATION copied FROM "C";
CREATE COLLATION posix (LC_COLLATE = 'POSIX', LC_CTYPE = 'C');
CREATE COLLATION "other schema"."A collation" FROM "POSIX";
COMMENT ON COLLATION copied IS 'a collation';

-- from 17
CREATE COLLATION builtin (PROVIDER = builtin, LOCALE = 'C.UTF-8');

-- all
-- Sequences.
CREATE SEQUENCE plain_sequence;
CREATE SEQUENCE all_options AS smallint INCREMENT BY -3 MINVALUE -300 MAXVALUE 30 START WITH 20 CACHE 5 CYCLE;
CREATE SEQUENCE owned_sequence;
CREATE SEQUENCE "other schema"."A Sequence" AS integer;
COMMENT ON SEQUENCE plain_sequence IS 'a sequence';
GRANT USAGE ON SEQUENCE plain_sequence TO apache;
GRANT ALL ON SEQUENCE all_options TO "kinds reader";
GRANT SELECT, UPDATE ON SEQUENCE all_options TO apache WITH GRANT OPTION;
REVOKE UPDATE ON SEQUENCE owned_sequence FROM fitsdata;

-- from 15
CREATE UNLOGGED SEQUENCE unlogged_sequence;
CREATE UNLOGGED TABLE unlogged_serial (a serial, b integer GENERATED ALWAYS AS IDENTITY);

-- all
-- Tables and columns.
CREATE TABLE every_type (a smallint, b integer, c bigint, d numeric, e numeric(10), f numeric(10, 3), g real,
	h double precision, i char, j char(10), k varchar, l varchar(20), m text, n bytea, o date, p time, q time(2),
	r timetz(3), s timestamp, t timestamp(0), u timestamptz, v timestamptz(6), w interval, x interval(3),
	y interval year to month, z interval second(2), aa boolean, bb bit(3), cc varbit(5), dd uuid, ee json, ff jsonb,
	gg xml, hh inet, ii cidr, jj macaddr, kk point, ll polygon, mm tsvector, nn tsquery, oo int4range, pp money,
	qq oid, rr name, ss "char", tt regclass, uu integer[], vv text[][], ww numeric(5, 1)[], xx varchar(3)[],
	yy colours, zz colours[], aaa pair, bbb positive, ddd float_range, eee "other schema"."Enum",
	 ggg "Odd Name"[], hhh empty_enum, iii pg_lsn, jjj macaddr8, kkk bpchar);
CREATE TABLE no_columns ();
CREATE TABLE every_column (
	id serial PRIMARY KEY,
	big bigserial,
	small smallserial,
	always integer GENERATED ALWAYS AS IDENTITY,
	by_default bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 10 INCREMENT BY 5 MINVALUE 5 MAXVALUE 500 CYCLE),
	not_null text NOT NULL,
	collated text COLLATE "C",
	collated_elsewhere text COLLATE "other schema"."A collation",
	default_number integer DEFAULT 1,
	default_negative integer DEFAULT -1,
	default_text text DEFAULT 'it''s',
	default_backslash text DEFAULT E'a\\b\nc',
	default_null text DEFAULT NULL,
	default_expression integer DEFAULT (1 + 2) * 3,
	default_function timestamptz DEFAULT now(),
	default_current timestamptz DEFAULT CURRENT_TIMESTAMP,
	default_user name DEFAULT CURRENT_USER,
	default_time timestamptz DEFAULT '2020-01-01 00:00:00+00',
	default_interval interval DEFAULT '1 day 02:03:04',
	default_float float8 DEFAULT 0.1,
	default_real real DEFAULT 1.5,
	default_bytea bytea DEFAULT '\x0001ff',
	default_enum colours DEFAULT 'green',
	default_array integer[] DEFAULT '{1,2}',
	default_array_text text[] DEFAULT ARRAY['a', 'b''c'],
	default_row pair DEFAULT ROW(1, 'x', NULL),
	default_sequence bigint DEFAULT nextval('"other schema"."A Sequence"'),
	default_sequence_late integer DEFAULT nextval('plain_sequence'::text),
	default_own integer DEFAULT plain(),
	default_elsewhere varchar DEFAULT "other schema".elsewhere('{one}', '10:00', 'x'),
	default_json jsonb DEFAULT '{"a": [1, 2]}',
	default_case text DEFAULT CASE WHEN true THEN 'a' ELSE 'b' END,
	stored_plain text,
	stored_external text,
	stored_extended numeric,
	stored_main text,
	statistics integer,
	statistics_zero integer,
	options integer,
	options_inherited integer,
	dropped integer,
	"last" integer
);
ALTER TABLE every_column ALTER stored_plain SET STORAGE PLAIN, ALTER stored_external SET STORAGE EXTERNAL,
	ALTER stored_extended SET STORAGE EXTENDED, ALTER stored_main SET STORAGE MAIN,
	ALTER statistics SET STATISTICS 500, ALTER statistics_zero SET STATISTICS 0,
	ALTER options SET (n_distinct = -0.5), ALTER options_inherited SET (n_distinct_inherited = 100, n_distinct = 5),
	DROP dropped, ADD added integer DEFAULT 5 NOT NULL;
ALTER SEQUENCE owned_sequence OWNED BY every_column.added;
COMMENT ON TABLE every_column IS 'a table';
COMMENT ON COLUMN every_column.not_null IS 'a column';
CREATE UNLOGGED TABLE unlogged (id integer PRIMARY KEY, t text);
CREATE TABLE options (id integer, t text) WITH (fillfactor = 70, autovacuum_enabled = off,
	autovacuum_vacuum_scale_factor = 0.1, toast.autovacuum_enabled = off, toast.autovacuum_freeze_max_age = 1000000);
CREATE TABLE clustered (id integer PRIMARY KEY);
ALTER TABLE clustered CLUSTER ON clustered_pkey;
CREATE TABLE replica_full (id integer);
ALTER TABLE replica_full REPLICA IDENTITY FULL;
CREATE TABLE replica_nothing (id integer PRIMARY KEY);
ALTER TABLE replica_nothing REPLICA IDENTITY NOTHING;
CREATE TABLE replica_index (id integer NOT NULL UNIQUE);
ALTER TABLE replica_index REPLICA IDENTITY USING INDEX replica_index_id_key;
CREATE TABLE owned (id serial, b integer);
CREATE TABLE typed OF pair (first PRIMARY KEY, second WITH OPTIONS DEFAULT 'typed' NOT NULL);

-- from 12
CREATE TABLE generated (a integer, b text, c integer GENERATED ALWAYS AS (a * 2) STORED,
	d text GENERATED ALWAYS AS (upper(b) || 'x') STORED);

-- from 13
CREATE TABLE trigger_parent (id integer) PARTITION BY LIST (id);
CREATE TABLE trigger_part PARTITION OF trigger_parent FOR VALUES IN (1);
CREATE TRIGGER before_row BEFORE INSERT ON trigger_parent FOR EACH ROW EXECUTE PROCEDURE trigger_function();
ALTER TABLE replica_index ALTER id SET STATISTICS 10;

-- from 14
CREATE TABLE compressed (a text COMPRESSION pglz, b text);

-- from 16
CREATE TABLE storage (a text STORAGE EXTERNAL, b text STORAGE DEFAULT);

-- from 18
CREATE TABLE virtual (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL, c integer GENERATED ALWAYS AS (a + 1));
CREATE TABLE not_null_forms (a integer CONSTRAINT named NOT NULL, b integer, c integer NOT NULL NO INHERIT);
ALTER TABLE not_null_forms ADD CONSTRAINT later NOT NULL b NOT VALID;

-- all
-- Inheritance.
CREATE TABLE ancestor (id integer NOT NULL, t text DEFAULT 'a', CONSTRAINT inherited_check CHECK (id > 0),
	CONSTRAINT own_check CHECK (id < 100) NO INHERIT);
CREATE TABLE ancestor_two (id integer, "Other" text);
CREATE TABLE heir () INHERITS (ancestor);
CREATE TABLE heir_of_two (extra integer) INHERITS (ancestor, ancestor_two);
CREATE TABLE heir_with_local (id integer DEFAULT 7, t text) INHERITS (ancestor);
CREATE TABLE heir_of_heir () INHERITS (heir);
ALTER TABLE heir ALTER t SET DEFAULT 'b';

-- all
-- Partitions.
CREATE TABLE by_list (a integer, b text, c colours) PARTITION BY LIST (b);
CREATE TABLE by_list_1 PARTITION OF by_list FOR VALUES IN ('a', 'b''c', NULL);
CREATE TABLE by_list_2 PARTITION OF by_list (a NOT NULL DEFAULT 3) FOR VALUES IN ('d');
CREATE TABLE by_range (a integer, b date, c text) PARTITION BY RANGE (a, b);
CREATE TABLE by_range_1 PARTITION OF by_range FOR VALUES FROM (MINVALUE, MINVALUE) TO (1, '2020-01-01');
CREATE TABLE by_range_2 PARTITION OF by_range FOR VALUES FROM (1, '2020-01-01') TO (MAXVALUE, MAXVALUE)
	PARTITION BY LIST (c);
CREATE TABLE "other schema".by_range_2_1 PARTITION OF by_range_2 FOR VALUES IN ('x');
CREATE TABLE by_time (t timestamptz, f float8, n numeric) PARTITION BY RANGE (t);
CREATE TABLE by_time_1 PARTITION OF by_time FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2021-01-01 00:00+00');
CREATE TABLE by_expression (a integer, b text) PARTITION BY RANGE ((a + 1), lower(b) COLLATE "C" text_pattern_ops);
CREATE TABLE by_expression_1 PARTITION OF by_expression FOR VALUES FROM (1, 'a') TO (2, 'b');
CREATE TABLE attached (b text, a integer, c colours);
ALTER TABLE by_list ATTACH PARTITION attached FOR VALUES IN ('z');
CREATE TABLE by_enum (c colours) PARTITION BY LIST (c);
CREATE TABLE by_enum_1 PARTITION OF by_enum FOR VALUES IN ('red', 'blue');

-- from 11
CREATE TABLE by_hash (a integer, b text, PRIMARY KEY (a)) PARTITION BY HASH (a);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE by_list_default PARTITION OF by_list DEFAULT;
CREATE INDEX by_list_index ON by_list (a);
CREATE INDEX by_list_only ON ONLY by_list (c);
CREATE INDEX attached_c ON attached (c);
ALTER INDEX by_list_only ATTACH PARTITION attached_c;

-- from 11
CREATE TABLE fk_target (id integer PRIMARY KEY);
CREATE TABLE fk_parts (a integer REFERENCES fk_target, b integer) PARTITION BY LIST (a);
CREATE TABLE fk_parts_1 PARTITION OF fk_parts FOR VALUES IN (1);
CREATE TABLE fk_parts_2 (a integer REFERENCES fk_target, b integer);
ALTER TABLE fk_parts ATTACH PARTITION fk_parts_2 FOR VALUES IN (2);
CREATE TRIGGER after_row AFTER INSERT ON fk_parts FOR EACH ROW EXECUTE PROCEDURE trigger_function();

-- from 12
CREATE TABLE references_partitioned (a integer REFERENCES by_hash, b integer);

-- from 17
CREATE TABLE identity_partitioned (a integer, b integer GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (a);
CREATE TABLE identity_part PARTITION OF identity_partitioned FOR VALUES IN (1);

-- all
-- Indexes.
CREATE TABLE indexed (a integer, b text, c text, d integer[], e tsvector, f point, g int4range, h jsonb, i text,
	j inet);
CREATE UNIQUE INDEX index_unique ON indexed (a);
CREATE INDEX index_many ON indexed (a DESC, b, c DESC NULLS LAST, i NULLS FIRST);
CREATE INDEX index_collation ON indexed (b COLLATE "C", c COLLATE "other schema"."A collation");
CREATE INDEX index_opclass ON indexed (b text_pattern_ops, c varchar_pattern_ops DESC);
CREATE INDEX index_predicate ON indexed (a) WHERE b IS NOT NULL AND a > 5;
CREATE INDEX index_expression ON indexed (lower(b), (a + 1), (b || c) text_pattern_ops);
CREATE INDEX index_hash ON indexed USING hash (a) WITH (fillfactor = 60);
CREATE INDEX index_gin ON indexed USING gin (d, e) WITH (fastupdate = off, gin_pending_list_limit = 100);
CREATE INDEX index_jsonb ON indexed USING gin (h jsonb_path_ops);
CREATE INDEX index_gist ON indexed USING gist (f, g) WITH (buffering = on);
CREATE INDEX index_spgist ON indexed USING spgist (f kd_point_ops);
CREATE INDEX index_brin ON indexed USING brin (a) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX index_network ON indexed USING gist (j inet_ops);
CREATE INDEX index_options ON indexed (a) WITH (fillfactor = 50);
COMMENT ON INDEX index_unique IS 'an index';
CREATE INDEX index_own ON indexed (overloaded(a) DESC);

-- from 11
CREATE UNIQUE INDEX index_include ON indexed (a) INCLUDE (b, c);
ALTER INDEX index_expression ALTER COLUMN 2 SET STATISTICS 100;

-- from 13
CREATE INDEX index_deduplicate ON indexed (a) WITH (deduplicate_items = off);
CREATE INDEX index_opclass_options ON indexed USING gist (e tsvector_ops (siglen = 200));

-- from 14
CREATE INDEX index_multiminmax ON indexed USING brin (a int4_minmax_multi_ops (values_per_range = 20));

-- from 15
CREATE UNIQUE INDEX index_nulls ON indexed (a, b) NULLS NOT DISTINCT;

-- all
-- Constraints.
CREATE TABLE target (id integer PRIMARY KEY, a integer, b text, UNIQUE (a, b), CONSTRAINT "Named" UNIQUE (b));
CREATE TABLE constrained (
	id integer CONSTRAINT key_of_constrained PRIMARY KEY DEFERRABLE,
	a integer REFERENCES target,
	b text REFERENCES target (b) ON UPDATE CASCADE ON DELETE SET NULL,
	c integer,
	d text,
	e integer DEFAULT 1 REFERENCES target DEFERRABLE INITIALLY DEFERRED,
	f integer REFERENCES target DEFERRABLE,
	g integer,
	h int4range,
	i integer UNIQUE DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT two_columns FOREIGN KEY (c, d) REFERENCES target (a, b) MATCH FULL ON DELETE SET DEFAULT ON UPDATE RESTRICT,
	CONSTRAINT check_of_table CHECK (a > 0 OR c IS NULL),
	CONSTRAINT check_no_inherit CHECK (a < 100) NO INHERIT,
	CHECK (length(d) < 10),
	CONSTRAINT excluded EXCLUDE (c WITH =, d WITH =),
	CONSTRAINT excluded_gist EXCLUDE USING gist (h WITH &&) WHERE (a > 0) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT unique_options UNIQUE (g) WITH (fillfactor = 50)
);
ALTER TABLE constrained ADD CONSTRAINT later_check CHECK (g > 0) NOT VALID,
	ADD CONSTRAINT later_key FOREIGN KEY (g) REFERENCES target NOT VALID;
CREATE UNIQUE INDEX becomes_key ON constrained (c);
ALTER TABLE constrained ADD CONSTRAINT from_index UNIQUE USING INDEX becomes_key;
COMMENT ON CONSTRAINT check_of_table ON constrained IS 'a constraint';
CREATE TABLE self_reference (id integer PRIMARY KEY, parent integer REFERENCES self_reference ON DELETE CASCADE);
CREATE TABLE whole_row (a integer, b integer, CONSTRAINT whole CHECK (whole_row IS NOT NULL));
CREATE TABLE "other schema".constrained (id integer REFERENCES public.target,
	e "other schema"."Enum" CHECK (e <> 'one'));
CREATE TABLE expressions (a integer, b text, c timestamptz, d integer[], e jsonb,
	CHECK (a IN (1, 2, 3)), CHECK (b LIKE 'a%' OR b ~ '^b'), CHECK (a BETWEEN 1 AND 10), CHECK (a = ANY (d)),
	CHECK (b::integer > 0), CHECK (coalesce(a, 0) <> nullif(a, 1)), CHECK (CASE a WHEN 1 THEN true ELSE false END),
	CHECK (b IS DISTINCT FROM 'x'), CHECK (c > '2020-01-01 12:00:00+00'::timestamptz), CHECK (NOT a > 5),
	CHECK (e ->> 'a' = 'b'), CHECK (c < now() + interval '1 day'), CHECK (b COLLATE "C" < 'z'),
	CHECK (array_length(ARRAY[a, 1], 1) = 2), CHECK (d[1] = a), CHECK ((a, b) <> (1, 'b')), CHECK (greatest(a, 1) > 0));

-- from 11
ALTER TABLE constrained ADD CONSTRAINT including UNIQUE (a) INCLUDE (b);

-- from 15
CREATE TABLE constrained_15 (a integer, b integer, c integer, d integer, UNIQUE NULLS NOT DISTINCT (a, b),
	FOREIGN KEY (c) REFERENCES target ON DELETE SET NULL (c));

-- from 18
CREATE TABLE constrained_18 (a integer CONSTRAINT loose CHECK (a > 0) NOT ENFORCED,
	b integer REFERENCES target NOT ENFORCED, c int4range, d daterange,
	CONSTRAINT temporal PRIMARY KEY (c, d WITHOUT OVERLAPS));
CREATE TABLE temporal_reference (c int4range, d daterange,
	FOREIGN KEY (c, PERIOD d) REFERENCES constrained_18 (c, PERIOD d));

-- all
-- The internal triggers of constraints.
RESET ROLE;
CREATE TABLE disabled_child (id integer REFERENCES target, u integer UNIQUE DEFERRABLE);
CREATE TABLE disabled_parent (id integer PRIMARY KEY);
CREATE TABLE disabled_by_parent (id integer REFERENCES disabled_parent);
ALTER TABLE disabled_child OWNER TO fitsdata;
ALTER TABLE disabled_parent OWNER TO fitsdata;
ALTER TABLE disabled_by_parent OWNER TO fitsdata;
SET ROLE fitsdata;

-- all
-- Views.
CREATE VIEW plain_view AS SELECT 1 AS one, 'a'::text AS "Two";
CREATE VIEW view_of_table AS SELECT a, b, c FROM indexed WHERE a > 5 ORDER BY b;
CREATE VIEW joined AS SELECT t.id, c.a AS other, count(*) AS n FROM target t LEFT JOIN constrained c ON c.a = t.id
	GROUP BY t.id, c.a HAVING count(*) > 1;
CREATE VIEW star AS SELECT * FROM target JOIN self_reference USING (id);
CREATE VIEW with_options WITH (security_barrier) AS SELECT a FROM indexed WHERE a > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW with_cascaded AS SELECT a FROM with_options WHERE a < 10 WITH CASCADED CHECK OPTION;
CREATE RECURSIVE VIEW recursive_view (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM recursive_view WHERE n < 5;
CREATE VIEW "other schema"."A View" ("Col", "col 2") AS SELECT a, b FROM public.indexed;
CREATE VIEW with_default AS SELECT a, b FROM indexed;
ALTER VIEW with_default ALTER a SET DEFAULT 5;
CREATE VIEW windows AS SELECT a, row_number() OVER w AS n, sum(a) OVER (PARTITION BY b ORDER BY a ROWS 2 PRECEDING)
	FROM indexed WINDOW w AS (ORDER BY b DESC);
CREATE VIEW with_cte AS WITH x AS (SELECT a FROM indexed), y AS (SELECT 1 AS a) SELECT * FROM x NATURAL JOIN y
	UNION SELECT 3;
CREATE VIEW owned_view AS SELECT 1 AS a;
COMMENT ON VIEW plain_view IS 'a view';
COMMENT ON COLUMN plain_view.one IS 'a column of a view';
GRANT SELECT ON plain_view TO apache;
CREATE MATERIALIZED VIEW materialized AS SELECT a, b FROM indexed WITH NO DATA;
CREATE MATERIALIZED VIEW "other schema".materialized WITH (fillfactor = 60) AS SELECT 1 AS a;
CREATE UNIQUE INDEX materialized_a ON materialized (a);
ALTER MATERIALIZED VIEW materialized ALTER a SET STATISTICS 7;
COMMENT ON MATERIALIZED VIEW materialized IS 'a materialized view';

-- from 15
CREATE VIEW invoker WITH (security_invoker = on) AS SELECT a FROM indexed;

-- all
-- Rules.
CREATE RULE redirect AS ON INSERT TO plain_view DO INSTEAD INSERT INTO indexed (a) VALUES (new.one);
CREATE RULE nothing AS ON DELETE TO target WHERE old.id = 1 DO INSTEAD NOTHING;
CREATE RULE also AS ON UPDATE TO target DO ALSO (UPDATE indexed SET a = new.a WHERE a = old.a; NOTIFY changed);
CREATE RULE disabled AS ON DELETE TO indexed DO INSTEAD NOTHING;
CREATE RULE always AS ON UPDATE TO indexed DO ALSO NOTIFY x;
CREATE RULE replica AS ON INSERT TO indexed DO ALSO NOTIFY y;
ALTER TABLE indexed DISABLE RULE disabled, ENABLE ALWAYS RULE always, ENABLE REPLICA RULE replica;
COMMENT ON RULE also ON target IS 'a rule';

-- all
-- Triggers.
CREATE TRIGGER "A Trigger" BEFORE INSERT OR UPDATE OF a, b ON indexed FOR EACH ROW
	WHEN (new.a > 5 AND new.b IS NOT NULL) EXECUTE PROCEDURE trigger_function('arg', 'it''s', E'back\\slash', '');
CREATE TRIGGER after_statement AFTER DELETE OR TRUNCATE ON indexed FOR EACH STATEMENT
	EXECUTE PROCEDURE trigger_function();
CREATE TRIGGER instead_of INSTEAD OF UPDATE ON view_of_table FOR EACH ROW EXECUTE PROCEDURE trigger_function();
CREATE TRIGGER transition AFTER UPDATE ON target REFERENCING OLD TABLE AS before NEW TABLE AS "After"
	FOR EACH STATEMENT EXECUTE PROCEDURE trigger_function();
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON target FROM indexed DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
	EXECUTE PROCEDURE trigger_function();
CREATE TRIGGER disabled BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE trigger_function();
CREATE TRIGGER always BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE trigger_function();
CREATE TRIGGER replica BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE trigger_function();
ALTER TABLE target DISABLE TRIGGER disabled, ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica;
COMMENT ON TRIGGER always ON target IS 'a trigger';

-- all
-- Row security.
CREATE TABLE secured (id integer, owner name);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TABLE enabled_only (id integer);
ALTER TABLE enabled_only ENABLE ROW LEVEL SECURITY;
CREATE TABLE forced_only (id integer);
ALTER TABLE forced_only FORCE ROW LEVEL SECURITY;
CREATE POLICY everything ON secured;
CREATE POLICY restrictive ON secured AS RESTRICTIVE FOR SELECT TO apache, "kinds reader" USING (owner = CURRENT_USER);
CREATE POLICY inserting ON secured FOR INSERT TO fitsdata WITH CHECK (id > 0);
CREATE POLICY updating ON secured FOR UPDATE USING (id > 0) WITH CHECK (id < 10);
CREATE POLICY "Deleting" ON secured FOR DELETE TO PUBLIC USING (id IN (SELECT a FROM indexed));
COMMENT ON POLICY everything ON secured IS 'a policy';

-- all
-- Extended statistics.
CREATE STATISTICS all_kinds ON a, b FROM indexed;
CREATE STATISTICS "other schema"."A Statistic" (dependencies) ON b, c FROM indexed;
CREATE STATISTICS distinct_values (ndistinct) ON c, a FROM indexed;
COMMENT ON STATISTICS all_kinds IS 'statistics';

-- from 12
CREATE STATISTICS common (mcv) ON a, c FROM indexed;

-- from 13
ALTER STATISTICS all_kinds SET STATISTICS 50;

-- from 14
CREATE STATISTICS of_expression ON lower(b), (a + 1) FROM indexed;
CREATE STATISTICS of_one_expression ON (a * 2) FROM indexed;

-- all
-- Privileges.
CREATE TABLE granted (id integer, a text, b text, c text);
GRANT SELECT, INSERT ON granted TO apache;
GRANT ALL ON granted TO "kinds reader";
GRANT UPDATE, DELETE ON granted TO "Größe" WITH GRANT OPTION;
GRANT SELECT ON granted TO PUBLIC;
GRANT SELECT (a, b), UPDATE (b) ON granted TO apache;
GRANT REFERENCES (c) ON granted TO "kinds reader" WITH GRANT OPTION;
GRANT INSERT (id) ON granted TO PUBLIC;
CREATE TABLE granted_and_revoked (id integer);
GRANT SELECT ON granted_and_revoked TO apache;
REVOKE SELECT ON granted_and_revoked FROM apache;
CREATE TABLE revoked (id integer);
REVOKE ALL ON revoked FROM fitsdata;
CREATE TABLE partly_revoked (id integer);
REVOKE TRUNCATE, REFERENCES ON partly_revoked FROM fitsdata;
GRANT TRIGGER ON partly_revoked TO "select";
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO apache;
ALTER DEFAULT PRIVILEGES IN SCHEMA "other schema" GRANT INSERT ON TABLES TO "kinds reader" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO apache;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT CREATE ON SCHEMAS TO apache;
ALTER DEFAULT PRIVILEGES FOR ROLE kinds_owner GRANT DELETE ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kinds_owner REVOKE ALL ON TABLES FROM kinds_owner;

-- from 17
GRANT MAINTAIN ON granted_and_revoked TO apache;
REVOKE MAINTAIN ON indexed FROM fitsdata;

-- from 18
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO apache;

-- all
-- Other owners; roles do not have CREATE on schema public.
RESET ROLE;
ALTER DOMAIN owned_domain OWNER TO "select";
ALTER FUNCTION with_everything(integer, text, integer[]) LEAKPROOF;
ALTER FUNCTION owned_function() OWNER TO kinds_owner;
ALTER AGGREGATE counted(*) OWNER TO kinds_owner;
ALTER COLLATION posix OWNER TO kinds_owner;
ALTER TABLE owned OWNER TO kinds_owner;
ALTER VIEW owned_view OWNER TO kinds_owner;
ALTER STATISTICS distinct_values OWNER TO kinds_owner;
ALTER TABLE disabled_child DISABLE TRIGGER ALL;
ALTER TABLE disabled_parent DISABLE TRIGGER ALL;

-- all
-- What only a superuser may create.
CREATE TYPE shell_type;
CREATE TYPE base_type;
CREATE FUNCTION base_in(cstring) RETURNS base_type LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION base_out(base_type) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION base_recv(internal) RETURNS base_type LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION base_send(base_type) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE base_type (INPUT = base_in, OUTPUT = base_out, RECEIVE = base_recv, SEND = base_send,
	INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, STORAGE = plain, CATEGORY = 'N', PREFERRED = false,
	DEFAULT = '7', DELIMITER = ';');
COMMENT ON TYPE base_type IS 'a base type';
CREATE TYPE variable_type;
CREATE FUNCTION variable_in(cstring) RETURNS variable_type LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION variable_out(variable_type) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE variable_type (INPUT = variable_in, OUTPUT = variable_out, INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4, STORAGE = extended, COLLATABLE = true);
CREATE TABLE uses_base (a base_type, b base_type[], c variable_type DEFAULT 'x');
CREATE FUNCTION in_c(text) RETURNS text LANGUAGE c STRICT AS '$libdir/fuzzystrmatch', 'soundex';
CREATE FUNCTION variadic_any(VARIADIC "any") RETURNS integer LANGUAGE internal AS 'pg_num_nulls';
CREATE FUNCTION window_rows() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';

-- from 12
CREATE FUNCTION supported(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT
	SUPPORT textlike_support AS 'textlike';

-- from 13
CREATE TYPE subscripted;
CREATE FUNCTION subscripted_in(cstring) RETURNS subscripted LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION subscripted_out(subscripted) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE subscripted (INPUT = subscripted_in, OUTPUT = subscripted_out, LIKE = int4);

-- all
-- Operators, their families and classes.
CREATE FUNCTION base_eq(base_type, base_type) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION base_ne(base_type, base_type) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ne';
CREATE FUNCTION base_lt(base_type, base_type) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION base_le(base_type, base_type) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION base_gt(base_type, base_type) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION base_ge(base_type, base_type) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE FUNCTION base_cmp(base_type, base_type) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION base_neg(base_type) RETURNS base_type LANGUAGE internal IMMUTABLE STRICT AS 'int4um';
CREATE FUNCTION base_hash(base_type) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE OPERATOR = (LEFTARG = base_type, RIGHTARG = base_type, PROCEDURE = base_eq, COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (LEFTARG = base_type, RIGHTARG = base_type, PROCEDURE = base_ne, COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR < (LEFTARG = base_type, RIGHTARG = base_type, PROCEDURE = base_lt, COMMUTATOR = >, NEGATOR = >=);
CREATE OPERATOR <= (LEFTARG = base_type, RIGHTARG = base_type, PROCEDURE = base_le);
CREATE OPERATOR > (LEFTARG = base_type, RIGHTARG = base_type, PROCEDURE = base_gt, COMMUTATOR = <);
CREATE OPERATOR >= (LEFTARG = base_type, RIGHTARG = base_type, PROCEDURE = base_ge, NEGATOR = <);
CREATE OPERATOR "other schema".@@@ (RIGHTARG = base_type, PROCEDURE = base_neg);
COMMENT ON OPERATOR = (base_type, base_type) IS 'an operator';
COMMENT ON OPERATOR "other schema".@@@ (NONE, base_type) IS 'a prefix operator';
CREATE OPERATOR FAMILY empty_family USING btree;
CREATE OPERATOR FAMILY "other schema"."A Family" USING hash;
COMMENT ON OPERATOR FAMILY empty_family USING btree IS 'an operator family';
CREATE OPERATOR CLASS base_ops DEFAULT FOR TYPE base_type USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =,
	OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 base_cmp(base_type, base_type);
CREATE OPERATOR CLASS base_hash_ops FOR TYPE base_type USING hash FAMILY "other schema"."A Family" AS OPERATOR 1 =,
	FUNCTION 1 base_hash(base_type);
COMMENT ON OPERATOR CLASS base_ops USING btree IS 'an operator class';
CREATE FUNCTION base_int_lt(base_type, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION base_int_cmp(base_type, integer) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE OPERATOR < (LEFTARG = base_type, RIGHTARG = integer, PROCEDURE = base_int_lt);
ALTER OPERATOR FAMILY base_ops USING btree ADD OPERATOR 1 < (base_type, integer),
	FUNCTION 1 (base_type, integer) base_int_cmp(base_type, integer);
CREATE OPERATOR FAMILY point_family USING gist;
CREATE OPERATOR CLASS point_class FOR TYPE point USING gist FAMILY point_family AS STORAGE box,
	OPERATOR 1 <<, OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops,
	FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
	FUNCTION 2 gist_box_union(internal, internal), FUNCTION 3 gist_point_compress(internal),
	FUNCTION 5 gist_box_penalty(internal, internal, internal), FUNCTION 6 gist_box_picksplit(internal, internal),
	FUNCTION 7 gist_box_same(box, box, internal), FUNCTION 8 gist_point_distance(internal, point, smallint, oid, internal);

-- all
ALTER OPERATOR < (base_type, base_type) OWNER TO kinds_owner;
ALTER OPERATOR CLASS base_hash_ops USING hash OWNER TO kinds_owner;
CREATE INDEX base_index ON uses_base (a);
CREATE INDEX base_hash_index ON uses_base USING hash (a base_hash_ops);

-- all
-- Casts and transforms.
CREATE FUNCTION base_to_text(base_type) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x''::text';
CREATE CAST (base_type AS text) WITH FUNCTION base_to_text(base_type) AS ASSIGNMENT;
CREATE CAST (base_type AS integer) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (integer AS base_type) WITHOUT FUNCTION;
CREATE CAST (colours AS "other schema"."Enum") WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (base_type AS text) IS 'a cast';

-- all
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE TRANSFORM FOR base_type LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_sql(internal));
COMMENT ON TRANSFORM FOR base_type LANGUAGE plpgsql IS 'a transform';

-- all
-- Conversions, text search, languages, access methods.
CREATE CONVERSION a_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION "other schema"."Default" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION a_conversion IS 'a conversion';
CREATE TEXT SEARCH PARSER a_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
COMMENT ON TEXT SEARCH PARSER a_parser IS 'a parser';
CREATE TEXT SEARCH TEMPLATE a_template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH TEMPLATE a_template IS 'a template';
CREATE TEXT SEARCH DICTIONARY a_dictionary (TEMPLATE = a_template, STOPWORDS = english, ACCEPT = false);
COMMENT ON TEXT SEARCH DICTIONARY a_dictionary IS 'a dictionary';
CREATE TEXT SEARCH DICTIONARY "other schema"."A Dictionary" (TEMPLATE = snowball, LANGUAGE = german);
CREATE TEXT SEARCH CONFIGURATION a_configuration (PARSER = a_parser);
ALTER TEXT SEARCH CONFIGURATION a_configuration ADD MAPPING FOR asciiword, word
	WITH "other schema"."A Dictionary", a_dictionary, simple;
ALTER TEXT SEARCH CONFIGURATION a_configuration ADD MAPPING FOR int WITH simple;
CREATE TEXT SEARCH CONFIGURATION "other schema".copied (COPY = pg_catalog.english);
COMMENT ON TEXT SEARCH CONFIGURATION a_configuration IS 'a configuration';
ALTER TEXT SEARCH CONFIGURATION a_configuration OWNER TO kinds_owner;
CREATE FUNCTION a_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION inline_handler(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION a_validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE a_language HANDLER a_handler INLINE inline_handler VALIDATOR a_validator;
CREATE LANGUAGE "Other Language" HANDLER a_handler;
COMMENT ON LANGUAGE a_language IS 'a language';
GRANT USAGE ON LANGUAGE a_language TO apache;
REVOKE USAGE ON LANGUAGE a_language FROM PUBLIC;
CREATE FUNCTION in_language() RETURNS integer LANGUAGE a_language AS 'BEGIN RETURN 1; END';
CREATE ACCESS METHOD an_index_method TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD an_index_method IS 'an access method';

-- from 12
CREATE ACCESS METHOD a_table_method TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE other_method (id integer) USING a_table_method;
CREATE MATERIALIZED VIEW other_method_view USING a_table_method AS SELECT 1 AS a;

-- from 17
CREATE TABLE method_of_partitions (id integer) PARTITION BY LIST (id) USING a_table_method;

-- all
-- Foreign data.
CREATE FOREIGN DATA WRAPPER a_wrapper;
CREATE FOREIGN DATA WRAPPER with_validator VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER "With Options" OPTIONS (host 'local''host');
COMMENT ON FOREIGN DATA WRAPPER a_wrapper IS 'a foreign data wrapper';
GRANT USAGE ON FOREIGN DATA WRAPPER a_wrapper TO apache;
CREATE SERVER a_server TYPE 'type' VERSION '1.0' FOREIGN DATA WRAPPER a_wrapper OPTIONS (host 'h', password 'secret');
CREATE SERVER "A Server" FOREIGN DATA WRAPPER a_wrapper;
ALTER SERVER "A Server" OWNER TO fitsdata;
COMMENT ON SERVER a_server IS 'a server';
GRANT USAGE ON FOREIGN SERVER a_server TO apache WITH GRANT OPTION;
CREATE USER MAPPING FOR apache SERVER a_server OPTIONS (user 'u', password 'secret');
CREATE USER MAPPING FOR PUBLIC SERVER "A Server";
CREATE USER MAPPING FOR fitsdata SERVER a_server;
CREATE FOREIGN TABLE foreign_table (a integer OPTIONS (column_name 'A', other 'it''s') NOT NULL DEFAULT 4, b text,
	CONSTRAINT foreign_check CHECK (a > 0)) SERVER a_server OPTIONS (table_name 'T', "Schema" 's');
COMMENT ON FOREIGN TABLE foreign_table IS 'a foreign table';
COMMENT ON COLUMN foreign_table.a IS 'a column of a foreign table';
CREATE TABLE by_place (place text, n integer) PARTITION BY LIST (place);
CREATE FOREIGN TABLE foreign_part PARTITION OF by_place FOR VALUES IN ('far') SERVER a_server;
GRANT SELECT ON foreign_table TO apache;

-- all
-- Extensions.
CREATE EXTENSION hstore;
CREATE EXTENSION btree_gist SCHEMA "other schema";
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE a_file (line text) SERVER files OPTIONS (filename '/dev/null', format 'text');
CREATE TABLE uses_extension (a hstore DEFAULT 'a=>1', b text);
CREATE INDEX uses_extension_index ON uses_extension USING gist (a);
ALTER TABLE uses_extension ADD CONSTRAINT with_extension EXCLUDE USING gist (b "other schema".gist_text_ops WITH =);
COMMENT ON EXTENSION btree_gist IS 'an extension with its own comment';

-- all
-- Event triggers, publications, subscriptions.
CREATE FUNCTION event_function() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER an_event_trigger ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
	EXECUTE PROCEDURE event_function();
CREATE EVENT TRIGGER disabled_event ON sql_drop EXECUTE PROCEDURE event_function();
ALTER EVENT TRIGGER disabled_event DISABLE;
CREATE EVENT TRIGGER always_event ON table_rewrite EXECUTE PROCEDURE event_function();
ALTER EVENT TRIGGER always_event ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER an_event_trigger IS 'an event trigger';
CREATE PUBLICATION all_tables FOR ALL TABLES WITH (publish = 'insert, delete');
CREATE PUBLICATION some_tables FOR TABLE target, ONLY indexed, "other schema".constrained;
CREATE PUBLICATION no_tables;
ALTER PUBLICATION no_tables OWNER TO fitsdata;
COMMENT ON PUBLICATION some_tables IS 'a publication';

-- from 11
CREATE SUBSCRIPTION kinds_subscription CONNECTION 'host=nowhere password=secret' PUBLICATION first, "Second"
	WITH (connect = false);

-- until 10
-- Some builds of PostgreSQL 10 crash at the end of a session that has made a subscription.
INSERT INTO pg_subscription SELECT oid, 'kinds_subscription', 10, false, 'password=secret', 'kinds_subscription', 'off',
	'{first,Second}' FROM pg_database WHERE datname = current_database();

-- from 14
COMMENT ON SUBSCRIPTION kinds_subscription IS 'a subscription';

-- from 13
CREATE PUBLICATION via_root FOR TABLE by_list WITH (publish_via_partition_root);

-- from 15
CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA "other schema", TABLE target;
CREATE PUBLICATION filtered FOR TABLE indexed (a, b) WHERE (a > 5), TABLE target;
CREATE SUBSCRIPTION kinds_subscription_15 CONNECTION '' PUBLICATION p
	WITH (connect = false, slot_name = NONE, binary, streaming, two_phase, disable_on_error, synchronous_commit = 'local');

-- from 17
CREATE EVENT TRIGGER login_event ON login EXECUTE PROCEDURE event_function();
ALTER EVENT TRIGGER login_event DISABLE;

-- from 18
CREATE PUBLICATION generated FOR TABLE virtual WITH (publish_generated_columns = stored);

-- all
-- Expressions with functions of the SQL standard's own syntax: servers from 14 on write them so.
CREATE TABLE variants (a text, b timestamptz, c text DEFAULT trim('x '), d interval,
	CHECK (trim(a) <> ''), CHECK (extract(year FROM b) > 2000), CHECK (b AT TIME ZONE 'UTC' > '2020-01-01'),
	CHECK (substring(a FROM 1 FOR 2) <> 'xx'), CHECK (position('a' IN a) > 0), CHECK (a SIMILAR TO 'x%'),
	CHECK (overlay(a PLACING 'b' FROM 1) <> 'x'), CHECK ((b, b) OVERLAPS (b, b)));
CREATE INDEX variants_trim ON variants (trim(a)) WHERE trim(a) <> 'y';
CREATE FUNCTION variants_argument(a text DEFAULT trim('x ')) RETURNS void LANGUAGE sql AS '';
CREATE POLICY variants_policy ON variants USING (trim(a) = 'x');
CREATE RULE variants_rule AS ON DELETE TO variants WHERE trim(old.a) = 'x' DO INSTEAD NOTHING;
CREATE TRIGGER variants_trigger BEFORE INSERT ON variants FOR EACH ROW WHEN (trim(new.a) = 'x')
	EXECUTE PROCEDURE trigger_function();
CREATE VIEW variants_view AS SELECT trim(a) AS a, b AT TIME ZONE 'UTC' AS b FROM variants;
CREATE DOMAIN variants_domain AS text DEFAULT trim('x ') CHECK (trim(VALUE) <> '');
