/* Facts about triggers, policies and extended statistics. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

static void
ask(struct live_reader *reader)
{
	const char *parent = reader->server >= 130000 ? "tgparentid" : "0";
	const char *target = reader->server >= 130000 ? "stxstattarget" : "-1";

	live_ask(reader, LIVE_TRIGGERS, arena_format(
				 reader->arena,
				 "SELECT tgconstraint, oid, tgrelid, tgname, tgfoid, tgenabled, tgisinternal, %s,"
				 " CASE WHEN tgqual IS NULL AND (NOT tgisinternal OR tgconstraint = 0) AND"
				 LIVE_NOT_TEMPORARY("tgrelid") " THEN pg_get_triggerdef(oid) END"
				 " FROM pg_trigger"
				 " WHERE tgrelid >= " LIVE_FIRST_USER_OID " AND (NOT tgisinternal OR tgenabled <> 'O')"
				 " ORDER BY tgconstraint", parent));
	live_ask_late(reader, LIVE_TRIGGER_DEFINITIONS,
				  "SELECT oid, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid >= " LIVE_FIRST_USER_OID
				  " AND tgqual IS NOT NULL AND" LIVE_NOT_TEMPORARY("tgrelid") " ORDER BY oid");
	/* After the expressions: whether there are any. */
	live_ask_late(reader, LIVE_POLICIES,
				  "SELECT oid, polrelid, polname, polcmd, polpermissive, polroles, pg_get_expr(polqual, polrelid),"
				  " pg_get_expr(polwithcheck, polrelid), polqual IS NOT NULL, polwithcheck IS NOT NULL"
				  " FROM pg_policy WHERE polrelid >= " LIVE_FIRST_USER_OID
				  " AND" LIVE_NOT_TEMPORARY("polrelid"));
	live_ask_late(reader, LIVE_STATISTICS, arena_format(
					  reader->arena,
					  "SELECT oid, stxname, stxnamespace, stxrelid, stxowner, %s, pg_get_statisticsobjdef(oid)"
					  " FROM pg_statistic_ext WHERE stxrelid >= " LIVE_FIRST_USER_OID " AND"
					  LIVE_NOT_TEMPORARY("stxrelid"), target));
}

/*
 * The row of the trigger of which this one is a copy for a partition; -1 if it is none. Until PostgreSQL 12 such copies
 * are internal and do not name it, but have its name.
 */
static int
find_parent(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	unsigned	parent = live_oid(rows, row, LIVE_TRIGGER_PARENT);
	bool		internal = pipeline_bool(rows, row, LIVE_TRIGGER_INTERNAL);
	unsigned	partition = live_oid(rows, row, LIVE_TRIGGER_TABLE);
	const char *table = internal ? live_found(reader, LIVE_INHERITANCE, partition, 1) : NULL;

	if (!parent && !table)
		return -1;
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (parent ? live_oid(rows, i, LIVE_TRIGGER_OID) == parent
			: strcmp(pipeline_text(rows, i, LIVE_TRIGGER_TABLE), table) == 0
			&& strcmp(pipeline_text(rows, i, LIVE_TRIGGER_NAME), pipeline_text(rows, row, LIVE_TRIGGER_NAME)) == 0)
			return i;
	return -1;
}

/* "CREATE TRIGGER name BEFORE ... WHEN (...) EXECUTE FUNCTION f()": the condition is a property of its own. */
static void
tell_definition(struct live_reader *reader, const char *definition)
{
	static const char trigger[] = " TRIGGER ";
	const char *start = live_unquoted(definition, trigger);
	const char *when = live_unquoted(definition, " WHEN (");
	const char *call = live_unquoted(definition, " EXECUTE ");
	const char *end = call;
	const char *condition = NULL;

	/* The name can be quoted, with spaces in it. */
	start = start ? live_unquoted(start + strlen(trigger), " ") : NULL;
	if (when && when < call) {
		size_t		length = live_balanced(when + strlen(" WHEN "));

		end = when;
		condition = arena_copy(reader->arena, when + strlen(" WHEN "), length);
		call = live_unquoted(when + strlen(" WHEN ") + length, " EXECUTE ");
	}
	if (!start || !call) {
		live_main(reader, "%s", definition);
		return;
	}
	/* Until PostgreSQL 11 it executes a "PROCEDURE". */
	call += strlen(" EXECUTE ");
	live_main(reader, "%.*s EXECUTE FUNCTION%s", (int) (end - start - 1), start + 1, call + strcspn(call, " "));
	live_flag(reader, "constraint", strncmp(definition, "CREATE CONSTRAINT ", strlen("CREATE CONSTRAINT ")) == 0);
	live_property(reader, "when", condition);
}

