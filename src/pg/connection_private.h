/*
 * connection_private.h - what connection.c (connecting), conninfo.c (connection strings), pipeline.c (batches),
 * prepared.c (what is prepared) and copy_out.c (COPY) have in common. For nobody else.
 */
#ifndef CONNECTION_PRIVATE_H
#define CONNECTION_PRIVATE_H

#include <libpq-fe.h>

#include "pg/connection.h"
#include "pg/pipeline.h"

#define CONNECTION_ANY_ENCODING "SQL_ASCII"

#define CONNECTION_TOO_LATE "the server has not answered in time"

/* What is prepared in the session. A statement's name is its place in the list, which is never reordered. */
struct connection_prepared {
	size_t		count;
	struct prepared_statement *list;
	bool		given_up;		/* it does not last here */
};

struct connection {
	PGconn	   *pg;
	char	   *lost;			/* why nothing can be asked any more, where copy_out has found that out; or NULL */
	struct connection_prepared prepared;
	bool		interruptible;
	int			patience;		/* milliseconds, or 0 for ever */
	int			watch_milliseconds;
	void		(*watch_probe) (void *argument);
	void	   *watch_argument;
	void		(*on_notice) (void *argument, const char *sqlstate, const char *message);
	void	   *on_notice_argument;
};

/* conninfo_option - the value of a connection option, borrowed; NULL where it has none. `options` may be NULL. */
const char *conninfo_option(const PQconninfoOption *options, const char *keyword);

/* conninfo_is - is it a connection string or a URI, rather than a name? */
bool		conninfo_is(const char *dbname);

/* conninfo_misplaced - is there a URI where it would be taken for a name, which error messages print? */
bool		conninfo_misplaced(const struct connection_target *target, const PQconninfoOption *defaults);

/*
 * conninfo_complaint - libpq's complaint about a connection string, without what it quotes of it, passwords
 * included, but with the name of an unknown option. A new string.
 */
char	   *conninfo_complaint(const char *complaint, const char *conninfo, const PQconninfoOption *defaults);

/* conninfo_explain - the same for the message of a failed connection: name the unknown option of a service file. */
void		conninfo_explain(char **message, const PQconninfoOption *defaults);

/*
 * conninfo_unsupported - is a setting given that a newer libpq obeys and the one linked in ignores? Then why that is
 * refused, a new string; otherwise NULL.
 */
char	   *conninfo_unsupported(const PQconninfoOption *defaults, const PQconninfoOption *given);

/*
 * prepared_send - send a command by its name; where it is not prepared yet, that first: then it is `preparing`.
 * False where libpq does not take it.
 */
bool		prepared_send(struct connection *connection, struct pipeline_command *command);

/* prepared_done - the server has prepared the command. */
void		prepared_done(struct connection *connection, const struct pipeline_command *command);

/* prepared_end_pipeline - the batch has ended: what it was to prepare and did not, the next one is to. */
void		prepared_end_pipeline(struct connection *connection);

/* prepared_clear - the session is over, and all that was prepared in it. */
void		prepared_clear(struct connection *connection);

/* connection_now - milliseconds of a clock that only goes forward. */
long		connection_now(void);

#endif
