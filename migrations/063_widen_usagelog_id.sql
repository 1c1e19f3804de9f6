-- The usage log outgrows integer numbers. The whole log is rewritten, with all its indexes, and five foreign keys are
-- checked again; what is bigint already is left alone.
--
-- Materialized views that operators have made of the logs stand in the way: here they are dropped, and 65 makes them
-- again from what view retired.usage_views says of them. They are empty then, until they are refreshed.
-- lint:allow rewrite: the archive is down, or runs without its logs for the minutes that this takes
-- lint:allow locked-scan: as above

-- migrate:up
DO $$
DECLARE
	path text := current_setting('search_path');
	-- The statements that make the views again.
	statements text[] := ARRAY[]::text[];
	-- Those that drop them, the last first.
	drops text[] := ARRAY[]::text[];
	old record;
	kind text;
BEGIN
	-- Only if there is something to change in 63 to 65.
	IF NOT EXISTS (
		SELECT FROM pg_attribute a
		JOIN (VALUES ('usagelog', 'id'), ('usagelog_analysis', 'id'), ('usagelog_analysis', 'usagelog_id'),
			('querylog', 'usagelog_id'), ('downloadlog', 'usagelog_id'), ('fileuploadlog', 'usagelog_id'),
			('fileuploadlog', 'size'), ('filedownloadlog', 'usagelog_id')) changed (tab, col)
			ON a.attrelid = to_regclass('public.' || changed.tab)::oid AND a.attname = changed.col::name
		WHERE NOT a.attisdropped AND a.atttypid = 'integer'::regtype::oid
	) THEN
		RETURN;
	END IF;

	-- With this path all names in definitions are complete.
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog', true);
	FOR old IN
		WITH RECURSIVE reads AS (
			SELECT d.refobjid AS source, r.ev_class AS view
			FROM pg_depend d
			JOIN pg_rewrite r ON r.oid = d.objid
			JOIN pg_class c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm')
			WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
				AND d.refobjid <> r.ev_class
		), readers AS (
			SELECT view, 1 AS depth
			FROM reads
			WHERE source IN (SELECT to_regclass('public.' || log)::oid FROM unnest(ARRAY['usagelog', 'querylog',
				'downloadlog', 'filedownloadlog', 'fileuploadlog', 'usagelog_analysis']) log)
			UNION
			SELECT reads.view, readers.depth + 1 FROM readers JOIN reads ON reads.source = readers.view
		)
		SELECT c.oid, c.oid::regclass::text AS name, c.relkind, c.relowner, c.relacl, c.reloptions, s.spcname
		FROM (SELECT view, max(depth) AS depth FROM readers GROUP BY view) v
		JOIN pg_class c ON c.oid = v.view
		LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
		ORDER BY v.depth, c.oid
	LOOP
		kind := CASE old.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END;
		IF NOT pg_has_role(old.relowner, 'MEMBER') THEN
			RAISE EXCEPTION '% % reads the usage logs and belongs to role %', lower(kind), old.name,
				pg_get_userbyid(old.relowner)
				USING HINT = format('It has to be dropped and made again: run "ALTER %s %s OWNER TO %I" first.', kind,
					old.name, current_user);
		END IF;
		IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = old.oid)
			OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = old.oid AND rulename <> '_RETURN')
		THEN
			RAISE EXCEPTION 'view % reads the usage logs and has triggers or rules', old.name
				USING HINT = 'Drop it, and make it again after 65.';
		END IF;

		drops := format('DROP %s %s', kind, old.name) || drops;
		statements := statements || format('CREATE %s %s%s%s AS %s%s', kind, old.name,
			' WITH (' || array_to_string(old.reloptions, ', ') || ')', ' TABLESPACE ' || quote_ident(old.spcname),
			rtrim(pg_get_viewdef(old.oid), ';'), CASE old.relkind WHEN 'm' THEN ' WITH NO DATA' END);
		statements := statements || format('ALTER %s %s OWNER TO %I', kind, old.name, pg_get_userbyid(old.relowner));
		IF old.relacl IS NOT NULL THEN
			statements := statements || format('REVOKE ALL ON %s FROM %I', old.name, pg_get_userbyid(old.relowner))
				|| ARRAY(
					SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, old.name,
						CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
						CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
					FROM aclexplode(old.relacl) a
				);
		END IF;
		statements := statements
			|| ARRAY(
				SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, k.attname, old.name,
					CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
					CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
				FROM pg_attribute k, aclexplode(k.attacl) a
				WHERE k.attrelid = old.oid AND k.attnum > 0 AND NOT k.attisdropped
			)
			|| ARRAY(SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = old.oid ORDER BY indexrelid)
			|| ARRAY(
				SELECT CASE d.objsubid
					WHEN 0 THEN format('COMMENT ON %s %s IS %L', kind, old.name, d.description)
					ELSE format('COMMENT ON COLUMN %s.%I IS %L', old.name, k.attname, d.description)
				END
				FROM pg_description d
				LEFT JOIN pg_attribute k ON k.attrelid = d.objoid AND k.attnum = d.objsubid
				WHERE d.classoid = 'pg_class'::regclass AND d.objoid = old.oid
			);
	END LOOP;

	IF statements <> ARRAY[]::text[] THEN
		IF to_regnamespace('retired') IS NULL THEN
			EXECUTE pg_catalog.format('CREATE SCHEMA retired AUTHORIZATION %I', (
				SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.header'::regclass::oid
			));
		ELSIF (SELECT nspowner FROM pg_namespace WHERE nspname = 'retired') NOT IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT datdba FROM pg_database WHERE datname = current_database()
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		) THEN
			RAISE EXCEPTION 'schema retired belongs to another role than table header'
				USING HINT = 'Its owner could drop what is moved there. Give it to the owner of header, or rename it.';
		END IF;
		EXECUTE 'CREATE VIEW retired.usage_views (position, statement) AS VALUES '
			|| (SELECT string_agg(format('(%s, %L)', position, statement), ', ')
				FROM unnest(statements) WITH ORDINALITY s (statement, position));
		EXECUTE pg_catalog.format('ALTER VIEW retired.usage_views OWNER TO %I', (
			SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.header'::regclass::oid
		));
		FOR old IN SELECT unnest(drops) AS statement
		LOOP
			EXECUTE old.statement;
		END LOOP;
		-- A try: a view that cannot be made again must not be dropped.
		BEGIN
			FOR old IN SELECT unnest(statements) AS statement
			LOOP
				EXECUTE old.statement;
			END LOOP;
			RAISE EXCEPTION USING ERRCODE = 'TRIED';
		EXCEPTION
			WHEN SQLSTATE 'TRIED' THEN NULL;
		END;
	END IF;
	PERFORM pg_catalog.set_config('search_path', path, true);
