/* Explain a failed connection. */
#include "pg/connect_hint.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/printable.h"

#include "base/banned.h"

/* Parts of the server's messages, and their cause. The first match counts. */
static const struct {
	const char *part;
	const char *words;
}			refusals[] = {
	/* 57P03: cannot_connect_now */
	{"the database system is starting up", "the server is starting up"},
	{"the database system is not yet accepting connections", "the server is starting up"},
	{"the database system is in recovery mode", "the server is starting up again after a crash"},
	{"the database system is shutting down", "the server is shutting down"},
	{"the database system is ", "the server does not accept connections"},
	/* 53300: too_many_connections, and messages of PgBouncer */
	{"remaining connection slots are reserved", "the server has no free connection"},
	{"sorry, too many clients already", "the server has no free connection"},
	{"too many connections for ", "all allowed connections are in use"},
	{"no more connections allowed", "all allowed connections are in use"},
};

const char *
connect_hint_words(const char *message)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strstr(message, refusals[i].part))
			return refusals[i].words;
	return NULL;
}

#define CHECK_SERVER "Check that the server is running there, and the host (-h) and port (-p)."

/* Parts of messages, and hints. The first match counts; * is the role or database that the message names. */
static const struct {
	const char *part;
	const char *hint;
}			hints[] = {
	{"sslrootcert=system is not supported",
	"Use the file of the system's certificates instead: sslrootcert=/etc/ssl/certs/ca-certificates.crt"
	" sslmode=verify-full."},
	{"syntax error in service file \"", "Correct the service file, or use another one (PGSERVICE, PGSERVICEFILE)."},
	{"service file \"", "Use a service without this option (PGSERVICE, PGSERVICEFILE)."},
	{"is not supported by this program's libpq", "Remove it for this program, or use a build with a newer libpq."},
	{"permission denied for database", "Grant CONNECT on the database to this role."},
	/* The operating system user has no name; libpq has two messages for that. */
	{"local user with ID ", "Specify the user with -U."},
	{"could not look up local user ID ", "Specify the user with -U."},
	{"password authentication failed",
	"Check the user (-U), and the password in PGPASSWORD, ~/.pgpass or -d."},
	{"no password supplied", "Put the password into ~/.pgpass, or omit -w to be asked for it."},
	{"Peer authentication failed",
	"With a socket, run the program as the operating system user of the same name (\"sudo -u USER\"), or use -h"
	" localhost."},
	{"no pg_hba.conf entry for", "Add an entry for this user, database and host to the server's pg_hba.conf."},
	{"is not permitted to log in", "To allow it, run as a superuser: ALTER ROLE * LOGIN;"},
	{"is not currently accepting connections",
	"To allow it, run as a superuser, in another database: ALTER DATABASE * ALLOW_CONNECTIONS true;"},
	{": FATAL:  role ", "Specify the user with -U."},
	{": FATAL:  database ", "Specify the database with -d, or create it first."},
	{"could not translate host name", "Check the host name (-h)."},
	{"Connection refused", CHECK_SERVER},
	{"No such file or directory", CHECK_SERVER},
	{"timeout expired", "The server, or the network to it, does not answer; or a session has locked a system catalog."},
};

/* The name before `said`, as the server writes it, quoted as in SQL: a new string. */
static char *
name_before(const char *message, const char *said)
{
	static const char *const kinds[] = {": FATAL:  role \"", ": FATAL:  database \""};
	const char *end = strstr(message, said);
	const char *start = NULL;
	char	   *name;
	char	   *quoted;

	for (size_t i = 0; !start && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		start = strstr(message, kinds[i]);
		start = start ? start + strlen(kinds[i]) : NULL;
	}
	if (!start || end < start + strlen("\" "))
		return mem_string("...");
	name = mem_copy(start, (size_t) (end - start) - strlen("\" "));
	quoted = printable_quoted(name);
	mem_free(name);
	return quoted;
}

char *
connect_hint(const char *message)
{
	if (connect_hint_words(message))
		return mem_string("Run the same command again when the server is ready.");
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		const char *place = strchr(hints[i].hint, '*');
		char	   *name;
		char	   *hint;

		if (!strstr(message, hints[i].part))
			continue;
		if (!place)
			return mem_string(hints[i].hint);
		name = name_before(message, hints[i].part);
		hint = mem_format("%.*s%s%s", (int) (place - hints[i].hint), hints[i].hint, name, place + 1);
		mem_free(name);
		return hint;
	}
	return NULL;
}
