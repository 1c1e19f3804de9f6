/* Objects planted by another role. */
#include "support/plant.h"

#include <check.h>

#include "base/mem.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

/*
 * It has its own search path, or its objects would call themselves. A record must not fail, or it would be rolled back;
 * the sequence is never rolled back. A read-only transaction can change neither, and fails with "caught".
 */
#define TRAP \
	"CREATE SCHEMA evil AUTHORIZATION evil; GRANT CREATE ON SCHEMA public TO evil;" \
	" DO $$BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO evil', current_database()); END$$;" \
	" GRANT USAGE ON SCHEMA evil TO PUBLIC; SET search_path = pg_catalog; SET ROLE evil;" \
	" CREATE TABLE evil.caught (who text, what text); GRANT ALL ON evil.caught TO PUBLIC;" \
	" CREATE SEQUENCE evil.calls; GRANT ALL ON SEQUENCE evil.calls TO PUBLIC;" \
	" CREATE FUNCTION evil.note(what text) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$" \
	" BEGIN PERFORM nextval('evil.calls'); INSERT INTO evil.caught VALUES (current_user, what); RETURN true;" \
	" EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION 'caught: % calls %', current_user, what; END $$;"

/* Nothing that has pseudo-types can be written in SQL or PL/pgSQL. */
#define FUNCTIONS \
	"DO $do$ DECLARE f record; place text; BEGIN" \
	" FOR f IN SELECT p.proname, p.proargtypes, pg_get_function_identity_arguments(p.oid) AS arguments," \
	" format_type(p.prorettype, NULL) AS result FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang" \
	" WHERE p.pronamespace = 'pg_catalog'::regnamespace AND l.lanname IN ('internal', 'c', 'sql')" \
	" AND NOT p.proretset AND p.provariadic = 0 AND p.proargmodes IS NULL" \
	" AND NOT EXISTS (SELECT FROM pg_aggregate a WHERE a.aggfnoid = p.oid)" \
	" AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[] || p.prorettype) AS o(type)" \
	" JOIN pg_type t ON t.oid = o.type WHERE t.typtype = 'p')" \
	" LOOP FOREACH place IN ARRAY ARRAY['public', 'evil'] LOOP" \
	" EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$BEGIN" \
	" PERFORM evil.note(%L); RETURN NULL; END$f$', place, f.proname, f.arguments, f.result, f.proname);" \
	" END LOOP; END LOOP; END $do$;"

/* The system declares these for any type, or with a cast: a closer match in any schema is chosen. */
#define CLOSER \
	"DO $do$ DECLARE place text; l text; r text; o text; done text[]; types text[] := ARRAY['name', 'text'," \
	" 'varchar', 'oid'," \
	" 'regclass', 'regtype', 'regnamespace', 'regrole', '\"char\"', 'smallint', 'integer', 'bigint', 'timestamptz'," \
	" 'text[]', 'name[]', 'oid[]', 'aclitem[]', 'boolean'];" \
	" BEGIN FOREACH place IN ARRAY ARRAY['public', 'evil'] LOOP" \
	" FOREACH l IN ARRAY types LOOP" \
	" EXECUTE format('CREATE FUNCTION %I.trap1(%s) RETURNS text LANGUAGE plpgsql AS $f$BEGIN" \
	" PERFORM evil.note(''argument %s''); RETURN NULL; END$f$', place, l, l);" \
	" FOREACH o IN ARRAY ARRAY['format', 'concat_ws', 'concat', 'quote_ident', 'quote_literal', 'upper'," \
	" 'coalesce', 'count'," \
	" 'array_agg', 'unnest', 'to_regclass', 'to_regtype', 'to_regrole', 'to_regnamespace', 'has_table_privilege']" \
	" LOOP BEGIN EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS text LANGUAGE sql AS $f$SELECT %I.trap1($1)$f$'," \
	" place, o, l, place); EXCEPTION WHEN duplicate_function THEN NULL; END; END LOOP;" \
	" FOREACH r IN ARRAY types LOOP" \
	" EXECUTE format('CREATE FUNCTION %I.trap2(%s, %s) RETURNS boolean LANGUAGE plpgsql AS $f$BEGIN" \
	" RETURN evil.note(''between %s and %s''); END$f$', place, l, r, l, r);" \
	" BEGIN EXECUTE format('CREATE FUNCTION %I.format(%s, %s) RETURNS text LANGUAGE sql AS $f$SELECT %I.trap2($1," \
	" $2)::text$f$', place, l, r, place); EXCEPTION WHEN duplicate_function THEN NULL; END;" \
	" FOREACH o IN ARRAY ARRAY['=', '<>', '<', '>', '||', '~', '!~'] LOOP" \
	" EXECUTE format('CREATE OPERATOR %I.%s (PROCEDURE = %I.trap2, LEFTARG = %s, RIGHTARG = %s)', place, o, place," \
	" l, r); END LOOP; END LOOP; END LOOP; END LOOP; END $do$;"

