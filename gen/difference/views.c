/* Views that are dropped and created again, and the order of that. */
#include <string.h>

#include "base/mem.h"
#include "difference/order.h"

#include "base/banned.h"

static bool
is_view(const struct fact *fact)
{
	return fact->kind == FACT_VIEW || fact->kind == FACT_MATERIALIZED_VIEW;
}

/* A view with the same definition may have columns of another type. */
static bool
has_other_columns(const struct sides *sides, const struct fact *view)
{
	size_t		count;
	const struct fact **parts = side_parts(&sides->target, FACT_COLUMN, view, &count);
	bool		other = false;

	for (size_t i = 0; i < count && !other; i++) {
		const struct fact *column = fact_find(&sides->base.facts, FACT_COLUMN, parts[i]->name);

		other = !column || !side_same(column, parts[i]);
	}
	mem_free(parts);
	return other;
}

/* Does the view read another one that is made anew? `most` limits the search. */
static bool
reads_anew(const struct sides *sides, const struct fact *view, int most)
{
	const struct side_text *text = side_text(&sides->target, view);

	for (size_t i = 0; text && i < sides->target.text_count; i++) {
		const struct side_text *other = &sides->target.texts[i];
		char	   *oid = mem_format(" %u ", other->oid);
		bool		reads = other != text && is_view(other->fact) && strstr(text->needs, oid);

		mem_free(oid);
		if (reads && order_is_anew(sides, other->fact, most - 1))
			return true;
	}
	return false;
}

bool
order_is_anew(const struct sides *sides, const struct fact *view, int most)
{
	const struct fact *old = is_view(view) ? fact_find(&sides->base.facts, view->kind, view->name) : NULL;
	const struct fact *new = old ? fact_find(&sides->target.facts, view->kind, view->name) : NULL;

	return new && (!side_same(old, new) || has_other_columns(sides, new) || (most > 0 && reads_anew(sides, new, most)));
}

bool
order_is_part_of_anew(const struct sides *sides, const struct fact *fact, int most)
{
	static const enum fact_kind kinds[] = {FACT_VIEW, FACT_MATERIALIZED_VIEW};
	char	   *name = mem_copy(fact->name, fact_parent(fact));
	bool		anew = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && *name && !anew; i++)
		anew = order_is_anew(sides, &(struct fact) {kinds[i], name, ""}, most);
	mem_free(name);
	return anew;
}

static bool
drops_view(const struct move *move)
{
	return move->old && !move->new && move->old->kind == FACT_VIEW;
}

void
order_join_views(struct moves *moves)
{
	static const char drop[] = "DROP VIEW IF EXISTS ";
	struct move *first = NULL;

	for (size_t i = 0; i < moves->count; i++) {
		struct move *move = &moves->items[i];

		if (first && drops_view(move)) {
			struct sql *sql = &first->way.up.items[0];

			sql->text = arena_format(first->way.up.arena, "%s, %s", sql->text,
									 move->way.up.items[0].text + strlen(drop));
			sql_list_clear(&move->way.up);
		} else
			first = drops_view(move) ? move : NULL;
	}
}
