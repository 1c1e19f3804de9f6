-- What the next migration drops and changes.

-- migrate:up
CREATE SCHEMA unused;
CREATE TYPE size AS ENUM ('big', 'small');
CREATE VIEW one AS SELECT 1 AS a;
CREATE VIEW two AS SELECT 2 AS a;
CREATE FUNCTION double(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
CREATE FUNCTION keep_code() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END $$;
CREATE TRIGGER keeper BEFORE UPDATE ON parent FOR EACH ROW EXECUTE PROCEDURE keep_code();
CREATE FUNCTION count_slowly() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	n integer := 0;
BEGIN
	WHILE n < (SELECT count(*) FROM square) LOOP
		n := n + 1;
	END LOOP;
	RETURN n;
END $$;
CREATE FUNCTION count_fast() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	/* without a LOOP */
	RETURN (SELECT count(*) FROM square);
END $$;
ALTER TABLE square ADD COLUMN c integer;
ALTER TABLE square ALTER COLUMN c SET DEFAULT 1;

-- migrate:down
-- Nothing is reverted.
