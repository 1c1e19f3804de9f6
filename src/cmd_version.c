/* version: which build this is. */
#include <stdio.h>

#include "commands.h"
#include "history.h"
#include "libraries.h"
#include "output.h"

#include "banned.h"

static json_t *
libraries_json(void)
{
	json_t	   *array = output_array();

	for (const struct library *library = libraries; library->name; library++)
		output_append(array, json_pack("{s:s, s:s}", "name", library->name, "version", library->version));
	return array;
}

int
cmd_version(const struct options *options)
{
	const char *name = history_migration(history.latest)->name;
	const char *chain = history_chain(history.latest);

	if (options->latest)
		printf("%d\n", history.latest);
	else if (options->json)
		output_json(json_pack("{s:s, s:i, s:s, s:s, s:o}", "version", history.build, "latest", history.latest, "name",
							  name, "history", chain, "libraries", libraries_json()));
	else {
		printf(PROGRAM " %s\n", history.build);
		printf("latest schema version: %d (%s)\n", history.latest, name);
		printf("SHA-256 of the history: %s\n", chain);
	}
	return STATUS_OK;
}
