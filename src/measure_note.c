/* What is noted of a statement that was run. */
#include <string.h>

#include "measure_private.h"
#include "mem.h"

#include "banned.h"

void
measure_note_failure(struct run *run, const struct db_error *error)
{
	run->measurement->failed = true;
	memcpy(run->measurement->sqlstate, error->sqlstate, sizeof(error->sqlstate));
	run->measurement->message = mem_string(error->message);
}

static void
add_setting(struct measured_statement *statement, const char *name)
{
	statement->settings = mem_grow(statement->settings, statement->setting_count + 1, sizeof(*statement->settings));
	statement->settings[statement->setting_count++] = mem_string(name);
}

static bool
has_setting(const struct measured_statement *statement, const char *name)
{
	for (size_t i = 0; i < statement->setting_count; i++)
		if (strcmp(statement->settings[i], name) == 0)
			return true;
	return false;
}

/* The settings that the statement has changed, for as long as there is its transaction or beyond. */
static void
note_settings(struct measured_statement *statement, const struct look *before, const struct look *after)
{
	const struct look *const looks[] = {before, after};

	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < looks[k]->setting_count; i++) {
			const char *name = looks[k]->settings[i].name;

			if (look_setting_differs(before, after, name) && !has_setting(statement, name))
				add_setting(statement, name);
		}
}

void
measure_keep_settings(struct measured_statement *statement, const struct look *begin, const struct look *end)
{
	size_t		kept = 0;

	for (size_t i = 0; i < statement->setting_count; i++)
		if (look_setting_differs(begin, end, statement->settings[i]))
			statement->settings[kept++] = statement->settings[i];
		else
			mem_free(statement->settings[i]);
	statement->setting_count = kept;
}

void
measure_compare(struct run *run, size_t number, struct look *after)
{
	struct measured_statement *statement = &run->measurement->statements[number];

	look_compare(statement, &run->start, &run->before, after);
	/* What counts scans does so within a transaction only. */
	for (size_t i = 0; statement->apart && i < statement->table_count; i++)
		for (size_t k = 0; k < statement->tables[i].change_count; k++)
			if (statement->tables[i].changes[k].kind == CHANGE_INDEX)
				statement->tables[i].scanned = true;
	note_settings(statement, &run->before, after);
	for (size_t i = 0; i < statement->table_count; i++) {
		const struct look_relation *origin = look_relation(&run->measure->origin, statement->tables[i].oid);

		statement->tables[i].origin = origin ? mem_string(origin->name) : NULL;
	}
	look_clear(&run->before);
	run->before = *after;
	*after = (struct look) {0};
}

void
measure_hear(void *argument, const char *sqlstate, const char *message)
{
	struct measured_statement *statement = argument;

	/* name_too_long */
	if (strcmp(sqlstate, "42622") == 0 && !statement->cut)
		statement->cut = mem_string(message);
}
