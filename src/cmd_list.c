/* list: the migrations of this build, and which of them the database has. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "history.h"
#include "output.h"
#include "work.h"

#include "banned.h"

static const char *
state_of(const struct state *state, int version)
{
	const struct state_migration *row = state_find(state, version);

	if (state->partial.there && state->partial.version == version)
		return "half-way";
	if (!state->versioned || version > state->version)
		return "pending";
	if (version > history.latest)
		return "not in this build";
	if (row && strcmp(row->checksum, history.migrations[version].source.checksum) != 0)
		return "differs";
	return "applied";
}

/* One line, or one object added to `array` where there is one. */
static void
print(const struct state *state, int version, json_t *array)
{
	const struct state_migration *row = state_find(state, version);
	const char *name = version <= history.latest ? history.migrations[version].name : row ? row->name : "";
	const char *applied_at = row && version <= state->version ? row->applied_at : NULL;

	if (array)
		output_append(array, json_pack("{s:i, s:o, s:s, s:o}", "version", version, "name", output_text(name), "state",
									   state_of(state, version), "applied_at", output_text(applied_at)));
	else
		printf("%7d  %-44s  %*s%s%s\n", version, name, applied_at ? -9 : 0, state_of(state, version),
			   applied_at ? "  " : "", applied_at ? applied_at : "");
}

int
cmd_list(const struct options *options)
{
	struct work work;
	const struct state *state = &work.state;
	json_t	   *array = NULL;
	int			status = work_read(&work, options);

	if (status == STATUS_OK && !state_load(&work.session, &work.state))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	if (options->json)
		array = output_array();
	else
		printf("%7s  %-44s  %-9s  %s\n", "version", "name", "state", "applied at");
	for (int v = 0; v <= history.latest; v++)
		print(state, v, array);
	for (size_t i = 0; i < state->count; i++)
		if (state->migrations[i].version > history.latest && state->migrations[i].version <= state->version)
			print(state, state->migrations[i].version, array);
	if (array)
		output_json(array);
done:
	work_end(&work);
	return status;
}
