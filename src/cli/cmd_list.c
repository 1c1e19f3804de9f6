/* list: the migrations of this build and of the record, with their state. */
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/table.h"
#include "cli/commands.h"
#include "history/history.h"
#include "history/release.h"
#include "record/database.h"
#include "record/record.h"

#include "base/banned.h"

/* The last one is left out if this build knows no releases. */
static const struct table_column columns[] = {
	{.title = "version",.align_right = true}, {.title = "name",.can_truncate = true}, {.title = "state"},
	{.title = "applied at",.can_hide = true}, {.title = "release",.can_hide = true},
};

/* The words for people, and those of --json, which are documented and stay. */
static const struct state {
	const char *text;
	const char *json;
	enum table_emphasis emphasis;
}			incomplete = {"incomplete", "half-way", TABLE_ALERT}, pending = {"pending", "pending", TABLE_NOTICE},
			unknown = {"not in this build", "not in this build", TABLE_ALERT},
			mismatch = {"checksum mismatch", "differs", TABLE_ALERT}, applied = {"applied", "applied", TABLE_PLAIN};

static const struct state *
state_of(const struct record *record, int version)
{
	const struct record_migration *row = record_find(record, version);

	if (record->incomplete.there && record->incomplete.version == version)
		return &incomplete;
	if (!record->versioned || version > record->version)
		return &pending;
	if (version > history.latest)
		return &unknown;
	if (row && strcmp(row->checksum, history_migration(version)->source.checksum) != 0)
		return &mismatch;
	return &applied;
}

/* Append an object to `array`, or a row to `table` if `array` is NULL. */
static void
add(struct table *table, const struct record *record, int version, json_t *array)
{
	const struct record_migration *row = record_find(record, version);
	const char *name = version <= history.latest ? history_migration(version)->name : row ? row->name : "";
	const char *applied_at = row && version <= record->version ? row->applied_at : NULL;
	const struct state *state = state_of(record, version);
	char	   *number = mem_format("%d", version);
	char	   *releases = release_names(&history, version, ", ");

	if (array)
		json_output_append(array, json_pack("{s:i, s:o, s:s, s:o, s:o}", "version", version, "name",
											json_output_text(name), "state", state->json, "applied_at",
											json_output_text(applied_at), "releases", release_json(&history, version)));
	else
		table_add(table, state->emphasis, (const char *[]) {number, name, state->text, applied_at, releases});
	mem_free(releases);
	mem_free(number);
}

int
cmd_list(const struct options *options)
{
	struct database database;
	const struct record *record = &database.record;
	struct table table;
	json_t	   *array = options->json ? json_output_array() : NULL;
	int			status = database_read(&database, &options->session);

	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]) - (history.release_count == 0));
	if (status == STATUS_OK && !record_load(&database.session, &database.record))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !database_versioned(&database))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	for (int v = 0; v <= history.latest; v++)
		add(&table, record, v, array);
	for (size_t i = 0; i < record->count; i++)
		if (record->migrations[i].version > history.latest && record->migrations[i].version <= record->version)
			add(&table, record, record->migrations[i].version, array);
	if (options->json)
		json_output_print(json_incref(array));
	else
		table_print(&table, stdout, report_result_width(), report_result_color());
done:
	json_decref(array);
	table_clear(&table);
	database_close(&database);
	return status;
}
