/* What may only have another name. */
#include <string.h>

#include "base/mem.h"
#include "difference/moves.h"
#include "schema/compare.h"
#include "schema/repair_create.h"

#include "base/banned.h"

#define OLD_NAME "TODO: Say why no release needs the old name."

/* --- indexes and constraints --- */

const struct fact *
renames_find_same(const struct side *in, const struct side *but_not_in, const struct fact *fact)
{
	size_t		length = fact_parent(fact);

	for (size_t i = 0; i < in->facts.count; i++) {
		const struct fact *other = &in->facts.facts[i];

		if (other->kind == fact->kind && fact_parent(other) == length && strncmp(other->name, fact->name, length) == 0
			&& !fact_find(&but_not_in->facts, other->kind, other->name) && side_same(other, fact))
			return other;
	}
	return NULL;
}

/* --- tables and columns --- */

/* Have two tables the same columns? Their defaults may be of sequences with other names. */
static bool
same_columns(const struct sides *sides, const struct fact *old, const struct fact *new)
{
	size_t		old_count;
	size_t		new_count;
	const struct fact **olds = side_parts(&sides->base, FACT_COLUMN, old, &old_count);
	const struct fact **news = side_parts(&sides->target, FACT_COLUMN, new, &new_count);
	bool		same = old_count > 0 && old_count == new_count;

	for (size_t i = 0; i < old_count && same; i++) {
		const struct fact *other = side_column(&sides->target, new, compare_name(olds[i]));
		const struct fact *sequence = other ? side_sequence(&sides->target, other) : NULL;

		same = other && (side_same(olds[i], other) || (sequence && side_sequence(&sides->base, olds[i])));
	}
	mem_free(olds);
	mem_free(news);
	return same;
}

/* The rename of a table; names of sequences and indexes stay. */
static bool
rename_table(struct sql_list *list, const struct change *change)
{
	const char *new = sql_parent(change->arena, change->new);

	sql_allow(sql_add(list, SQL_PLAIN, "ALTER TABLE %s RENAME TO %s", sql_parent(change->arena, change->old),
					  new + fact_schema(new, strlen(new))), LINT_DROP_OR_RENAME, OLD_NAME);
	return true;
}

static bool
rename_column(struct sql_list *list, const struct change *change)
{
	sql_allow(sql_add(list, SQL_PLAIN, "ALTER TABLE %s RENAME COLUMN %s TO %s", sql_parent(change->arena, change->old),
					  sql_own(change->arena, change->old), sql_own(change->arena, change->new)),
			  LINT_DROP_OR_RENAME, OLD_NAME);
	return true;
}

static void
append_all(struct sql_list *list, struct sql_list *more)
{
	for (size_t i = 0; i < more->count; i++) {
		list->items = mem_room(list->items, list->count, sizeof(*list->items));
		list->items[list->count++] = more->items[i];
	}
	sql_list_clear(more);
}

/* Take the one move and then the other; the way back begins with the other. */
static void
join(struct move_way *way, struct move_way *first, struct move_way *second)
{
	append_all(&first->up, &second->up);
	append_all(&second->down, &first->down);
	*way = (struct move_way) {first->up, second->down};
}

/*
 * Both ways: the one object is dropped and the other one created; or it was renamed. Names may be in use until then.
 * False: one of the ways cannot be written, and there is no question.
 */
static bool
ask(struct moves *moves, struct sides *sides, const struct fact *old, const struct fact *new,
	enum move_renamed renamed)
{
	static const struct move_at at = {MOVE_CHANGE, 0};
	bool		table = old->kind == FACT_TABLE;
	change_function *function = table ? change_table : change_column;
	struct moves parts = {0};
	struct move *move = NULL;

	if (moves_add(&parts, sides, at, function, table ? old : NULL, table ? NULL : new)
		&& moves_add(&parts, sides, at, function, table ? NULL : old, table ? new : NULL))
		move = moves_add(moves, sides, (struct move_at) {table ? MOVE_DROP_EARLY : MOVE_CHANGE, 1},
						 table ? rename_table : rename_column, old, new);
	if (!move || renamed == MOVE_RENAMED) {
		moves_clear(&parts);
		return move;
	}
	move->other = move->way;
	join(&move->way, &parts.items[0].way, &parts.items[1].way);
	move->name = arena_format(&sides->arena, "answer_%s", move->name);
	move->question = table
		? arena_format(&sides->arena, "Was table %s renamed to %s? Both have the same columns.", old->name, new->name)
		: arena_format(&sides->arena, "Was column %s renamed to %s? Both have the same type.", old->name,
					   compare_name(new));
	mem_free(parts.items);
	return true;
}

static bool
is_column_of_table(const struct sides *sides, const struct fact *column)
{
	char	   *name = mem_copy(column->name, fact_parent(column));
	bool		of_table = fact_find(&sides->base.facts, FACT_TABLE, name)
		&& fact_find(&sides->target.facts, FACT_TABLE, name);

	mem_free(name);
	return of_table;
}

static bool
may_be(const struct sides *sides, const struct fact *old, const struct fact *new)
{
	if (new->kind != old->kind || fact_find(&sides->base.facts, new->kind, new->name))
		return false;
	if (old->kind == FACT_TABLE)
		return same_columns(sides, old, new);
	return is_column_of_table(sides, old) && fact_parent(old) == fact_parent(new)
		&& strncmp(old->name, new->name, fact_parent(old)) == 0 && side_same(old, new);
}

void
renames_ask(struct moves *moves, struct sides *sides, bool *asked, enum move_renamed renamed)
{
	const struct fact_set *base = &sides->base.facts;
	const struct fact_set *target = &sides->target.facts;

	for (size_t i = 0; i < base->count; i++) {
		const struct fact *old = &base->facts[i];

		if ((old->kind != FACT_TABLE && old->kind != FACT_COLUMN) || fact_find(target, old->kind, old->name))
			continue;
		for (size_t k = 0; k < target->count; k++)
			if (!asked[base->count + k] && may_be(sides, old, &target->facts[k])
				&& ask(moves, sides, old, &target->facts[k], renamed)) {
				asked[i] = asked[base->count + k] = true;
				break;
			}
	}
}
