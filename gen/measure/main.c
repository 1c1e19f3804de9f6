/*
 * measure - the other program of the build: it runs the migrations on a throwaway server, and reads what they do.
 *
 * Exit status: 0 success, 1 a failure, 2 wrong usage.
 */
#include <getopt.h>
#include <stdio.h>

#include "base/report.h"
#include "pg/session.h"
#include "schema/fact.h"
#include "schema/live.h"

#include "base/banned.h"

static const char usage[] =
	"Usage:\n"
	"  measure --facts CONNINFO\n"
	"\n"
	"Print the facts of a database, one in a line.\n"
	"\n"
	"Options:\n"
	"  --facts                 print the facts of the database\n"
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

	for (size_t i = 0; done && i < live.facts.count; i++) {
		const struct fact *fact = &live.facts.facts[i];

		printf("%s %s%s%s\n", fact_kind_word(fact->kind), fact->name, fact->definition[0] ? "\t" : "",
			   fact->definition);
	}
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
		{"facts", no_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	int			option = getopt_long(argc, argv, "", options, NULL);

	report_init(REPORT_NORMAL, false);
	if (option == 'h')
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ? 2 : 0;
	if (option == 'f' && optind + 1 == argc)
		return print_facts(argv[optind]) ? 0 : 1;
	fputs(usage, stderr);
	return 2;
}
