/*
 * pipeline.h - commands sent to the server together, in one round trip, and their results.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "pg/connection.h"

struct pipeline_rows;			/* the rows that a command returned */

struct pipeline_error {
	char		sqlstate[6];	/* "" where it is not the server's */
	char	   *message;
	char	   *detail;
	char	   *hint;
	char	   *context;
	int			position;		/* in the command's text, in characters from 1; 0: none */
	bool		lost;			/* the connection is gone */
};

enum pipeline_outcome {
	PIPELINE_SKIPPED,					/* not run: one before it failed, or the connection was lost */
	PIPELINE_DONE,
	PIPELINE_FAILED
};

struct pipeline_command {
	/* what to send */
	char	   *sql;
	int			count;
	char	  **values;			/* the parameters $1 ... as text; NULL is null */
	const char *unless_one;		/* it must touch or return exactly one row, or it has failed, with this message */
	bool		sync_point;			/* those before and up to it fail or succeed apart from those after it */
	bool		prepared;			/* it comes in many batches: worth being prepared, in those that prepare */
	bool		internal;			/* it is not the script's own, but stands between its statements */
	bool		big;			/* its second parameter is of type bigint; else the server finds out the types */
	bool		uninterruptible;			/* no signal has it cancelled, nor those before it */
	void		(*on_done) (void *argument);	/* called as soon as it is done, though others are not yet */
	void	   *on_done_argument;
	bool		preparing;		/* pipeline_run's own: the next answer is only that it is prepared */
	/* what came of it */
	enum pipeline_outcome outcome;
	struct pipeline_rows *rows;
	struct pipeline_error error;
};

/* A list of commands, sent without waiting in between. Zero is an empty one. */
struct pipeline {
	size_t		count;
	struct pipeline_command *commands;
	bool		prepare;		/* what comes often is prepared, once for the session: see prepared_give_up */
};

/*
 * pipeline_add - append a command with `count` parameters (const char *, NULL for null), which are copied.
 *
 * Returns it, so that its flags can be set; good until the next pipeline_add.
 */
struct pipeline_command *pipeline_add(struct pipeline *pipeline, const char *sql, int count,...);

/* pipeline_add_text - append a command without parameters, whose text is `length` bytes at `sql`. */
struct pipeline_command *pipeline_add_text(struct pipeline *pipeline, const char *sql, size_t length);

/*
 * pipeline_run - send the batch and wait for what becomes of it. True when all of it is done; otherwise each command
 * says what became of it, and pipeline_failed finds the first that failed.
 */
bool		pipeline_run(struct connection *connection, struct pipeline *pipeline);

/*
 * prepared_give_up - has a command failed only because it was prepared, and is no longer, or another had its name
 * first? That is what DEALLOCATE ALL in a script comes to. Then from now on nothing is prepared. True: run the batch
 * again. False: it failed for another reason, or the connection is lost.
 */
bool		prepared_give_up(struct connection *connection, const struct pipeline_command *failed);

/* pipeline_failed - the first command that failed, or NULL. */
const struct pipeline_command *pipeline_failed(const struct pipeline *pipeline);

/* pipeline_clear - free what the batch holds, and make it empty. */
void		pipeline_clear(struct pipeline *pipeline);

/*
 * pipeline_row_count, pipeline_value - how many rows a command returned, and one value of them: borrowed; NULL is null.
 */
int			pipeline_row_count(const struct pipeline_command *command);
const char *pipeline_value(const struct pipeline_command *command, int line, int column);

/*
 * pipeline_text - the same for what is not null where all is well: null is "", so that who is sent one does not
 * stumble.
 */
const char *pipeline_text(const struct pipeline_command *command, int line, int column);

/* pipeline_number, pipeline_bool - the same for integers (0 for null) and booleans (false for null). */
long		pipeline_number(const struct pipeline_command *command, int line, int column);
bool		pipeline_bool(const struct pipeline_command *command, int line, int column);

/* pipeline_is_integer - does the column hold integers (of 4 bytes)? */
bool		pipeline_is_integer(const struct pipeline_command *command, int column);

/*
 * pipeline_render - the command's SQL with its parameters put in as literals, as a new string; for scripts that are
 * printed, never for what is sent.
 */
char	   *pipeline_render(struct connection *connection, const struct pipeline_command *command);

/* pipeline_error_is - is this the error with the SQLSTATE? */
static inline bool
pipeline_error_is(const struct pipeline_error *error, const char *sqlstate)
{
	return strcmp(error->sqlstate, sqlstate) == 0;
}

#endif
