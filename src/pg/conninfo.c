/* Connection strings: report errors without passwords, and refuse settings that the linked libpq ignores. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/did_you_mean.h"
#include "base/mem.h"
#include "pg/connection_private.h"

#include "base/banned.h"

enum {
	LONGEST_OPTION = 40
};

#define OPTION_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* Options added by PostgreSQL 16 to 18. The linked libpq lists those that it knows. */
static const struct {
	const char *keyword;
	const char *variable;
}			additions[] = {
	{"require_auth", "PGREQUIREAUTH"},
	{"sslcertmode", "PGSSLCERTMODE"},
	{"gssdelegation", "PGGSSDELEGATION"},
	{"load_balance_hosts", "PGLOADBALANCEHOSTS"},
	{"sslnegotiation", "PGSSLNEGOTIATION"},
	{"min_protocol_version", "PGMINPROTOCOLVERSION"},
	{"max_protocol_version", "PGMAXPROTOCOLVERSION"},
	{"scram_client_key", NULL},
	{"scram_server_key", NULL},
	{"oauth_issuer", NULL},
	{"oauth_client_id", NULL},
	{"oauth_client_secret", NULL},
	{"oauth_scope", NULL},
	{"sslkeylogfile", NULL},
};

#define ADDITIONS (sizeof(additions) / sizeof(additions[0]))

/* libpq knows this option if it knows sslrootcert=system. */
#define ADDED_WITH_SYSTEM "sslcertmode"

const char *
conninfo_option(const PQconninfoOption *options, const char *keyword)
{
	for (; options && options->keyword; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options->val;
	return NULL;
}

bool
conninfo_is(const char *dbname)
{
	return strchr(dbname, '=') || strncmp(dbname, "postgres://", 11) == 0 || strncmp(dbname, "postgresql://", 13) == 0;
}

/*
 * libpq's messages quote the connection string that it cannot parse, including passwords. Keep the message without its
 * quotations, except single characters.
 */
static char *
without_quotations(const char *message)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	while (*message && *message != '\n') {
		if (message[0] != '"')
			fputc(*message++, stream);
		else if (message[1] && message[2] == '"') {
			fprintf(stream, "%.3s", message);
			message += 3;
		} else {
			/* Up to the last quotation mark, because the string may contain some. */
			fputs("\"...\"", stream);
			message = strrchr(message, '"') + 1;
		}
	}
	mem_stream_close(stream);
	return text;
}

static bool
is_known_option(const PQconninfoOption *defaults, const char *keyword)
{
	for (; defaults && defaults->keyword; defaults++)
		if (strcmp(defaults->keyword, keyword) == 0)
			return true;
	return false;
}

static bool
is_addition(const char *word)
{
	for (size_t i = 0; i < ADDITIONS; i++)
		if (strcmp(additions[i].keyword, word) == 0)
			return true;
	return false;
}

/*
 * May the unknown option name be part of a password? An unquoted apostrophe, space or slash ends a password too early.
 * It cannot be in a string without a password, nor in a URI with one @ before its first slash.
 */
static bool
may_be_secret(const char *conninfo)
{
	const char *scheme = strstr(conninfo, "://");
	const char *at = strchr(conninfo, '@');

	if (strcasestr(conninfo, "password") || strcasestr(conninfo, "secret") || strcasestr(conninfo, "_key"))
		return true;
	return scheme && at && (strchr(at + 1, '@') || strcspn(scheme + 3, "/?") < (size_t) (at - scheme - 3));
}

/* Is the word, apart from a spelling mistake, the name of an option? */
static bool
is_option_name(const char *word, const PQconninfoOption *defaults)
{
	struct did_you_mean guess = {.word = word,.length = strlen(word)};

	for (; defaults->keyword; defaults++)
		did_you_mean_try(&guess, defaults->keyword);
	return guess.best || is_addition(word);
}

/* The error message for an option that libpq does not know, a new string. */
static char *
describe_unknown(const char *word)
{
	return is_addition(word)
		? mem_format("option \"%s\" is not supported by this program's libpq (%d)", word, PQlibVersion() / 10000)
		: mem_format("unknown connection option \"%s\"", word);
}

char *
conninfo_complaint(const char *complaint, const char *conninfo, const PQconninfoOption *defaults)
{
	const char *start = strchr(complaint, '"');
	const char *end = strrchr(complaint, '"');
	bool		names = strncmp(complaint, "invalid connection option ", 26) == 0
		|| strncmp(complaint, "invalid URI query parameter: ", 29) == 0;
	char	   *word = names && start && end > start ? mem_copy(start + 1, (size_t) (end - start - 1)) : mem_string("");
	char	   *text;

	if (word[0] && strlen(word) <= LONGEST_OPTION && word[strspn(word, OPTION_LETTERS)] == '\0'
		&& (is_option_name(word, defaults) || !may_be_secret(conninfo)))
		text = describe_unknown(word);
	else if (names)
		text = mem_string("unknown connection option \"...\" (not shown, as it may be part of a password)");
	else
		text = without_quotations(complaint);
	mem_free(word);
	word = text;
	text = mem_format("invalid connection string: %s", word);
	mem_free(word);
	return text;
}

