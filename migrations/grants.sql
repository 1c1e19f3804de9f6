-- The web server's role may read and write the rows of every table in public, and use every sequence; migrate_version
-- it may only read. It gets nothing else: a trigger that it creates would run with the rights of whoever migrates. This
-- runs before the first change and after every change, so that a new table does not break the archive until somebody
-- grants. It grants what is missing and revokes the rest; without the role it does nothing. The search path is
-- pg_catalog alone.
DO $$
DECLARE
	web_server oid := to_regrole('apache');
	relation record;
	missing text;
	surplus text;
	options text;
BEGIN
	IF web_server IS NULL THEN
		RETURN;
	END IF;

	IF NOT has_schema_privilege(web_server, 'public', 'USAGE') THEN
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

	-- Only relations whose list of privileges is not exactly as it should be. A relation of another role, like a view
	-- of an extension, is that role's to grant.
	FOR relation IN
		SELECT c.oid, c.relacl, c.relowner, wanted.kind, wanted.privileges, wanted.record, c.oid::regclass AS name
		FROM pg_class c
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

		-- What the role has through PUBLIC or another role, or was granted by another role than the owner, stays;
		-- so does what it has granted to others, who would lose it too. But nobody writes migrate_version by its grace.
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

		IF missing IS NOT NULL THEN
			EXECUTE format('GRANT %s ON %s %s TO apache', missing, relation.kind, relation.name);
		END IF;
	END LOOP;
END
$$;
