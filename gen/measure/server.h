/*
 * server.h - the database on the throwaway server: run migrations there as the executable does, read its facts, and try
 * scripts in transactions that are rolled back, or in clones.
 */
#ifndef MEASURE_SERVER_H
#define MEASURE_SERVER_H

#include <stdbool.h>

#include "history/statement_list.h"
#include "migrate/migrator.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "schema/live.h"

/* Zero is a closed one. */
struct server {
	struct session_options options;
	struct migrator migrator;
	unsigned	servers;		/* its bit, of enum fact_servers */
	int			version;		/* the last one that was run */
	bool		cloning;		/* scripts are tried in clones: the database has no session */
	struct session_options elsewhere;	/* to connect to another database of this server */
	char	   *name;			/* of the database */
	char	   *owner;			/* of the database, as an identifier */
	struct session clones;		/* creates the clones */
	struct session clone;
	char	   *error;			/* of the last trial: the server's message, if a statement failed; or NULL */
	size_t		failed;			/* with an error: the number of the statement, or that of all: at the end */
};

/*
 * server_open - connect to the database that the environment names (PGHOST and so on), which must be empty. False, and
 * reported, on failure. Call server_close in any case.
 */
bool		server_open(struct server *server);

/* server_close - disconnect. The database keeps its version. */
void		server_close(struct server *server);

/* server_run - run the migration to `version`, the one after the last. False, and reported, on failure. */
bool		server_run(struct server *server, int version);

/*
 * server_read - read the facts, without those that SETTINGS ignores at this version; live_clear frees them. False, and
 * reported, on failure.
 */
bool		server_read(struct server *server, struct live *live);

/*
 * server_try - begin a transaction, run `first` (NULL: nothing), the statements, and grants.sql. CONCURRENTLY is left
 * out, and batched statements run once, for no keys. The transaction stays open until server_roll_back. `after`, unless
 * NULL, is called after each statement, with its number from 0; if it returns false, the trial is over.
 */
enum server_result {
	SERVER_DONE,
	SERVER_FAILED,				/* one of the statements failed */
	SERVER_NOT_TRIED,			/* `first` failed */
	SERVER_OVER					/* something else failed; reported */
};
enum server_result server_try(struct server *server, const char *first, const struct statement_list *list,
							  bool (*after) (void *argument, struct server *server, size_t number), void *argument);

/*
 * server_set_cloning - try scripts in a clone of the database from now on, each of their statements by itself, or no
 * longer: for scripts that cannot be in one transaction. False, and reported, on failure.
 */
bool		server_set_cloning(struct server *server, bool cloning);

/*
 * server_begin, server_add_statement - the parts of server_try, for one statement at a time: begin the transaction; add
 * a statement to a pipeline.
 */
bool		server_begin(struct server *server);
void		server_add_statement(struct pipeline *pipeline, const struct statement_list_item *statement);

/* server_query - run a pipeline. False on failure; reported only if the connection is lost. */
bool		server_query(struct server *server, struct pipeline *pipeline);

/* server_read_tried - the same in the transaction of server_try, which leads to a version. */
bool		server_read_tried(struct server *server, int version, struct live *live);

/* server_roll_back - end the transaction. False, and reported, on failure. */
bool		server_roll_back(struct server *server);

#endif
