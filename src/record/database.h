/*
 * database.h - a database: a session in it, and what it says of its own version. That is all that a command needs which
 * only reads; one that changes something has a migrator (migrate/migrator.h) around it.
 */
#ifndef DATABASE_H
#define DATABASE_H

#include <stdbool.h>

#include "base/exit_status.h"
#include "history/steps.h"
#include "pg/session.h"
#include "record/record.h"

struct database {
	struct session session;
	struct record record;
};

/*
 * database_open - connect. The result is an exit status: STATUS_OK, or another, and reported. database_close in any
 * case.
 */
int			database_open(struct database *database, const struct session_options *options);

/* database_read - as database_open, and read the state. */
int			database_read(struct database *database, const struct session_options *options);

/* database_read_to_stamp - the same, but a fault of the version that a stamp sets right is none. */
int			database_read_to_stamp(struct database *database, const struct session_options *options);

/* database_load - read all of the record, as whoever goes by it must. False, and reported, when it may not be read. */
bool		database_load(struct database *database);

/* database_versioned - is the database under version control? False, and reported with what to do, when not. */
bool		database_versioned(struct database *database);

/*
 * database_plan_upgrade - the steps from where the database is up to `target`. Where the result is neither
 * STEPS_PENDING nor STEPS_NONE, there is no way, and that was reported.
 */
enum steps_verdict database_plan_upgrade(struct database *database, struct steps *plan, int target);

/* database_warn_incomplete - where there is nothing to do but something stopped half-way, say how that is settled. */
void		database_warn_incomplete(const struct database *database);

/* database_close - end the session and free what was read; accepts what database_open has left when it failed. */
void		database_close(struct database *database);

#endif
