/*
 * db.h - a connection to the server, and commands sent to it in batches of one round trip.
 *
 * The only door to libpq: nothing else includes its header. It knows nothing of migrations. Waiting is done here and
 * nowhere else, so that a signal always finds its way to the server as a cancel request.
 */
#ifndef DB_H
#define DB_H

#include <stdbool.h>
#include <stddef.h>

struct db;						/* an open connection */
struct db_rows;					/* what one command returned */

/* Where to connect to, as the command line says it; NULL or false where it does not. */
struct db_target {
	const char *dbname;			/* a name, a conninfo string or a URI */
	const char *host;
	const char *port;
	const char *user;
	bool		no_password;	/* never ask for one */
	int			connect_limit;	/* seconds that an address may take to answer, whatever else is said; 0: no limit */
	const char *default_dbname; /* where neither the command line nor the environment names one */
};

struct db_error {
	char		sqlstate[6];	/* "" where it is not the server's */
	char	   *message;
	char	   *detail;
	char	   *hint;
	char	   *context;
	int			position;		/* in the command's text, in characters from 1; 0: none */
	bool		lost;			/* the connection is gone */
};

enum db_outcome {
	DB_SKIPPED,					/* not run: one before it failed, or the connection was lost */
	DB_DONE,
	DB_FAILED
};

struct db_command {
	/* what to send */
	char	   *sql;
	int			count;
	char	  **values;			/* the parameters $1 ... as text; NULL is null */
	const char *unless_one;		/* it must touch or return exactly one row, or it has failed, with this message */
	bool		apart;			/* those before and up to it fail or succeed apart from those after it */
	bool		often;			/* it comes in many batches: worth being prepared, in those that prepare */
	bool		aside;			/* it is not the script's own, but stands between its statements */
	bool		big;			/* its second parameter is of type bigint; else the server finds out the types */
	bool		firm;			/* no signal has it cancelled, nor those before it */
	void		(*hear) (void *argument);	/* called as soon as it is done, though others are not yet */
	void	   *hear_argument;
	bool		preparing;		/* db_run's own: the next answer is only that it is prepared */
	/* what came of it */
	enum db_outcome outcome;
	struct db_rows *rows;
	struct db_error error;
};

/* A list of commands, sent without waiting in between. Zero is an empty one. */
struct db_batch {
	size_t		count;
	struct db_command *commands;
	bool		prepare;		/* what comes often is prepared, once for the session: see db_prepared_give_up */
};

/*
 * db_open - connect. Asks for a password on the terminal where the server wants one and no_password does not forbid.
 *
 * On failure *db is NULL and *message says why, for the caller to report and free; passwords do not occur in it.
 */
bool		db_open(struct db **db, const struct db_target *target, char **message);

/*
 * db_open_again - a second connection just like `db`, but to database `name`, where that is not NULL. NULL on failure;
 * then *message, where `message` is not NULL, says why, for the caller to free.
 */
struct db  *db_open_again(const struct db *db, const char *name, char **message);

/* db_reconnect - connect `db`, which was lost, anew; the session starts from nothing. */
bool		db_reconnect(struct db *db);

/* db_close - close and free; accepts NULL. */
void		db_close(struct db *db);

const char *db_name(const struct db *db);
int			db_server_version(const struct db *db);

/* db_encoding - the encoding of what is sent: UTF8, or SQL_ASCII in a database of that encoding. */
const char *db_encoding(const struct db *db);

/* db_backend_pid - the process that serves us, as libpq was told when it connected. */
int			db_backend_pid(const struct db *db);

/*
 * db_set_patience - wait no longer than so many milliseconds for what a batch brings; then the connection counts as
 * lost. 0: for ever, as at first.
 */
void		db_set_patience(struct db *db, int milliseconds);

/*
 * db_watch - call `look(argument)` each `milliseconds` while a batch is waiting for the server; 0 ends that.
 */
void		db_watch(struct db *db, int milliseconds, void (*look) (void *argument), void *argument);

/*
 * db_listen - call `hear(argument, sqlstate, message)` for each notice or warning of the server, before it is shown;
 * NULL ends that.
 */
