/* Connecting to the server. */
#include "pg/connection.h"

#include <nss.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/prompt.h"
#include "base/report.h"
#include "pg/connection_private.h"
#include "pg/pipeline.h"
#include "pg/sqlstate.h"

#include "base/banned.h"

#define CONNECT_TIMEOUT "5"		/* seconds, by default */

enum {
	MOST_KEYWORDS = 64,			/* libpq knows about forty */
	ROOM_FOR_LOOKUPS = 65536
};

/* Parameters for libpq; a later value overrides an earlier one. */
struct connection_parameters {
	size_t		count;
	const char *keywords[MOST_KEYWORDS + 1];
	const char *values[MOST_KEYWORDS + 1];
};

static void
parameters_add(struct connection_parameters *parameters, const char *keyword, const char *value)
{
	if (!value || !value[0] || parameters->count == MOST_KEYWORDS)
		return;
	parameters->keywords[parameters->count] = keyword;
	parameters->values[parameters->count] = value;
	parameters->count++;
}

static void
show_notice(void *argument, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const struct connection *connection = argument;

	if (connection && connection->on_notice && sqlstate)
		connection->on_notice(connection->on_notice_argument, sqlstate, text ? text : "");
	/* ROLLBACK outside a transaction is harmless. */
	if (sqlstate && strcmp(sqlstate, SQLSTATE_NO_ACTIVE_SQL_TRANSACTION) == 0)
		return;
	if (severity && strcmp(severity, "WARNING") == 0)
		report_warning("server: %s", text ? text : "");
	else
		report_verbose("server: %s", text ? text : "");
}

/* The client encoding to use. */
static const char *
client_encoding(const PGconn *pg)
{
	const char *server = PQparameterStatus(pg, "server_encoding");

	return server && strcmp(server, CONNECTION_ANY_ENCODING) == 0 ? CONNECTION_ANY_ENCODING : "UTF8";
}

/* Connect; asks for a password once. NULL on failure, with the message. */
static PGconn *
connect_with(struct connection_parameters *parameters, bool no_password, char **message)
{
	char	   *password = NULL;
	PGconn	   *pg;

	for (;;) {
		parameters->keywords[parameters->count] = NULL;
		parameters->values[parameters->count] = NULL;
		pg = PQconnectdbParams(parameters->keywords, parameters->values, 0);
		if (!pg)
			mem_fail();
		if (PQstatus(pg) == CONNECTION_OK || password || no_password || !PQconnectionNeedsPassword(pg)
			|| !isatty(STDIN_FILENO) || !(password = prompt_password()))
			break;
		PQfinish(pg);
		parameters_add(parameters, "password", password);
	}
	if (password)
		explicit_bzero(password, strlen(password));
	mem_free(password);
	if (PQstatus(pg) == CONNECTION_OK) {
		PQsetNoticeReceiver(pg, show_notice, NULL);
		/*
		 * With UTF8, the server would refuse to send names that are not UTF-8. If this fails, the connection is lost.
		 */
		if (strcmp(client_encoding(pg), CONNECTION_ANY_ENCODING) == 0)
			(void) PQsetClientEncoding(pg, CONNECTION_ANY_ENCODING);
		return pg;
	}
	if (message) {
		*message = mem_string(PQerrorMessage(pg));
		(*message)[strcspn(*message, "\n")] = '\0';
	}
	PQfinish(pg);
	return NULL;
}

/*
 * To look up a user or a host, a static program would load the host's NSS modules, which are built for another C
 * library. The modules "files" and "dns" are built in. This must run before libpq looks up the user name for its
 * defaults.
 */
static void
prepare_lookups(void)
{
	/* The C library does not handle exhausted memory here, so make sure that there is some. */
	mem_free(mem_alloc(ROOM_FOR_LOOKUPS));
	if (__nss_configure_lookup("passwd", "files") != 0 || __nss_configure_lookup("hosts", "files dns") != 0)
		mem_fail();
}

/* Let `connection` own `pg`. */
static void
set_pg(struct connection *connection, PGconn *pg)
{
	PQsetNoticeReceiver(pg, show_notice, connection);
	connection->pg = pg;
}

/*
 * Shorten libpq's connect_timeout to `limit` seconds, for each address of the host; libpq's minimum is 2. Returns the
 * value added, a new string that must outlive the connection attempt; NULL: nothing was added.
 */
static char *
limit_timeout(struct connection_parameters *parameters, int limit, const PQconninfoOption *given,
			  const PQconninfoOption *defaults)
{
	const char *value = conninfo_option(given, "connect_timeout");
	long		said = strtol(value ? value : conninfo_option(defaults, "connect_timeout"), NULL, 10);
	char	   *shorter;

	if (limit == 0 || (said > 0 && said <= limit))
		return NULL;
	shorter = mem_format("%d", limit);
	parameters_add(parameters, "connect_timeout", shorter);
	return shorter;
}

/* Add the parameters of a target; `given` are those of its connection string, or NULL. */
static void
add_target(struct connection_parameters *parameters, const struct connection_target *target,
		   const PQconninfoOption *given, const PQconninfoOption *defaults)
{
	if (!conninfo_option(defaults, "dbname") && !conninfo_option(given, "service"))
		parameters_add(parameters, "dbname", target->default_dbname);
	parameters_add(parameters, "host", target->host);
	parameters_add(parameters, "port", target->port);
	parameters_add(parameters, "user", target->user);
	if (target->dbname && !given)
		parameters_add(parameters, "dbname", target->dbname);
	for (const PQconninfoOption *option = given; option && option->keyword; option++)
		parameters_add(parameters, option->keyword, option->val);
	parameters_add(parameters, "application_name", PROGRAM);
	parameters_add(parameters, "client_encoding", "UTF8");
}

