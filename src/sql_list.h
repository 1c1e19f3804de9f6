/*
 * sql_list.h - a list of statements to run, be they compiled in or read back from the database. Pure.
 *
 * As JSON, a list is an array of objects: {"sql": text}, and with "index" the name of the index that the statement
 * builds concurrently, with "concurrent" true where it does its waiting without blocking others, with "batch" an object
 * {"table": name, "key": name, "rows": number} where it is run in ranges of keys.
 */
#ifndef SQL_LIST_H
#define SQL_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "history.h"
#include "risk.h"

struct sql_statement {
	char	   *text;
	size_t		offset;			/* where it stands in its source; 0 in a list read back */
	bool		concurrent;
	enum risk	risk;
	char	   *index;			/* as in struct statement */
	struct sql_batch {
		char	   *table;		/* NULL: it is run once */
		char	   *key;
		int			rows;
	}			batch;			/* as in struct batch */
};

/* Zero is an empty one. */
struct sql_list {
	size_t		count;
	struct sql_statement *statements;
	bool		transactional;
};

/* sql_list_of_section - the statements of a section that is compiled in. */
struct sql_list sql_list_of_section(const struct source *source, const struct section *section);

/* sql_list_to_json - the list as JSON, a new string; the same list is always the same text. */
char	   *sql_list_to_json(const struct sql_list *list);

/*
 * sql_list_from_json - the list that `json` says. False: it is not one, or says more than this build understands;
 * *list is empty then.
 */
bool		sql_list_from_json(struct sql_list *list, const char *json, bool transactional);

void		sql_list_clear(struct sql_list *list);

#endif
