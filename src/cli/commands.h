/*
 * commands.h - the commands, one file each, and the one table of them that dispatch and --help read. A command has its
 * connection opened by itself, reports what goes wrong, and returns the program's exit status.
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
	unsigned	options;		/* the groups it takes */
	int			most_arguments;
	int			(*run) (const struct options *options);
	const char *yes;			/* the help of --yes, where it takes that */
};

/* commands_find - the command of that name. NULL, and reported with what may have been meant, where there is none. */
const struct command *commands_find(const char *name);

/* commands_help - print what a command is for and what it takes; NULL: which commands there are. */
void		commands_help(const struct command *command);

#endif
