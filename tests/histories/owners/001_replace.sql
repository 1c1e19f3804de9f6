-- Only the owner of an object may replace, change or drop it.

-- migrate:up
CREATE OR REPLACE VIEW heavy AS SELECT id FROM item WHERE grams > 20;
CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n + n';
CREATE OR REPLACE FUNCTION item_set_grams() RETURNS trigger LANGUAGE plpgsql
	AS 'BEGIN NEW.grams := 2; RETURN NEW; END';
DROP MATERIALIZED VIEW counted;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS items, max(grams) AS most FROM item;
DROP FUNCTION twice(colour, character varying);
DROP AGGREGATE number_of(*);
ALTER TYPE pair ADD ATTRIBUTE c text;
ALTER DOMAIN weight SET DEFAULT 1;
ALTER FUNCTION annex.now() STABLE;
DROP TEXT SEARCH CONFIGURATION titles;

-- migrate:down
CREATE TEXT SEARCH CONFIGURATION titles (COPY = simple);
ALTER FUNCTION annex.now() VOLATILE;
ALTER DOMAIN weight DROP DEFAULT;
ALTER TYPE pair DROP ATTRIBUTE c;
CREATE AGGREGATE number_of(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION twice(c colour, t character varying) RETURNS text LANGUAGE sql AS 'SELECT c::text || c::text || t';
DROP MATERIALIZED VIEW counted;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS items FROM item;
CREATE OR REPLACE FUNCTION item_set_grams() RETURNS trigger LANGUAGE plpgsql
	AS 'BEGIN NEW.grams := 1; RETURN NEW; END';
CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
CREATE OR REPLACE VIEW heavy AS SELECT id FROM item WHERE grams > 10;
