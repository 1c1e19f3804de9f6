/* The effects of a migration's statements: small questions on them, and clean-up. */
#include "plan/effects.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "schema/fact.h"

#include "base/banned.h"

bool
effects_table_works(const struct effects_table *table)
{
	return table->rewritten || (!table->by_key && (table->scanned || table->updated || table->deleted));
}

enum lock_mode
effects_holds(const struct effects_table *table)
{
	return table->lock > table->held ? table->lock : table->held;
}

const char *
effects_shown(const char *name)
{
	return strncmp(name, "public.", 7) == 0 ? name + 7 : name;
}

const char *
effects_sql(const struct effects *effects, size_t number, const struct history_statement **statement)
{
	*statement = &effects->migration->up.statements[number];
	return (const char *) effects->migration->source.text + (*statement)->offset;
}

char *
effects_batch_table(const struct history_batch *batch)
{
	struct arena arena = {0};
	const char *dot = strchr(batch->table, '.');
	char	   *schema = dot ? mem_copy(batch->table, (size_t) (dot - batch->table)) : mem_string("public");
	char	   *relation = mem_format("%s.%s", fact_identifier(&arena, schema),
									  fact_identifier(&arena, dot ? dot + 1 : batch->table));

	mem_free(schema);
	arena_clear(&arena);
	return relation;
}

static void
table_clear(struct effects_table *table)
{
	for (size_t i = 0; i < table->change_count; i++) {
		mem_free(table->changes[i].name);
		mem_free(table->changes[i].new_name);
	}
	mem_free(table->changes);
	mem_free(table->name);
	mem_free(table->origin);
}

void
effects_statement_clear(struct effects_statement *statement)
{
	for (size_t i = 0; i < statement->table_count; i++)
		table_clear(&statement->tables[i]);
	for (size_t i = 0; i < statement->setting_count; i++)
		mem_free(statement->settings[i]);
	mem_free(statement->settings);
	for (size_t i = 0; i < statement->loss_count; i++)
		mem_free(statement->losses[i].object);
	mem_free(statement->losses);
	mem_free(statement->tables);
	mem_free(statement->cut);
	*statement = (struct effects_statement) {0};
}

void
effects_clear(struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++)
		effects_statement_clear(&effects->statements[i]);
	mem_free(effects->statements);
	*effects = (struct effects) {0};
}
