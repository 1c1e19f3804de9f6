/* The command line: the table of options, parsing and the help on them. */
#include "cli/options.h"

#include <getopt.h>
#include <string.h>
#include <limits.h>
#include <stdlib.h>

#include "base/did_you_mean.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"

#include "base/banned.h"

enum {
	DEFAULT_LOCK_TIMEOUT = 2000,	/* milliseconds */
	DEFAULT_LOCK_RETRIES = 20,
	DEFAULT_LOCK_WAIT = 300,	/* seconds */
	DEFAULT_STATUS_WAIT = 60
};

/* The values of getopt_long for options without a letter. */
enum {
	ROLE = 256, LOCK_TIMEOUT, LOCK_RETRIES, LOCK_WAIT, BATCH_PAUSE, ALLOW_POOLER, JSON, SQL, DOWN, SCHEMA, BRIEF, WAIT,
	AT_LEAST, LATEST, RELEASES, YES, REPAIR, DRY_RUN, SET, QUIET, VERBOSE, NO_COLOR, HELP
};

static const struct {
	int			value;			/* its letter, or a value from above */
	unsigned	group;
	const char *name;
	int			has_argument;
	const char *argument;
	const char *help;
}			table[] = {
	{'d', OPTIONS_CONNECT, "dbname", required_argument, "=DBNAME", "database name, connection string or URI"},
	{'h', OPTIONS_CONNECT, "host", required_argument, "=HOST", "server host or socket directory"},
	{'p', OPTIONS_CONNECT, "port", required_argument, "=PORT", "server port"},
	{'U', OPTIONS_CONNECT, "username", required_argument, "=NAME", "user to connect as"},
	{'w', OPTIONS_CONNECT, "no-password", no_argument, "", "never ask for a password"},
	{ROLE, OPTIONS_ROLE, "role", required_argument, "=ROLE", "act as this role (default: the database's owner)"},
	{LOCK_TIMEOUT, OPTIONS_WRITE, "lock-timeout", required_argument, "=TIME", "maximum wait for a lock (default: 2s)"},
	{LOCK_RETRIES, OPTIONS_WRITE, "lock-retries", required_argument, "=N",
	"retries after a lock timeout (default: 20)"},
	{LOCK_WAIT, OPTIONS_WRITE, "lock-wait", required_argument, "=TIME", "maximum wait for another run (default: 300s)"},
	{BATCH_PAUSE, OPTIONS_WRITE, "batch-pause", required_argument, "=TIME", "pause between two batches (default: 0)"},
	{ALLOW_POOLER, OPTIONS_WRITE, "allow-pooler", no_argument, "", "allow a connection pooler in session mode"},
	{YES, OPTIONS_YES, "yes", no_argument, "", NULL},
	{REPAIR, OPTIONS_REPAIR, "repair", no_argument, "", "repair the schema first: see \"help repair\""},
	{DRY_RUN, OPTIONS_DRY_RUN, "dry-run", no_argument, "", "list the steps, and change nothing"},
	{SET, OPTIONS_SET, "set", required_argument, "=TABLE.COLUMN=EXPRESSION",
	"value that a repair gives to rows without one"},
	{SQL, OPTIONS_SQL, "sql", no_argument, "", "print a script for psql, and change nothing"},
	{DOWN, OPTIONS_SHOW, "down", no_argument, "", "print the down section"},
	{SCHEMA, OPTIONS_SHOW, "schema", no_argument, "", "print the schema changes of the migration"},
	{BRIEF, OPTIONS_SHORT, "short", no_argument, "", "print one line for monitoring plugins"},
	{WAIT, OPTIONS_STATUS, "wait", optional_argument, "[=TIME]", "wait until the database is current (default: 60s)"},
	{AT_LEAST, OPTIONS_STATUS, "at-least", required_argument, "=VERSION", "succeed if software for VERSION can run"},
	{LATEST, OPTIONS_VERSION, "latest", no_argument, "", "print only the latest schema version"},
	{RELEASES, OPTIONS_VERSION, "releases", no_argument, "", "print the releases and their versions"},
	{JSON, OPTIONS_JSON, "json", no_argument, "", "print JSON"},
	{QUIET, OPTIONS_ALWAYS, "quiet", no_argument, "", "print only warnings and errors"},
	{VERBOSE, OPTIONS_ALWAYS, "verbose", no_argument, "", "print more, including notices of the server"},
	{NO_COLOR, OPTIONS_ALWAYS, "no-color", no_argument, "", "disable colors (also: environment NO_COLOR)"},
	{HELP, OPTIONS_ALWAYS, "help", no_argument, "", "show help, then exit"},
	{'V', OPTIONS_ALWAYS, "version", no_argument, "", "show this build's version, then exit"},
};

enum {
	OPTION_COUNT = sizeof(table) / sizeof(table[0])
};

