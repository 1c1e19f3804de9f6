/*
 * server.h - throwaway PostgreSQL servers in temporary directories.
 *
 * The programs initdb, pg_ctl and postgres are taken from the folder in the environment variable PG_BIN, by default
 * Debian's PostgreSQL 15. Where we are root, they run as the user "postgres". The superuser is "postgres"; there are
 * the roles "fitsdata" (who owns every test's database) and "apache" (who uses it). The directories are made in
 * $TMPDIR, by default /tmp; /dev/shm makes the tests faster. A server is stopped and its directory removed when the
 * process that started it ends, however it ends.
 */
#ifndef SERVER_H
#define SERVER_H

#include <libpq-fe.h>
#include <stdbool.h>

struct server {
	char	   *directory;		/* has the socket, and "data" */
	char	   *port;
	bool		tcp;			/* listens on 127.0.0.1 as well, and wants passwords there */
};

/* server_main - the server of the tests, started with the first call. */
const struct server *server_main(void);

/* server_setup - a fixture that starts it. */
void		server_setup(void);

/* server_start - another server; fails the test when it cannot. It stays until this process ends. */
const struct server *server_start(bool tcp);

/* server_start_in - the same, with its directory made in `parent`, which user "postgres" must be able to enter. */
const struct server *server_start_in(const char *parent, bool tcp);

/* server_start_with - the same, with these lines at the end of its postgresql.conf. */
const struct server *server_start_with(bool tcp, const char *settings);

/* server_start_debian - another server, which is Debian's whatever the main one is. */
const struct server *server_start_debian(void);

/* server_place - room for a server on a socket; the caller puts its data into "data" there, and calls server_begin. */
const struct server *server_place(void);

/* server_stop - stop it as a crash would, without a checkpoint. */
void		server_stop(const struct server *server);

/* server_begin - start one that is placed or has stopped, where it was; returns when it can be connected to. */
void		server_begin(const struct server *server);

/* server_running - is there a process that serves? */
bool		server_running(const struct server *server);

/* server_directory - a new directory below the main server's and its user's, gone with it; the caller frees it. */
char	   *server_directory(const char *name);

/* server_program - the path of one of the server's programs; the caller frees it. */
char	   *server_program(const char *name);

/* server_debian_program - the path of one of its programs; the caller frees it. */
char	   *server_debian_program(const char *name);

/* server_version - its major version: 15. */
int			server_version(const struct server *server);

/* server_conninfo - how to connect; the caller frees it. */
char	   *server_conninfo(const struct server *server, const char *role, const char *database);

/* server_superuser - connect to a database as the superuser; end it with PQfinish. */
PGconn	   *server_superuser(const struct server *server, const char *database);

/* server_execute - run statements as the superuser in a database of the main server. */
void		server_execute(const char *database, const char *sql);

/* server_execute_told - the same for the statements in a message: on each line after `label`, from `verb` on. */
void		server_execute_told(const char *database, const char *text, const char *label, const char *verb);

/*
 * server_database - a new, empty database on the main server, owned by fitsdata; one of that name is dropped first.
 *
 * Returns how to connect to it as its owner; the caller frees it.
 */
char	   *server_database(const char *name);

/* server_has - does the main server have this database? */
bool		server_has(const char *database);

/* server_copy - the same, as a copy of another database, which nobody may be connected to. */
char	   *server_copy(const char *name, const char *original);

#endif
