/* Find what a fact becomes where a migration renames it, for fact_history.h. */
#include <string.h>

#include "base/mem.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

/* The new name that a migration gives to a table or a column: a new string; NULL: it renames neither. */
static char *
renamed(const struct fact_history *known, enum fact_kind kind, const char *name, int version)
{
	for (size_t i = 0; i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];

		if (claim->kind == FACT_RENAMES && !claim->down && claim->version == version && claim->fact.kind == kind
			&& strcmp(claim->fact.name, name) == 0)
			return mem_string(fact_claim_to(claim));
	}
	return NULL;
}

/* The index or constraint of this form, or the sequence, that begins with the new name of its table. */
static const struct fact_run *
beginning_in(const struct fact_history *known, const struct fact_run *of, const char *table)
{
	for (size_t i = 0; i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];
		struct fact fact = {run->kind, run->name, run->texts[0].definition};

		if (run->kind == of->kind && run->from == of->to && compare_is_of_table(&fact, table)
			&& (run->kind == FACT_SEQUENCE || strcmp(fact.definition, of->texts[0].definition) == 0))
			return run;
	}
	return NULL;
}

/* The table that a fact belongs to, also a sequence: a new string; NULL: to none. */
static char *
table_of(const struct fact_run *run)
{
	struct fact fact = {run->kind, run->name, run->texts[0].definition};
	struct fact_property owner;
	size_t		length;

	if (run->kind == FACT_SEQUENCE)
		return (length = compare_owner_table(fact.definition, &owner)) > 0 ? mem_copy(owner.value, length) : NULL;
	length = fact_parent_kind(run->kind) == FACT_TABLE ? fact_parent(&fact) : 0;
	return length > 0 ? mem_copy(run->name, length) : NULL;
}

const struct fact_run *
fact_run_renamed(const struct fact_history *known, const struct fact_run *run)
{
	bool		column = run->kind == FACT_COLUMN;
	char	   *table = table_of(run);
	char	   *to = renamed(known, FACT_TABLE, table ? table : run->name, run->to);
	char	   *own = column ? renamed(known, FACT_COLUMN, run->name, run->to) : NULL;
	const struct fact_run *found = NULL;

	if (run->kind == FACT_TABLE && to)
		found = fact_history_run(known, FACT_TABLE, to, run->to);
	else if (column && table && (to || own)) {
		char	   *name = mem_format("%s.%s", to ? to : table, own ? own : run->name + strlen(table) + 1);

		found = fact_history_run(known, FACT_COLUMN, name, run->to);
		mem_free(name);
	} else if (table && to && (run->kind == FACT_INDEX || run->kind == FACT_CONSTRAINT || run->kind == FACT_SEQUENCE))
		found = beginning_in(known, run, to);
	mem_free(own);
	mem_free(to);
	mem_free(table);
	return found && found->from == run->to && !fact_history_gives(known, found) ? found : NULL;
}
