/* A session in a database, and the record of its version. */
#include "record/database.h"

#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "history/release.h"
#include "history/steps.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "pg/user_objects.h"
#include "record/record.h"
#include "record/stored_downs.h"

#include "base/banned.h"

int
database_open(struct database *database, const struct session_options *options)
{
	*database = (struct database) {0};
	return session_open_or_report(&database->session, options) ? STATUS_OK : STATUS_UNKNOWN;
}

int
database_read(struct database *database, const struct session_options *options)
{
	int			status = database_open(database, options);

	if (status != STATUS_OK)
		return status;
	return record_read(&database->session, &database->record) ? STATUS_OK : STATUS_UNKNOWN;
}

int
database_read_fast(struct database *database, const struct session_options *options, bool unversioned)
{
	int			status = database_open(database, options);

	if (status != STATUS_OK || record_read_fast(&database->session, &database->record, false))
		return status;
	if (database->record.locked) {
		record_report_locked(&database->session);
		return STATUS_UNKNOWN;
	}
	return (unversioned ? record_read_to_stamp : record_read) (&database->session, &database->record)
		? STATUS_OK : STATUS_UNKNOWN;
}

bool
database_load(struct database *database)
{
	if (!database->record.hidden)
		return record_load(&database->session, &database->record);
	report_error("permission denied for schema fitsdb_schema");
	session_hint_owner(&database->session);
	return false;
}

bool
database_versioned(struct database *database)
{
	if (database->record.versioned)
		return true;
	if (user_objects_no_public(&database->session))
		return false;
	report_error("database \"%s\" is not under version control: there is no table migrate_version",
				 connection_database(database->session.connection));
	report_hint("If it has the schema of a version, run \"" PROGRAM " identify\" to find the version and \"" PROGRAM
				" stamp VERSION\" to record it. If it is empty, run \"" PROGRAM " init\".");
	return false;
}

static void
hint_ahead(struct database *database, int incomplete, int target)
{
	struct stored_downs downs;

	stored_downs_find(&downs, &database->session, &database->record, record_highest(&database->record), history.latest);
	stored_downs_hint(&downs, incomplete, target);
	stored_downs_clear(&downs);
}

void
database_report_ahead(struct database *database)
{
	report_error("database \"%s\" is ahead: it is at version %d, this build has %d",
				 connection_database(database->session.connection), database->record.version, history.latest);
	hint_ahead(database, 0, history.latest);
}

void
database_report_no_version(int version)
{
	char	   *versions = release_versions_text(&history);

	report_error("there is no version %d in this build", version);
	report_hint("It has %s.", versions);
	mem_free(versions);
}

static void
refuse_upgrade(enum steps_verdict verdict, struct database *database, int target)
{
	const char *name = connection_database(database->session.connection);
	int			current = database->record.version;

	switch (verdict) {
		case STEPS_PENDING:
		case STEPS_NONE:
			break;
		case STEPS_UNKNOWN_TARGET:
			database_report_no_version(target);
			break;
		case STEPS_AHEAD:
			database_report_ahead(database);
			break;
		case STEPS_INCOMPLETE_AHEAD:
			report_error("database \"%s\" has an incomplete migration %d, which this build does not have", name,
						 database->record.incomplete.version);
			hint_ahead(database, database->record.incomplete.version, current);
			break;
		default:
			report_error("database \"%s\" is at version %d, which is above %d", name, current, target);
			report_hint("To go back, run \"" PROGRAM " downgrade %d\".", target);
			break;
	}
}

/* Report a checksum mismatch, if there is one: this build's later migrations rely on its own earlier ones. */
static bool
refuse_mismatch(struct database *database)
{
	int			current = database->record.version;
	char	   *versions;

	/* Compare every recorded version, because a version set by hand has no history checksum. */
	if (!database->record.recorded)
		return false;
	if (!database_load(database))
		return true;
	versions = record_mismatched_versions(&database->record);
	if (!versions[0] && !record_mismatch(&database->record)) {
		mem_free(versions);
		return false;
	}
	if (versions[0]) {
		long		first = strtol(versions, NULL, 10);

		report_error("checksum mismatch: the SQL applied for version%s%s is not the SQL in this build",
					 strchr(versions + 1, ' ') ? "s" : "", versions);
		report_detail("An upgrade would skip this build's SQL for that version. Nothing was changed.");
		report_hint("If \"" PROGRAM " verify\" reports no differences, run \"" PROGRAM " stamp %d\" to record this"
					" build's checksums.", current);
		if (first > 0)
			report_hint("Otherwise, use the build that applied the SQL, or run \"" PROGRAM " downgrade %ld\" and"
						" upgrade again. This drops everything that versions %ld to %d added.", first - 1, first,
						current);
	} else {
		report_error("checksum mismatch: the recorded history up to version %d is not that of this build", current);
		report_detail("No single recorded version differs. Nothing was changed.");
		report_hint("If \"" PROGRAM " verify\" reports no differences, run \"" PROGRAM " stamp %d\" to record this"
					" build's checksums.", current);
	}
	mem_free(versions);
	return true;
}

enum steps_verdict
database_plan_upgrade(struct database *database, struct steps *plan, int target)
{
	enum steps_verdict verdict;

	if (refuse_mismatch(database)) {
		*plan = (struct steps) {0};
		return STEPS_MISMATCH;
	}
	verdict = steps_upgrade(plan, history.latest, database->record.version, target, &database->record.incomplete);

	refuse_upgrade(verdict, database, target);
	return verdict;
}

void
database_warn_incomplete(const struct database *database)
{
	const struct steps_incomplete *incomplete = &database->record.incomplete;
	char	   *advice;

	if (!incomplete->there)
		return;
	advice = steps_advice(incomplete, history.latest);
	report_warning("%smigration %d is incomplete", incomplete->up ? "" : "down ", incomplete->version);
	report_hint("%s", advice);
	mem_free(advice);
}

void
database_close(struct database *database)
{
	record_clear(&database->record);
	session_close(&database->session);
}
