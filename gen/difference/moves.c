/* The list of moves. */
#include "difference/moves.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"

#include "base/banned.h"

/* --- one move --- */

static void
change_both_ways(struct move *move, struct sides *sides, change_function *function, const struct fact *old,
				 const struct fact *new, bool *up, bool *down)
{
	struct arena *arena = &sides->arena;

	move->way = (struct move_way) {.up.arena = arena,.down.arena = arena};
	*up = function(&move->way.up, &(struct change) {arena, &sides->base, &sides->target, old, new, false});
	*down = function(&move->way.down, &(struct change) {arena, &sides->target, &sides->base, new, old, true});
}

/* The name of an object as a part of the name of a file. */
static const char *
name_of(struct arena *arena, const struct fact *old, const struct fact *new)
{
	const struct fact *fact = new ? new : old;
	const char *own = fact->kind == FACT_INDEX || fact->kind == FACT_CONSTRAINT ? compare_name(fact) : fact->name;
	char	   *text = arena_format(arena, "%s_%.45s", old && new ? "change" : new ? "add" : "drop", own);
	size_t		length = 0;

	for (const char *at = text; *at; at++) {
		bool		good = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
		bool		capital = *at >= 'A' && *at <= 'Z';

		if (good || capital)
			text[length++] = (char) (capital ? tolower((unsigned char) *at) : *at);
		else if (text[length - 1] != '_')
			text[length++] = '_';
	}
	while (text[length - 1] == '_')
		length--;
	text[length] = '\0';
	return text;
}

static void
clear_way(struct move_way *way)
{
	sql_list_clear(&way->up);
	sql_list_clear(&way->down);
}

struct move *
moves_add(struct moves *moves, struct sides *sides, struct move_at at, change_function *function,
		  const struct fact *old, const struct fact *new)
{
	const struct fact *fact = new ? new : old;
	struct move move = {.phase = at.phase,.rank = at.rank,.number = moves->count,.old = old,
		.new = new};
	bool		up;
	bool		down;

	change_both_ways(&move, sides, function, old, new, &up, &down);
	if (!up) {
		sides_note(sides, "%s %s", fact_kind_word(fact->kind), fact->name);
		clear_way(&move.way);
		return NULL;
	}
	if (sql_has_directive(&move.way.up) || sql_has_directive(&move.way.down)) {
		sides_note(sides, "%s %s: a line of its text is like a directive, \"migrate:\" or \"lint:\"",
				   fact_kind_word(fact->kind), fact->name);
		clear_way(&move.way);
		return NULL;
	}
	if (!down) {
		sql_list_clear(&move.way.down);
		move.lacks = arena_format(&sides->arena, "%s %s", fact_kind_word(fact->kind), fact->name);
	}
	if (move.way.up.count == 0 && move.way.down.count == 0)
		return NULL;
	move.name = name_of(&sides->arena, old, new);
	moves->items = mem_room(moves->items, moves->count, sizeof(*moves->items));
	moves->items[moves->count] = move;
	return &moves->items[moves->count++];
}

void
moves_clear(struct moves *moves)
{
	for (size_t i = 0; i < moves->count; i++) {
		clear_way(&moves->items[i].way);
		clear_way(&moves->items[i].other);
	}
	mem_free(moves->items);
	*moves = (struct moves) {0};
}
