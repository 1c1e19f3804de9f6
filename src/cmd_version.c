/* version: which build this is. */
#include <stdio.h>

#include "commands.h"
#include "history.h"
#include "output.h"

#include "banned.h"

int
cmd_version(const struct options *options)
{
	const char *name = history.migrations[history.latest].name;
	const char *chain = history.chain[history.latest];

	if (options->latest)
		printf("%d\n", history.latest);
	else if (options->json)
		output_json(json_pack("{s:s, s:i, s:s, s:s}", "version", history.build, "latest", history.latest, "name", name,
							  "history", chain));
	else {
		printf(PROGRAM " %s\n", history.build);
		printf("latest schema version: %d (%s)\n", history.latest, name);
		printf("SHA-256 of the history: %s\n", chain);
	}
	return STATUS_OK;
}
