#include "pg/connect_hint.h"

#include <stddef.h>
#include <string.h>

#include "base/banned.h"

/* The first that is found counts. */
static const struct {
	const char *said;
	const char *words;
}			refusals[] = {
	/* 57P03: cannot_connect_now */
	{"the database system is starting up", "the server is starting up"},
	{"the database system is not yet accepting connections", "the server is starting up"},
	{"the database system is in recovery mode", "the server is starting up again after a crash"},
	{"the database system is shutting down", "the server is shutting down"},
	{"the database system is ", "the server lets nobody in"},
	/* 53300: too_many_connections, and PgBouncer's own */
	{"remaining connection slots are reserved", "the server is out of connections"},
	{"sorry, too many clients already", "the server is out of connections"},
	{"too many connections for ", "all connections that are allowed are taken"},
	{"no more connections allowed", "all connections that are allowed are taken"},
};

const char *
connect_hint_words(const char *message)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strstr(message, refusals[i].said))
			return refusals[i].words;
	return NULL;
}

#define IS_IT_THERE "Is the server running there? -h and -p say where it is looked for."

/* The first that is found counts. */
static const struct {
	const char *said;
	const char *hint;
}			hints[] = {
	{"sslrootcert=system is not supported",
	"Name the file of the system's certificates, as in sslrootcert=/etc/ssl/certs/ca-certificates.crt, with"
	" sslmode=verify-full."},
	{"syntax error in service file \"", "Correct the service file, or use another (PGSERVICE, PGSERVICEFILE)."},
	{"service file \"", "Use a service without it for this program (PGSERVICE, PGSERVICEFILE)."},
	{"is not supported by this program's libpq", "Leave it out for this program, or use a build with a newer libpq."},
	{"permission denied for database", "Grant CONNECT on the database to this role."},
	/* The user that one runs as has no name, by either way of libpq's to look for it. */
	{"local user with ID ", "Name the user to connect as with -U."},
	{"could not look up local user ID ", "Name the user to connect as with -U."},
	{"password authentication failed",
	"Check the user (-U) and where the password is from: PGPASSWORD, ~/.pgpass or -d."},
	{"no password supplied", "Put the password into ~/.pgpass, or leave out -w to be asked for it."},
	{"Peer authentication failed",
	"Over a socket that user has to run it, as by \"sudo -u USER\"; or give -h localhost."},
	{"no pg_hba.conf entry for", "The server's pg_hba.conf has to let this user in from here."},
	{"is not permitted to log in", "To allow it, run as a superuser: ALTER ROLE ... LOGIN;"},
	{"is not currently accepting connections",
	"To allow it, run as a superuser, in another database: ALTER DATABASE ... ALLOW_CONNECTIONS true;"},
	{": FATAL:  role ", "Name the user to connect as with -U."},
	{": FATAL:  database ", "Name the database with -d, or create it first."},
	{"could not translate host name", "Check the host's name (-h)."},
	{"Connection refused", IS_IT_THERE},
	{"No such file or directory", IS_IT_THERE},
	{"timeout expired", "The server, or the network to it, does not answer; or a session has locked a system catalog."},
};

const char *
connect_hint(const char *message)
{
	if (connect_hint_words(message))
		return "Run the same command again when the server is ready.";
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strstr(message, hints[i].said))
			return hints[i].hint;
	return NULL;
}
