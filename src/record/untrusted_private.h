/*
 * untrusted_private.h - shared by untrusted.c and untrusted_add.c; internal.
 */
#ifndef UNTRUSTED_PRIVATE_H
#define UNTRUSTED_PRIVATE_H

#include "record/untrusted.h"

enum kind {
	KIND_CODE,					/* it would run: refused */
	KIND_LOCK,					/* a table to lock, as a trigger may come */
	KIND_OBJECT					/* in public; refused where the SQL names it */
};

struct item {
	enum kind	kind;
	char	   *key;			/* so that it is known again */
	char	   *name;
	bool		in_history;		/* some version of this build has the name */
	char	   *relation;		/* quoted */
	char	   *what;
	char	   *hint;
};

struct untrusted {
	bool		whole;
	bool		closely;		/* the cheap query does not do */
	bool		script;
	int			times;
	size_t		count;
	struct item *items;
};

/* untrusted_known - what has been read; nothing where nothing was. */
const struct untrusted *untrusted_known(const struct session *session);

/* untrusted_history - all SQL of this build's history, without comments, and the names of all objects; a new string. */
char	   *untrusted_history(void);

/*
 * untrusted_names - does one of these statements name this object? Comments do not count; a name in the history always
 * does, as a statement may put it together while it runs.
 */
bool		untrusted_names(const struct statement_list_item *statements, size_t count, const struct item *item);

/*
 * untrusted_add_closely - append the query that finds everything, with its parameters; see untrusted_queries.h.
 */
void		untrusted_add_closely(struct pipeline *pipeline, const struct session *session, bool whole, bool fail,
								  bool alone,
								  const char *agreed);

#endif
