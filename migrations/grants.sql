-- Privileges of the web server's role, apache. It can read and write the rows of every table in public, except
-- migrate_version, which it can only read, and it can use every sequence. It has no other privilege: a trigger that it
-- creates would run with the privileges of the role that migrates. This script runs before the first change and after
-- every change, so that the web server can use a new table at once. It grants missing privileges and revokes surplus
-- ones. If the role does not exist, it does nothing. A superuser's tables are private, unless a version of this schema
-- has a table of that name: the setting fitsdb_schema.relations lists these. The search path is pg_catalog alone.
DO $$
DECLARE
	web_server oid := to_regrole('apache');
	relations text[] := string_to_array(nullif(current_setting('fitsdb_schema.relations', true), ''), ',');
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

		IF missing IS NOT NULL THEN
			EXECUTE format('GRANT %s ON %s %s TO apache', missing, relation.kind, relation.name);
		END IF;
	END LOOP;
END
$$;
