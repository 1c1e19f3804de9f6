-- What the forms in forms.sql change, besides the archive's own schema. Run by a superuser.

-- all
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'forms_role') THEN
		CREATE ROLE forms_role;
		CREATE ROLE "Forms Role";
	END IF;
END $$;
GRANT forms_role TO fitsdata;
SET ROLE fitsdata;
CREATE SCHEMA annex;
CREATE SCHEMA annex_granted;
GRANT USAGE ON SCHEMA annex_granted TO forms_role;
CREATE SEQUENCE annex.sequence;
CREATE TYPE annex.mode AS ENUM ('one', 'two', 'three');
CREATE TYPE annex.pair AS (a integer, b text);
CREATE TYPE annex.range AS RANGE (SUBTYPE = float8);
CREATE DOMAIN annex.domain AS text DEFAULT 'x' CONSTRAINT not_empty CHECK (VALUE <> '');
CREATE DOMAIN annex.domain_not_valid AS integer;
ALTER DOMAIN annex.domain_not_valid ADD CONSTRAINT later CHECK (VALUE > 0) NOT VALID;
CREATE TABLE annex.one (id integer PRIMARY KEY, note text, checked integer CONSTRAINT checked CHECK (checked > 0),
	mode annex.mode DEFAULT 'one', span int4range, identity integer GENERATED ALWAYS AS IDENTITY, filled text NOT NULL,
	CONSTRAINT excluded EXCLUDE USING gist (span WITH &&));
CREATE TABLE annex.two (id integer PRIMARY KEY, one_id integer CONSTRAINT one_id REFERENCES annex.one,
	later integer CONSTRAINT later REFERENCES annex.one DEFERRABLE INITIALLY DEFERRED, u integer CONSTRAINT u UNIQUE
	DEFERRABLE);
ALTER TABLE annex.two ADD CONSTRAINT not_valid CHECK (one_id > 0) NOT VALID,
	ADD CONSTRAINT not_valid_key FOREIGN KEY (u) REFERENCES annex.one NOT VALID;
CREATE INDEX one_note ON annex.one (note);
CREATE INDEX one_lower ON annex.one (lower(note)) WHERE note <> 'x';
CREATE UNIQUE INDEX one_unique ON annex.one (checked, note);
CREATE TABLE annex.parent (id integer, note text);
CREATE TABLE annex.child (extra integer) INHERITS (annex.parent);
CREATE TABLE annex.orphan (id integer, note text);
CREATE TABLE annex.partitioned (id integer, note text) PARTITION BY RANGE (id);
CREATE TABLE annex.partition_1 PARTITION OF annex.partitioned FOR VALUES FROM (1) TO (10);
CREATE TABLE annex.partition_2 (id integer, note text);
CREATE TABLE annex.options (id integer) WITH (fillfactor = 70, autovacuum_enabled = off);
CREATE VIEW annex.view AS SELECT id, note FROM annex.one;
CREATE VIEW annex.barrier WITH (security_barrier) AS SELECT id FROM annex.one WHERE id > 0 WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW annex.store AS SELECT id FROM annex.one;
CREATE UNIQUE INDEX store_id ON annex.store (id);
CREATE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1';
CREATE FUNCTION annex.trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION annex.event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE AGGREGATE annex.total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE TRIGGER a_trigger BEFORE UPDATE OF note ON annex.one FOR EACH ROW WHEN (old.note <> 'x')
	EXECUTE PROCEDURE annex.trigger('a');
CREATE RULE a_rule AS ON DELETE TO annex.one WHERE old.id = 5 DO INSTEAD NOTHING;
CREATE POLICY a_policy ON annex.one FOR SELECT TO forms_role USING (id > 0);
CREATE STATISTICS annex.stats (dependencies) ON id, note FROM annex.one;
CREATE COLLATION annex.collation FROM "C";
GRANT SELECT ON annex.one TO apache;
GRANT SELECT (id) ON annex.two TO forms_role;
GRANT USAGE ON TYPE annex.mode TO forms_role WITH GRANT OPTION;
COMMENT ON TABLE annex.one IS 'a comment';
COMMENT ON COLUMN annex.one.id IS 'a comment';
ALTER DEFAULT PRIVILEGES IN SCHEMA annex GRANT SELECT ON TABLES TO apache;
RESET ROLE;
CREATE PUBLICATION a_publication FOR TABLE annex.one;
CREATE EVENT TRIGGER an_event_trigger ON ddl_command_end WHEN TAG IN ('CREATE CAST') EXECUTE PROCEDURE annex.event();
CREATE FOREIGN DATA WRAPPER a_wrapper;
CREATE SERVER a_server FOREIGN DATA WRAPPER a_wrapper OPTIONS (host 'h');
CREATE USER MAPPING FOR apache SERVER a_server OPTIONS (password 'x');
CREATE FOREIGN TABLE annex.far (id integer OPTIONS (name 'i'), note text) SERVER a_server OPTIONS (name 'far');
CREATE OPERATOR annex.### (LEFTARG = integer, RIGHTARG = integer, PROCEDURE = int4lt);
CREATE OPERATOR FAMILY annex.family USING btree;
CREATE CAST (annex.mode AS annex.pair) WITH INOUT;
CREATE CONVERSION annex.conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH DICTIONARY annex.dictionary (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION annex.configuration (COPY = simple);
CREATE EXTENSION hstore SCHEMA annex;
