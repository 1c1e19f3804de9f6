/* list: the migrations of this build, and which of them the database has. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "history.h"
#include "mem.h"
#include "output.h"
#include "table.h"
#include "work.h"

#include "banned.h"

static const struct table_column columns[] = {
	{.title = "version",.to_the_right = true}, {.title = "name",.may_be_cut = true}, {.title = "state"},
	{.title = "applied at",.may_be_left_out = true},
};

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
	if (row && strcmp(row->checksum, history_migration(version)->source.checksum) != 0)
		return "differs";
	return "applied";
}

static enum table_mood
mood_of(const char *state)
{
	return strcmp(state, "applied") == 0 ? TABLE_PLAIN : strcmp(state, "pending") == 0 ? TABLE_WAITS : TABLE_WRONG;
}

/* Another row, or an object of `array` where there is one. */
static void
add(struct table *table, const struct state *state, int version, json_t *array)
{
	const struct state_migration *row = state_find(state, version);
	const char *name = version <= history.latest ? history_migration(version)->name : row ? row->name : "";
	const char *applied_at = row && version <= state->version ? row->applied_at : NULL;
	const char *word = state_of(state, version);
	char	   *number = mem_format("%d", version);

	if (array)
		output_append(array, json_pack("{s:i, s:o, s:s, s:o}", "version", version, "name", output_text(name), "state",
									   word, "applied_at", output_text(applied_at)));
	else
		table_add(table, mood_of(word), (const char *[]) {number, name, word, applied_at});
	mem_free(number);
}

int
cmd_list(const struct options *options)
{
	struct work work;
	const struct state *state = &work.state;
	struct table table;
	json_t	   *array = options->json ? output_array() : NULL;
	int			status = work_read(&work, options);

	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	if (status == STATUS_OK && !state_load(&work.session, &work.state))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	for (int v = 0; v <= history.latest; v++)
		add(&table, state, v, array);
	for (size_t i = 0; i < state->count; i++)
		if (state->migrations[i].version > history.latest && state->migrations[i].version <= state->version)
			add(&table, state, state->migrations[i].version, array);
	if (options->json)
		output_json(json_incref(array));
	else
		table_print(&table, stdout, report_result_width(), report_result_color());
done:
	json_decref(array);
	table_clear(&table);
	work_end(&work);
	return status;
}
