-- As 63, for the smaller logs. A file that is uploaded may have more than 2 GB.
-- lint:allow rewrite: the archive is down, or runs without its logs for the minutes that this takes
-- lint:allow locked-scan: as above

-- migrate:up
DO $$
DECLARE
	tab text;
	actions text;
BEGIN
	FOR tab, actions IN
		SELECT wide.tab, string_agg(pg_catalog.format('ALTER COLUMN %I TYPE bigint', wide.col), ', ')
		FROM (VALUES ('querylog', 'usagelog_id'), ('downloadlog', 'usagelog_id'),
			('fileuploadlog', 'usagelog_id'), ('fileuploadlog', 'size')) wide (tab, col)
		JOIN pg_attribute a ON a.attrelid = to_regclass('public.' || wide.tab)::oid AND a.attname = wide.col::name
		WHERE NOT a.attisdropped AND a.atttypid = 'integer'::regtype::oid
		GROUP BY wide.tab
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE public.%I %s', tab, actions);
	END LOOP;
END
$$;

-- migrate:down
ALTER TABLE querylog ALTER COLUMN usagelog_id TYPE integer;
ALTER TABLE downloadlog ALTER COLUMN usagelog_id TYPE integer;
ALTER TABLE fileuploadlog
	ALTER COLUMN usagelog_id TYPE integer,
	ALTER COLUMN size TYPE integer;