/* Objects with the names of the system's, or of ours. */
#define NAMES \
	"DO $do$ DECLARE place text; n text; BEGIN FOREACH place IN ARRAY ARRAY['public', 'evil'] LOOP" \
	" FOREACH n IN ARRAY ARRAY['text', 'oid', 'name', 'regclass', 'regnamespace', 'regrole', 'int4', 'int8', 'bool'," \
	" 'timestamptz', 'json', 'varchar'] LOOP" \
	" EXECUTE format('CREATE DOMAIN %I.%I AS pg_catalog.text CHECK (evil.note(''a domain''))', place, n); END LOOP;" \
	" FOREACH n IN ARRAY ARRAY['pg_class', 'pg_attribute', 'pg_locks', 'pg_namespace', 'pg_roles', 'pg_database'," \
	" 'pg_proc', 'pg_type', 'pg_depend', 'pg_index', 'pg_trigger', 'pg_stat_activity', 'pg_enum', 'pg_constraint'," \
	" 'fitsdb_schema', 'migration', 'change', 'standing'] LOOP" \
	" EXECUTE format('CREATE VIEW %I.%I AS SELECT 39 AS version, 0::pg_catalog.oid AS oid WHERE evil.note(''a" \
	" view'')', place, n); EXECUTE format('GRANT SELECT ON %I.%I TO PUBLIC', place, n); END LOOP;" \
	" EXECUTE format('CREATE AGGREGATE %I.string_agg(pg_catalog.text, pg_catalog.text) (SFUNC = %I.trap3," \
	" STYPE = pg_catalog.text)', place, place);" \
	" EXECUTE format('CREATE AGGREGATE %I.count(*) (SFUNC = %I.trap3, STYPE = pg_catalog.text)', place, place);" \
	" EXECUTE format('CREATE AGGREGATE %I.max(integer) (SFUNC = %I.trap3, STYPE = pg_catalog.text)', place, place);" \
	" END LOOP; CREATE VIEW evil.migrate_version AS SELECT 39 AS version WHERE evil.note('a view'); END $do$;"

#define STATES \
	"DO $do$ DECLARE place text; BEGIN FOREACH place IN ARRAY ARRAY['public', 'evil'] LOOP" \
	" EXECUTE format('CREATE FUNCTION %I.trap3(text) RETURNS text LANGUAGE plpgsql AS $f$BEGIN" \
	" PERFORM evil.note(''an aggregate''); RETURN NULL; END$f$', place);" \
	" EXECUTE format('CREATE FUNCTION %I.trap3(text, integer) RETURNS text LANGUAGE plpgsql AS $f$BEGIN" \
	" PERFORM evil.note(''an aggregate''); RETURN NULL; END$f$', place);" \
	" EXECUTE format('CREATE FUNCTION %I.trap3(text, text, text) RETURNS text LANGUAGE plpgsql AS $f$BEGIN" \
	" PERFORM evil.note(''an aggregate''); RETURN NULL; END$f$', place); END LOOP; END $do$;"

/* A connection that does not find the planted objects itself. */
static PGconn *
connect_safely(const char *database)
{
	char	   *conninfo = server_conninfo(server_main(), "postgres", database);
	char	   *safe = mem_format("%s options='-c search_path=pg_catalog'", conninfo);
	PGconn	   *connection = sql_connect(safe);

	mem_free(safe);
	mem_free(conninfo);
	return connection;
}

void
plant_trap(const char *database)
{
	PGconn	   *connection = connect_safely(database);

	sql_exec(connection, "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'evil') THEN"
			 " CREATE ROLE evil LOGIN; END IF; END$$");
	sql_exec(connection, TRAP);
	PQfinish(connection);
}

void
plant_all(const char *database)
{
	static const char *const plants[] = {FUNCTIONS, CLOSER, STATES, NAMES};
	PGconn	   *connection;

	plant_trap(database);
	connection = connect_safely(database);
	sql_exec(connection, "SET ROLE evil");
	for (size_t i = 0; i < sizeof(plants) / sizeof(plants[0]); i++)
		sql_exec(connection, plants[i]);
	PQfinish(connection);
}

char *
plant_caught(const char *database)
{
	PGconn	   *connection = connect_safely(database);
	char	   *caught = sql_lines(connection, "SELECT DISTINCT who, what FROM evil.caught UNION ALL SELECT"
								   " 'a transaction that was rolled back', NULL FROM evil.calls WHERE is_called");

	PQfinish(connection);
	return caught;
}

void
plant_expect_none(const char *database)
{
	char	   *caught = plant_caught(database);

	ck_assert_msg(caught[0] == '\0', "caught:\n%s", caught);
	mem_free(caught);
}

void
plant_forget(const char *database)
{
	PGconn	   *connection = connect_safely(database);

	sql_exec(connection, "DELETE FROM evil.caught; SELECT setval('evil.calls', 1, false)");
	PQfinish(connection);
}

void
plant_works(const char *database)
{
	PGconn	   *connection = connect_safely(database);

	sql_exec(connection, "SET search_path = public, evil, pg_catalog; SELECT set_config('a.b', 'c', false);"
			 " SELECT 'pg_class'::pg_catalog.regclass = 1::pg_catalog.oid; TABLE pg_locks; SELECT now();"
			 " SET search_path = public; SELECT format('%s'::pg_catalog.text, 1::pg_catalog.oid);"
			 " SET search_path = pg_catalog");
	sql_expect(connection, "SELECT count(*) > 3 FROM evil.caught", "t");
	plant_forget(database);
	PQfinish(connection);
}
