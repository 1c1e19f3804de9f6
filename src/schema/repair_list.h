/*
 * repair_list.h - the statements of a repair. Pure.
 */
#ifndef REPAIR_LIST_H
#define REPAIR_LIST_H

#include <stdbool.h>
#include <stddef.h>

enum repair_form {
	REPAIR_STATEMENT,			/* it is a transaction, with the joined ones after it */
	REPAIR_JOINED,				/* in the transaction of the statement before it, if there is one */
	REPAIR_ALONE,				/* it cannot be in a transaction */
	REPAIR_CONCURRENT,			/* the same; and it blocks no session while it waits */
	REPAIR_FILL					/* an UPDATE of many rows, "UPDATE ... WHERE column IS NULL"; it may run in batches */
};

struct repair_statement {
	enum repair_form form;
	char	   *text;			/* without a semicolon */
	char	   *index;			/* the index, as SQL, that it builds concurrently; or NULL */
};

/* Zero is empty. */
struct repair_list {
	size_t		count;
	struct repair_statement *statements;
};

/* repair_list_add - append a statement, formatted as by printf. */
void		repair_list_add(struct repair_list *list, enum repair_form form, const char *format,...)
			__attribute__((format(printf, 3, 4)));

/* repair_list_text - all statements, with semicolons, each on its own line: a new string; NULL: there is none. */
char	   *repair_list_text(const struct repair_list *list);

/* repair_list_clear - free the statements, and make the list empty. */
void		repair_list_clear(struct repair_list *list);

#endif
