/*
 * change.h - the statements that change one object from one form to another. Pure.
 *
 * Each function serves both sections: in the down section old and new have changed places, and so have the sides. It
 * appends nothing where there is nothing to do, and returns false if it cannot write the change.
 */
#ifndef DIFFERENCE_CHANGE_H
#define DIFFERENCE_CHANGE_H

#include <stdbool.h>
#include <string.h>

#include "difference/side.h"
#include "difference/sql.h"
#include "schema/fact.h"

struct change {
	struct arena *arena;
	const struct side *from;
	const struct side *to;
	const struct fact *old;		/* NULL: the object is created */
	const struct fact *new;		/* NULL: it is dropped */
	bool		down;			/* for the down section */
};

/* Requests for the reason why a rule of lint may be broken. */
#define CHANGE_REWRITE "TODO: This rewrites the table, and blocks all sessions meanwhile. Say why that is acceptable."
#define CHANGE_UNUSED "TODO: Say since when no release uses it."

typedef bool change_function(struct sql_list *list, const struct change *change);

/* tables.c: a table with its columns, constraints, indexes and sequences. */
change_function change_table;

/* columns.c: a column of a table that stays. */
change_function change_column;

/* keys.c: an index; the index of a new key, before it becomes one; a constraint; their new names. */
change_function change_index;
change_function change_key_index;
change_function change_constraint;
change_function change_index_name;
change_function change_constraint_name;

/* types.c: an enum, a domain or a composite type, and their parts. */
change_function change_type;
change_function change_label;
change_function change_attribute;
change_function change_domain_constraint;

/* objects.c: the other kinds. */
change_function change_schema;
change_function change_extension;
change_function change_sequence;
change_function change_statistics;
change_function change_comment;

/* The comment of an object that is made anew: in the up section, in the down section. */
change_function change_comment_up;
change_function change_comment_down;

/* code.c: views, functions, triggers and the like. */
change_function change_view;
change_function change_function_code;
change_function change_aggregate;
change_function change_rule;
change_function change_trigger;
change_function change_policy;

/* --- what they share --- */

/* change_subject - the new form, or else the old one. */
static inline const struct fact *
change_subject(const struct change *change)
{
	return change->new ? change->new : change->old;
}

/* change_is_procedure - is the function a procedure? */
static inline bool
change_is_procedure(const struct fact *function)
{
	return strncmp(function->definition, "procedure", strlen("procedure")) == 0;
}

/* change_value - the value of a property in the new form; change_old_value: in the old one. NULL: it has none. */
const char *change_value(const struct change *change, const char *label);
const char *change_old_value(const struct change *change, const char *label);

/* change_differs - has the property another value than before, or is it only in one form? */
bool		change_differs(const struct change *change, const char *label);

/* change_only - is nothing different but these properties, NULL at the end? */
bool		change_only(const struct change *change, const char *const *labels);

/*
 * change_add_check - append, to be committed by itself, the statement that adds a check or foreign key as NOT VALID,
 * unless the table has it.
 */
struct sql *change_add_check(struct sql_list *list, const char *table, const char *name, const char *text);

/* objects.c: the sequence of a column, before that is created; and whose it is, afterwards. */
bool		change_create_sequence(struct sql_list *list, const struct fact *sequence);
void		change_sequence_owner(struct sql_list *list, const struct fact *sequence);

/* columns.c: the properties that a new column can have, NULL at the end. */
extern const char *const change_column_labels[];

/* columns.c: the type with its collation, as in CREATE TABLE. */
const char *change_type_text(struct arena *arena, const struct fact *column);

/* columns.c: "GENERATED ..." of a column, "" for none. */
const char *change_generated(const struct change *change, const struct fact *column);

/* objects.c: the options of the sequence of an identity, in brackets; "" if they are as usual. */
const char *change_identity_options(struct arena *arena, const struct fact *sequence);

/* keys.c: create the indexes of the new table or materialized view, but for those of its constraints. */
bool		change_create_indexes(struct sql_list *list, const struct change *change);

/* keys.c: the words of a constraint as in CREATE TABLE; of an index after its name. NULL: it has other properties. */
const char *change_constraint_text(struct arena *arena, const struct fact *constraint);
const char *change_index_text(struct arena *arena, const struct fact *index);

#endif
