-- The web server's privileges; only the owner writes the version. A scratch database has no such table.
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO apache;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO apache;
DO $$
BEGIN
	IF to_regclass('public.migrate_version') IS NOT NULL THEN
		REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON public.migrate_version FROM apache;
	END IF;
END
$$;
