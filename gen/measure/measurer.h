/*
 * measurer.h - measure what each statement of a migration does to the tables that were there before it, in a database
 * of the throwaway server whose tables have rows.
 *
 * Nothing is guessed from the SQL: the server reports locks, scans, rewrites and changed rows. A statement is wrong for
 * some data if it fails with these rows: made up from the columns' types (rows.sql), and those that a script in the
 * folder of the migrations, rows/NNN.sql, puts there before version NNN's up is run.
 */
#ifndef MEASURE_MEASURER_H
#define MEASURE_MEASURER_H

#include <stdbool.h>

#include "measure/server.h"
#include "pg/session.h"
#include "plan/effects.h"

/* Zero is a closed one. */
struct measurer {
	struct session_options options;
	struct session session;		/* runs the migrations */
	struct session other;		/* puts rows into the tables, and observes statements that cannot be in a transaction */
	char	   *folder;			/* of the migrations */
	char	   *empty;			/* tables without rows, each on a line */
	long		noted;			/* the last note that was read */
};

/*
 * measurer_open - create the database on the server; `path` is the file SCHEMA in the folder of the migrations. False,
 * and reported, on failure. Call measurer_close in any case.
 */
bool		measurer_open(struct measurer *measurer, struct server *server, const char *path);

/*
 * measurer_run - run the up of `version`, the one after the last, with grants.sql, and measure it, unless `effects` is
 * NULL. False, and reported, on failure. *effects is overwritten; free it with effects_clear in any case.
 */
bool		measurer_run(struct measurer *measurer, int version, struct effects *effects);

/* measurer_close - disconnect, and free it. The database goes with the server. */
void		measurer_close(struct measurer *measurer);

#endif
