/*
 * statement_list.h - a list of statements to run, either compiled in or read from the database. Pure.
 *
 * As JSON it is an array of objects. Each has "sql", the text, and optionally: "index", the name of the index that the
 * statement builds concurrently; "concurrent", true if it blocks no session while it waits; "batch", an object
 * {"table": name, "key": name, "rows": number}, if it is a batched statement.
 */
#ifndef STATEMENT_LIST_H
#define STATEMENT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"

struct statement_list_item {
	char	   *text;
	size_t		offset;			/* in its source file; 0 in a list read from the database */
	unsigned	lead;			/* the first characters of the text are not there: as in struct history_statement */
	bool		concurrent;
	char	   *index;			/* as in struct history_statement */
	struct statement_list_batch {
		char	   *table;		/* NULL: not a batched statement */
		char	   *key;
		int			rows;
	}			batch;			/* as in struct history_batch */
};

/* Zero is an empty list. */
struct statement_list {
	size_t		count;
	struct statement_list_item *statements;
	bool		transactional;
};

/* statement_list_of_section - a copy of the statements of a compiled-in section; free it by statement_list_clear. */
struct statement_list statement_list_of_section(const struct history_source *source,
												const struct history_section *section);

/* statement_list_to_json - the list as JSON, a new string; equal lists give equal texts. */
char	   *statement_list_to_json(const struct statement_list *list);

/*
 * statement_list_from_json - parse a list; free it by statement_list_clear. False, with *list empty, if `json` is not a
 * list or has members that this build does not know.
 */
bool		statement_list_from_json(struct statement_list *list, const char *json, bool transactional);

/* statement_list_clear - free the statements, and make the list empty. */
void		statement_list_clear(struct statement_list *list);

#endif
