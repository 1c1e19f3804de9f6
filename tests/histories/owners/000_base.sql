-- Something of each kind that has an owner and that a role without superuser rights can create.

-- migrate:up
CREATE SCHEMA annex;
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TYPE pair AS (a integer, b colour);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE DOMAIN weight AS integer CHECK (VALUE > 0);
CREATE TABLE item (id serial PRIMARY KEY, colour colour, grams weight);
CREATE TABLE annex."Odd name" (id integer);
CREATE SEQUENCE numbers;
CREATE VIEW heavy AS SELECT id FROM item WHERE grams > 10;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS items FROM item;
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
CREATE FUNCTION twice(c colour, t character varying) RETURNS text LANGUAGE sql AS 'SELECT c::text || c::text || t';
CREATE FUNCTION annex.now() RETURNS text LANGUAGE sql AS 'SELECT ''now''::text';
CREATE FUNCTION item_set_grams() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.grams := 1; RETURN NEW; END';
CREATE TRIGGER item_set_grams BEFORE INSERT ON item FOR EACH ROW EXECUTE PROCEDURE item_set_grams();
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE number_of(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE OPERATOR @+ (PROCEDURE = int4pl, LEFTARG = integer, RIGHTARG = integer);
CREATE COLLATION plain (LC_COLLATE = 'C', LC_CTYPE = 'C');
CREATE STATISTICS item_statistics (dependencies) ON colour, grams FROM item;
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION titles (COPY = simple);
CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;

-- migrate:down
DROP CONVERSION latin;
DROP TEXT SEARCH CONFIGURATION titles;
DROP TEXT SEARCH DICTIONARY words;
DROP COLLATION plain;
DROP OPERATOR @+ (integer, integer);
DROP AGGREGATE number_of(*);
DROP AGGREGATE total(integer);
DROP FUNCTION annex.now();
DROP FUNCTION twice(colour, character varying);
DROP FUNCTION twice(integer);
DROP MATERIALIZED VIEW counted;
DROP VIEW heavy;
DROP SEQUENCE numbers;
DROP TABLE annex."Odd name";
DROP TABLE item;
DROP FUNCTION item_set_grams();
DROP DOMAIN weight;
DROP TYPE span;
DROP TYPE pair;
DROP TYPE colour;
DROP SCHEMA annex;
