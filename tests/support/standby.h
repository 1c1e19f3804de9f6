/*
 * standby.h - a primary server and a hot standby of it.
 */
#ifndef STANDBY_H
#define STANDBY_H

#include "support/server.h"

/* standby_primary - a server that standbys can be made of. */
const struct server *standby_primary(void);

/*
 * standby_start - a hot standby of it, made with pg_basebackup if the server's package has it, else by copying the
 * files between the start and the stop of a backup. It accepts connections when this returns.
 */
const struct server *standby_start(const struct server *primary);

/* standby_start_closed - the same, with hot_standby = off: nobody can connect to it. */
const struct server *standby_start_closed(const struct server *primary);

#endif