static void
tell_triggers(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_TRIGGERS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table = live_compared(reader, LIVE_CLASS_RELATION,
														live_oid(rows, i, LIVE_TRIGGER_TABLE));
		unsigned	oid = live_oid(rows, i, LIVE_TRIGGER_OID);
		char		state = live_letter(rows, i, LIVE_TRIGGER_ENABLED);
		const char *definition = pipeline_value(rows, i, LIVE_TRIGGER_DEFINITION);
		int			parent;

		/* Internal ones are those of constraints. */
		if (!table || (pipeline_bool(rows, i, LIVE_TRIGGER_INTERNAL) && live_oid(rows, i, LIVE_TRIGGER_CONSTRAINT)))
			continue;
		parent = find_parent(reader, rows, i);
		/* A copy follows the trigger of the table, but its state can differ. */
		if (parent >= 0 && state == live_letter(rows, parent, LIVE_TRIGGER_ENABLED)
			&& !live_comment_text(reader, LIVE_CLASS_TRIGGER, oid, 0))
			continue;
		if (!definition)
			definition = live_found(reader, LIVE_TRIGGER_DEFINITIONS, oid, 1);
		live_begin(reader, FACT_TRIGGER, live_child(reader, table, pipeline_text(rows, i, LIVE_TRIGGER_NAME)));
		tell_definition(reader, live_definition(reader, definition));
		live_flag(reader, "derived", parent >= 0);
		if (parent < 0 || state != live_letter(rows, parent, LIVE_TRIGGER_ENABLED))
			live_property(reader, "state", parent >= 0 && state == 'O' ? "enabled" : live_state(state));
		live_comment(reader, LIVE_CLASS_TRIGGER, oid, 0);
		live_end(reader);
	}
}

static const char *
policy_command(char letter)
{
	return letter == 'r' ? "select" : letter == 'a' ? "insert" : letter == 'w' ? "update" : letter == 'd' ? "delete"
		: "all";
}

static void
tell_policies(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_POLICIES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table = live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 1));

		if (!table)
			continue;
		live_begin(reader, FACT_POLICY, live_child(reader, table, pipeline_text(rows, i, 2)));
		live_main(reader, "%s to %s", policy_command(live_letter(rows, i, 3)),
				  live_roles(reader, pipeline_text(rows, i, 5)));
		live_flag(reader, "restrictive", !pipeline_bool(rows, i, 4));
		if (pipeline_bool(rows, i, 8))
			live_property(reader, "using", live_definition(reader, pipeline_value(rows, i, 6)));
		if (pipeline_bool(rows, i, 9))
			live_property(reader, "with check", live_definition(reader, pipeline_value(rows, i, 7)));
		live_comment(reader, LIVE_CLASS_POLICY, live_oid(rows, i, 0), 0);
		live_end(reader);
	}
}

/* "CREATE STATISTICS name (kinds) ON columns FROM table" */
static void
tell_statistics(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_STATISTICS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, 0);
		const struct live_object *statistics = live_compared(reader, LIVE_CLASS_STATISTIC_EXT, oid);
		const char *target = pipeline_text(rows, i, 5);
		const char *definition = pipeline_value(rows, i, 6);

		if (!statistics || !live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 3)))
			continue;
		definition = live_unquoted(live_definition(reader, definition), " STATISTICS ");
		definition = definition ? live_unquoted(definition + strlen(" STATISTICS "), " ") : NULL;
		live_begin(reader, FACT_STATISTICS, statistics->name);
		live_main(reader, "%s", definition ? definition + 1 : "?");
		if (*target && strcmp(target, "-1") != 0)
			live_property(reader, "target", target);
		live_owner(reader, live_oid(rows, i, 4));
		live_comment(reader, LIVE_CLASS_STATISTIC_EXT, oid, 0);
		live_end(reader);
	}
}

static void
enter(struct live_reader *reader)
{
	live_enter_qualified(reader, LIVE_STATISTICS, LIVE_CLASS_STATISTIC_EXT, FACT_STATISTICS, -1);
}

static void
tell(struct live_reader *reader)
{
	tell_triggers(reader);
	tell_policies(reader);
	tell_statistics(reader);
}

const struct live_part live_triggers = {ask, enter, tell};
