/*
 * connection.h - a connection to the server. pipeline.h has the commands that are sent over it.
 *
 * Together with pipeline.h and copy_out.h it is the only interface to libpq: no other code includes libpq-fe.h. It
 * knows nothing of migrations. All waiting for the server is done behind this interface, so that a signal is always
 * turned into a cancel request.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

struct connection;				/* an open connection */

/* The database to connect to, as given on the command line; NULL or false for options that were not given. */
struct connection_target {
	const char *dbname;			/* a name, a conninfo string or a URI */
	const char *host;
	const char *port;
	const char *user;
	bool		no_password;	/* never ask for a password */
	int			connect_limit;	/* seconds that an address may take to answer, overriding connect_timeout; 0: no limit */
	const char *default_dbname; /* used if neither the command line nor the environment names a database */
};

/*
 * connection_open - connect. Asks for a password on the terminal if the server requires one, unless no_password is set.
 *
 * On failure *connection is NULL and *message is the reason, a new string without passwords, for the caller to report.
 */
bool		connection_open(struct connection **connection, const struct connection_target *target, char **message);

/*
 * connection_open_again - a second connection with the same parameters, but to database `name` unless that is NULL.
 * NULL on failure; then *message, unless `message` is NULL, is the reason, a new string.
 */
struct connection *connection_open_again(const struct connection *connection, const char *name, char **message);

/*
 * connection_reconnect - replace a lost connection by a new one with the same parameters; the session starts with
 * default settings. False on failure, without a message; then the connection stays lost.
 */
bool		connection_reconnect(struct connection *connection);

/* connection_is_lost - is the connection of no use any more? */
bool		connection_is_lost(const struct connection *connection);

/* connection_close - close and free; accepts NULL. */
void		connection_close(struct connection *connection);

/* connection_database - the name of the database, borrowed. */
const char *connection_database(const struct connection *connection);

/* connection_user - the name of the login role, borrowed. */
const char *connection_user(const struct connection *connection);

/* connection_server_version - the server's version as libpq encodes it: 150004. */
int			connection_server_version(const struct connection *connection);

/* connection_encoding - the client encoding: UTF8, or SQL_ASCII for a database with that encoding. */
const char *connection_encoding(const struct connection *connection);

/* connection_backend_pid - the PID of the server process, as reported at connection start. */
int			connection_backend_pid(const struct connection *connection);

/*
 * connection_set_timeout - wait at most `milliseconds` for the results of a pipeline; then the connection counts as
 * lost. 0, the default: no limit.
 */
void		connection_set_timeout(struct connection *connection, int milliseconds);

/*
 * connection_set_probe - call `probe(argument)` every `milliseconds` while a pipeline waits for the server; 0: do not.
 */
void		connection_set_probe(struct connection *connection, int milliseconds, void (*probe) (void *argument),
								 void *argument);

/*
 * connection_set_notice_handler - call `on_notice(argument, sqlstate, message)` for each notice or warning of the
 * server, before it is shown; NULL: do not.
 */
void		connection_set_notice_handler(struct connection *connection,
										  void (*on_notice) (void *argument, const char *sqlstate,
															 const char *message),
										  void *argument);

/*
 * connection_set_interruptible - true: if a signal requests a stop, pipeline_run sends a cancel request, and the
 * running command fails with query_canceled. False, the default: it does not, so that clean-up is not interrupted.
 */
void		connection_set_interruptible(struct connection *connection, bool interruptible);

/* connection_identifier - `name` as an SQL identifier, quoted, as a new string. */
char	   *connection_identifier(struct connection *connection, const char *name);

#endif
