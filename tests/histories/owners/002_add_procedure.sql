-- Servers before PostgreSQL 11 have no procedures.

-- migrate:up
DO $$
BEGIN
	IF pg_catalog.current_setting('server_version_num')::integer >= 110000 THEN
		EXECUTE 'CREATE PROCEDURE count_again() LANGUAGE sql AS ''REFRESH MATERIALIZED VIEW counted''';
	END IF;
END
$$;

-- migrate:down
DO $$
BEGIN
	IF pg_catalog.current_setting('server_version_num')::integer >= 110000 THEN
		EXECUTE 'DROP PROCEDURE count_again()';
	END IF;
END
$$;
