/*
 * options.h - the command line: PostgreSQL's names for what its clients have too, one table for parsing and for --help.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/report.h"
#include "pg/session.h"

/* Which options a command takes, besides those that all take. */
enum option_group {
	OPTIONS_CONNECT = 1,
	OPTIONS_WRITE = 2,
	OPTIONS_JSON = 4,
	OPTIONS_SQL = 8,
	OPTIONS_DOWN = 16,
	OPTIONS_STATUS = 32,
	OPTIONS_ALWAYS = 64,
	OPTIONS_SHADOW = 128,
	OPTIONS_LINT = 256,
	OPTIONS_ROLE = 512,
	OPTIONS_VERSION = 1024,
	OPTIONS_YES = 2048
};

struct options {
	struct session_options session;
	enum report_level level;
	bool		no_color;
	bool		json;
	bool		sql;
	bool		down;
	bool		brief;
	bool		lint;
	bool		latest;
	bool		yes;			/* data may be destroyed */
	int			wait;			/* seconds; -1: not */
	const char *shadow;			/* where to make scratch databases; NULL: where the database is */
	bool		help;
	bool		version;
	unsigned	given;			/* the groups of the options that were given */
	const char *given_name[12];	/* and one name for each group, by bit number */
	const char *command;		/* NULL: none */
	int			count;			/* the arguments behind it */
	char	  **arguments;
	char	   *database;		/* a copy of the argument that target.dbname is, where there may be a password in it */
	char	   *shadow_copy;	/* and of the one that shadow is */
};

/*
 * options_parse - read the command line; what may hold a password is overwritten there. False, and reported, when it
 * cannot be understood. options_clear in any case.
 */
bool		options_parse(struct options *options, int argc, char **argv);

void		options_clear(struct options *options);

/* options_check - does the command take what was given? False, and reported, when not. */
bool		options_check(const struct options *options, unsigned groups, int most_arguments);

/* options_help - print the options of these groups; `yes` is the help of --yes, which each command has its own for. */
void		options_help(FILE *stream, unsigned groups, const char *yes);

/*
 * options_printable - how many of an argument's characters may be printed: it may be a URI or a conninfo string in the
 * wrong place, with a password in it.
 */
int			options_printable(const char *argument);

/* options_milliseconds - "90", "1.5s", "500ms", "5min" in milliseconds; -1 where it is none of that. */
long		options_milliseconds(const char *text);

/* options_version_number - a schema version; -1, and reported, where it is none. */
int			options_version_number(const char *text);

/* options_version - the schema version that is the first argument. Returns -1, reported, if there is none. */
int			options_version(const struct options *options);

/* options_version_or_latest - the same, but the latest version of this build if there is no argument. */
int			options_version_or_latest(const struct options *options);

/* options_known_version - as options_version. Also returns -1, reported, if this build does not have the version. */
int			options_known_version(const struct options *options);

/* options_known_number - the same for any text. */
int			options_known_number(const char *text);

/*
 * options_parse_time - a time in units of so many milliseconds, rounded up; options_parse_count - a number. False, and
 * reported as option `name`'s, when it is none.
 */
bool		options_parse_time(const char *name, const char *text, long unit, int *result);
bool		options_parse_count(const char *name, const char *text, int *result);

#endif
