/* The indexes, keys and checks of a column that may be renamed: they stay with it. */
#include <string.h>

#include "base/mem.h"
#include "difference/moves.h"
#include "history/sql_lexer.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"

#include "base/banned.h"

#define KEPT "Nothing: it stays with the column. Or delete this file, and run \"make renumber\"."

static bool
is_part_kind(const struct fact *fact)
{
	return fact->kind == FACT_INDEX || fact->kind == FACT_CONSTRAINT;
}

static bool
is_rename_of_column(const struct move *move)
{
	return move->old && move->new && move->new->kind == FACT_COLUMN && strcmp(move->old->name, move->new->name) != 0;
}

/* The move that renames this column of the table; NULL: there is none. */
static const struct move *
find_rename(const struct moves *moves, const char *table, size_t table_length, const char *column, size_t length)
{
	for (size_t i = 0; i < moves->count; i++) {
		const struct fact *old = moves->items[i].old;

		if (is_rename_of_column(&moves->items[i]) && fact_parent(old) == table_length
			&& strncmp(old->name, table, table_length) == 0 && strlen(compare_name(old)) == length
			&& strncmp(compare_name(old), column, length) == 0)
			return &moves->items[i];
	}
	return NULL;
}

/*
 * The definition of a part with the new names of its columns: a new string. *move renames one of them, or is NULL.
 * After REFERENCES the columns are those of another table.
 */
static char *
with_new_names(const struct moves *moves, const struct fact *part, const struct move **move)
{
	const char *referred = part->kind == FACT_CONSTRAINT ? compare_referred(part) : NULL;
	const char *rest = part->definition;
	struct sql_lexer_phrase phrase;
	char	   *text = mem_string("");

	*move = NULL;
	phrase_read(&phrase, part->definition, strlen(part->definition));
	for (size_t i = 0; i < phrase.count; i++) {
		const struct sql_lexer_word *word = &phrase.words[i];
		const char *at = part->definition + word->offset;
		const char *after = at + word->length;
		bool		other = referred && at >= referred;
		const struct move *rename = NULL;

		/* A function, or the label of a property. */
		if ((word->kind == WORD_NAME || word->kind == WORD_QUOTED) && *after != '(' && strncmp(after, ": ", 2) != 0)
			rename = find_rename(moves, other ? referred : part->name, other ? compare_name_length(referred)
								 : fact_parent(part), at, word->length);
		if (rename) {
			char	   *longer = mem_format("%s%.*s%s", text, (int) (at - rest), rest, compare_name(rename->new));

			mem_free(text);
			text = longer;
			rest = after;
			*move = rename;
		}
	}
	mem_append(&text, "", rest);
	phrase_clear(&phrase);
	return text;
}

/* The form that a part of the base has after the renames; NULL: it has no such column, or is another one afterwards. */
static const struct fact *
after_renames(const struct moves *moves, const struct side *target, const struct fact *old, const struct move **move)
{
	const struct fact *found = NULL;
	char	   *definition = with_new_names(moves, old, move);
	struct fact renamed = *old;

	renamed.definition = definition;
	for (size_t i = 0; *move && i < target->facts.count && !found; i++) {
		const struct fact *fact = &target->facts.facts[i];

		if (fact->kind == old->kind && fact_parent(fact) == fact_parent(old)
			&& strncmp(fact->name, old->name, fact_parent(old)) == 0 && side_same(fact, &renamed))
			found = fact;
	}
	mem_free(definition);
	return found;
}

struct renames_part
renames_find_part(const struct moves *moves, const struct sides *sides, const struct fact *old, const struct fact *new)
{
	struct renames_part part = {.old = old,.new = new};
	const struct move *move = NULL;

	if (old && is_part_kind(old))
		part.new = after_renames(moves, &sides->target, old, &move);
	for (size_t i = 0; new && is_part_kind(new) && !part.old && i < sides->base.facts.count; i++) {
		const struct fact *fact = &sides->base.facts.facts[i];

		if (fact->kind == new->kind && after_renames(moves, &sides->target, fact, &move) == new)
			part.old = fact;
	}
	if (move) {
		part.old_column = move->old;
		part.new_column = move->new;
	}
	return part.old && part.new && part.old_column ? part : (struct renames_part) {0};
}

/* Append the statements for a part whose column was renamed: its own rename, or none. */
static void
keep(struct sql_list *list, const struct change *change, bool rename)
{
	change_function *function = change->old->kind == FACT_INDEX ? change_index_name : change_constraint_name;

	if (rename && strcmp(change->old->name, change->new->name) != 0)
		function(list, change);
	else
		sql_add(list, SQL_PLAIN, "SELECT 1")->note = KEPT;
}

void
renames_ask_part(struct move *move, struct sides *sides, const struct renames_part *part, bool rename)
{
	struct arena *arena = &sides->arena;
	const struct change up = {arena, &sides->base, &sides->target, part->old, part->new, false};
	const struct change down = {arena, &sides->target, &sides->base, part->new, part->old, true};

	move->question = arena_format(arena, "Was column %s renamed to %s? If so, %s %s stays.", part->old_column->name,
								  compare_name(part->new_column), fact_kind_word(part->old->kind),
								  compare_name(move->new ? part->new : part->old));
	move->other = (struct move_way) {.up.arena = arena,.down.arena = arena};
	move->of_part = true;
	keep(&move->other.up, &up, rename);
	keep(&move->other.down, &down, rename);
}