/* For the server, 0 means no timeout: a statement would wait forever, with all later ones queued behind it. */
static bool
check_lock_timeout(const struct session_options *session)
{
	if (session->lock_timeout > 0)
		return true;
	report_error("--lock-timeout must be greater than 0");
	return false;
}

/*
 * Everybody can read the list of processes: a connection string that may contain a password is copied, and overwritten
 * there.
 */
static const char *
keep_conninfo(char **copy, char *argument)
{
	if (!strstr(argument, "password") && !(strstr(argument, "://") && strchr(argument, '@')))
		return argument;
	mem_free(*copy);
	*copy = mem_string(argument);
	memset(argument, 'x', strlen(argument));
	return *copy;
}

/* Where an option without a value is stored. */
static bool *
find_flag(struct options *options, int value)
{
	switch (value) {
		case 'w':
			return &options->session.target.no_password;
		case ALLOW_POOLER:
			return &options->session.allow_pooler;
		case LATEST:
			return &options->latest;
		case RELEASES:
			return &options->releases;
		case JSON:
			return &options->json;
		case YES:
			return &options->yes;
		case SQL:
			return &options->sql;
		case REPAIR:
			return &options->repair;
		case DRY_RUN:
			return &options->dry_run;
		case DOWN:
			return &options->down;
		case SCHEMA:
			return &options->schema;
		case BRIEF:
			return &options->brief;
		case NO_COLOR:
			return &options->no_color;
		case 'V':
			return &options->version;
		default:
			return &options->help;
	}
}

static bool
set_option(struct options *options, int value, char *argument)
{
	struct session_options *session = &options->session;

	switch (value) {
		case 'd':
			session->target.dbname = keep_conninfo(&options->database, argument);
			return true;
		case 'h':
			session->target.host = argument;
			return true;
		case 'p':
			session->target.port = argument;
			return true;
		case 'U':
			session->target.user = argument;
			return true;
		case ROLE:
			session->role = argument;
			return true;
		case LOCK_TIMEOUT:
			return options_parse_time("lock-timeout", argument, 1, &session->lock_timeout)
				&& check_lock_timeout(session);
		case LOCK_RETRIES:
			return options_parse_count("lock-retries", argument, &session->lock_retries);
		case LOCK_WAIT:
			return options_parse_time("lock-wait", argument, 1000, &session->lock_wait);
		case BATCH_PAUSE:
			return options_parse_time("batch-pause", argument, 1, &session->batch_pause);
		case WAIT:
			options->wait = DEFAULT_STATUS_WAIT;
			return !argument || options_parse_time("wait", argument, 1000, &options->wait);
		case AT_LEAST:
			options->at_least = options_least_version(argument);
			options->at_least_name = argument;
			return options->at_least >= 0;
		case SET:
			options->sets = mem_grow(options->sets, (size_t) options->set_count + 1, sizeof(*options->sets));
			options->sets[options->set_count++] = argument;
			return true;
		case QUIET:
			options->level = REPORT_QUIET;
			return true;
		case VERBOSE:
			options->level = REPORT_VERBOSE;
			return true;
		default:
			return *find_flag(options, value) = true;
	}
}

static void
note_given(struct options *options, int value)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (table[i].value == value) {
			options->given |= table[i].group;
			options->given_name[__builtin_ctz(table[i].group)] = table[i].name;
		}
}

/* The last argument may be a URI, as with manage.py of sqlalchemy-migrate. */
static bool
parse_uri(struct options *options)
{
	const char *last;

	if (options->count == 0)
		return true;
	last = options->arguments[options->count - 1];
	if (strncmp(last, "postgresql://", 13) != 0 && strncmp(last, "postgres://", 11) != 0)
		return true;
	if (options->session.target.dbname) {
		report_error("the database is given twice: by --dbname and by a URI");
		return false;
	}
	options->session.target.dbname = keep_conninfo(&options->database, options->arguments[options->count - 1]);
	options->given |= OPTIONS_CONNECT;
	options->given_name[0] = "dbname";
	options->count--;
	return true;
}

static bool
is_known(int value)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (table[i].value == value)
			return true;
	return false;
}

/* The option that is most similar to a misspelt one; NULL if none is. */
static const char *
find_similar(const char *word, size_t length)
{
	struct did_you_mean similar = {.word = word,.length = length};

	for (int i = 0; i < OPTION_COUNT; i++)
		did_you_mean_try(&similar, table[i].name);
	return similar.best;
}

/*
 * getopt_long leaves an unknown letter in optopt; the letter is in the argument at optind or before it. A known option
 * that was misused, or an unknown word, is the argument before optind.
 */
