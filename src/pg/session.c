/* A session: connect, choose the role, run queries, report their errors. */
#include "pg/session.h"

#include <string.h>

#include "base/mask.h"
#include "base/mem.h"
#include "base/report.h"
#include "pg/connect_hint.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"
#include "pg/pipeline.h"
#include "pg/sqlstate.h"

#include "base/banned.h"

enum {
	OLDEST_SERVER = 100000,
	READ_TIMEOUT = 30000,		/* milliseconds for a query that only reads: the largest catalogs take one second */
	POOLER_TIMEOUT = 1500		/* milliseconds that a second client may wait for a pooler's session */
};

/* If the cause of a failed connection is known, put it before the server's message. */
static void
explain_failure(char **message)
{
	const char *words = connect_hint_words(*message);
	char	   *explained;

	if (!words)
		return;
	explained = mem_format("%s (%s)", words, *message);
	mem_free(*message);
	*message = explained;
}

bool
session_open(struct session *session, const struct session_options *options, char **message)
{
	*session = (struct session) {.options = options,.read_timeout = READ_TIMEOUT};
	if (!connection_open(&session->connection, &options->target, message)) {
		explain_failure(message);
		return false;
	}
	if (connection_server_version(session->connection) >= OLDEST_SERVER)
		return true;
	*message = mem_format("the server is older than PostgreSQL 10 (server_version_num is %d)",
						  connection_server_version(session->connection));
	session_close(session);
	return false;
}

void
session_report_open_failure(const char *message)
{
	char	   *hint = connect_hint(message);

	report_error("could not connect: %s", message);
	if (hint)
		report_hint("%s", hint);
	mem_free(hint);
}

bool
session_open_or_report(struct session *session, const struct session_options *options)
{
	char	   *message = NULL;

	if (session_open(session, options, &message))
		return true;
	session_report_open_failure(message);
	mem_free(message);
	return false;
}

void
session_close(struct session *session)
{
	connection_close(session->observer);
	connection_close(session->connection);
	mem_free(session->acting);
	mem_free(session->owner);
	mem_free(session->login_not_owner);
	mem_free(session->blocker);
	mem_free(session->relations);
	*session = (struct session) {0};
}

bool
session_is_locked(const char *sqlstate)
{
	return strcmp(sqlstate, SQLSTATE_LOCK_NOT_AVAILABLE) == 0;
}

/* Sessions that hold an ACCESS EXCLUSIVE lock on a relation, or wait for one, which blocks all later ones too. */
#define FIND_LOCKED \
	"SELECT CASE WHEN l.pid IS NULL THEN " LOCK_WATCH_PREPARED " ELSE " LOCK_WATCH_SESSION " END," \
	" l.relation::regclass, l.pid FROM pg_locks l" \
	" JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p', 'v', 'm', 'f')" \
	" LEFT JOIN pg_stat_activity a ON a.pid = l.pid" \
	" WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()" \
	" AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())" \
	" ORDER BY c.relname <> 'migrate_version', c.relnamespace::regnamespace::text <> 'fitsdb_schema', l.granted DESC," \
	" a.xact_start LIMIT 1"

void
session_report_locked(struct session *session, const char *doing)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;

	/* The failed transaction may still be open. */
	pipeline_add(&pipeline, "ROLLBACK", 0)->sync_point = true;
	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, FIND_LOCKED, 0);
	session_end_reading(&pipeline);
	pipeline_run(session->connection, &pipeline);
	found = session_result(&pipeline);
	if (pipeline_row_count(found) == 0)
		report_error("could not %s: a table was locked for longer than %d ms", doing, session->options->lock_timeout);
	else {
		const char *pid = pipeline_value(found, 0, 2);
		char	   *holder = mask_passwords(pipeline_text(found, 0, 0));

		report_error("could not %s: table %s is locked by %s%s", doing, pipeline_text(found, 0, 1), pid ? "PID "
					 : holder,
					 pid ? pid : "");
		if (pid) {
			report_detail("The lock is held by %s.", holder);
			report_hint("Wait until that session has finished, or end it as a superuser or as its role (SELECT"
						" pg_terminate_backend(%s);). Then run the same command again.", pid);
		}
		mem_free(holder);
	}
	pipeline_clear(&pipeline);
}