/* The option that a line of a service file sets, a new string; NULL if there is none. */
static char *
read_option(const char *path, long number)
{
	int			file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE	   *stream = file >= 0 ? fdopen(file, "r") : NULL;
	char	   *line = NULL;
	char	   *option = NULL;
	size_t		room = 0;

	if (file >= 0 && !stream)
		close(file);
	while (stream && number > 0 && getline(&line, &room, stream) >= 0)
		if (--number == 0) {
			const char *word = line + strspn(line, " \t");
			size_t		length = strspn(word, OPTION_LETTERS);

			if (length > 0 && length <= LONGEST_OPTION && word[length] == '=')
				option = mem_copy(word, length);
		}
	/* A service file may contain passwords. */
	if (line)
		explicit_bzero(line, room);
	free(line);
	if (stream)
		fclose(stream);
	return option;
}

void
conninfo_explain(char **message, const PQconninfoOption *defaults)
{
	static const char words[] = "syntax error in service file \"";
	const char *path = strncmp(*message, words, strlen(words)) == 0 ? *message + strlen(words) : NULL;
	const char *line = path ? strstr(path, "\", line ") : NULL;
	char	   *file = line ? mem_copy(path, (size_t) (line - path)) : NULL;
	long		number = line ? strtol(line + strlen("\", line "), NULL, 10) : 0;
	char	   *option = file ? read_option(file, number) : NULL;

	if (option && !is_known_option(defaults, option)) {
		char	   *text = describe_unknown(option);
		char	   *explained = mem_format("service file \"%s\", line %ld: %s", file, number, text);

		mem_free(text);
		mem_free(*message);
		*message = explained;
	}
	mem_free(option);
	mem_free(file);
}

/* The value of sslrootcert, as libpq finds it: from the string, from the service that it names, or by default. */
static char *
root_certificates(const PQconninfoOption *defaults, const PQconninfoOption *given)
{
	const char *service = conninfo_option(given, "service");
	const char *value = conninfo_option(given, "sslrootcert");
	PQconninfoOption *with_service = NULL;
	char	   *found;

	/* Empty values are not passed to libpq. */
	if (value && !value[0])
		value = NULL;
	if (!value && service) {
		const char *usual = getenv("PGSERVICE");
		char	   *kept = mem_string(usual);

		if (setenv("PGSERVICE", service, 1) != 0 || (with_service = PQconndefaults()) == NULL
			|| (kept ? setenv("PGSERVICE", kept, 1) : unsetenv("PGSERVICE")) != 0)
			mem_fail();
		mem_free(kept);
	}
	if (!value)
		value = conninfo_option(with_service ? with_service : defaults, "sslrootcert");
	found = mem_string(value);
	PQconninfoFree(with_service);
	return found;
}

char *
conninfo_unsupported(const PQconninfoOption *defaults, const PQconninfoOption *given)
{
	int			version = PQlibVersion() / 10000;
	char	   *certificates;
	bool		system_ones;

	for (size_t i = 0; i < ADDITIONS; i++) {
		const char *value = additions[i].variable ? getenv(additions[i].variable) : NULL;

		if (value && value[0] && !is_known_option(defaults, additions[i].keyword))
			return mem_format("environment variable %s is not supported by this program's libpq (%d), which would"
							  " ignore it", additions[i].variable, version);
	}
	certificates = root_certificates(defaults, given);
	system_ones = certificates && strcmp(certificates, "system") == 0 && !is_known_option(defaults, ADDED_WITH_SYSTEM);
	mem_free(certificates);
	if (!system_ones)
		return NULL;
	return mem_format("sslrootcert=system is not supported by this program's libpq (%d), which would not verify the"
					  " server's certificate", version);
}

/*
 * libpq would take a malformed URI for a name, and the server's error message would print it, including the password.
 */
static bool
looks_like_uri(const char *value)
{
	return value
		&& (strstr(value, "://") || strncmp(value, "//", 2) == 0 || (strchr(value, ':') && strchr(value, '@')));
}

bool
conninfo_misplaced(const struct connection_target *target, const PQconninfoOption *defaults)
{
	const char *dbname = target->dbname ? target->dbname : conninfo_option(defaults, "dbname");

	return looks_like_uri(target->host) || looks_like_uri(target->port) || looks_like_uri(target->user)
		|| (looks_like_uri(dbname) && (!target->dbname || !conninfo_is(dbname)));
}
