/*
 * options.h - the command line. One table serves parsing and --help; option names are those of PostgreSQL's clients.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/report.h"
#include "pg/session.h"

/* Groups of options. A command accepts some groups; every command accepts OPTIONS_ALWAYS. */
enum option_group {
	OPTIONS_CONNECT = 1,
	OPTIONS_WRITE = 2,
	OPTIONS_JSON = 4,
	OPTIONS_SQL = 8,
	OPTIONS_SHOW = 16,
	OPTIONS_STATUS = 32,
	OPTIONS_ALWAYS = 64,
	OPTIONS_ROLE = 128,
	OPTIONS_VERSION = 256,
	OPTIONS_YES = 512,
	OPTIONS_SHORT = 1024,
	OPTIONS_DRY_RUN = 2048,
	OPTIONS_SET = 4096,
	OPTIONS_REPAIR = 8192
};

struct options {
	struct session_options session;
	enum report_level level;
	bool		no_color;
	bool		json;
	bool		sql;
	bool		down;
	bool		schema;
	bool		brief;
	bool		latest;
	bool		releases;
	bool		yes;			/* the loss of data, or of records, or the repair is confirmed */
	bool		dry_run;
	bool		repair;
	int			set_count;
	char	  **sets;			/* "TABLE.COLUMN=EXPRESSION"; the array is ours */
	int			wait;			/* in seconds; -1: do not wait */
	int			at_least;		/* the version that the software needs at least; -1: not given */
	const char *at_least_name;	/* as it was given: a number or a release */
	bool		help;
	bool		version;
	unsigned	given;			/* the groups of the options that were given */
	const char *given_name[14];	/* one name for each of these groups, by bit number */
	const char *command;		/* NULL: none was given */
	int			count;			/* of the arguments after it */
	char	  **arguments;
	char	   *database;		/* copy of the argument for target.dbname, if it may contain a password */
};

/*
 * options_parse - parse the command line into *options, which is overwritten and borrows from argv. An argument that
 * may contain a password is copied, and overwritten in argv. Returns false, reported, if the command line is not valid.
 * Call options_clear in any case.
 */
bool		options_parse(struct options *options, int argc, char **argv);

/* options_clear - overwrite and free the copies that options_parse made. */
void		options_clear(struct options *options);

/*
 * options_check - does the command accept the options and the number of arguments that were given? Returns false,
 * reported, if not.
 */
bool		options_check(const struct options *options, unsigned groups, int most_arguments);

/* options_help - print the options of these groups; `yes` is the command's own help text of --yes. */
void		options_help(FILE *stream, unsigned groups, const char *yes);

/*
 * options_printable - the number of characters of an argument that may be printed. It may be a misplaced URI or
 * connection string that contains a password.
 */
int			options_printable(const char *argument);

/* options_milliseconds - convert "90", "1.5s", "500ms" or "5min" to milliseconds. Returns -1 if it is not a time. */
long		options_milliseconds(const char *text);

/*
 * options_version_number - convert a text, a number or the name of a release, to a schema version. Returns -1, reported,
 * if it is neither.
 */
int			options_version_number(const char *text);

/* options_least_version - the same, but for a release the lowest version on which it runs. */
int			options_least_version(const char *text);

/* options_version - the schema version that is the first argument. Returns -1, reported, if there is none. */
int			options_version(const struct options *options);

/* options_version_or_latest - the same, but the latest version of this build if there is no argument. */
int			options_version_or_latest(const struct options *options);

/* options_known_version - as options_version. Also returns -1, reported, if this build does not have the version. */
int			options_known_version(const struct options *options);

/* options_known_number - the same for any text. */
int			options_known_number(const char *text);

/*
 * options_parse_time - convert the value of option `name` to a time in units of `unit` milliseconds, rounded up.
 * Returns false, reported, if it is not a time.
 */
bool		options_parse_time(const char *name, const char *text, long unit, int *result);

/* options_parse_count - convert the value of option `name` to a number. Returns false, reported, if it is not one. */
bool		options_parse_count(const char *name, const char *text, int *result);

#endif