bool
session_as_login(struct session *session, bool as_login)
{
	struct pipeline pipeline = {0};
	bool		done;

	if (!session->superuser || !session->acting)
		return true;
	if (as_login)
		pipeline_add(&pipeline, "SET ROLE NONE", 0);
	else
		session_add_role(session, &pipeline);
	done = session_query(session, &pipeline, "set the role");
	pipeline_clear(&pipeline);
	return done;
}

bool
session_query(struct session *session, struct pipeline *pipeline, const char *doing)
{
	if (pipeline_run(session->connection, pipeline))
		return true;
	session_report_failed(session, pipeline, doing);
	return false;
}

void
session_report_failed(struct session *session, const struct pipeline *pipeline, const char *doing)
{
	const struct pipeline_command *failed = pipeline_failed(pipeline);

	if (session_is_locked(failed->error.sqlstate)) {
		session_report_locked(session, doing);
		return;
	}
	report_error("could not %s: %s%s%s%s", doing, failed->error.message, failed->error.sqlstate[0] ? " (" : "",
				 failed->error.sqlstate, failed->error.sqlstate[0] ? ")" : "");
	if (failed->error.hint)
		report_hint("%s", failed->error.hint);
	session_hint(&failed->error);
}

void
session_hint(const struct pipeline_error *error)
{
	/* Class 53: insufficient resources. */
	if (strncmp(error->sqlstate, "53", 2) == 0)
		report_hint("Free space, memory or connections on the server, then run the same command again.");
	else if (error->lost)
		report_hint("Run the same command again when the server is available.");
}

/* Check that the login role may act as the role of --role. */
static bool
check_role(const struct session *session, const struct pipeline_command *facts)
{
	const char *role = session->options->role;
	const char *login = pipeline_text(facts, 0, 2);

	if (!role || pipeline_bool(facts, 0, 5))
		return true;
	if (!pipeline_value(facts, 0, 5)) {
		report_error("role \"%s\" (--role) does not exist", role);
		report_detail("Nothing was changed.");
	} else {
		report_error("permission denied to set role \"%s\"", role);
		report_detail("The login role is \"%s\". Nothing was changed.", login);
		report_hint("Connect as \"%s\" (-U %s), or as a superuser.", role, role);
	}
	return false;
}

/* Act as the database's owner if the login role may, so that new objects belong to the owner. */
static void
choose_role(struct session *session, const char *login, const char *owner, bool may)
{
	const char *wanted = session->options->role ? session->options->role : owner;

	mem_free(session->acting);
	mem_free(session->owner);
	mem_free(session->login_not_owner);
	session->acting = NULL;
	session->login_not_owner = NULL;
	session->owner = mem_string(owner);
	if (strcmp(wanted, login) == 0)
		return;
	if (session->options->role || may)
		session->acting = connection_identifier(session->connection, wanted);
	else
		session->login_not_owner = mem_string(login);
}

void
session_warn_of_owner(const struct session *session)
{
	if (!session->login_not_owner)
		return;
	report_warning("permission denied to set role \"%s\", the owner of the database", session->owner);
	report_detail("New objects will belong to \"%s\".", session->login_not_owner);
}

void
session_hint_owner(const struct session *session)
{
	if (!session->owner)
		report_hint("Run as the database's owner, or as a superuser.");
	else if (session->login_not_owner)
		report_hint("Run as the database's owner \"%s\", or as a superuser.", session->owner);
	else
		report_hint("Run as a superuser.");
}

