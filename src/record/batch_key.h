/*
 * batch_key.h - the key column of a batched statement: check that it is suitable, and build the queries that find
 * batches.
 *
 * It runs nothing: it appends commands to a pipeline, with the settings of session_add_own_settings, and parses
 * results.
 */
#ifndef BATCH_KEY_H
#define BATCH_KEY_H

#include <stdbool.h>

#include "history/statement_list.h"
#include "pg/connection.h"
#include "pg/pipeline.h"

/* Zero is none. */
struct batch_key {
	const struct batch_key_type *type;
	char	   *table;			/* quoted, with its schema */
	char	   *column;			/* quoted */
	bool		nullable;
	const char *only;			/* "ONLY " if the table is not partitioned, else "" */
};

/* batch_key_add_facts - append a query of the table's and the key column's properties. */
void		batch_key_add_facts(struct pipeline *pipeline, const struct statement_list_batch *of);

/*
 * batch_key_read - set *key from the result of that query; free it by batch_key_clear. Returns NULL, or the reason why
 * the key is not suitable, a new string; then *hint may be set to a hint, a new string.
 */
char	   *batch_key_read(struct batch_key *key, struct connection *connection, const struct statement_list_batch *of,
						   const struct pipeline_command *facts, char **hint);

/* batch_key_clear - free the names. */
void		batch_key_clear(struct batch_key *key);

/* batch_key_add_nulls - append a query: is there a row whose key is null? */
void		batch_key_add_nulls(struct pipeline *pipeline, const struct batch_key *key);

/*
 * batch_key_add_estimate - append a query: the planner's estimate, as JSON, of the rows with keys from `position` on
 * (NULL: of all rows).
 */
void		batch_key_add_estimate(struct pipeline *pipeline, const struct batch_key *key, const char *position);

/* batch_key_read_estimate - the number of rows in its result; 0 if it has none. */
double		batch_key_read_estimate(const struct pipeline_command *answer);

/* The columns of the result of batch_key_add_next. */
enum batch_key_next {
	BATCH_KEY_ROWS,				/* the number of rows found, at most one more than asked for */
	BATCH_KEY_ALL_EQUAL,		/* they all have the same key */
	BATCH_KEY_LEAST,			/* the least key of the batch */
	BATCH_KEY_NEXT,				/* the least key after the batch; null: there can be none */
	BATCH_KEY_PAST				/* they are all greater than the key `end` */
};

/*
 * batch_key_add_next - append a query that finds the next batch of `rows` rows, from key `position` on (NULL: all);
 * `end`: a key that the batch is compared with, NULL if it is past it in any case.
 */
void		batch_key_add_next(struct pipeline *pipeline, const struct batch_key *key, const char *position, int rows,
							   const char *end);

/* batch_key_add_greatest - append a query: the greatest key; null if there are no rows. */
void		batch_key_add_greatest(struct pipeline *pipeline, const struct batch_key *key);

/*
 * batch_key_is_beyond - is the bound beyond the range of the key's type? Then the statement must take it as a bigint,
 * which uses the same indexes.
 */
bool		batch_key_is_beyond(const struct batch_key *key, const char *bound);

/*
 * batch_key_types - for a psql script: a query of the statement's parameter types, as PREPARE takes them, "" if they
 * are the key's type; a new string. NULL: they always are.
 */
char	   *batch_key_types(const struct batch_key *key);

/* batch_key_assume - set *key for a table that does not exist yet; its key is assumed to be an integer. */
void		batch_key_assume(struct batch_key *key, struct connection *connection,
							 const struct statement_list_batch *of);

/*
 * batch_key_all_batches - for a psql script: a query of all batches of `rows` rows from `position` on, a literal or
 * NULL; a new string. Each result row is format() applied to `cell`, an SQL string, with the batch's least key and the
 * least key after it.
 */
char	   *batch_key_all_batches(const struct batch_key *key, const char *position, int rows, const char *cell);

#endif
