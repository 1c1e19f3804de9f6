/*
 * pooler.h - detect a connection pooler that shares server sessions between clients.
 */
#ifndef POOLER_H
#define POOLER_H

#include <stdbool.h>

#include "pg/connection.h"

/*
 * pooler_shares - does the pooler give our server session to other clients between transactions?
 *
 * True is certain. False is not: the test fails to detect it if the pooler has no other session for the test, or serves
 * other clients at that moment.
 */
bool		pooler_shares(struct connection *connection);

#endif
