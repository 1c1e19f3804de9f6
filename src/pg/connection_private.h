/*
 * connection_private.h - shared by the files that use libpq: connection.c, conninfo.c, pipeline.c, prepared.c and
 * copy_out.c. The only header that includes libpq-fe.h.
 */
#ifndef CONNECTION_PRIVATE_H
#define CONNECTION_PRIVATE_H

#include <libpq-fe.h>

#include "pg/connection.h"
#include "pg/pipeline.h"

#define CONNECTION_ANY_ENCODING "SQL_ASCII"

#define CONNECTION_TOO_LATE "the server did not answer in time"

/* The prepared statements of a session. The name of a statement is its place in the list, which is never reordered. */
struct connection_prepared {
	size_t		count;
	struct prepared_statement *list;
	bool		given_up;		/* prepared statements do not last in this session; see prepared_give_up */
};

struct connection {
	PGconn	   *pg;
	char	   *lost;			/* the reason why copy_out has made the connection unusable; or NULL */
	struct connection_prepared prepared;
	bool		interruptible;
	int			timeout;		/* milliseconds; 0: no limit */
	int			probe_interval; /* milliseconds; 0: no probe */
	void		(*probe) (void *argument);
	void	   *probe_argument;
	void		(*on_notice) (void *argument, const char *sqlstate, const char *message);
	void	   *on_notice_argument;
};

/* conninfo_option - the value of a connection option, borrowed; NULL if it is not set. `options` may be NULL. */
const char *conninfo_option(const PQconninfoOption *options, const char *keyword);

/* conninfo_is - is `dbname` a connection string or a URI, rather than a name? */
bool		conninfo_is(const char *dbname);

/* conninfo_misplaced - is a URI given in place of a name? Error messages would print it, including its password. */
bool		conninfo_misplaced(const struct connection_target *target, const PQconninfoOption *defaults);

/*
 * conninfo_complaint - libpq's error message about a connection string, without the parts of it that the message
 * quotes, which may be passwords, but with the name of an unknown option. A new string.
 */
char	   *conninfo_complaint(const char *complaint, const char *conninfo, const PQconninfoOption *defaults);

/*
 * conninfo_explain - if the connection failed because of an unknown option in a service file, replace *message by one
 * that names the option.
 */
void		conninfo_explain(char **message, const PQconninfoOption *defaults);

/*
 * conninfo_unsupported - the reason to refuse a setting that a newer libpq obeys but the linked one ignores, as a new
 * string; NULL if there is no such setting.
 */
char	   *conninfo_unsupported(const PQconninfoOption *defaults, const PQconninfoOption *given);

/*
 * prepared_send - send a command as a prepared statement. If the session does not have it yet, also send the request to
 * prepare it, and set `preparing`. False if libpq refuses.
 */
bool		prepared_send(struct connection *connection, struct pipeline_command *command);

/* prepared_done - record that the server has prepared the command. */
void		prepared_done(struct connection *connection, const struct pipeline_command *command);

/* prepared_end_pipeline - after a pipeline: statements that were not prepared in it are to be prepared in the next. */
void		prepared_end_pipeline(struct connection *connection);

/* prepared_clear - forget all prepared statements, at the end of the session. */
void		prepared_clear(struct connection *connection);

#endif
