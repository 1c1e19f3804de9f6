/* Interpret a reading of table migrate_version, and report its faults. */
#include "record/record_version.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "history/history.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "pg/user_objects.h"
#include "record/record.h"
#include "record/trust.h"

#include "base/banned.h"

bool
record_is_missing(const struct pipeline_error *error)
{
	return pipeline_error_is(error, SQLSTATE_UNDEFINED_TABLE) || pipeline_error_is(error, SQLSTATE_INVALID_SCHEMA_NAME);
}

bool
record_is_forbidden(const struct pipeline_error *error)
{
	return pipeline_error_is(error, SQLSTATE_INSUFFICIENT_PRIVILEGE);
}

bool
record_is_no_table(const struct pipeline_error *error)
{
	return pipeline_error_is(error, SQLSTATE_WRONG_OBJECT_TYPE);
}

/* Is row-level security the cause, and forced for the owner; and the statements that allow the role to read. */
#define FIND_FORBIDDEN \
	"SELECT c.relrowsecurity AND has_table_privilege(c.oid, 'SELECT')," \
	" c.relforcerowsecurity AND pg_has_role(c.relowner, 'USAGE')," \
	" concat_ws(' ', CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE')" \
	" THEN format('GRANT USAGE ON SCHEMA public TO %I;', current_user) END," \
	" CASE WHEN NOT has_table_privilege(c.oid, 'SELECT')" \
	" THEN format('GRANT SELECT ON TABLE public.migrate_version TO %I;', current_user) END)" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE n.nspname = 'public' AND c.relname = 'migrate_version'"

#define ALTER_TABLE "ALTER TABLE public.migrate_version "

static void
hint_forbidden(struct session *session)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;

	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, FIND_FORBIDDEN, 0);
	session_end_reading(&pipeline);
	found = pipeline_run(session->connection, &pipeline) ? session_result(&pipeline) : NULL;
	/* Only commands that write have called session_prepare, which sets the owner; they need more than SELECT. */
	if (session->owner)
		report_detail("Nothing was changed.");
	if (found && pipeline_bool(found, 0, 0) && pipeline_bool(found, 0, 1))
		report_hint("Row-level security is forced on table public.migrate_version. Run " ALTER_TABLE
					"NO FORCE ROW LEVEL SECURITY;");
	else if (found && pipeline_bool(found, 0, 0))
		report_hint("Row-level security is enabled on table public.migrate_version. Run as the database's owner, or"
					" disable it with " ALTER_TABLE "DISABLE ROW LEVEL SECURITY;");
	else if (session->owner)
		session_hint_owner(session);
	else if (found && pipeline_text(found, 0, 2)[0]) {
		char	   *statement = printable_sql(pipeline_text(found, 0, 2));

		report_hint("As the database's owner, run: %s", statement);
		mem_free(statement);
	}
	pipeline_clear(&pipeline);
}

/* Report why the version could not be read. */
static void
report_unreadable(struct session *session, const struct pipeline_error *error)
{
	if (session_is_locked(error->sqlstate)) {
		record_report_locked(session);
		return;
	}
	if (record_is_no_table(error)) {
		report_error("relation public.migrate_version is not trusted: it is not a table");
		report_hint("Check who created it, then drop or rename it. It must be an ordinary table of the database's"
					" owner.");
		return;
	}
	report_error("could not read the version: %s (%s)", error->message, error->sqlstate);
	if (record_is_forbidden(error))
		hint_forbidden(session);
	else if (pipeline_error_is(error, SQLSTATE_UNDEFINED_COLUMN) && strstr(error->message, "repository_id"))
		report_hint("The table must be as sqlalchemy-migrate creates it: add the column with ALTER TABLE"
					" public.migrate_version ADD COLUMN repository_id varchar(250), and set it to '%s'.",
					history.repository_id);
	else if (pipeline_error_is(error, SQLSTATE_UNDEFINED_COLUMN))
		report_hint("Add the column with ALTER TABLE public.migrate_version ADD COLUMN version integer; then record the"
					" version with \"" PROGRAM " stamp VERSION\".");
}

/* The repositories of the other rows, for the message, a new string. */
static char *
name_others(const struct pipeline_command *version)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (int i = 0; i < pipeline_row_count(version); i++) {
		char	   *name = printable_quoted(pipeline_text(version, i, 2));

		fprintf(stream, "%s%s", i > 0 ? ", " : "", name);
		mem_free(name);
	}
	mem_stream_close(stream);
	return text;
}

/* The number of rows of this repository, which come first. */
static int
count_ours(const struct pipeline_command *version)
{
	int			ours = 0;

	while (ours < pipeline_row_count(version) && pipeline_bool(version, ours, 1))
		ours++;
	return ours;
}

bool
record_version_set(struct session *session, struct record *record, const struct pipeline_command *version,
				   const struct pipeline_command *failed)
{
	int			ours;
	long		number;

	if (failed && record_is_missing(&failed->error))
		return true;
	if (failed && trust_refused(&failed->error)) {
		trust_report(session, "public.migrate_version");
		return false;
	}
	if (failed) {
		report_unreadable(session, &failed->error);
		return false;
	}
	if (!pipeline_is_integer(version, 0)) {
		report_error("column version of table migrate_version is not of type integer");
		report_hint("Change it with ALTER TABLE public.migrate_version ALTER COLUMN version TYPE integer USING"
					" version::text::integer.");
		return false;
	}
	ours = count_ours(version);
	if (ours > 1) {
		report_error("table migrate_version has more than one row of repository \"%s\"", history.repository_id);
		report_hint("List the rows with SELECT ctid, * FROM public.migrate_version, and delete all but the right one. If"
					" its version is wrong, correct it with \"" PROGRAM " stamp VERSION\".");
		return false;
	}
	number = ours == 1 && pipeline_value(version, 0, 0) ? pipeline_number(version, 0, 0) : -1;
	record->versioned = true;
	record->version = (int) number;
	if (pipeline_row_count(version) == 0)
		record->fault = RECORD_NO_ROW;
	else if (ours == 0) {
		record->fault = RECORD_OTHERS;
		record->others = name_others(version);
	} else if (number < 0)
		record->fault = RECORD_NO_NUMBER;
	return true;
}

bool
record_version_report_fault(struct session *session, const struct record *record)
{
	switch (record->fault) {
		case RECORD_SOUND:
			return false;
		case RECORD_NO_ROW:
			report_error("table migrate_version has no row");
			break;
		case RECORD_OTHERS:
			report_error("the database is not under version control by repository \"%s\"", history.repository_id);
			report_detail("Table migrate_version has only rows of other repositories: %s. They stay unchanged.",
						  record->others);
			break;
		case RECORD_NO_NUMBER:
			report_error("the version in table migrate_version is null or negative");
			break;
	}
	if (!user_objects_no_tables(session))
		report_hint("Run \"" PROGRAM " identify\" to find the version of the schema, and \"" PROGRAM
					" stamp VERSION\" to record it.");
	else if (record->fault == RECORD_NO_ROW)
		report_hint("Schema public has no other tables. To create the schema, run DROP TABLE public.migrate_version;"
					" and then \"" PROGRAM " init\".");
	else
		report_hint("Schema public has no other tables, so no version matches it. To create the schema, run \""
					PROGRAM " init\" in an empty database.");
	return true;
}

void
record_report_locked(struct session *session)
{
	session_report_locked(session, "read the version");
}
