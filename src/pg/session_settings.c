/* The settings of a session: for the program's own SQL, for reading, and for scripts. */
#include "base/mem.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

enum {
	CHECK_CLIENT = 140000		/* the first server that can detect a lost client while a query runs */
};

/* A reported commit must survive a crash of the server. */
#define SYNCHRONOUS_COMMIT \
	"pg_catalog.set_config('synchronous_commit', CASE WHEN pg_catalog.current_setting('synchronous_commit')" \
	" OPERATOR(pg_catalog.=) 'off' THEN 'on' ELSE pg_catalog.current_setting('synchronous_commit') END, false)"

/* Settings that change identifiers, literals and times in the program's own SQL; schema/catalog.c sets more. */
#define SETTINGS_TO_READ \
	", pg_catalog.set_config('quote_all_identifiers', 'off', true)," \
	" pg_catalog.set_config('standard_conforming_strings', 'on', true)," \
	" pg_catalog.set_config('datestyle', 'ISO', true)"

/* Settings that would change the objects that a script creates or the literals in it, or would make it fail. */
#define SETTINGS_OF_SCRIPTS \
	" pg_catalog.set_config('standard_conforming_strings', 'on', false)," \
	" pg_catalog.set_config('quote_all_identifiers', 'off', false)," \
	" pg_catalog.set_config('transform_null_equals', 'off', false)," \
	" pg_catalog.set_config('datestyle', 'ISO, MDY', false)," \
	" pg_catalog.set_config('intervalstyle', 'postgres', false)," \
	" pg_catalog.set_config('default_transaction_isolation', 'read committed', false)," \
	" pg_catalog.set_config('default_transaction_deferrable', 'off', false),"

/* Before PostgreSQL 12 there were no table access methods, and tables could have oids. */
#define SETTINGS_BEFORE_12 " pg_catalog.set_config('default_with_oids', 'off', false),"
#define SETTINGS_12 " pg_catalog.set_config('default_table_access_method', 'heap', false),"

/* Settings that newer servers have. */
#define SETTINGS_14 \
	", pg_catalog.set_config('client_connection_check_interval', '5s', false)," \
	" pg_catalog.set_config('idle_session_timeout', '0', false)"
#define SETTINGS_17 ", pg_catalog.set_config('transaction_timeout', '0', false)"

#define SETTINGS_OF_READING \
	"SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)" SETTINGS_TO_READ \
	", pg_catalog.set_config('row_security', 'off', true)"

/* Plan prepared statements once, not each of the first five times. */
#define PLAN_ONCE ", pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)"

void
session_add_own_settings(struct pipeline *pipeline)
{
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)" SETTINGS_TO_READ,
				 0);
}

void
session_add_timeouts(const struct session *session, struct pipeline *pipeline)
{
	bool		checks = connection_server_version(session->connection) >= CHECK_CLIENT;
	char	   *lock = mem_format("SET LOCAL lock_timeout = %d", session->options->lock_timeout);
	char	   *timeout = mem_format("SET LOCAL statement_timeout = %d", session->read_timeout);

	/* The timeouts come first: even a function call reads catalogs, which may be locked. */
	pipeline_add(pipeline, lock, 0);
	/* A sync point, because older servers measure statement_timeout from the first command after the last one. */
	pipeline_add(pipeline, timeout, 0)->sync_point = true;
	pipeline_add(pipeline, checks ? "SET LOCAL client_connection_check_interval = 1000"
				 : "SET LOCAL row_security = off", 0);
	pipeline_add(pipeline, pipeline->prepare && connection_server_version(session->connection) >= 120000
				 ? SETTINGS_OF_READING PLAN_ONCE
				 : SETTINGS_OF_READING, 0);
	mem_free(timeout);
	mem_free(lock);
}

void
session_begin_reading(const struct session *session, struct pipeline *pipeline)
{
	pipeline_add(pipeline, "BEGIN READ ONLY", 0);
	session_add_timeouts(session, pipeline);
}

void
session_end_reading(struct pipeline *pipeline)
{
	pipeline->commands[pipeline->count - 1].sync_point = true;
	pipeline_add(pipeline, "ROLLBACK", 0)->sync_point = true;
}

const struct pipeline_command *
session_result(const struct pipeline *pipeline)
{
	return &pipeline->commands[pipeline->count - 2];
}

char *
session_begin_copy(const struct session *session)
{
	bool		checks = connection_server_version(session->connection) >= CHECK_CLIENT;

	return mem_format("BEGIN; SET LOCAL row_security = off; SET LOCAL lock_timeout = %d;"
					  " SET LOCAL statement_timeout = %d;%s", session->options->lock_timeout, session->read_timeout,
					  checks ? " SET LOCAL client_connection_check_interval = 1000;" : "");
}

void
session_add_role(const struct session *session, struct pipeline *pipeline)
{
	pipeline_add(pipeline, "RESET SESSION AUTHORIZATION", 0);
	if (session->acting) {
		char	   *role = mem_format("SET ROLE %s", session->acting);

		pipeline_add(pipeline, role, 0);
		mem_free(role);
	}
}

void
session_add_record_settings(const struct session *session, struct pipeline *pipeline)
{
	char	   *settings = mem_format("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),"
									  " pg_catalog.set_config('client_encoding', '%s', true)%s",
									  connection_encoding(session->connection),
									  connection_server_version(session->connection) >= 120000 ? PLAN_ONCE : "");

	session_add_role(session, pipeline);
	pipeline_add(pipeline, settings, 0)->prepared = true;
	mem_free(settings);
	if (session->relations)
		pipeline_add(pipeline, "SELECT pg_catalog.set_config('fitsdb_schema.relations', $1, true)", 1,
					 session->relations)->prepared = true;
}

void
session_add_script_settings(const struct session *session, struct pipeline *pipeline, int lock_timeout)
{
	int			server = connection_server_version(session->connection);
	char	   *timeout = mem_format("%d", lock_timeout);
	char	   *limit = mem_format("SET lock_timeout = %d", lock_timeout);
	char	   *settings = mem_format("SELECT pg_catalog.set_config('search_path', 'public', false),"
									  " pg_catalog.set_config('client_encoding', '%s', false),"
									  SETTINGS_OF_SCRIPTS "%s"
									  " pg_catalog.set_config('statement_timeout', '0', false),"
									  " pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false),"
									  " pg_catalog.set_config('lock_timeout', $1, false), " SYNCHRONOUS_COMMIT "%s%s",
									  connection_encoding(session->connection),
									  server >= 120000 ? SETTINGS_12 : SETTINGS_BEFORE_12,
									  server >= 140000 ? SETTINGS_14 : "", server >= 170000 ? SETTINGS_17 : "");

	/* A transaction of its own: the script's transaction takes its mode (read only, isolation) from the settings. */
	pipeline_add(pipeline, "BEGIN", 0);
	pipeline_add(pipeline, limit, 0);
	/* A temporary table would hide a table of the same name from the next script. */
	pipeline_add(pipeline, "DISCARD TEMP", 0);
	pipeline_add(pipeline, "RESET ALL", 0);
	pipeline_add(pipeline, limit, 0);
	session_add_role(session, pipeline);
	pipeline_add(pipeline, settings, 1, timeout)->prepared = true;
	if (session->needs_all_rows)
		pipeline_add(pipeline, "SET row_security = off", 0);
	pipeline_add(pipeline, "COMMIT", 0);
	mem_free(settings);
	mem_free(limit);
	mem_free(timeout);
}
