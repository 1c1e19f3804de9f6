/*
 * connection.h - a connection to the server; pipeline.h has what is sent over it.
 *
 * The only door to libpq: nothing else includes its header. It knows nothing of migrations. Waiting is done here and
 * nowhere else, so that a signal always finds its way to the server as a cancel request.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

struct connection;						/* an open connection */

/* Where to connect to, as the command line says it; NULL or false where it does not. */
struct connection_target {
	const char *dbname;			/* a name, a conninfo string or a URI */
	const char *host;
	const char *port;
	const char *user;
	bool		no_password;	/* never ask for one */
	int			connect_limit;	/* seconds that an address may take to answer, whatever else is said; 0: no limit */
	const char *default_dbname; /* where neither the command line nor the environment names one */
};

/*
 * connection_open - connect. Asks for a password on the terminal where the server wants one and no_password does not
 * forbid.
 *
 * On failure *db is NULL and *message says why, for the caller to report and free; passwords do not occur in it.
 */
bool		connection_open(struct connection **connection, const struct connection_target *target, char **message);

/*
 * connection_open_again - a second connection just like `db`, but to database `name`, where that is not NULL. NULL on
 * failure; then *message, where `message` is not NULL, says why, for the caller to free.
 */
struct connection *connection_open_again(const struct connection *connection, const char *name, char **message);

/* connection_reconnect - connect `db`, which was lost, anew; the session starts from nothing. */
bool		connection_reconnect(struct connection *connection);

/* connection_close - close and free; accepts NULL. */
void		connection_close(struct connection *connection);

const char *connection_database(const struct connection *connection);
int			connection_server_version(const struct connection *connection);

/* connection_encoding - the encoding of what is sent: UTF8, or SQL_ASCII in a database of that encoding. */
const char *connection_encoding(const struct connection *connection);

/* connection_backend_pid - the process that serves us, as libpq was told when it connected. */
int			connection_backend_pid(const struct connection *connection);

/*
 * connection_set_timeout - wait no longer than so many milliseconds for what a batch brings; then the connection
 * counts as lost. 0: for ever, as at first.
 */
void		connection_set_timeout(struct connection *connection, int milliseconds);

/*
 * connection_set_probe - call `look(argument)` each `milliseconds` while a batch is waiting for the server; 0 ends that.
 */
void		connection_set_probe(struct connection *connection, int milliseconds, void (*look) (void *argument),
								 void *argument);

/*
 * connection_set_notice_handler - call `on_notice(argument, sqlstate, message)` for each notice or warning of the server, before
 * it is shown; NULL ends that.
 */
void		connection_set_notice_handler(struct connection *connection, void (*on_notice) (void *argument, const char *sqlstate,
																							const char *message),
										  void *argument);

/*
 * connection_set_interruptible - whether a signal that asks to stop makes pipeline_run ask the server to cancel what it
 * runs, which then fails by query_canceled. Not so at first: what tidies up should not be cut short.
 */
void		connection_set_interruptible(struct connection *connection, bool interruptible);

/* connection_identifier - `name` quoted as an identifier where it must be, as a new string. */
char	   *connection_identifier(struct connection *connection, const char *name);

#endif
