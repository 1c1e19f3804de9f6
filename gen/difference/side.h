/*
 * side.h - the two schemas that are compared: of a version of this build, and of a live database.
 *
 * Both have facts in one form: what the database's server prints in another way is taken from the database. Left out
 * are the objects that SETTINGS excludes, owners, settings, and privileges, which grants.sql gives.
 */
#ifndef DIFFERENCE_SIDE_H
#define DIFFERENCE_SIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "pg/session.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"

/* The definition of an object whose fact has only its hash. */
struct side_text {
	const struct fact *fact;
	const char *text;
	unsigned	oid;			/* later objects can depend on earlier ones */
	const char *needs;			/* of a view: the oids of the relations that it reads, " 16384 16390 " */
};

struct side {
	struct fact_set facts;		/* in order; the strings are borrowed or in the arena of the sides */
	size_t		text_count;
	struct side_text *texts;	/* of views, functions and rules; a version has those of the same facts alone */
};

/* Zero is empty. */
struct sides {
	struct arena arena;
	struct side base;
	struct side target;
	size_t		note_count;
	const char **notes;			/* differences that are not written: "owner of table gmos" */
};

/*
 * sides_make - the facts of `version` and of the database. The result borrows from `live` and `known`; call
 * sides_clear.
 */
void		sides_make(struct sides *sides, const struct live *live, const struct fact_history *known, int version);

/* sides_note - add a note, formatted as by printf. */
void		sides_note(struct sides *sides, const char *format,...) __attribute__((format(printf, 2, 3)));

/*
 * sides_read_texts - read the definitions of views, functions and rules from the database, read-only. False, and
 * reported, on failure.
 */
bool		sides_read_texts(struct sides *sides, struct session *session);

void		sides_clear(struct sides *sides);

/* side_text - the definition of an object; NULL: it is not known. */
const struct side_text *side_text(const struct side *side, const struct fact *fact);

/*
 * side_parts - the parts of a table or type, of this kind, in their order: a new array of *count facts, to be freed
 * with mem_free.
 */
const struct fact **side_parts(const struct side *side, enum fact_kind kind, const struct fact *container,
							   size_t *count);

/* side_column - the column of that name in a table, or the table of a part; NULL: there is none. */
const struct fact *side_column(const struct side *side, const struct fact *part, const char *name);

/* side_sequence - the sequence that belongs to a column, as its own or its identity; NULL: there is none. */
const struct fact *side_sequence(const struct side *side, const struct fact *column);

/* side_is_part - is the fact a part of this table, view or type? */
bool		side_is_part(const struct fact *fact, const struct fact *container);

/* side_same - are two facts the same, but for the place of a column or label, the name and the comment? */
bool		side_same(const struct fact *a, const struct fact *b);

#endif
