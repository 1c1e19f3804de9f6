/*
 * forms.h - forms of DDL, and what verify should tell of each: the file forms.sql.
 */
#ifndef FORMS_H
#define FORMS_H

#include <stdbool.h>

#include "support/lines.h"

struct form {
	char	   *name;
	int			oldest;			/* the servers that know it */
	int			newest;
	char	   *sql;
	struct lines facts;			/* the differences of the facts */
	struct lines told;			/* those that the comparison tells */
};

extern struct form forms[];
extern int	forms_count;

/* forms_read - read them, once. */
void		forms_read(void);

/* form_applies - does a server of this version know the form? */
bool		form_applies(const struct form *form, int version);

/* form_must_commit - it cannot run in a transaction, or not on every server. */
bool		form_must_commit(const struct form *form);

/* form_is_of_archive - it needs nothing that only forms_original.sql makes. */
bool		form_is_of_archive(const struct form *form);

/* form_statements - its SQL for a database of this name; the caller frees it. */
char	   *form_statements(const struct form *form, const char *database);

/* form_check - false, and printed: the lines are not those expected, of which those with "*" are patterns. */
bool		form_check(const struct form *form, const char *what, const struct lines *expected,
					   const struct lines *actual);

/* forms_compare_facts - the differences of two sets of facts, as lines: "changed column gmos.id: type"; sorted. */
void		forms_compare_facts(const struct lines *from, const struct lines *to, struct lines *differences);

#endif