void		db_listen(struct db *db, void (*hear) (void *argument, const char *sqlstate, const char *message),
					  void *argument);

/*
 * db_add - append a command with `count` parameters (const char *, NULL for null), which are copied.
 *
 * Returns it, so that its flags can be set; good until the next db_add.
 */
struct db_command *db_add(struct db_batch *batch, const char *sql, int count,...);

/* db_add_text - append a command without parameters, whose text is `length` bytes at `sql`. */
struct db_command *db_add_text(struct db_batch *batch, const char *sql, size_t length);

/*
 * db_interruptible - whether a signal that asks to stop makes db_run ask the server to cancel what it runs, which then
 * fails by query_canceled. Not so at first: what tidies up should not be cut short.
 */
void		db_interruptible(struct db *db, bool interruptible);

/*
 * db_run - send the batch and wait for what becomes of it. True when all of it is done; otherwise each command says
 * what became of it, and db_failed finds the first that failed.
 */
bool		db_run(struct db *db, struct db_batch *batch);

/*
 * db_prepared_give_up - has a command failed only because it was prepared, and is no longer, or another had its name
 * first? That is what DEALLOCATE ALL in a script comes to. Then from now on nothing is prepared. True: run the batch
 * again. False: it failed for another reason, or the connection is lost.
 */
bool		db_prepared_give_up(struct db *db, const struct db_command *failed);

/* What COPY has sent of a table, in binary form. */
struct db_copied {
	bool		whole;			/* it is a small one: this is all */
	size_t		length;
	unsigned char bytes[1024];
};

struct db_field {
	const unsigned char *bytes; /* NULL: null */
	size_t		length;
};

/*
 * db_copy - run `sql`, a transaction in which so many commands COPY a table TO STDOUT in binary form, in one round trip:
 * as nothing is planned, there is no cheaper question. False where not all of it was done, for whatever reason: then it
 * is rolled back, nothing is reported, and `sqlstate` is the server's, or "". db_run can be used to ask again, and says
 * if the connection is lost.
 */
bool		db_copy(struct db *db, const char *sql, struct db_copied *tables, int count, char sqlstate[6]);

/*
 * db_copied_next - the fields, borrowed, of the next row of a table whose rows have so many; *at is 0 at first. False
 * after the last row, where db_copied_whole is true, and where the bytes make no sense, where it is not.
 */
bool		db_copied_next(const struct db_copied *table, size_t *at, int count, struct db_field *fields);
bool		db_copied_whole(const struct db_copied *table, size_t at);

/* db_field_number - a field of four bytes as an integer, which is all it can be told by. False if it has not four. */
bool		db_field_number(const struct db_field *field, int *number);

/* db_failed - the first command that failed, or NULL. */
const struct db_command *db_failed(const struct db_batch *batch);

/* db_batch_clear - free what the batch holds, and make it empty. */
void		db_batch_clear(struct db_batch *batch);

/* db_lines, db_value - how many rows a command returned, and one value of them: borrowed; NULL is null. */
int			db_lines(const struct db_command *command);
const char *db_value(const struct db_command *command, int line, int column);

/* db_text - the same for what is not null where all is well: null is "", so that who is sent one does not stumble. */
const char *db_text(const struct db_command *command, int line, int column);

/* db_number, db_truth - the same for integers (0 for null) and booleans (false for null). */
long		db_number(const struct db_command *command, int line, int column);
bool		db_truth(const struct db_command *command, int line, int column);

/* db_is_integer - does the column hold integers (of 4 bytes)? */
bool		db_is_integer(const struct db_command *command, int column);

/*
 * db_render - the command's SQL with its parameters put in as literals, as a new string; for scripts that are printed,
 * never for what is sent.
 */
char	   *db_render(struct db *db, const struct db_command *command);

/* db_identifier - `name` quoted as an identifier where it must be, as a new string. */
char	   *db_identifier(struct db *db, const char *name);

/* db_is - is this the error with the SQLSTATE? */
bool		db_is(const struct db_error *error, const char *sqlstate);

#endif
