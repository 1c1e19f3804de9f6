/* version: the version of this build, and the checksum of its history. */
#include <stdio.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/report.h"
#include "cli/commands.h"
#include "history/history.h"
#include "history/libraries.h"

#include "base/banned.h"

static json_t *
libraries_json(void)
{
	json_t	   *array = json_output_array();

	for (const struct library *library = libraries; library->name; library++)
		json_output_append(array, json_pack("{s:s, s:s}", "name", library->name, "version", library->version));
	return array;
}

static json_t *
releases_json(void)
{
	json_t	   *array = json_output_array();

	for (size_t i = 0; i < history.release_count; i++) {
		const struct history_release *release = &history.releases[i];

		json_output_append(array, json_pack("{s:s, s:i, s:i, s:i}", "name", release->name, "version", release->version,
											"first", release->first, "last", release->last));
	}
	return array;
}

/* The name and the version of each, as fields for scripts. */
static void
print_releases(void)
{
	for (size_t i = 0; i < history.release_count; i++)
		printf("%s %d\n", history.releases[i].name, history.releases[i].version);
}

int
cmd_version(const struct options *options)
{
	const char *name = history_migration(history.latest)->name;
	const char *history_sum = history_checksum(history.latest);

	if (options->latest)
		printf("%d\n", history.latest);
	else if (options->json)
		json_output_print(json_pack("{s:s, s:i, s:s, s:s, s:o, s:o}", "version", history.build, "latest", history.latest,
									"name", name, "history", history_sum, "releases", releases_json(), "libraries",
									libraries_json()));
	else if (options->releases)
		print_releases();
	else {
		printf(PROGRAM " %s\n", history.build);
		printf("latest schema version: %d (%s)\n", history.latest, name);
		printf("SHA-256 of the history: %s\n", history_sum);
	}
	return STATUS_OK;
}
