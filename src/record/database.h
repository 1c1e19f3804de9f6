/*
 * database.h - a session in a database, and the record of its version. Commands that only read need no more; commands
 * that write have a migrator (migrate/migrator.h) around it.
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
 * database_open - connect. Returns an exit status: STATUS_OK, or another one, and the failure is reported. Call
 * database_close in any case.
 */
int			database_open(struct database *database, const struct session_options *options);

/* database_read - the same, and read the record by record_read. */
int			database_read(struct database *database, const struct session_options *options);

/*
 * database_read_fast - the same, by record_read_fast where that suffices, otherwise by record_read; with `unversioned`
 * by record_read_to_stamp, which accepts a database without a valid record.
 */
int			database_read_fast(struct database *database, const struct session_options *options, bool unversioned);

/* database_load - read all recorded migrations. False, and reported, if they cannot be read. */
bool		database_load(struct database *database);

/* database_versioned - is the database under version control? If not, reports that, with a hint. */
bool		database_versioned(struct database *database);

/*
 * database_plan_upgrade - the steps from the database's version up to `target`. On a verdict other than STEPS_PENDING
 * and STEPS_NONE the upgrade is refused, and the reason is reported.
 */
enum steps_verdict database_plan_upgrade(struct database *database, struct steps *plan, int target);

/* database_report_no_version - report that this build does not have the version, and which ones it has. */
void		database_report_no_version(int version);

/* database_report_ahead - report that the database is ahead of this build, with hints: what can be done. */
void		database_report_ahead(struct database *database);

/* database_warn_incomplete - if a migration is incomplete, warn of it, with a hint. */
void		database_warn_incomplete(const struct database *database);

/* database_close - end the session and free the record; also after a database_open that failed. */
void		database_close(struct database *database);

#endif
