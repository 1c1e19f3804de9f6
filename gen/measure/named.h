/*
 * named.h - the objects that the text of a script names, and the SQL that takes one of them away. Pure.
 */
#ifndef MEASURE_NAMED_H
#define MEASURE_NAMED_H

#include <stdbool.h>

#include "history/statement_list.h"
#include "schema/fact.h"

/* The words of a script. Zero is none. */
struct named {
	char	   *text;			/* as written */
	char	   *lower;			/* in lower case */
	bool		keys;			/* it may need a unique key that it does not name: REFERENCES, ON CONFLICT */
};

/* named_read - read the text of the statements. named_clear frees it. */
void		named_read(struct named *named, const struct statement_list *list);
void		named_clear(struct named *named);

/*
 * named_has - does the text name the object of the fact? A column, if it names column and table; a label, if it has it
 * as a string; a primary key or unique constraint, also if it may need one of a table that it names.
 */
bool		named_has(const struct named *named, const struct fact *fact);

/*
 * named_drop - the statement that takes an object away, with all that depends on it; a new string. NULL: objects of
 * this kind are not taken away.
 */
char	   *named_drop(const struct fact *fact);

#endif
