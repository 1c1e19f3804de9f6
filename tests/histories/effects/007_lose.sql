-- Objects that are lost, replaced or disabled; columns that older software does not fill; code that loops.

-- migrate:up
ALTER TABLE parent DISABLE TRIGGER keeper;
DROP FUNCTION keep_code() CASCADE;
DROP VIEW one;
CREATE VIEW one AS SELECT 1 AS b;
ALTER VIEW two RENAME TO three;
DROP FUNCTION double(integer);
CREATE FUNCTION double(integer, integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $2 * $1';
DROP TYPE size;
DROP SCHEMA unused;
DROP INDEX parent_name_key;
ALTER TABLE parent ALTER COLUMN x DROP DEFAULT;
ALTER TABLE square ALTER COLUMN b SET DEFAULT 'b';
ALTER TABLE square ALTER COLUMN b DROP DEFAULT;
ALTER TABLE elsewhere.child ADD COLUMN d integer;
SELECT count_slowly();
SELECT count_fast();
DO $$
BEGIN
	FOR i IN 1..2 LOOP
		PERFORM 1;
	END LOOP;
END $$;

-- migrate:down
-- Nothing is reverted.
