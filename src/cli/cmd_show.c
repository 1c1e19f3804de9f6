/* show: the SQL of a migration of this build. */
#include <stdio.h>

#include "base/exit_status.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"

#include "base/banned.h"

int
cmd_show(const struct options *options)
{
	const struct history_migration *migration;
	const struct history_section *section;
	int			version = options_known_version(options);

	if (version < 0)
		return STATUS_UNKNOWN;
	migration = history_migration(version);
	section = options->down ? &migration->down : &migration->up;
	printf("-- %s, %s%s\n", migration->source.file, options->down ? "down" : "up",
		   section->transactional ? "" : ", non-transactional");
	fwrite(migration->source.text + section->offset, 1, section->length, stdout);
	return STATUS_OK;
}
