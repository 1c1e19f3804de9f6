/*
 * schema_check.h - is the live schema what the recorded version promises, before an upgrade and after it?
 *
 * Each check is one reading of the catalogs (schema/live.h), in the migrator's own session and under its lock; a locked
 * table is waited for as by a migration. Builds without the facts of all versions (migrations/SCHEMA) check nothing.
 */
#ifndef SCHEMA_CHECK_H
#define SCHEMA_CHECK_H

#include <stdbool.h>

#include "history/steps.h"
#include "pg/session.h"
#include "record/database.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

/* The schema before the first change of a run. Zero is one that was not read. */
struct schema_check {
	bool		known;			/* it was read, and the build has the facts: the rest is valid */
	bool		applied;		/* the recorded version was reached by its migration */
	struct fact_history facts;	/* of all versions of this build */
	struct live live;
	struct prediction prediction;	/* of an upgrade to this build's latest version */
};

/*
 * schema_check_read - read the schema, and predict how an upgrade to the latest version would end. *check is
 * overwritten; call schema_check_clear in any case. False, and reported, if the schema could not be read.
 */
bool		schema_check_read(struct schema_check *check, struct database *database);

/*
 * schema_check_before - warn of what else would be different or make a migration fail. Returns an exit status:
 * STATUS_OK; STATUS_UNKNOWN, reported, if the upgrade must be refused (schema/missing.h) or the connection is lost; or
 * STATUS_FAILED after a signal. `repaired`: a repair has been run before it.
 */
int			schema_check_before(const struct schema_check *check, struct session *session, const struct steps *steps,
								bool repaired);

/*
 * schema_check_after - after the steps: read the schema again, and compare it with that of `version`. Returns an exit
 * status: STATUS_OK if nothing is missing or different; extra objects are a note. Otherwise, reported,
 * STATUS_DIFFERENT, or STATUS_FAILED if the schema could not be read.
 */
int			schema_check_after(const struct schema_check *check, struct session *session, int version);

/*
 * schema_check_clear - free it.
 */
void		schema_check_clear(struct schema_check *check);

#endif
