/*
 * moves.h - the moves from the schema of a version to that of a database, in an order in which they can be taken. Pure.
 *
 * Each move changes one object, and can be undone. Undone in the reverse order, the moves lead back.
 */
#ifndef DIFFERENCE_MOVES_H
#define DIFFERENCE_MOVES_H

#include <stdbool.h>
#include <stddef.h>

#include "difference/change.h"
#include "difference/side.h"
#include "difference/sql.h"

enum move_phase {
	MOVE_LABELS,
	MOVE_DROP_CODE,
	MOVE_DROP_KEYS,
	MOVE_DROP_INDEXES,
	MOVE_DROP_EARLY,			/* tables, where a new object has the name of one of theirs */
	MOVE_CREATE_OBJECTS,
	MOVE_CREATE_TABLES,
	MOVE_CHANGE,
	MOVE_DROP_TABLES,
	MOVE_BUILD_INDEXES,
	MOVE_ADD_KEYS,
	MOVE_ADD_CHECKS,
	MOVE_CREATE_CODE,
	MOVE_DROP_OBJECTS,
	MOVE_COMMENT
};

/* Whether an object that goes and one that comes, both of the same shape, are the same one. */
enum move_renamed {
	MOVE_ASK,					/* both ways are written, as comments */
	MOVE_NOT_RENAMED,			/* the one is dropped, the other one created */
	MOVE_RENAMED				/* they are: the object is renamed */
};

/* One way of a question, up and down. */
struct move_way {
	struct sql_list up;
	struct sql_list down;
};

struct move {
	enum move_phase phase;
	int			rank;			/* within the phase */
	size_t		number;			/* within the rank */
	const struct fact *old;		/* NULL: the object is created */
	const struct fact *new;		/* NULL: it is dropped */
	const char *name;			/* "add_gmos_array_name" */
	struct move_way way;
	const char *question;		/* NULL: there is none */
	struct move_way other;		/* of a question: it was renamed */
	bool		of_part;		/* the question is that of another file, about a column of an index or constraint */
	const char *lacks;			/* what the down section cannot restore: "view v"; or NULL */
};

/* Zero is empty. */
struct moves {
	size_t		count;
	struct move *items;
};

/*
 * moves_find - find the moves from sides->base to sides->target. What cannot be written becomes a note of the sides.
 * The strings are in the arena of the sides; call moves_clear.
 */
void		moves_find(struct moves *moves, struct sides *sides, enum move_renamed renamed);
void		moves_clear(struct moves *moves);

/*
 * moves_add - append the move that changes `old` to `new` (NULL: there is none) by this function; none if the two
 * sections would be empty. For moves_find and its parts.
 */
struct move_at {
	enum move_phase phase;
	int			rank;
};
struct move *moves_add(struct moves *moves, struct sides *sides, struct move_at at, change_function *function,
					   const struct fact *old, const struct fact *new);

/*
 * renames_ask - append a question for each table or column that goes while one of the same shape comes; or the rename,
 * if that is the answer. True in `asked`, which has an item for each fact of the base and then of the target: it is
 * part of a question.
 */
void		renames_ask(struct moves *moves, struct sides *sides, bool *asked, enum move_renamed renamed);

/*
 * renames_find_part - the index or constraint that stays if a column is renamed: `old` of the base or `new` of the
 * target, what it is on the other side, and the column. All NULL: there is none.
 */
struct renames_part {
	const struct fact *old;
	const struct fact *new;
	const struct fact *old_column;
	const struct fact *new_column;
};
struct renames_part renames_find_part(const struct moves *moves, const struct sides *sides, const struct fact *old,
									  const struct fact *new);

/* renames_ask_part - ask in the move of such a part, too. `rename`: it gets its own new name here, if it has one. */
void		renames_ask_part(struct move *move, struct sides *sides, const struct renames_part *part, bool rename);

/* renames_find_same - an object with another name, but of the same table and otherwise the same; NULL: none. */
const struct fact *renames_find_same(const struct side *in, const struct side *but_not_in, const struct fact *fact);

#endif