static void
report_refused(int value, const char *argument)
{
	int			length = options_printable(argument);
	const char *meant = NULL;

	if (is_known(optopt))
		report_error("option %.*s %s", length, argument, value == ':' ? "needs a value" : "takes no value");
	else if (optopt == 0) {
		report_error("unknown option: %.*s", length, argument);
		meant = find_similar(argument + 2, (size_t) length - 2);
	} else if (optopt > ' ' && optopt < 0x7f)
		report_error("unknown option: -%c", optopt);
	else
		report_error("unknown option: -\\x%02x", (unsigned) optopt & 0xff);
	if (meant)
		report_hint("Did you mean --%s?", meant);
	else
		report_hint("Try \"" PROGRAM " --help\".");
}

bool
options_parse(struct options *options, int argc, char **argv)
{
	struct option longs[OPTION_COUNT + 1] = {0};
	int			value;

	*options = (struct options) {
		.session = {
			.target = {.default_dbname = history.database},
			.lock_timeout = DEFAULT_LOCK_TIMEOUT,
			.lock_retries = DEFAULT_LOCK_RETRIES,
			.lock_wait = DEFAULT_LOCK_WAIT,
		},
		.level = REPORT_NORMAL,
		.wait = -1,
		.at_least = -1,
	};
	for (int i = 0; i < OPTION_COUNT; i++)
		longs[i] = (struct option) {table[i].name, table[i].has_argument, NULL, table[i].value};

	opterr = 0;
	while (optopt = 0, (value = getopt_long(argc, argv, ":d:h:p:U:wV", longs, NULL)) != -1) {
		if (value == '?' && optopt == '?')
			value = HELP;		/* "-?": "?" cannot be in getopt_long's list */
		if (value == '?' || value == ':') {
			report_refused(value, argv[optind - 1]);
			return false;
		}
		note_given(options, value);
		if (!set_option(options, value, optarg))
			return false;
	}
	if (optind < argc) {
		options->command = argv[optind];
		options->count = argc - optind - 1;
		options->arguments = argv + optind + 1;
	}
	return parse_uri(options);
}

void
options_clear(struct options *options)
{
	if (options->database)
		explicit_bzero(options->database, strlen(options->database));
	mem_free(options->database);
	mem_free(options->sets);
	*options = (struct options) {0};
}

bool
options_check(const struct options *options, unsigned groups, int most_arguments)
{
	unsigned	wrong = options->given & ~(groups | OPTIONS_ALWAYS);

	if (wrong) {
		report_error("command \"%s\" takes no option --%s", options->command,
					 options->given_name[__builtin_ctz(wrong)]);
		report_hint("Try \"" PROGRAM " %s --help\".", options->command);
		return false;
	}
	if (options->count > most_arguments) {
		report_error("command \"%s\" takes no argument \"%.*s\"", options->command,
					 options_printable(options->arguments[most_arguments]), options->arguments[most_arguments]);
		report_hint("Try \"" PROGRAM " %s --help\".", options->command);
		return false;
	}
	return true;
}

void
options_help(FILE *stream, unsigned groups, const char *yes)
{
	fputs("\nOptions:\n", stream);
	for (int i = 0; i < OPTION_COUNT; i++) {
		bool		trusted = table[i].value == ROLE && !(groups & OPTIONS_WRITE);
		const char *help = trusted ? "also trust objects that this role owns" : table[i].value == YES ? yes
		: table[i].help;
		char		name[40];

		if (!(table[i].group & groups))
			continue;
		snprintf(name, sizeof(name), "--%s%s", table[i].name, table[i].argument);
		if (table[i].value < 256)
			fprintf(stream, "  -%c, %-22s %s\n", table[i].value, name, help);
		else
			fprintf(stream, strlen(name) > 22 ? "      %s\n                             %s\n" : "      %-22s %s\n", name, help);
	}
}

long
options_milliseconds(const char *text)
{
	char	   *unit;
	double		number = strtod(text, &unit);
	double		factor = 1000;

	if (unit == text || !(number >= 0))
		return -1;
	if (strcmp(unit, "ms") == 0)
		factor = 1;
	else if (strcmp(unit, "min") == 0)
		factor = 60000;
	else if (unit[0] && strcmp(unit, "s") != 0)
		return -1;
	return number * factor < INT_MAX ? (long) (number * factor + 0.5) : -1;
}

bool
options_parse_time(const char *name, const char *text, long unit, int *result)
{
	long		milliseconds = options_milliseconds(text);

	if (milliseconds < 0) {
		report_error("invalid value for --%s: \"%s\"", name, text);
		report_hint("Give a number of seconds, or a number with unit ms, s or min.");
		return false;
	}
	*result = (int) ((milliseconds + unit - 1) / unit);
	return true;
}

bool
options_parse_count(const char *name, const char *text, int *result)
{
	char	   *end;
	long		number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number > 100000) {
		report_error("invalid value for --%s: \"%s\"", name, text);
		return false;
	}
	*result = (int) number;
	return true;
}
