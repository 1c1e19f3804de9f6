/* What table migrate_version says, and what is wrong with it. */
#include "mem.h"
#include "report.h"
#include "state_private.h"

#include "banned.h"

bool
state_is_missing(const struct db_error *error)
{
	/* undefined_table, invalid_schema_name */
	return db_is(error, "42P01") || db_is(error, "3F000");
}

bool
state_is_forbidden(const struct db_error *error)
{
	return db_is(error, "42501");
}

bool
state_is_no_table(const struct db_error *error)
{
	/* feature_not_supported: what cannot be sampled; wrong_object_type */
	return db_is(error, "0A000") || db_is(error, "42809");
}

/* Report why the version could not be read. */
static void
report_unreadable(const struct db_error *error)
{
	if (state_is_no_table(error)) {
		report_error("public.migrate_version is not a table, so it is not trusted");
		report_hint("See where it comes from, and drop or rename it; it must be a plain table of the database's"
			" owner.");
		return;
	}
	report_error("could not read the version: %s (%s)", error->message, error->sqlstate);
	if (state_is_forbidden(error))
		report_hint("Grant SELECT on table public.migrate_version, and USAGE on schema public, to this role.");
	else if (db_is(error, "42703"))
		report_hint("Add the column with ALTER TABLE public.migrate_version ADD COLUMN version integer; then record the"
					" version with \"" PROGRAM " stamp VERSION\".");
}

bool
state_take_version(struct state *state, const struct db_command *version)
{
	long		number;

	if (version->outcome == DB_FAILED && state_is_missing(&version->error))
		return true;
	if (version->outcome == DB_FAILED) {
		report_unreadable(&version->error);
		return false;
	}
	if (!db_is_integer(version, 0)) {
		report_error("column version of table migrate_version is not of type integer");
		report_hint("Make it one with ALTER TABLE public.migrate_version ALTER COLUMN version TYPE integer USING"
					" version::text::integer.");
		return false;
	}
	if (db_lines(version) > 1) {
		report_error("table migrate_version has more than one row");
		report_hint("See which is right with SELECT ctid, * FROM public.migrate_version, and delete the others; \""
					PROGRAM " stamp VERSION\" then sets its version, if need be.");
		return false;
	}
	number = db_lines(version) == 1 && db_value(version, 0, 0) ? db_number(version, 0, 0) : -1;
	state->versioned = true;
	state->version = (int) number;
	if (db_lines(version) == 0)
		state->fault = STATE_NO_ROW;
	else if (number < 0)
		state->fault = STATE_NO_NUMBER;
	return true;
}

bool
state_report_fault(const struct state *state)
{
	if (state->fault == STATE_SOUND)
		return false;
	if (state->fault == STATE_NO_ROW)
		report_error("table migrate_version has no row");
	else
		report_error("the version in table migrate_version is null or negative");
	report_hint("Record the version that the schema is at with \"" PROGRAM " stamp VERSION\".");
	return true;
}
