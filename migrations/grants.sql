-- Privileges of the roles that work with the archive. This script runs before the first change and after every change,
-- so that a role can use a new table at once. A role that does not exist is left out. A superuser's tables are
-- private, unless a version of this schema has a table of that name: the setting fitsdb_schema.relations lists these.
-- The search path is pg_catalog alone.

-- apache is the web server to 2023. It can read and write the rows of every table in public, except migrate_version,
-- which it can only read, and it can use every sequence. It gets these privileges while the schema is the old one, up
-- to version 39; later it keeps what it has. It has no other privilege: a trigger that it creates would run with the
-- privileges of the role that migrates. Surplus privileges are revoked.
DO $$
DECLARE
	web_server oid := to_regrole('apache');
	relations text[] := string_to_array(nullif(current_setting('fitsdb_schema.relations', true), ''), ',');
	relation record;
	old_schema boolean := to_regclass('public.archiveuser') IS NOT NULL;
	missing text;
	surplus text;
	options text;
BEGIN
	IF web_server IS NULL THEN
		RETURN;
	END IF;

	IF old_schema AND NOT has_schema_privilege(web_server, 'public', 'USAGE') THEN
		GRANT USAGE ON SCHEMA public TO apache;
	END IF;

	IF EXISTS (
		SELECT FROM pg_namespace n, aclexplode(n.nspacl) a
		WHERE n.nspname = 'public'
			AND pg_has_role(n.nspowner, 'USAGE')
			AND a.grantee = web_server
			AND a.grantor = n.nspowner
			AND a.privilege_type = 'CREATE'
	) THEN
		REVOKE CREATE ON SCHEMA public FROM apache;
	END IF;

	-- Only relations whose privileges differ from the wanted ones. On a relation of another role, such as a view of an
	-- extension, that role grants the privileges. Without the setting, any superuser's relation may be the archive's.
	FOR relation IN
		SELECT c.oid, c.relacl, c.relowner, wanted.kind, wanted.privileges, wanted.record, c.oid::regclass AS name
		FROM pg_class c
		JOIN pg_roles o ON o.oid = c.relowner
		JOIN (VALUES
			('SEQUENCE', true, NULL, ARRAY['SELECT', 'UPDATE', 'USAGE'], 'rwU'),
			('TABLE', false, true, ARRAY['SELECT'], 'r'),
			('TABLE', false, false, ARRAY['INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE'], 'arwdD')
		) wanted (kind, sequence, record, privileges, letters)
			ON wanted.sequence = (c.relkind = 'S')
			AND (wanted.record IS NULL OR wanted.record = (c.relname = 'migrate_version'))
		WHERE c.relnamespace = 'public'::regnamespace
			AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
			AND c.relowner <> web_server
			AND pg_has_role(c.relowner, 'USAGE')
			AND (NOT o.rolsuper OR quote_ident(c.relname) = ANY (relations) IS NOT FALSE)
			AND (
				(format('apache=%s/%I', wanted.letters, pg_get_userbyid(c.relowner))::aclitem = ANY (c.relacl)) IS NOT TRUE
				OR c.oid IN (
					SELECT s.objid FROM pg_shdepend s
					WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = web_server AND s.objsubid > 0
				)
			)
	LOOP
		SELECT string_agg(p.name, ', ')
		INTO missing
		FROM unnest(relation.privileges) p (name)
		WHERE NOT CASE relation.kind
				WHEN 'SEQUENCE' THEN has_sequence_privilege(web_server, relation.oid, p.name)
				ELSE has_table_privilege(web_server, relation.oid, p.name)
			END;

		-- Privileges that the role has through PUBLIC or another role, or that a role other than the owner granted,
		-- are kept. So are privileges that it has granted to other roles, because those would lose them too; except on
		-- migrate_version, where they are revoked with CASCADE.
		SELECT
			string_agg(DISTINCT a.privilege_type, ', ') FILTER (WHERE a.privilege_type <> ALL (relation.privileges)),
			string_agg(DISTINCT a.privilege_type, ', ')
				FILTER (WHERE a.is_grantable AND a.privilege_type = ANY (relation.privileges))
		INTO surplus, options
		FROM (
			SELECT t.* FROM aclexplode(relation.relacl) t
			UNION ALL
			SELECT t.* FROM pg_attribute k, aclexplode(k.attacl) t WHERE k.attrelid = relation.oid
		) a
		WHERE a.grantee = web_server
			AND a.grantor = relation.relowner
			AND (relation.record OR NOT EXISTS (
				SELECT FROM aclexplode(relation.relacl) d
				WHERE d.grantor = web_server AND d.privilege_type = a.privilege_type
			));

		IF surplus IS NOT NULL THEN
			EXECUTE format('REVOKE %s ON %s %s FROM apache%s', surplus, relation.kind, relation.name,
				CASE WHEN relation.record THEN ' CASCADE' END);
		END IF;

		IF options IS NOT NULL THEN
			EXECUTE format('REVOKE GRANT OPTION FOR %s ON %s %s FROM apache', options, relation.kind, relation.name);
		END IF;

		IF old_schema AND missing IS NOT NULL THEN
			EXECUTE format('GRANT %s ON %s %s TO apache', missing, relation.kind, relation.name);
		END IF;
	END LOOP;