bool
connection_open(struct connection **connection, const struct connection_target *target, char **message)
{
	struct connection_parameters parameters = {0};
	PQconninfoOption *defaults;
	PQconninfoOption *given = NULL;
	PGconn	   *pg = NULL;
	char	   *complaint = NULL;
	char	   *timeout = NULL;

	*connection = NULL;
	prepare_lookups();
	/* As a default: a connection string, a service or the environment overrides it. */
	if (setenv("PGCONNECT_TIMEOUT", CONNECT_TIMEOUT, 0) != 0)
		mem_fail();
	defaults = PQconndefaults();
	/* NULL: memory is exhausted. To continue would ignore the environment and connect to another server. */
	if (!defaults)
		mem_fail();

	if (conninfo_misplaced(target, defaults)) {
		*message = mem_string("a connection URI is in the wrong place, or does not begin with postgresql://");
		goto done;
	}
	if (target->dbname && conninfo_is(target->dbname)) {
		given = PQconninfoParse(target->dbname, &complaint);
		if (!given && !complaint)
			mem_fail();
		if (!given) {
			*message = conninfo_complaint(complaint, target->dbname, defaults);
			goto done;
		}
	}
	*message = conninfo_unsupported(defaults, given);
	if (*message)
		goto done;
	add_target(&parameters, target, given, defaults);
	timeout = limit_timeout(&parameters, target->connect_limit, given, defaults);

	pg = connect_with(&parameters, target->no_password, message);
	if (!pg)
		conninfo_explain(message, defaults);
	else {
		*connection = mem_alloc(sizeof(**connection));
		set_pg(*connection, pg);
	}
done:
	mem_free(timeout);
	PQfreemem(complaint);
	PQconninfoFree(given);
	PQconninfoFree(defaults);
	return *connection != NULL;
}

/* A new connection with the parameters of `old`, including passwords; to database `name`, unless that is NULL. */
static PGconn *
connect_like(PGconn *old, const char *name, char **message)
{
	struct connection_parameters parameters = {0};
	PQconninfoOption *options = PQconninfo(old);
	PGconn	   *pg;

	if (!options)
		mem_fail();
	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		parameters_add(&parameters, option->keyword, option->val);
	parameters_add(&parameters, "dbname", name);
	pg = connect_with(&parameters, true, message);
	PQconninfoFree(options);
	return pg;
}

struct connection *
connection_open_again(const struct connection *connection, const char *name, char **message)
{
	PGconn	   *pg = connect_like(connection->pg, name, message);
	struct connection *again;

	if (!pg)
		return NULL;
	again = mem_alloc(sizeof(*again));
	set_pg(again, pg);
	return again;
}

bool
connection_reconnect(struct connection *connection)
{
	PGconn	   *pg = connect_like(connection->pg, NULL, NULL);

	if (!pg)
		return false;
	PQfinish(connection->pg);
	mem_free(connection->lost);
	connection->lost = NULL;
	prepared_clear(connection);
	set_pg(connection, pg);
	return true;
}

bool
connection_is_lost(const struct connection *connection)
{
	return connection->lost || PQstatus(connection->pg) != CONNECTION_OK;
}

void
connection_close(struct connection *connection)
{
	if (!connection)
		return;
	PQfinish(connection->pg);
	mem_free(connection->lost);
	prepared_clear(connection);
	mem_free(connection);
}

const char *
connection_database(const struct connection *connection)
{
	return PQdb(connection->pg);
}

const char *
connection_user(const struct connection *connection)
{
	return PQuser(connection->pg);
}

const char *
connection_encoding(const struct connection *connection)
{
	return client_encoding(connection->pg);
}

int
connection_server_version(const struct connection *connection)
{
	return PQserverVersion(connection->pg);
}

int
connection_backend_pid(const struct connection *connection)
{
	return PQbackendPID(connection->pg);
}

void
connection_set_timeout(struct connection *connection, int milliseconds)
{
	connection->timeout = milliseconds;
}

void
connection_set_probe(struct connection *connection, int milliseconds, void (*probe) (void *argument), void *argument)
{
	connection->probe_interval = milliseconds;
	connection->probe = probe;
	connection->probe_argument = argument;
}

void
connection_set_notice_handler(struct connection *connection, void (*on_notice) (void *argument, const char *sqlstate,
																				const char *message), void *argument)
{
	connection->on_notice = on_notice;
	connection->on_notice_argument = argument;
}

void
connection_set_interruptible(struct connection *connection, bool interruptible)
{
	connection->interruptible = interruptible;
}

char *
connection_identifier(struct connection *connection, const char *name)
{
	char	   *quoted = PQescapeIdentifier(connection->pg, name, strlen(name));
	char	   *copy;

	if (!quoted)
		mem_fail();
	copy = mem_string(quoted);
	PQfreemem(quoted);
	return copy;
}

char *
pipeline_render(struct connection *connection, const struct pipeline_command *command)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (const char *at = command->sql; *at;) {
		char	   *end = NULL;
		long		number = *at == '$' ? strtol(at + 1, &end, 10) : 0;

		/* This is the program's own SQL, where dollar signs occur in parameters only. */
		if (number < 1 || number > command->count) {
			fputc(*at++, stream);
			continue;
		}
		at = end;
		if (command->values[number - 1]) {
			const char *value = command->values[number - 1];
			char	   *literal = PQescapeLiteral(connection->pg, value, strlen(value));

			if (!literal)
				mem_fail();
			fputs(literal, stream);
			PQfreemem(literal);
		} else
			fputs("NULL", stream);
	}
	mem_stream_close(stream);
	return text;
}
