/* The effects of a statement as text. */
#include "measure/effect_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "schema/fact.h"

#include "base/banned.h"

static void
add(char **text, const char *label, const char *value)
{
	mem_append(text, **text ? "\t" : "", label);
	if (value)
		mem_append(text, ": ", value);
}

static void
add_flag(char **text, const char *label, bool flag)
{
	if (flag)
		add(text, label, NULL);
}

static const char *
constraint_label(char type)
{
	switch (type) {
		case 'c': return "check";
		case 'f': return "foreign key";
		case 'p': return "primary key";
		case 'u': return "unique";
		default: return "exclusion";
	}
}

static void
add_constraint(char **text, const struct effects_change *change)
{
	add(text, constraint_label(change->type), change->name);
	add_flag(text, "validated", change->validated);
	add_flag(text, "using index", change->using_index);
	add_flag(text, "unindexed", change->unindexed);
}

static void
add_change(char **text, const struct effects_change *change)
{
	switch (change->kind) {
		case EFFECTS_INDEX:
			add(text, "index", effects_shown(change->name));
			break;
		case EFFECTS_CONSTRAINT:
			add_constraint(text, change);
			break;
		case EFFECTS_NOT_NULL:
			add(text, "not null", change->name);
			add_flag(text, "checked", change->checked);
			break;
		case EFFECTS_TABLE_DROPPED:
			add(text, "dropped", NULL);
			break;
		case EFFECTS_TABLE_RENAMED:
			add(text, "renamed", effects_shown(change->name));
			add(text, "to", effects_shown(change->new_name));
			break;
		case EFFECTS_COLUMN_DROPPED:
			add(text, "column dropped", change->name);
			break;
		case EFFECTS_COLUMN_RENAMED:
			add(text, "column renamed", change->name);
			add(text, "to", change->new_name);
			break;
		case EFFECTS_REQUIRED:
			add(text, "required", change->name);
			break;
		case EFFECTS_INDEX_DROPPED:
			add(text, "index dropped", effects_shown(change->name));
			break;
		case EFFECTS_DISABLED:
			add(text, "disabled", change->name);
			break;
		case EFFECTS_BLOCKED:
			add(text, "blocked", change->name);
			break;
		default:
			break;
	}
}

char *
effect_text_table(const struct effects_table *table)
{
	char	   *text = mem_string("");

	if (table->origin && strcmp(table->origin, table->name) != 0)
		add(&text, "was", effects_shown(table->origin));
	if (table->lock != MODE_NONE)
		add(&text, "lock", lock_mode_name(table->lock));
	add_flag(&text, "scanned", table->scanned);
	add_flag(&text, "rewritten", table->rewritten);
	add_flag(&text, "truncated", table->truncated);
	add_flag(&text, "inserted", table->inserted);
	add_flag(&text, "updated", table->updated);
	add_flag(&text, "deleted", table->deleted);
	add_flag(&text, "by key", table->by_key);
	for (size_t i = 0; i < table->change_count; i++)
		add_change(&text, &table->changes[i]);
	return text;
}

char *
effect_text_statement(const struct effects_statement *statement)
{
	struct arena arena = {0};
	char	   *text = mem_string("");

	add_flag(&text, "apart", statement->apart);
	add_flag(&text, "unmeasured", statement->unmeasured);
	add_flag(&text, "loops", statement->loops);
	add_flag(&text, "replica", statement->replica);
	if (statement->cut)
		add(&text, "cut", fact_escape(&arena, statement->cut));
	for (size_t i = 0; i < statement->setting_count; i++)
		add(&text, "setting", statement->settings[i]);
	for (size_t i = 0; i < statement->loss_count; i++)
		add(&text, statement->losses[i].along ? "taken along" : "lost", statement->losses[i].object);
	arena_clear(&arena);
	return text;
}