END
$$;

-- fitsweb is the web server of 2023 and later, dragons the role that reduces data. Each has the privileges that it
-- needs, object by object; what it has beyond these stays.
DO $$
DECLARE
	relations text[] := string_to_array(nullif(current_setting('fitsdb_schema.relations', true), ''), ',');
	role_name text;
	relation record;
BEGIN
	FOR role_name IN SELECT rolname FROM pg_roles WHERE rolname IN ('fitsweb', 'dragons')
	LOOP
		IF NOT has_schema_privilege(role_name, 'public', 'USAGE') THEN
			EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role_name);
		END IF;
	END LOOP;

	FOR relation IN
		SELECT wanted.role, string_agg(p.name, ', ') AS privileges, c.oid::regclass AS name,
			CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
		FROM (VALUES
			('fitsweb', ARRAY['DELETE'], 'notification'),
			('fitsweb', ARRAY['INSERT'],
				'downloadlog filedownloadlog fileopsqueue fileuploadlog miscfile notification obslog_comment '
				'program programpublication publication qametriciq qametricpe qametricsb qametriczp qareport '
				'querylog tape usagelog userprogram users'),
			('fitsweb', ARRAY['SELECT'],
				'calcache calcachequeue diskfile diskfilereport downloadlog exportqueue f2 file filedownloadlog '
				'fileopsqueue fileuploadlog footprint fulltextheader ghost gmos gnirs gpi gsaoi header history '
				'ingestqueue ipprefix michelle miscfile monitoring nici nifs niri notification obslog '
				'obslog_comment photstandard photstandardobs preview previewqueue processinglog processinglog_files '
				'processingtag program programpublication provenance publication qametriciq qametricpe qametricsb '
				'qametriczp qareport querylog reducequeue reduction tape tapefile taperead tapewrite usagelog '
				'userprogram users'),
			('fitsweb', ARRAY['SELECT'],
				'tape_id_seq'),
			('fitsweb', ARRAY['UPDATE'],
				'downloadlog filedownloadlog fileuploadlog miscfile notification obslog_comment program '
				'programpublication publication qametriciq qametricpe qametricsb qametriczp qareport querylog tape '
				'usagelog userprogram users'),
			('fitsweb', ARRAY['UPDATE'],
				'downloadlog_id_seq filedownloadlog_id_seq fileopsqueue_id_seq fileuploadlog_id_seq miscfile_id_seq '
				'notification_id_seq obslog_comment_id_seq program_id_seq programpublication_id_seq '
				'publication_id_seq qametriciq_id_seq qametricpe_id_seq qametricsb_id_seq qametriczp_id_seq '
				'qareport_id_seq querylog_id_seq tape_id_seq usagelog_id_seq userprogram_id_seq users_id_seq'),
			('dragons', ARRAY['DELETE'],
				'reducequeue'),
			('dragons', ARRAY['INSERT'],
				'monitoring processinglog processinglog_files reducequeue'),
			('dragons', ARRAY['SELECT'],
				'diskfile header monitoring processinglog processinglog_files reducequeue'),
			('dragons', ARRAY['SELECT'],
				'monitoring_id_seq processinglog_files_id_seq processinglog_id_seq reducequeue_id_seq'),
			('dragons', ARRAY['UPDATE'],
				'monitoring processinglog processinglog_files reducequeue'),
			('dragons', ARRAY['UPDATE'],
				'monitoring_id_seq processinglog_files_id_seq processinglog_id_seq reducequeue_id_seq')
		) wanted (role, privileges, objects)
		CROSS JOIN LATERAL unnest(wanted.privileges) p (name)
		JOIN pg_roles r ON r.rolname = wanted.role
		CROSS JOIN LATERAL unnest(string_to_array(wanted.objects, ' ')) object (name)
		JOIN pg_class c ON c.relnamespace = 'public'::regnamespace AND c.relname = object.name
			AND c.relkind = ANY (CASE WHEN object.name LIKE '%\_id\_seq' THEN '{S}' ELSE '{r,p}' END::"char"[])
		JOIN pg_roles o ON o.oid = c.relowner
		WHERE c.relowner <> r.oid
			AND pg_has_role(c.relowner, 'USAGE')
			AND (NOT o.rolsuper OR quote_ident(c.relname) = ANY (relations) IS NOT FALSE)
			AND NOT CASE c.relkind
				WHEN 'S' THEN has_sequence_privilege(r.oid, c.oid, p.name)
				ELSE has_table_privilege(r.oid, c.oid, p.name)
			END
		GROUP BY wanted.role, c.oid, c.relkind
	LOOP
		EXECUTE format('GRANT %s ON %s %s TO %I', relation.privileges, relation.kind, relation.name, relation.role);
	END LOOP;
END
$$;
