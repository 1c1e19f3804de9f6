/*
 * pooler.h - what a connection pooler does with the server's sessions.
 */
#ifndef POOLER_H
#define POOLER_H

#include <stdbool.h>

#include "pg/connection.h"

/*
 * pooler_shares - does the pooler give the session of `db`, between two transactions, to other clients?
 *
 * True is certain. False may also be said where the pooler has no other session to try it with, or is busy with others
 * just then.
 */
bool		pooler_shares(struct connection *connection);

#endif
