/* planned.h - the database for which the suites about plan make a plan. */
#ifndef PLANNED_H
#define PLANNED_H

#include <libpq-fe.h>

struct planned {
	char	   *owner;			/* the connection string of its owner */
	char	   *conninfo;		/* of a superuser */
	PGconn	   *connection;
};

extern struct planned planned;

/* planned_begin - take a database, whose connection string is taken over; planned_end frees it. */
void		planned_begin(char *database);

/* planned_begin_at - the archive at a version, with three rows in every table. */
void		planned_begin_at(int version);

void		planned_end(void);

#endif
