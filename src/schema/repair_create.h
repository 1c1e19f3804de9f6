/*
 * repair_create.h - the SQL that creates a missing type, sequence, table or index. Pure.
 *
 * Nothing is appended for an object with properties that these statements cannot give it.
 */
#ifndef REPAIR_CREATE_H
#define REPAIR_CREATE_H

#include <stdbool.h>

#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/live.h"
#include "schema/repair_list.h"
#include "schema/repair_names.h"

/* repair_create_type - append CREATE TYPE of a missing enum, with its labels. */
void		repair_create_type(struct repair_list *list, const struct compare_item *item,
							   const struct compare_sides *sides);

/*
 * repair_create_sequence - append CREATE SEQUENCE; if its column exists, it belongs to that, and goes on after its
 * largest value.
 */
void		repair_create_sequence(struct repair_list *list, const struct fact *should, const struct live *live);

/*
 * repair_column_sequences - for a missing column: append CREATE SEQUENCE of those that belong to it and are missing or,
 * with `owners`, that they belong to it. False, and nothing is appended, if they need more than that.
 */
bool		repair_column_sequences(struct repair_list *list, const struct compare_item *item,
									const struct compare_sides *sides, bool owners);

/* repair_sequence_owner - append the statement that makes a sequence belong to its column. */
void		repair_sequence_owner(struct repair_list *list, const struct fact *should);

/* repair_behind - the query of a column's largest value; without a row unless the column's sequence is behind it. */
char	   *repair_behind(const struct fact *sequence);

/* repair_setval - SELECT setval() for a sequence that is behind the largest value of its column: a new string. */
char	   *repair_setval(const struct fact *sequence);

/*
 * repair_create_table - append CREATE TABLE of a missing table with its sequences, keys, checks and indexes, but
 * without foreign keys.
 */
void		repair_create_table(struct repair_list *list, const struct compare_item *item,
								const struct compare_sides *sides);

/*
 * repair_comes_with_table - does a fact of a missing table come with repair_create_table?
 */
bool		repair_comes_with_table(const struct fact *fact);

/* repair_belongs_to - is it a sequence that belongs to this column, or to one of this table? */
bool		repair_belongs_to(const struct fact *sequence, const struct fact *object);

/* repair_create_index - CREATE INDEX, without a semicolon, a new string; NULL: it has properties that this lacks. */
char	   *repair_create_index(const struct fact *should, const struct repair_names *names, bool concurrently);

#endif
