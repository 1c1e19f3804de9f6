/*
 * db_private.h - what db.c (connecting), db_run.c (batches) and db_copy.c (COPY) share. For nobody else.
 */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <libpq-fe.h>

#include "db.h"

#define DB_TOO_LATE "the server has not answered in time"

struct db {
	PGconn	   *connection;
	char	   *lost;			/* why nothing can be asked any more, where db_copy has found that out; or NULL */
	bool		interruptible;
	int			patience;		/* milliseconds, or 0 for ever */
	int			watch_milliseconds;
	void		(*watch_look) (void *argument);
	void	   *watch_argument;
	void		(*hear) (void *argument, const char *sqlstate, const char *message);
	void	   *hear_argument;
};

/* db_now - milliseconds of a clock that only goes forward. */
long		db_now(void);

#endif
