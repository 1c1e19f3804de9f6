/*
 * repair_database.h - the common part of "repair" and "upgrade --repair".
 */
#ifndef REPAIR_DATABASE_H
#define REPAIR_DATABASE_H

#include <stdbool.h>

#include "cli/options.h"
#include "migrate/migrator.h"
#include "migrate/repair.h"
#include "record/database.h"

/*
 * repair_wanted_from - what the options want for a database whose record was read. Returns false, reported, if that
 * cannot be repaired: its version is unknown to this build, a migration is incomplete, or a value is not valid. The
 * caller frees wanted->values.
 */
bool		repair_wanted_from(struct repair_wanted *wanted, const struct options *options, struct database *database);

/*
 * repair_refuse - after repair_find: report that another version matches the schema far better, so that a repair would
 * do harm, or that a value is for a column which the version does not have, and return true.
 */
bool		repair_refuse(const struct repair *repair);

/*
 * repair_may_run - after repair_find and untrusted_read: may the statements of the plan be run, as those of a migration
 * may, and are the values expressions for their columns? False: reported.
 */
bool		repair_may_run(const struct repair *repair);

/* repair_advise - if something is left that an upgrade from a lower version would do, name the stamp. */
void		repair_advise(const struct repair *repair);

/*
 * repair_database - after migrator_begin: find the differences, ask (not with --yes or --repair), repair them, and
 * print what was done and what is left. Returns an exit status: STATUS_OK if nothing is left; STATUS_DIFFERENT if
 * something is; STATUS_UNKNOWN if nothing was changed, and STATUS_FAILED if it stopped later, reported. *repair is
 * overwritten; the caller clears it.
 */
int			repair_database(struct repair *repair, struct migrator *migrator, const struct options *options,
							const struct repair_wanted *wanted);

/*
 * repair_first - the repair of "upgrade --repair", after migrator_begin. Returns an exit status: the upgrade may go on
 * after STATUS_OK, and after STATUS_DIFFERENT, which means that something is left.
 */
int			repair_first(struct migrator *migrator, const struct options *options);

#endif
