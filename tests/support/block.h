/*
 * block.h - sessions that block an upgrade.
 */
#ifndef BLOCK_H
#define BLOCK_H

#include <libpq-fe.h>

#include "support/process.h"

/* block_begin - a session, application name "blocker", that holds the locks of `sql`. */
PGconn	   *block_begin(const char *conninfo, const char *sql);

/* block_end - commit, and close it. */
void		block_end(PGconn *blocker);

/* block_upgrade - start an upgrade to this version and wait until it is blocked; it does not give up. */
void		block_upgrade(struct process *process, const char *conninfo, const char *version);

#endif
