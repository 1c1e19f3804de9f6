/*
 * statement_list.h - a list of statements to run, be they compiled in or read back from the database. Pure.
 *
 * As JSON, a list is an array of objects: {"sql": text}, and with "index" the name of the index that the statement
 * builds concurrently, with "concurrent" true where it does its waiting without blocking others, with "batch" an object
 * {"table": name, "key": name, "rows": number} where it is run in ranges of keys.
 */
#ifndef STATEMENT_LIST_H
#define STATEMENT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "history/destructive.h"
#include "history/history.h"

struct statement_list_item {
	char	   *text;
	size_t		offset;			/* where it stands in its source; 0 in a list read back */
	bool		concurrent;
	enum destructive risk;
	char	   *index;			/* as in struct history_statement */
	struct statement_list_batch {
		char	   *table;		/* NULL: it is run once */
		char	   *key;
		int			rows;
	}			batch;			/* as in struct history_batch */
};

/* Zero is an empty one. */
struct statement_list {
	size_t		count;
	struct statement_list_item *statements;
	bool		transactional;
};

/* statement_list_of_section - the statements of a section that is compiled in. */
struct statement_list statement_list_of_section(const struct history_source *source, const struct history_section *section);

/* statement_list_to_json - the list as JSON, a new string; the same list is always the same text. */
char	   *statement_list_to_json(const struct statement_list *list);

/*
 * statement_list_from_json - the list that `json` says. False: it is not one, or says more than this build understands;
 * *list is empty then.
 */
bool		statement_list_from_json(struct statement_list *list, const char *json, bool transactional);

void		statement_list_clear(struct statement_list *list);

#endif
