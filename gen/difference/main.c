/*
 * difference - the program of the build that writes new migrations: from the latest schema of this build to that of a
 * live database.
 *
 * Exit status: 0 success, 1 a failure, or there is no difference, 2 wrong usage.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/report.h"
#include "difference/files.h"
#include "difference/side.h"
#include "difference/moves.h"
#include "history/history.h"
#include "pg/session.h"
#include "schema/built_facts.h"
#include "schema/fact_history.h"
#include "schema/live.h"

#include "base/banned.h"

static const char usage[] =
	"Usage: difference [OPTION ...] CONNINFO FOLDER\n"
	"\n"
	"Write new migrations to FOLDER: from this build's latest schema to that of the database, which is only read.\n"
	"\n"
	"Options:\n"
	"  --base=VERSION          start from this version instead of the latest; the files get the\n"
	"                          numbers after it\n"
	"  --name=NAME             the name of the migrations; otherwise they are named after what they do\n"
	"  --renamed               do not ask whether an object was renamed: rename it\n"
	"  --not-renamed           do not ask whether an object was renamed: drop it and create the other one\n"
	"  --help                  show this help\n"
	"\n"
	"Exit status: 0 success, 1 a failure, or there is no difference, 2 wrong usage.\n";

struct arguments {
	const char *conninfo;
	struct files_options files;
	enum move_renamed renamed;
	bool		help;
};

/* A version of this build; -1: it has none of this number. */
static int
version_of(const char *text)
{
	char	   *end;
	long		number = strtol(text, &end, 10);

	return *text && !*end && number >= 0 && number <= history.latest ? (int) number : -1;
}

static bool
is_name(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0' && *name >= 'a' && *name <= 'z';
}

static bool
read_arguments(struct arguments *arguments, int argc, char **argv)
{
	static const struct option options[] = {
		{"base", required_argument, NULL, 'b'},
		{"name", required_argument, NULL, 'n'},
		{"renamed", no_argument, NULL, 'y'},
		{"not-renamed", no_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	int			option;

	*arguments = (struct arguments) {.files.latest = history.latest};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
			case 'b': arguments->files.latest = version_of(optarg); break;
			case 'n': arguments->files.name = optarg; break;
			case 'y': arguments->renamed = MOVE_RENAMED; break;
			case 'r': arguments->renamed = MOVE_NOT_RENAMED; break;
			case 'h': arguments->help = true; return true;
			default: return false;
		}
	if (arguments->files.latest < 0) {
		report_error("this build has the versions 0 to %d", history.latest);
		return false;
	}
	if (arguments->files.name && !is_name(arguments->files.name)) {
		report_error("invalid name: use lower-case letters, digits and underscores, and begin with a letter");
		return false;
	}
	if (optind + 2 != argc)
		return false;
	arguments->conninfo = argv[optind];
	arguments->files.folder = argv[optind + 1];
	return true;
}

static bool
write_moves(struct sides *sides, const struct arguments *arguments)
{
	struct moves moves = {0};
	bool		done;

	moves_find(&moves, sides, arguments->renamed);
	done = moves.count > 0 && files_write(&moves, sides, &arguments->files);
	for (size_t i = 0; i < sides->note_count; i++)
		report_warning("not written: %s", sides->notes[i]);
	if (moves.count == 0)
		report_error("the database has the schema of version %d%s", arguments->files.latest, sides->note_count > 0
					 ? ", except for what is listed above" : ": there is nothing to write");
	moves_clear(&moves);
	return done;
}

static bool
run(const struct arguments *arguments)
{
	const struct session_options options = {.target = {.dbname = arguments->conninfo},.lock_timeout = 2000};
	struct session session = {0};
	struct live live = {0};
	struct fact_history facts;
	struct sides sides = {0};
	bool		done = built_facts_load(&facts) && session_open_or_report(&session, &options)
		&& live_read(&live, &session);

	if (done)
		sides_make(&sides, &live, &facts, arguments->files.latest);
	done = done && sides_read_texts(&sides, &session) && write_moves(&sides, arguments);
	sides_clear(&sides);
	live_clear(&live);
	fact_history_clear(&facts);
	session_close(&session);
	return done;
}

int
main(int argc, char **argv)
{
	struct arguments arguments;

	report_init(REPORT_NORMAL, false);
	if (!read_arguments(&arguments, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	if (arguments.help)
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ? 2 : 0;
	return run(&arguments) && fflush(stdout) == 0 ? 0 : 1;
}
