/*
 * repair_names.h - the names in SQL from facts, for repairs and for new migrations (gen/difference). Pure.
 */
#ifndef REPAIR_NAMES_H
#define REPAIR_NAMES_H

#include <stdbool.h>

#include "schema/fact.h"

/* The name of the check by which a column becomes NOT NULL; a repair that was interrupted may leave it. */
#define REPAIR_NOT_NULL_CHECK "fitsdb_schema_not_null"

/* New strings. */
struct repair_names {
	char	   *table;			/* of the table or type that it belongs to, with its schema; or its own */
	char	   *name;			/* its own, without that */
};

/* repair_names_of - the names of a fact; free them by repair_names_clear. */
struct repair_names repair_names_of(const struct fact *fact);
void		repair_names_clear(struct repair_names *names);

/* repair_own_name - the name of a fact without that of the table or type, as in SQL: a new string. */
char	   *repair_own_name(const struct fact *fact);

/* repair_index_name - the name of an index with the schema of its table: a new string. */
char	   *repair_index_name(const struct repair_names *names);

/* repair_literal - a text as an SQL literal; repair_label: an identifier as one. New strings. */
char	   *repair_literal(const char *text);
char	   *repair_label(const char *identifier);

/* repair_has - has the fact this property? */
bool		repair_has(const struct fact *fact, const char *label);

/* repair_has_only - has the fact only properties of these labels, NULL at the end? Others would be lost. */
bool		repair_has_only(const struct fact *fact, const char *const *labels);

/* For repair_has_only: the properties that a repair can give an index, and those that it can give a column. */
extern const char *const repair_index_labels[];
extern const char *const repair_column_labels[];

#endif
