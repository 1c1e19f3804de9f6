/*
 * pipeline.h - commands that are sent to the server together, in one round trip (libpq's pipeline mode), and their
 * results.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "pg/connection.h"

struct pipeline_rows;			/* the rows that a command returned */

struct pipeline_error {
	char		sqlstate[6];	/* "" if the error is not the server's */
	char	   *message;
	char	   *detail;
	char	   *hint;
	char	   *context;
	char	   *schema;			/* the object that the error is about, as far as the server names it */
	char	   *table;
	char	   *constraint;
	int			position;		/* in the command's text, in characters from 1; 0: none */
	bool		lost;			/* the connection is lost */
};

enum pipeline_outcome {
	PIPELINE_SKIPPED,			/* not run: an earlier command failed, or the connection was lost */
	PIPELINE_DONE,
	PIPELINE_FAILED
};

struct pipeline_command {
	/* set by the caller */
	char	   *sql;
	int			count;
	char	  **values;			/* the parameters $1 ... as text; NULL is null */
	const char *unless_one;		/* fail, with this message, unless it affects or returns exactly one row */
	bool		sync_point;		/* a synchronization point follows: later commands run even if this one fails */
	bool		prepared;		/* it is sent often: use a prepared statement, if the pipeline allows that */
	bool		internal;		/* the program's own command, between statements of a script */
	bool		bigint;			/* its second parameter is of type bigint; otherwise the server infers the types */
	bool		uninterruptible;	/* a signal cancels neither this command nor those before it */
	void		(*on_done) (void *argument);	/* called as soon as it is done, before the pipeline ends */
	void	   *on_done_argument;
	/* set by pipeline_run */
	bool		preparing;		/* its next result is that of preparing it */
	enum pipeline_outcome outcome;
	struct pipeline_rows *rows;
	struct pipeline_error error;
};

/* A list of commands, sent without waiting in between. Zero is an empty list. */
struct pipeline {
	size_t		count;
	struct pipeline_command *commands;
	bool		prepare;		/* allow prepared statements; see prepared_give_up */
};

/*
 * pipeline_add - append a command with `count` parameters (const char *, NULL for null). SQL and parameters are copied.
 *
 * Returns the command, for its flags to be set; valid until the next pipeline_add.
 */
struct pipeline_command *pipeline_add(struct pipeline *pipeline, const char *sql, int count,...);

/* pipeline_add_text - append a command without parameters: the `length` bytes at `sql`, which are copied. */
struct pipeline_command *pipeline_add_text(struct pipeline *pipeline, const char *sql, size_t length);

/*
 * pipeline_run - send the commands and wait for their results. True if all succeeded. Otherwise each command has its
 * outcome, and pipeline_failed returns the first that failed; nothing is reported.
 */
bool		pipeline_run(struct connection *connection, struct pipeline *pipeline);

/*
 * prepared_give_up - did a command fail only because its prepared statement no longer exists, or because its name is in
 * use? (A script can cause this by DEALLOCATE ALL.) If so, the connection stops using prepared statements, and the
 * caller runs the pipeline again. False: it failed for another reason, or the connection is lost.
 */
bool		prepared_give_up(struct connection *connection, const struct pipeline_command *failed);

/* pipeline_failed - the first command that failed, or NULL. */
const struct pipeline_command *pipeline_failed(const struct pipeline *pipeline);

/* pipeline_clear - free the commands and results, and make the list empty. */
void		pipeline_clear(struct pipeline *pipeline);

/* pipeline_row_count - the number of rows that a command returned. */
int			pipeline_row_count(const struct pipeline_command *command);

/* pipeline_value - a value, borrowed; NULL for null, and for a command without rows. */
const char *pipeline_value(const struct pipeline_command *command, int line, int column);

/* pipeline_text - the same, but "" for null: for values that a correct server does not return as null. */
const char *pipeline_text(const struct pipeline_command *command, int line, int column);

/* pipeline_number, pipeline_bool - the same for integers (0 for null) and booleans (false for null). */
long		pipeline_number(const struct pipeline_command *command, int line, int column);
bool		pipeline_bool(const struct pipeline_command *command, int line, int column);

/* pipeline_is_integer - is the column of type integer? */
bool		pipeline_is_integer(const struct pipeline_command *command, int column);

/*
 * pipeline_render - the command's SQL with its parameters inserted as literals, a new string. For scripts that are
 * printed only; commands are sent with parameters.
 */
char	   *pipeline_render(struct connection *connection, const struct pipeline_command *command);

/* pipeline_error_is - has the error this SQLSTATE? */
static inline bool
pipeline_error_is(const struct pipeline_error *error, const char *sqlstate)
{
	return strcmp(error->sqlstate, sqlstate) == 0;
}

#endif
