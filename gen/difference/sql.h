/*
 * sql.h - the statements of a section that is being written, and pieces of SQL from facts. Pure.
 *
 * All strings are in the arena.
 */
#ifndef DIFFERENCE_SQL_H
#define DIFFERENCE_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "history/lint_rule.h"
#include "schema/fact.h"

/* What the section of a statement must be like; a section is like the greatest of its statements. */
enum sql_form {
	SQL_PLAIN,					/* a transaction */
	SQL_LABEL,					/* transaction:false: ALTER TYPE ... ADD VALUE */
	SQL_APART,					/* transaction:false: it must be committed before the next one */
	SQL_CONCURRENT				/* transaction:false, and the only statement */
};

struct sql {
	enum sql_form form;
	const char *text;			/* without a semicolon */
	const char *note;			/* comment lines before it, without "-- "; or NULL */
	size_t		allow_count;
	struct sql_allow
	{
		enum lint_rule rule;	/* which it breaks */
		const char *reason;		/* a request for the reason why that is acceptable */
	}			allows[2];
	const char *batch;			/* the options of "-- migrate:batch"; or NULL */
	bool		works;			/* it reads or writes a whole table under a lock: alone in its migration */
};

/* Zero is empty. */
struct sql_list {
	struct arena *arena;
	size_t		count;
	struct sql *items;			/* freed by sql_list_clear */
};

/*
 * sql_add - append a statement, formatted as by printf; valid until the next one is added. Names with control
 * characters are written as U&"...".
 */
struct sql *sql_add(struct sql_list *list, enum sql_form form, const char *format,...)
			__attribute__((format(printf, 3, 4)));

/* sql_allow - let a statement break a lint rule, one of two at most; the developer has to give the reason. */
void		sql_allow(struct sql *sql, enum lint_rule rule, const char *todo);

/*
 * sql_has_directive - is a line of a statement, as it is or as a comment, like a directive of migrations? A literal or
 * the body of a function can be.
 */
bool		sql_has_directive(const struct sql_list *list);

/* sql_printable - a text as a single line without control characters, for comments. */
const char *sql_printable(struct arena *arena, const char *text);

/* sql_list_clear - free the array, not the strings. */
void		sql_list_clear(struct sql_list *list);

/* sql_own - the name of a fact without that of its table or type; sql_parent: that of its table or type, or its own. */
const char *sql_own(struct arena *arena, const struct fact *fact);
const char *sql_parent(struct arena *arena, const struct fact *fact);

/* sql_index - the name of an index, with the schema of its table. */
const char *sql_index(struct arena *arena, const struct fact *fact);

/* sql_value - the value of a property, "" for a label alone; NULL: the fact has none. */
const char *sql_value(struct arena *arena, const struct fact *fact, const char *label);

/*
 * sql_bare - a text without "public." outside literals and quoted names: the search path of migrations is public. It is
 * kept before functions, operators and types, which pg_catalog may have, too.
 */
const char *sql_bare(struct arena *arena, const char *text);

/* sql_literal - a text as a literal; sql_label: an identifier as one. */
const char *sql_literal(struct arena *arena, const char *text);
const char *sql_label(struct arena *arena, const char *identifier);

#endif
