/* What table migrate_version says, and what is wrong with it. */
#include <stdio.h>
#include <string.h>

#include "contents.h"
#include "mem.h"
#include "printable.h"
#include "report.h"
#include "state_private.h"
#include "trust.h"

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
	/* wrong_object_type */
	return db_is(error, "42809");
}

/* Is row-level security in the way, for the owner too, and if not: the statement that allows the role to read. */
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
	struct db_batch batch = {0};
	const struct db_command *found;

	session_begin_reading(session, &batch);
	db_add(&batch, FIND_FORBIDDEN, 0);
	session_end_reading(&batch);
	found = db_run(session->db, &batch) ? session_read(&batch) : NULL;
	/* Commands that write have been prepared, and need more than to read. */
	if (session->owner)
		report_detail("Nothing was changed.");
	if (found && db_truth(found, 0, 0) && db_truth(found, 0, 1))
		report_hint("Row-level security is forced on table public.migrate_version. Run " ALTER_TABLE
					"NO FORCE ROW LEVEL SECURITY;");
	else if (found && db_truth(found, 0, 0))
		report_hint("Row-level security is enabled on table public.migrate_version. Run as the database's owner, or"
					" have it disabled with " ALTER_TABLE "DISABLE ROW LEVEL SECURITY;");
	else if (session->owner)
		session_hint_owner(session);
	else if (found && db_text(found, 0, 2)[0]) {
		char	   *statement = printable_sql(db_text(found, 0, 2));

		report_hint("As the database's owner, run: %s", statement);
		mem_free(statement);
	}
	db_batch_clear(&batch);
}

/* Report why the version could not be read. */
static void
report_unreadable(struct session *session, const struct db_error *error)
{
	if (session_is_locked(error->sqlstate)) {
		state_report_locked(session);
		return;
	}
	if (state_is_no_table(error)) {
		report_error("relation public.migrate_version is not a table, so it is not trusted");
		report_hint("See where it comes from, and drop or rename it; it must be a plain table of the database's"
					" owner.");
		return;
	}
	report_error("could not read the version: %s (%s)", error->message, error->sqlstate);
	if (state_is_forbidden(error))
		hint_forbidden(session);
	else if (db_is(error, "42703") && strstr(error->message, "repository_id"))
		report_hint("The table must be as sqlalchemy-migrate makes it: add the column with ALTER TABLE"
					" public.migrate_version ADD COLUMN repository_id varchar(250), and set it to '%s'.",
					history.repository_id);
	else if (db_is(error, "42703"))
		report_hint("Add the column with ALTER TABLE public.migrate_version ADD COLUMN version integer; then record the"
					" version with \"" PROGRAM " stamp VERSION\".");
}

/* What the other rows are, for the message. */
static char *
name_others(const struct db_command *version)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (int i = 0; i < db_lines(version); i++)
		fprintf(stream, "%s\"%s\"", i > 0 ? ", " : "", db_text(version, i, 2));
	mem_stream_close(stream);
	return text;
}

/* How many rows are this repository's; they come first. */
static int
count_ours(const struct db_command *version)
{
	int			ours = 0;

	while (ours < db_lines(version) && db_truth(version, ours, 1))
		ours++;
	return ours;
}

bool
state_take_version(struct session *session, struct state *state, const struct db_command *version,
				   const struct db_command *failed)
{
	int			ours;
	long		number;

	if (failed && state_is_missing(&failed->error))
		return true;
	if (failed && trust_refused(&failed->error)) {
		trust_report(session, "public.migrate_version");
		return false;
	}
	if (failed) {
		report_unreadable(session, &failed->error);
		return false;
	}
	if (!db_is_integer(version, 0)) {
		report_error("column version of table migrate_version is not of type integer");
		report_hint("Make it one with ALTER TABLE public.migrate_version ALTER COLUMN version TYPE integer USING"
					" version::text::integer.");
		return false;
	}
	ours = count_ours(version);
	if (ours > 1) {
		report_error("table migrate_version has more than one row of repository \"%s\"", history.repository_id);
		report_hint("See which is right with SELECT ctid, * FROM public.migrate_version, and delete the others; \""
					PROGRAM " stamp VERSION\" then sets its version, if need be.");
		return false;
	}
	number = ours == 1 && db_value(version, 0, 0) ? db_number(version, 0, 0) : -1;
	state->versioned = true;
	state->version = (int) number;
	if (db_lines(version) == 0)
		state->fault = STATE_NO_ROW;
	else if (ours == 0) {
		state->fault = STATE_OTHERS;
		state->others = name_others(version);
	} else if (number < 0)
		state->fault = STATE_NO_NUMBER;
	return true;
}

bool
state_report_fault(struct session *session, const struct state *state)
{
	switch (state->fault) {
		case STATE_SOUND:
			return false;
		case STATE_NO_ROW:
			report_error("table migrate_version has no row");
			break;
		case STATE_OTHERS:
			report_error("the database is not under version control by repository \"%s\"", history.repository_id);
			report_detail("Table migrate_version has rows of other repositories only: %s. They are left alone.",
						  state->others);
			break;
		case STATE_NO_NUMBER:
			report_error("the version in table migrate_version is null or negative");
			break;
	}
	if (!contents_no_tables(session))
		report_hint("Record the version that the schema is at with \"" PROGRAM " stamp VERSION\".");
	else if (state->fault == STATE_NO_ROW)
		report_hint("Schema public has no other tables. To create the schema, run DROP TABLE public.migrate_version;"
					" and then \"" PROGRAM " init\".");
	else
		report_hint("Schema public has no other tables, so there is no version to record. To create the schema, run \""
					PROGRAM " init\" in an empty database.");
	return true;
}
