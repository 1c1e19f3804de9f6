/*
 * db_private.h - what db.c (connecting), db_conninfo.c (connection strings), db_run.c (batches), db_prepared.c (what is
 * prepared) and db_copy.c (COPY) have in common. For nobody else.
 */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <libpq-fe.h>

#include "db.h"

#define DB_ANY_ENCODING "SQL_ASCII"

#define DB_TOO_LATE "the server has not answered in time"

/* What is prepared in the session. A statement's name is its place in the list, which is never reordered. */
struct db_prepared {
	size_t		count;
	struct db_statement *list;
	bool		given_up;		/* it does not last here */
};

struct db {
	PGconn	   *connection;
	char	   *lost;			/* why nothing can be asked any more, where db_copy has found that out; or NULL */
	struct db_prepared prepared;
	bool		interruptible;
	int			patience;		/* milliseconds, or 0 for ever */
	int			watch_milliseconds;
	void		(*watch_look) (void *argument);
	void	   *watch_argument;
	void		(*hear) (void *argument, const char *sqlstate, const char *message);
	void	   *hear_argument;
};

/* db_option_value - the value of a connection option, borrowed; NULL where it has none. `options` may be NULL. */
const char *db_option_value(const PQconninfoOption *options, const char *keyword);

/* db_conninfo_is - is it a connection string or a URI, rather than a name? */
bool		db_conninfo_is(const char *dbname);

/* db_conninfo_misplaced - is there a URI where it would be taken for a name, which error messages print? */
bool		db_conninfo_misplaced(const struct db_target *target, const PQconninfoOption *defaults);

/*
 * db_conninfo_complaint - libpq's complaint about a connection string, without what it quotes of it, passwords
 * included, but with the name of an unknown option. A new string.
 */
char	   *db_conninfo_complaint(const char *complaint, const char *conninfo, const PQconninfoOption *defaults);

/* db_conninfo_explain - the same for the message of a failed connection: name the unknown option of a service file. */
void		db_conninfo_explain(char **message, const PQconninfoOption *defaults);

/*
 * db_conninfo_unsupported - is a setting given that a newer libpq obeys and the one linked in ignores? Then why that is
 * refused, a new string; otherwise NULL.
 */
char	   *db_conninfo_unsupported(const PQconninfoOption *defaults, const PQconninfoOption *given);

/*
 * db_prepared_send - send a command by its name; where it is not prepared yet, that first: then it is `preparing`.
 * False where libpq does not take it.
 */
bool		db_prepared_send(struct db *db, struct db_command *command);

/* db_prepared_note - the server has prepared the command. */
void		db_prepared_note(struct db *db, const struct db_command *command);

/* db_prepared_settle - the batch has ended: what it was to prepare and did not, the next one is to. */
void		db_prepared_settle(struct db *db);

/* db_prepared_clear - the session is over, and all that was prepared in it. */
void		db_prepared_clear(struct db *db);

/* db_now - milliseconds of a clock that only goes forward. */
long		db_now(void);

#endif
