#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/did_you_mean.h"
#include "base/exit_status.h"
#include "base/report.h"
#include "cli/options.h"
#include "history/history.h"

#include "base/banned.h"

/* Every command there is: what runs, and what --help says. */
static const struct command commands[] = {
	{"status", "", "is the database at this build's version?",
	OPTIONS_CONNECT | OPTIONS_STATUS | OPTIONS_JSON, 0, cmd_status, NULL},
	{"upgrade", "[VERSION]", "run the migrations up to VERSION (default: the latest)",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES | OPTIONS_SHADOW | OPTIONS_SQL, 1, cmd_upgrade,
	"lose data without asking"},
	{"downgrade", "VERSION", "run the down migrations to VERSION",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES | OPTIONS_SHADOW, 1, cmd_downgrade,
	"lose data without asking"},
	{"init", "", "create the latest schema in an empty database",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE, 0, cmd_init, NULL},
	{"stamp", "VERSION", "record VERSION without running anything",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES, 1, cmd_stamp,
	"forget versions that this build does not have"},
	{"plan", "[VERSION]", "what an upgrade would do: locks, rewrites, table sizes",
	OPTIONS_CONNECT | OPTIONS_SHADOW | OPTIONS_ROLE | OPTIONS_LINT | OPTIONS_JSON, 1, cmd_plan, NULL},
	{"verify", "", "compare the schema with what its version should have",
	OPTIONS_CONNECT | OPTIONS_SHADOW | OPTIONS_ROLE | OPTIONS_JSON, 0, cmd_verify, NULL},
	{"identify", "", "which version does this schema match best?",
	OPTIONS_CONNECT | OPTIONS_SHADOW | OPTIONS_JSON, 0, cmd_identify, NULL},
	{"list", "", "this build's migrations, and which the database has",
	OPTIONS_CONNECT | OPTIONS_JSON, 0, cmd_list, NULL},
	{"log", "", "what was done to this database, when, by whom", OPTIONS_CONNECT | OPTIONS_JSON, 0, cmd_log, NULL},
	{"diagram", "[VERSION [TO]]", "a picture of the schema, or of a change, for Graphviz",
	OPTIONS_CONNECT | OPTIONS_SHADOW, 2, cmd_diagram, NULL},
	{"show", "VERSION", "the SQL of one migration", OPTIONS_DOWN, 1, cmd_show, NULL},
	{"version", "", "this build", OPTIONS_JSON | OPTIONS_VERSION, 0, cmd_version, NULL},
	{"help", "[COMMAND]", "the options of one command", 0, 1, cmd_help, NULL},
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0])
};

static void
help(void)
{
	printf(PROGRAM " %s brings a PostgreSQL database to a version of its schema.\n\n", history.build);
	printf("Usage:\n  " PROGRAM " [OPTIONS] COMMAND [ARGUMENTS] [URI]\n\nCommands:\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		char		usage[40];

		snprintf(usage, sizeof(usage), "%s %s", commands[i].name, commands[i].arguments);
		printf("  %-22s %s\n", usage, commands[i].help);
	}
	options_help(stdout, OPTIONS_CONNECT | OPTIONS_ALWAYS, NULL);
	printf("\n\"" PROGRAM " help COMMAND\" shows the options of one command.\n"
		   "The database is \"%s\" where none is given;\n"
		   "environment variables PG*, ~/.pgpass and pg_service.conf are read as by psql.\n",
		   history.database);
	printf("\nExit status:\n"
		   "  0  all well, or done\n"
		   "  1  status: migrations are pending; verify: the schema is different;\n"
		   "     plan --lint: a rule is broken\n"
		   "  2  begun and not finished; status: ahead of this build, half-way, or other\n"
		   "     text was applied\n"
		   "  3  nothing was changed: usage, connection, lock not obtained, refused\n");
}

void
commands_help(const struct command *command)
{
	if (!command) {
		help();
		return;
	}
	printf("Usage:\n  " PROGRAM " [OPTIONS] %s%s%s%s\n\n%s: %s\n", command->name, command->arguments[0] ? " " : "",
		   command->arguments, command->options & OPTIONS_CONNECT ? " [URI]" : "", command->name, command->help);
	options_help(stdout, command->options | OPTIONS_ALWAYS, command->yes);
}

const struct command *
commands_find(const char *name)
{
	struct did_you_mean similar = {.word = name,.length = (size_t) options_printable(name)};

	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		did_you_mean_try(&similar, commands[i].name);
	}
	report_error("there is no command \"%.*s\"", options_printable(name), name);
	if (similar.best)
		report_hint("Did you mean \"" PROGRAM " %s\"?", similar.best);
	else
		report_hint("Try \"" PROGRAM " --help\".");
	return NULL;
}

int
cmd_help(const struct options *options)
{
	const struct command *command = options->count > 0 ? commands_find(options->arguments[0]) : NULL;

	if (options->count > 0 && !command)
		return STATUS_UNKNOWN;
	commands_help(command);
	return STATUS_OK;
}
