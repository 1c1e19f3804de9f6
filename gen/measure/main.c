/*
 * measure - the other program of the build: it runs the migrations on a throwaway server, and reads what they do.
 *
 * Exit status: 0 success, 1 a failure, 2 wrong usage.
 */
#include <getopt.h>
#include <stdio.h>

#include "base/report.h"
#include "measure/schema.h"
#include "pg/session.h"
#include "schema/fact.h"
#include "schema/live.h"

#include "base/banned.h"

static const char usage[] =
	"Usage:\n"
	"  measure [--all] SCHEMA\n"
	"  measure --check SCHEMA\n"
	"  measure --facts CONNINFO\n"
	"\n"
	"Run the migrations in an empty database of a throwaway server, which the environment names, and\n"
	"bring the file SCHEMA up to date; or compare it; or print the facts of a database.\n"
	"\n"
	"Options:\n"
	"  --all                   measure all versions, also those that have not changed\n"
	"  --check                 compare the file with what the server does, and write nothing\n"
	"  --facts                 print the facts of the database, one in a line\n"
	"  --help                  show this help\n"
	"\n"
	"Exit status: 0 success, 1 a failure, 2 wrong usage.\n";

static bool
print_facts(const char *conninfo)
{
	const struct session_options options = {.target = {.dbname = conninfo},.lock_timeout = 2000};
	struct session session = {0};
	struct live live = {0};
	bool		done = session_open_or_report(&session, &options) && live_read(&live, &session);

	for (size_t i = 0; done && i < live.facts.count; i++)
		fact_write(stdout, &live.facts.facts[i]);
	for (size_t i = 0; i < live.uncompared_count; i++)
		printf("-- not compared: %s\n", live.uncompared[i]);
	for (size_t i = 0; i < live.note_count; i++)
		printf("-- note: %s\n", live.notes[i]);
	live_clear(&live);
	session_close(&session);
	return done && fflush(stdout) == 0;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"all", no_argument, NULL, 'a'},
		{"check", no_argument, NULL, 'c'},
		{"facts", no_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	int			option = getopt_long(argc, argv, "", options, NULL);
	const char *argument;

	report_init(REPORT_QUIET, false);
	argument = optind + 1 == argc ? argv[optind] : NULL;
	if (option == 'h')
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ? 2 : 0;
	if (!argument) {
		fputs(usage, stderr);
		return 2;
	}
	switch (option) {
		case 'f': return print_facts(argument) ? 0 : 1;
		case 'c': return schema_check(argument) ? 0 : 1;
		case 'a':
		case -1: return schema_update(argument, option == 'a') ? 0 : 1;
		default: break;
	}
	fputs(usage, stderr);
	return 2;
}
