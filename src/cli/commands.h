/*
 * commands.h - the commands, and the table of them that dispatch and --help read.
 *
 * Each command is a function cmd_NAME in a file cmd_NAME.c. It opens its own connection, reports its errors, and
 * returns the exit status of the program (base/exit_status.h). It borrows the options.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "base/exit_status.h"
#include "cli/options.h"

int			cmd_status(const struct options *options);
int			cmd_upgrade(const struct options *options);
int			cmd_downgrade(const struct options *options);
int			cmd_init(const struct options *options);
int			cmd_stamp(const struct options *options);
int			cmd_plan(const struct options *options);
int			cmd_repair(const struct options *options);
int			cmd_verify(const struct options *options);
int			cmd_identify(const struct options *options);
int			cmd_list(const struct options *options);
int			cmd_log(const struct options *options);
int			cmd_diagram(const struct options *options);
int			cmd_show(const struct options *options);
int			cmd_version(const struct options *options);
int			cmd_help(const struct options *options);

struct command {
	const char *name;
	const char *arguments;
	const char *help;
	unsigned	options;		/* the option groups that it accepts */
	int			most_arguments;	/* it accepts at most so many */
	int			(*run) (const struct options *options);
	const char *yes;			/* the help text of --yes; NULL if it does not accept --yes */
};

/* commands_find - find a command by name. Returns NULL if there is none: reported, with a similar name as the hint. */
const struct command *commands_find(const char *name);

/* commands_help - print the usage and the options of a command; if it is NULL, those of the program. */
void		commands_help(const struct command *command);

#endif