/* The PID of the server process that serves this client now; 0 on failure. */
static long
backend_pid(struct connection *connection, bool begin)
{
	struct pipeline pipeline = {0};
	long		pid = 0;

	if (begin)
		pipeline_add(&pipeline, "BEGIN", 0);
	pipeline_add(&pipeline, "SELECT pg_catalog.pg_backend_pid()", 0);
	if (pipeline_run(connection, &pipeline))
		pid = pipeline_number(&pipeline.commands[pipeline.count - 1], 0, 0);
	pipeline_clear(&pipeline);
	return pid;
}

/*
 * Does the pooler give our server session to other clients between transactions? A second client opens a transaction.
 * If the pooler shares sessions, that client gets either our session, because it was used last, or another one; then
 * our next transaction may get another one. True is certain. False is not, if the pooler has no other session for the
 * test, or serves other clients at that moment.
 */
static bool
pooler_shares(struct connection *connection)
{
	struct connection *other = connection_open_again(connection, NULL, NULL);
	long		ours = backend_pid(connection, false);
	long		others = 0;
	bool		shares = false;

	if (other) {
		connection_set_timeout(other, POOLER_TIMEOUT);
		others = backend_pid(other, true);
	}
	if (others != 0 && others == ours)
		shares = true;
	else if (others != 0) {
		long		next = backend_pid(connection, false);

		shares = next != 0 && next != ours;
	}
	connection_close(other);
	return shares;
}

/* Check that this connection can write: to a primary server, in one server session. */
static bool
check_writable(struct session *session, bool standby)
{
	if (standby) {
		report_error("cannot change anything: the server is a hot standby");
		report_hint("Connect to the primary server.");
		return false;
	}
	session->pooled = session->backend != connection_backend_pid(session->connection);
	if (session->pooled && !session->options->allow_pooler) {
		report_error("cannot use a connection pooler");
		report_detail("Advisory locks and settings belong to a server session, and a pooler may switch sessions at any"
					  " time.");
		report_hint("Connect directly to the server, or use --allow-pooler if the pooler keeps one server session for"
					" each client.");
		return false;
	}
	if (session->pooled && pooler_shares(session->connection)) {
		report_error("cannot use this connection pooler: it shares server sessions between clients");
		report_detail("Advisory locks and settings belong to a server session; --allow-pooler does not help here.");
		report_hint("Connect directly to the server, or to a pool in session mode.");
		return false;
	}
	session->prepares = !session->pooled;
	return true;
}

bool
session_prepare(struct session *session, bool writing)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *facts;
	bool		ready = false;

	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, "SELECT pg_is_in_recovery(), pg_backend_pid(), session_user, pg_get_userbyid(d.datdba),"
				 " pg_has_role(session_user, d.datdba, $1),"
				 " (SELECT pg_has_role(session_user, r.oid, $1) FROM pg_roles r WHERE r.rolname = $2),"
				 " (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user)"
				 " FROM pg_database d WHERE d.datname = current_database()", 2,
				 connection_server_version(session->connection) >= 160000 ? "SET" : "MEMBER", session->options->role);
	session_end_reading(&pipeline);
	if (!session_query(session, &pipeline, "read the server's state"))
		goto done;
	facts = session_result(&pipeline);

	session->backend = (int) pipeline_number(facts, 0, 1);
	if (writing && !check_writable(session, pipeline_bool(facts, 0, 0)))
		goto done;
	if (!check_role(session, facts))
		goto done;
	session->superuser = pipeline_bool(facts, 0, 6);
	choose_role(session, pipeline_text(facts, 0, 2), pipeline_text(facts, 0, 3), pipeline_bool(facts, 0, 4));

	/* To print a script needs no settings, and they would remain in a pooler's session. */
	pipeline_clear(&pipeline);
	if (writing)
		session_add_script_settings(session, &pipeline, session->options->lock_timeout);
	ready = session_query(session, &pipeline, "set up the session");
done:
	pipeline_clear(&pipeline);
	return ready;
}
