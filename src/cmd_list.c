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

int
cmd_list(const struct options *options)
{
	struct work work;
	json_t	   *array = options->json ? json_array() : NULL;
	int			status = work_read(&work, options);
	int			last = work.state.version > history.latest ? work.state.version : history.latest;

	if (status == STATUS_OK && !state_load(&work.session, &work.state))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	if (!options->json)
		printf("%7s  %-44s  %-9s  %s\n", "version", "name", "state", "applied at");
	for (int v = 0; v <= last; v++) {
		const struct state_migration *row = state_find(&work.state, v);
		const char *name = v <= history.latest ? history.migrations[v].name : row ? row->name : "";
		const char *applied_at = row && v <= work.state.version ? row->applied_at : NULL;

		if (options->json)
			json_array_append_new(array, json_pack("{s:i, s:s, s:s, s:o}", "version", v, "name", name, "state",
												   state_of(&work.state, v), "applied_at", output_text(applied_at)));
		else
			printf("%7d  %-44s  %-9s%s%s\n", v, name, state_of(&work.state, v), applied_at ? "  " : "",
				   applied_at ? applied_at : "");
	}
	if (options->json)
		output_json(json_incref(array));
done:
	json_decref(array);
	work_end(&work);
	return status;
}
