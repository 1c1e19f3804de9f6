/*
 * batch_key.h - the key that a batched statement goes by: what it must be like, and the queries that find ranges of it.
 *
 * It runs nothing: commands are appended to a batch, behind session_add_own_settings, and results are handed in.
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
	const char *only;			/* "ONLY " where the table has no partitions */
};

/* batch_key_add_facts - ask what there is to know of the table and its key. */
void		batch_key_add_facts(struct pipeline *pipeline, const struct statement_list_batch *of);

/*
 * batch_key_read - the key from the answer. NULL, or why it is not one to go by, and in *hint what to do: new strings.
 */
char	   *batch_key_read(struct batch_key *key, struct connection *connection, const struct statement_list_batch *of,
						   const struct pipeline_command *facts, char **hint);

void		batch_key_clear(struct batch_key *key);

/* batch_key_add_nulls - is there a row whose key is null? */
void		batch_key_add_nulls(struct pipeline *pipeline, const struct batch_key *key);

/* batch_key_add_estimate - the planner's estimate, as JSON, of the rows from `position` on (NULL: of all). */
void		batch_key_add_estimate(struct pipeline *pipeline, const struct batch_key *key, const char *position);

/* batch_key_read_estimate - the rows that its answer says; 0 where it does not say. */
double		batch_key_read_estimate(const struct pipeline_command *answer);

/* What batch_key_add_next finds. */
enum batch_key_next {
	BATCH_KEY_ROWS,			/* how many rows there are, up to one more than were asked for */
	BATCH_KEY_ALL_EQUAL,			/* they all have the same key */
	BATCH_KEY_LEAST,			/* the least key of the range */
	BATCH_KEY_NEXT			/* the least one behind it; null: there can be none */
};

/* batch_key_add_next - find the next range of `rows` rows from `position` on. */
void		batch_key_add_next(struct pipeline *pipeline, const struct batch_key *key, const char *position, int rows);

/*
 * batch_key_is_beyond - is it a bound that the key's type does not have? Then a statement must take it as a bigint,
 * which the same indexes serve.
 */
bool		batch_key_is_beyond(const struct batch_key *key, const char *bound);

/*
 * batch_key_types - for a script, in a new string: a query of the parameter types of the statement, as PREPARE has
 * them, "" where they are the key's; NULL where they always are.
 */
char	   *batch_key_types(const struct batch_key *key);

/* batch_key_assume - the key of a table that is not there yet, which is taken to be an integer. */
void		batch_key_assume(struct batch_key *key, struct connection *connection,
							 const struct statement_list_batch *of);

/*
 * batch_key_all_batches - for a script, in a new string: a query of all ranges of `rows` rows from `position` on, a literal or
 * NULL. Each row of it is format()'s of `cell`, an SQL string, with the range's least key and the least one behind it.
 */
char	   *batch_key_all_batches(const struct batch_key *key, const char *position, int rows, const char *cell);

#endif
