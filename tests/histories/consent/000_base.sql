-- The data that the following migrations destroy, or keep. The first line of each names it, and the first PostgreSQL.

-- migrate:up
CREATE TABLE t (id integer PRIMARY KEY, a text, "type" text, role text, identity text, "constraint" text, unused text);
INSERT INTO t SELECT i, 'a', 'b', 'c', 'd', 'e' FROM generate_series(1, 3) i;
CREATE TABLE child (id integer PRIMARY KEY, t_id integer REFERENCES t ON DELETE CASCADE);
INSERT INTO child VALUES (1, 1), (2, 2);
CREATE TABLE grandchild (child_id integer REFERENCES child ON DELETE CASCADE);
INSERT INTO grandchild VALUES (1);
CREATE TABLE lone (id integer PRIMARY KEY, a text);
INSERT INTO lone SELECT i, 'x' FROM generate_series(1, 20) i;
CREATE TABLE empty (id integer, a text);
CREATE TABLE more (id integer, a text);
CREATE TABLE "Odd name" ("a b" text);
INSERT INTO "Odd name" VALUES ('x');
CREATE SCHEMA other;
CREATE TABLE other.t2 (id integer, v text);
INSERT INTO other.t2 VALUES (1, 'x');
CREATE VIEW v AS SELECT * FROM lone;
CREATE VIEW trap AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM lone;
CREATE TYPE kind AS ENUM ('a');
CREATE TYPE unused AS ENUM ('a');
CREATE TABLE typed (id integer, k kind);
INSERT INTO typed VALUES (1, 'a');
CREATE DOMAIN name_of AS text;
CREATE TABLE named (id integer, n name_of);
INSERT INTO named VALUES (1, 'x');
CREATE TYPE pair AS (a integer, b integer);
CREATE TABLE pairs OF pair;
INSERT INTO pairs VALUES (1, 2);
CREATE TABLE parted (id integer, k integer, v text) PARTITION BY LIST (k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
INSERT INTO parted VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'z');
CREATE TYPE place AS (x integer, y integer);
CREATE TABLE placed (id integer, p place, many place[]);
INSERT INTO placed VALUES (1, '(1,2)', '{"(3,4)"}');
CREATE TYPE nested AS (p place);
CREATE TABLE deep (n nested);
INSERT INTO deep VALUES (ROW('(5,6)'::place));
CREATE TABLE shape (x integer, y integer);
CREATE TABLE shaped (id integer, s shape);
INSERT INTO shaped VALUES (1, '(,7)');
CREATE TYPE loose AS (x integer, y integer);
CREATE TABLE loosely (id integer, l loose);
INSERT INTO loosely VALUES (1, NULL);
CREATE TABLE ancestor (id integer, x text);
CREATE TABLE heir () INHERITS (ancestor);
INSERT INTO heir VALUES (1, 'x');
CREATE UNLOGGED TABLE scratch (id integer);
INSERT INTO scratch VALUES (1);
CREATE MATERIALIZED VIEW vacant AS SELECT 1 AS n WITH NO DATA;

SELECT lo_from_bytea(0, 'x');

CREATE FUNCTION replace_rows() RETURNS void LANGUAGE sql AS
	'DELETE FROM parted_1; INSERT INTO parted_2 VALUES (11, 2, ''new''), (12, 2, ''new'')';
CREATE FUNCTION late(command text) RETURNS void LANGUAGE plpgsql AS
	'BEGIN IF to_regclass(''public.late'') IS NOT NULL THEN EXECUTE command; END IF; END';
CREATE FUNCTION purge() RETURNS void LANGUAGE sql AS 'DELETE FROM public.lone';
CREATE FUNCTION purge_by_trigger() RETURNS trigger LANGUAGE plpgsql AS
	'BEGIN DELETE FROM public.lone; RETURN NULL; END';
CREATE TABLE triggered (id integer);
CREATE TRIGGER purge AFTER INSERT ON triggered FOR EACH ROW EXECUTE PROCEDURE purge_by_trigger();
CREATE TABLE deferred (id integer);
CREATE CONSTRAINT TRIGGER purge AFTER INSERT ON deferred DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE PROCEDURE purge_by_trigger();
CREATE TRIGGER purge INSTEAD OF INSERT ON trap FOR EACH ROW EXECUTE PROCEDURE purge_by_trigger();
CREATE TABLE ruled (id integer);
INSERT INTO ruled VALUES (1);
CREATE RULE purge AS ON UPDATE TO ruled DO ALSO DELETE FROM lone;
DO $$
BEGIN
	IF current_setting('server_version_num')::integer >= 110000 THEN
		EXECUTE 'CREATE PROCEDURE purge_and_commit() LANGUAGE plpgsql AS ''BEGIN DELETE FROM public.lone; COMMIT; END''';
		EXECUTE 'CREATE PROCEDURE purge_only() LANGUAGE plpgsql AS ''BEGIN DELETE FROM public.lone; END''';
	END IF;
END
$$;

-- All rows there are.
CREATE FUNCTION all_rows() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	relation regclass;
	part text;
	whole text := '';
BEGIN
	FOR relation IN
		SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated) AND c.oid >= 16384 AND n.nspname NOT IN ('fitsdb_schema', 'information_schema')
			AND c.relname <> 'migrate_version' ORDER BY c.oid
	LOOP
		EXECUTE format('SELECT string_agg(x::text, '';'' ORDER BY x::text) FROM ONLY %s x', relation) INTO part;
		whole := whole || relation || (SELECT relpersistence::text FROM pg_class WHERE oid = relation) || ':' || coalesce(part, '') || E'\n';
	END LOOP;
	RETURN whole || coalesce((SELECT string_agg(lo_get(oid)::text, ';') FROM pg_largeobject_metadata), '');
END
$$;

-- migrate:down
-- Nothing: this is where the history begins.
