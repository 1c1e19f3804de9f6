/* The table of commands, and "help". */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/did_you_mean.h"
#include "base/exit_status.h"
#include "base/report.h"
#include "cli/options.h"
#include "history/history.h"

#include "base/banned.h"

static const struct command commands[] = {
	{"status", "", "check whether the database is at this build's version",
	OPTIONS_CONNECT | OPTIONS_STATUS | OPTIONS_SHORT | OPTIONS_JSON, 0, cmd_status, NULL},
	{"upgrade", "[VERSION]", "run the migrations up to VERSION (default: the latest)",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES | OPTIONS_SQL | OPTIONS_REPAIR | OPTIONS_SET,
	1, cmd_upgrade,
	"allow data loss without asking"},
	{"downgrade", "VERSION", "run the down migrations to VERSION",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES, 1, cmd_downgrade,
	"allow data loss without asking"},
	{"init", "", "create the latest schema in an empty database",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE, 0, cmd_init, NULL},
	{"stamp", "VERSION", "record VERSION without running migrations",
	OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES, 1, cmd_stamp,
	"delete records of versions not in this build"},
	{"plan", "[VERSION]", "show the effects of an upgrade and predict its outcome",
	OPTIONS_CONNECT | OPTIONS_ROLE | OPTIONS_JSON, 1, cmd_plan, NULL},
	{"verify", "[VERSION]", "compare the schema with the recorded version or VERSION",
	OPTIONS_CONNECT | OPTIONS_ROLE | OPTIONS_SHORT | OPTIONS_JSON, 1, cmd_verify, NULL},
	{"repair", "", "add missing objects, and change different ones",
		OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_ROLE | OPTIONS_YES | OPTIONS_SQL | OPTIONS_JSON | OPTIONS_DRY_RUN
	| OPTIONS_SET, 0, cmd_repair, "repair without asking"},
	{"identify", "", "find the version that the schema matches best",
	OPTIONS_CONNECT | OPTIONS_JSON, 0, cmd_identify, NULL},
	{"list", "", "list this build's migrations and their state",
	OPTIONS_CONNECT | OPTIONS_JSON, 0, cmd_list, NULL},
	{"log", "", "list the changes made to the database", OPTIONS_CONNECT | OPTIONS_JSON, 0, cmd_log, NULL},
	{"diagram", "[VERSION [TO]]", "print the schema, or its changes, as a Graphviz diagram",
	0, 2, cmd_diagram, NULL},
	{"show", "VERSION", "print the SQL or the schema changes of a migration", OPTIONS_SHOW, 1, cmd_show, NULL},
	{"version", "", "print the version of this build", OPTIONS_JSON | OPTIONS_VERSION, 0, cmd_version, NULL},
	{"help", "[COMMAND]", "print the options of a command", 0, 1, cmd_help, NULL},
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0])
};

static void
help(void)
{
	printf(PROGRAM " %s migrates a PostgreSQL database schema.\n\n", history.build);
	printf("Usage:\n  " PROGRAM " [OPTIONS] COMMAND [ARGUMENTS] [URI]\n\nCommands:\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		char		usage[40];

		snprintf(usage, sizeof(usage), "%s %s", commands[i].name, commands[i].arguments);
		printf("  %-22s %s\n", usage, commands[i].help);
	}
	options_help(stdout, OPTIONS_CONNECT | OPTIONS_ALWAYS, NULL);
	if (history.release_count > 0)
		printf("\nVERSION is a number, or a release of the software such as %s.",
			   history.releases[history.release_count - 1].name);
	printf("\n\"" PROGRAM " help COMMAND\" shows the options of one command.\n"
		   "The default database is \"%s\". Environment variables PG*, ~/.pgpass and\n"
		   "pg_service.conf work as with psql.\n",
		   history.database);
	printf("\nExit status:\n"
		   "  0  success; status: the database is current\n"
		   "  1  status: migrations are pending; verify: the schema is different;\n"
		   "     plan: the upgrade would be refused, fail or end incomplete;\n"
		   "     upgrade: done, but objects are missing or different;\n"
		   "     repair: some differences remain\n"
		   "  2  begun and not finished, or stopped by a signal; status: ahead of this\n"
		   "     build, incomplete migration, or checksum mismatch\n"
		   "  3  nothing was changed: usage error, no connection, no lock, or refused;\n"
		   "     status: unknown\n");
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
	report_error("unknown command \"%.*s\"", options_printable(name), name);
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
