#include "db.h"

#include <nss.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db_private.h"
#include "mem.h"
#include "prompt.h"
#include "report.h"

#include "banned.h"

#define CONNECT_TIMEOUT "5"		/* seconds, where nobody says otherwise */

enum {
	MOST_KEYWORDS = 64,			/* libpq knows about forty */
	ROOM_FOR_LOOKUPS = 65536
};

/* libpq's parameters; what is added later overrides. */
struct parameters {
	size_t		count;
	const char *keywords[MOST_KEYWORDS + 1];
	const char *values[MOST_KEYWORDS + 1];
};

static void
parameters_add(struct parameters *parameters, const char *keyword, const char *value)
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
	const struct db *db = argument;

	if (db && db->hear && sqlstate)
		db->hear(db->hear_argument, sqlstate, text ? text : "");
	/* A rollback to be sure may find no transaction: no_active_sql_transaction. */
	if (sqlstate && strcmp(sqlstate, "25P01") == 0)
		return;
	if (severity && strcmp(severity, "WARNING") == 0)
		report_warning("the server says: %s", text ? text : "");
	else
		report_verbose("the server says: %s", text ? text : "");
}

/* What texts are sent in. */
static const char *
encoding_of(const PGconn *connection)
{
	const char *server = PQparameterStatus(connection, "server_encoding");

	return server && strcmp(server, DB_ANY_ENCODING) == 0 ? DB_ANY_ENCODING : "UTF8";
}

/* Connect with the parameters; asks for a password once. NULL on failure, with the message. */
static PGconn *
connect_with(struct parameters *parameters, bool no_password, char **message)
{
	char	   *password = NULL;
	PGconn	   *connection;

	for (;;) {
		parameters->keywords[parameters->count] = NULL;
		parameters->values[parameters->count] = NULL;
		connection = PQconnectdbParams(parameters->keywords, parameters->values, 0);
		if (!connection)
			mem_fail();
		if (PQstatus(connection) == CONNECTION_OK || password || no_password || !PQconnectionNeedsPassword(connection)
			|| !isatty(STDIN_FILENO) || !(password = prompt_password()))
			break;
		PQfinish(connection);
		parameters_add(parameters, "password", password);
	}
	if (password)
		explicit_bzero(password, strlen(password));
	mem_free(password);
	if (PQstatus(connection) == CONNECTION_OK) {
		PQsetNoticeReceiver(connection, show_notice, NULL);
		/* As UTF8, the server would not send names that are not. Where this fails, the connection is lost. */
		if (strcmp(encoding_of(connection), DB_ANY_ENCODING) == 0)
			(void) PQsetClientEncoding(connection, DB_ANY_ENCODING);
		return connection;
	}
	if (message) {
		*message = mem_string(PQerrorMessage(connection));
		(*message)[strcspn(*message, "\n")] = '\0';
	}
	PQfinish(connection);
	return NULL;
}

/*
 * A static program would load the host's NSS modules, built for another C library, to look up a user or a host; these
 * two are built in. To be called before libpq looks for the user's name, which it does for its defaults already.
 */
static void
prepare_lookups(void)
{
	/* The C library's own use of memory here is not to be trusted to find none: so see that there is some. */
	mem_free(mem_alloc(ROOM_FOR_LOOKUPS));
	if (__nss_configure_lookup("passwd", "files") != 0 || __nss_configure_lookup("hosts", "files dns") != 0)
		mem_fail();
}

/* A connection that has been made is `db`'s from now on. */
static void
hold(struct db *db, PGconn *connection)
{
	PQsetNoticeReceiver(connection, show_notice, db);
	db->connection = connection;
}

/* libpq's timeout is for each address, and at least 2 seconds. A new string, where it is to be made shorter. */
static char *
limit_timeout(struct parameters *parameters, int limit, const PQconninfoOption *given, const PQconninfoOption *defaults)
{
	const char *value = db_option_value(given, "connect_timeout");
	long		said = strtol(value ? value : db_option_value(defaults, "connect_timeout"), NULL, 10);
	char	   *shorter;

	if (limit == 0 || (said > 0 && said <= limit))
		return NULL;
	shorter = mem_format("%d", limit);
	parameters_add(parameters, "connect_timeout", shorter);
	return shorter;
}

