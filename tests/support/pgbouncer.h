/*
 * pgbouncer.h - a throwaway PgBouncer in front of the main server, on a socket of its own.
 *
 * It runs as the user "postgres" where we are root, and ends with the test that started it.
 */
#ifndef PGBOUNCER_H
#define PGBOUNCER_H

#include "support/process.h"

struct pgbouncer {
	struct process process;
	char	   *directory;		/* has its socket and its files */
};

/*
 * pgbouncer_start - start one whose `mode` is "session" or "transaction", with at most `size` sessions on the server;
 * to be ended with pgbouncer_end.
 */
void		pgbouncer_start(struct pgbouncer *pooler, const char *mode, int size);

/* pgbouncer_conninfo - how to connect through it; the caller frees it. */
char	   *pgbouncer_conninfo(const struct pgbouncer *pooler, const char *role, const char *database);

/* pgbouncer_share - from now on sessions are shared by transaction, also that of a client who is there already. */
void		pgbouncer_share(const struct pgbouncer *pooler);

void		pgbouncer_end(struct pgbouncer *pooler);

#endif
