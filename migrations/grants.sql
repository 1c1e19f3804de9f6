-- The web server's role may use everything in public. This runs after every change, so that a new table does not break
-- the archive until somebody grants. It touches only what lacks a privilege; without the role it does nothing. The
-- search path is pg_catalog alone.
DO $$
DECLARE
	relation record;
BEGIN
	IF to_regrole('apache') IS NULL THEN
		RETURN;
	END IF;

	IF NOT has_schema_privilege('apache', 'public', 'USAGE') THEN
		GRANT USAGE ON SCHEMA public TO apache;
	END IF;

	-- What an owner has by default is ALL, whatever that comprises on this server. What belongs to another role, like
	-- the views of an extension, is that role's to grant.
	FOR relation IN
		SELECT c.oid::regclass AS name
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace
			AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
			AND pg_has_role(c.relowner, 'USAGE')
			AND EXISTS (
				SELECT FROM aclexplode(acldefault('r', c.relowner)) a
				WHERE NOT has_table_privilege('apache', c.oid, a.privilege_type)
			)
	LOOP
		EXECUTE format('GRANT ALL ON TABLE %s TO apache', relation.name);
	END LOOP;

	FOR relation IN
		SELECT c.oid::regclass AS name
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace
			AND c.relkind = 'S'
			AND pg_has_role(c.relowner, 'USAGE')
			AND EXISTS (
				SELECT FROM aclexplode(acldefault('s', c.relowner)) a
				WHERE NOT has_sequence_privilege('apache', c.oid, a.privilege_type)
			)
	LOOP
		EXECUTE format('GRANT ALL ON SEQUENCE %s TO apache', relation.name);
	END LOOP;
END
$$;