bool
db_open(struct db **db, const struct db_target *target, char **message)
{
	struct parameters parameters = {0};
	PQconninfoOption *defaults;
	PQconninfoOption *given = NULL;
	PGconn	   *connection = NULL;
	char	   *complaint = NULL;
	char	   *timeout = NULL;

	*db = NULL;
	prepare_lookups();
	/* As the least of all: a connection string, a service or the environment may say otherwise. */
	if (setenv("PGCONNECT_TIMEOUT", CONNECT_TIMEOUT, 0) != 0)
		mem_fail();
	defaults = PQconndefaults();
	/* NULL is for want of memory; to go on would be to leave the environment out, and connect elsewhere. */
	if (!defaults)
		mem_fail();

	if (db_conninfo_misplaced(target, defaults)) {
		*message = mem_string("there is a connection URI in the wrong place, or it does not begin with postgresql://");
		goto done;
	}
	if (target->dbname && db_conninfo_is(target->dbname)) {
		given = PQconninfoParse(target->dbname, &complaint);
		if (!given && !complaint)
			mem_fail();
		if (!given) {
			*message = db_conninfo_complaint(complaint, target->dbname, defaults);
			goto done;
		}
	}
	*message = db_conninfo_unsupported(defaults, given);
	if (*message)
		goto done;
	if (!db_option_value(defaults, "dbname") && !db_option_value(given, "service"))
		parameters_add(&parameters, "dbname", target->default_dbname);
	parameters_add(&parameters, "host", target->host);
	parameters_add(&parameters, "port", target->port);
	parameters_add(&parameters, "user", target->user);
	if (target->dbname && !given)
		parameters_add(&parameters, "dbname", target->dbname);
	for (const PQconninfoOption *option = given; option && option->keyword; option++)
		parameters_add(&parameters, option->keyword, option->val);
	parameters_add(&parameters, "application_name", PROGRAM);
	parameters_add(&parameters, "client_encoding", "UTF8");
	timeout = limit_timeout(&parameters, target->connect_limit, given, defaults);

	connection = connect_with(&parameters, target->no_password, message);
	if (!connection)
		db_conninfo_explain(message, defaults);
	else {
		*db = mem_alloc(sizeof(**db));
		hold(*db, connection);
	}
done:
	mem_free(timeout);
	PQfreemem(complaint);
	PQconninfoFree(given);
	PQconninfoFree(defaults);
	return *db != NULL;
}

/* A new connection with the parameters, passwords included, that `old` was made with; but to `name`, unless NULL. */
static PGconn *
connect_like(PGconn *old, const char *name, char **message)
{
	struct parameters parameters = {0};
	PQconninfoOption *options = PQconninfo(old);
	PGconn	   *connection;

	if (!options)
		mem_fail();
	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		parameters_add(&parameters, option->keyword, option->val);
	parameters_add(&parameters, "dbname", name);
	connection = connect_with(&parameters, true, message);
	PQconninfoFree(options);
	return connection;
}

struct db *
db_open_again(const struct db *db, const char *name, char **message)
{
	PGconn	   *connection = connect_like(db->connection, name, message);
	struct db  *again;

	if (!connection)
		return NULL;
	again = mem_alloc(sizeof(*again));
	hold(again, connection);
	return again;
}

bool
db_reconnect(struct db *db)
{
	PGconn	   *connection = connect_like(db->connection, NULL, NULL);

	if (!connection)
		return false;
	PQfinish(db->connection);
	mem_free(db->lost);
	db->lost = NULL;
	db_prepared_clear(db);
	hold(db, connection);
	return true;
}

void
db_close(struct db *db)
{
	if (!db)
		return;
	PQfinish(db->connection);
	mem_free(db->lost);
	db_prepared_clear(db);
	mem_free(db);
}

const char *
db_name(const struct db *db)
{
	return PQdb(db->connection);
}

const char *
db_encoding(const struct db *db)
{
	return encoding_of(db->connection);
}

int
db_server_version(const struct db *db)
{
	return PQserverVersion(db->connection);
}

int
db_backend_pid(const struct db *db)
{
	return PQbackendPID(db->connection);
}

void
db_set_patience(struct db *db, int milliseconds)
{
	db->patience = milliseconds;
}

void
db_watch(struct db *db, int milliseconds, void (*look) (void *argument), void *argument)
{
	db->watch_milliseconds = milliseconds;
	db->watch_look = look;
	db->watch_argument = argument;
}

void
db_listen(struct db *db, void (*hear) (void *argument, const char *sqlstate, const char *message), void *argument)
{
	db->hear = hear;
	db->hear_argument = argument;
}

void
db_interruptible(struct db *db, bool interruptible)
{
	db->interruptible = interruptible;
}

char *
db_identifier(struct db *db, const char *name)
{
	char	   *quoted = PQescapeIdentifier(db->connection, name, strlen(name));
	char	   *copy;

	if (!quoted)
		mem_fail();
	copy = mem_string(quoted);
	PQfreemem(quoted);
	return copy;
}

char *
db_render(struct db *db, const struct db_command *command)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (const char *at = command->sql; *at;) {
		char	   *end = NULL;
		long		number = *at == '$' ? strtol(at + 1, &end, 10) : 0;

		/* Our own SQL only: there are no dollar signs in it but those of parameters. */
		if (number < 1 || number > command->count) {
			fputc(*at++, stream);
			continue;
		}
		at = end;
		if (command->values[number - 1]) {
			const char *value = command->values[number - 1];
			char	   *literal = PQescapeLiteral(db->connection, value, strlen(value));

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
