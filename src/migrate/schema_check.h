/*
 * schema_check.h - is the live schema what the recorded version promises, before an upgrade and after it?
 *
 * Each check is one reading of the catalogs (schema/live.h), in the migrator's own session and under its lock. Builds
 * without the facts of the target (migrations/SCHEMA) check nothing.
 */
#ifndef SCHEMA_CHECK_H
#define SCHEMA_CHECK_H

#include <stdbool.h>

#include "history/steps.h"
#include "pg/session.h"
#include "schema/compare.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

/* The schema before the first change of a run. Zero is one that was not read. */
struct schema_check {
	bool		known;			/* it was read, and the build has the facts: the rest is valid */
	int			version;		/* at which it was; before an incomplete migration, which may have changed it already */
	struct fact_history facts;	/* of all versions of this build */
	struct live live;
	struct prediction prediction;	/* of an upgrade to the last step's version */
};

/*
 * schema_check_read - read the schema and predict how the steps of an upgrade, at least one, would end. *check is
 * overwritten; call schema_check_clear in any case. False, and reported, if the schema could not be read.
 */
bool		schema_check_read(struct schema_check *check, struct session *session, const struct steps *steps);

/*
 * schema_check_clear - free it.
 */
void		schema_check_clear(struct schema_check *check);

#endif
