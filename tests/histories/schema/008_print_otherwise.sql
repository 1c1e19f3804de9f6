-- Servers print these in different ways, and some lack the function.

-- migrate:up
ALTER TABLE label ADD CONSTRAINT text_is_trimmed CHECK (text = trim(both from text));
CREATE VIEW lately AS SELECT id FROM item WHERE date_trunc('day', seen AT TIME ZONE 'UTC') > '2020-01-01';
DO $$
BEGIN
	IF pg_catalog.current_setting('server_version_num')::integer < 140000 THEN
		CREATE FUNCTION only_there() RETURNS integer LANGUAGE sql AS 'SELECT 1';
	END IF;
END
$$;

-- migrate:down
DROP FUNCTION IF EXISTS only_there();
DROP VIEW lately;
ALTER TABLE label DROP CONSTRAINT text_is_trimmed;
