-- What a schema can have and the archive's has none of; for the suite "mutations".
CREATE TABLE annex (id integer PRIMARY KEY, note text, checked integer CHECK (checked > 0), mode procmode);
CREATE TABLE annex_parent ();
CREATE TABLE annex_partitioned (id integer, note text) PARTITION BY LIST (id);
CREATE TABLE annex_partition PARTITION OF annex_partitioned FOR VALUES IN (1);
CREATE VIEW annex_view AS SELECT id, note FROM annex;
CREATE VIEW annex_second_view AS SELECT note FROM annex_view;
CREATE MATERIALIZED VIEW annex_store AS SELECT id FROM annex;
CREATE INDEX annex_store_index ON annex_store (id);
CREATE FUNCTION annex_function(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1';
CREATE FUNCTION annex_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE AGGREGATE annex_sum(integer) (sfunc = int4pl, stype = integer);
CREATE TRIGGER annex_trigger BEFORE UPDATE OF note ON annex FOR EACH ROW EXECUTE PROCEDURE annex_trigger();
CREATE DOMAIN annex_domain AS text DEFAULT 'x' CHECK (VALUE <> '');
CREATE TYPE annex_pair AS (a integer, b text);
CREATE SEQUENCE annex_sequence;
