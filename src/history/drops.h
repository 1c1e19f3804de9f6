/*
 * drops.h - what the up or the down of a migration drops, empties, rewrites and renames of what existed before. Pure.
 *
 * migrations/SCHEMA says so for this build's migrations (schema/fact_history.h), in lines as "drops column a.b". The
 * generator makes a JSON array of these lines. The database's record stores the one about the down, so that older builds
 * know it, too.
 */
#ifndef DROPS_H
#define DROPS_H

#include <stdbool.h>
#include <stddef.h>

enum drops_kind {
	DROPS_TABLE,
	DROPS_COLUMN,
	DROPS_ROWS,					/* of a table: by DELETE or TRUNCATE, if there are any */
	DROPS_REWRITTEN,			/* a table: its rows are written anew */
	DROPS_TABLE_RENAMED,
	DROPS_COLUMN_RENAMED
};

struct drops_item {
	enum drops_kind kind;
	char	   *name;			/* as a fact has it (schema/fact.h): "t", "t.a", "other.t.a" */
	char	   *to;				/* if renamed: the new name, of a column without its table; otherwise NULL */
};

/* Zero is nothing. */
struct drops {
	size_t		count;
	struct drops_item *items;
};

/*
 * drops_of_migration - set *drops to what the up or the down of this build's migration to `version` does. False, with
 * *drops empty: it is not known. drops_clear frees it.
 */
bool		drops_of_migration(struct drops *drops, int version, bool up);

/* drops_to_json - the same as the record stores it, a new string. */
char	   *drops_to_json(const struct drops *drops);

/*
 * drops_from_json - set *drops to what the record says; drops_clear frees it. False, with *drops empty, if it says
 * nothing (NULL), or more than this build understands.
 */
bool		drops_from_json(struct drops *drops, const char *json);

/* drops_clear - free the contents, and make it empty. */
void		drops_clear(struct drops *drops);

#endif
