/*
 * commands.h - the commands, one file each. A command has its connection opened by itself, reports what goes wrong, and
 * returns the program's exit status.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

enum exit_status {
	STATUS_OK = 0,
	STATUS_BEHIND = 1,			/* status: migrations are pending */
	STATUS_DIFFERENT = 1,		/* verify: the schema is another */
	STATUS_FAILED = 2,			/* status: ahead, half-way, or applied text differs */
	STATUS_UNKNOWN = 3			/* could not tell, or not begin */
};

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

#endif
