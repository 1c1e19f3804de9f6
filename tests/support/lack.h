/*
 * lack.h - databases that lack an object which their version should have: the objects, and the SQL that takes one
 * away.
 */
#ifndef LACK_H
#define LACK_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "schema/fact.h"
#include "schema/fact_history.h"

/* lack_history - the facts of all versions, read from migrations/SCHEMA; they stay until this process ends. */
const struct fact_history *lack_history(void);

/* lack_latest - the latest version. */
int			lack_latest(void);

/* lack_up - the text of the up section of a version without its comments; a new string. */
char	   *lack_up(int version);

/* lack_has_word - does the text have this word, not as a part of a longer one? */
bool		lack_has_word(const char *text, const char *word, size_t length);

/* A database at this version without this object. */
struct lack_case {
	int			version;
	struct fact fact;			/* borrowed from lack_history */
};

struct lack_list {
	size_t		count;
	struct lack_case *items;
};

/*
 * lack_find - the cases of versions `first` to `last`: of the latest version, every object; of another one, each
 * object of a table or type that the migration to the next version names. lack_at - every object of a version. Both are
 * freed with mem_free(list->items).
 */
void		lack_find(struct lack_list *list, int first, int last);
void		lack_at(struct lack_list *list, int version);

/* lack_text - the object as verify names it: "column exportqueue.after"; a new string. */
char	   *lack_text(const struct fact *fact);

/*
 * lack_take - take the object away, with all that depends on it; false: it is not there. The connection is the
 * superuser's.
 */
bool		lack_take(PGconn *connection, const struct fact *fact);

#endif