END
$$;

DO $$
DECLARE
	tab text;
	actions text;
BEGIN
	FOR tab, actions IN
		SELECT wide.tab, string_agg(pg_catalog.format('ALTER COLUMN %I TYPE bigint', wide.col), ', ')
		FROM (VALUES ('usagelog', 'id'), ('usagelog_analysis', 'id'),
			('usagelog_analysis', 'usagelog_id')) wide (tab, col)
		JOIN pg_attribute a ON a.attrelid = to_regclass('public.' || wide.tab)::oid AND a.attname = wide.col::name
		WHERE NOT a.attisdropped AND a.atttypid = 'integer'::regtype::oid
		GROUP BY wide.tab
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE public.%I %s', tab, actions);
	END LOOP;
END
$$;
ALTER SEQUENCE IF EXISTS usagelog_id_seq AS bigint;
ALTER SEQUENCE IF EXISTS usagelog_analysis_id_seq AS bigint;

-- migrate:down
-- It fails where a number is too large for an integer.
ALTER TABLE usagelog ALTER COLUMN id TYPE integer;
ALTER SEQUENCE IF EXISTS usagelog_id_seq AS integer;
-- The views that the down of 65 has dropped.
DO $$
DECLARE
	path text := current_setting('search_path');
	statement text;
BEGIN
	-- Only the owner's view counts, or that of a superuser, who may have run the down of 65.
	IF NOT EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.usage_views')::oid AND r.relkind = 'v' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		RETURN;
	END IF;

	PERFORM pg_catalog.set_config('search_path', 'pg_catalog', true);
	FOR statement IN SELECT v.statement FROM retired.usage_views v ORDER BY v.position
	LOOP
		EXECUTE statement;
	END LOOP;
	DROP VIEW retired.usage_views;
	PERFORM pg_catalog.set_config('search_path', path, true);
END
$$;
