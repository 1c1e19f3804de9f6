/* The main program: standard streams, command line, dispatch, exit status. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"

#include "base/banned.h"

static int
run(const struct options *options)
{
	const struct command *command;

	if (options->version)
		return cmd_version(options);
	if (!options->command) {
		if (options->help) {
			commands_help(NULL);
			return STATUS_OK;
		}
		report_error("no command was given");
		report_hint("Try \"" PROGRAM " --help\".");
		return STATUS_UNKNOWN;
	}
	command = commands_find(options->command);
	if (!command)
		return STATUS_UNKNOWN;
	if (options->help) {
		commands_help(command);
		return STATUS_OK;
	}
	if (options->brief && options->json) {
		report_error("--short and --json cannot be combined");
		return STATUS_UNKNOWN;
	}
	return options_check(options, command->options, command->most_arguments) ? command->run(options) : STATUS_UNKNOWN;
}

/* Is it a command that may have changed the database? Then its results are not all that it is run for. */
static bool
writes(const struct options *options)
{
	const struct command *command = NULL;

	if (options->command && !options->help && !options->version && !options->sql)
		command = commands_find(options->command);
	return command && (command->options & OPTIONS_WRITE);
}

/*
 * If a standard stream is closed, the connection to the server could get its number, and messages would go there. In
 * its place, open something that exists in every root and cannot be written, so that a lost result is noticed.
 */
static void
keep_standard_streams(void)
{
	/* A closed pipe is noticed as a failed write. */
	signal(SIGPIPE, SIG_IGN);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		/* cppcheck-suppress leakReturnValNotUsed; it gets the lowest free number, and stays open */
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_RDONLY | O_DIRECTORY) != fd)
			exit(STATUS_UNKNOWN);
}

int
main(int argc, char **argv)
{
	struct options options;
	const char *no_color = getenv("NO_COLOR");
	int			status;

	keep_standard_streams();
	if (!options_parse(&options, argc, argv)) {
		options_clear(&options);
		(void) report_finish();
		exit(STATUS_UNKNOWN);
	}
	report_init(options.level, !options.no_color && !(no_color && no_color[0]));
	status = run(&options);
	if (!report_finish()) {
		if (!writes(&options))
			status = STATUS_UNKNOWN;
		else if (status == STATUS_OK) {
			report_detail("The command succeeded, but its output could not be written.");
			status = STATUS_FAILED;
		}
	}
	options_clear(&options);
	exit(status);
}
