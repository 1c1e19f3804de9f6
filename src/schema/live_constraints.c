/* Facts about constraints of tables, and the state of their triggers. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

/* The columns of LIVE_CONSTRAINTS; tell in live_indexes.c knows the first three. */
enum {
	CONSTRAINT, INDEX, KIND = LIVE_CONSTRAINT_KIND, NAME = LIVE_CONSTRAINT_NAME, TABLE = LIVE_CONSTRAINT_TABLE,
	PARENT = LIVE_CONSTRAINT_REFERENCED + 1, DEFERRABLE, DEFERRED, VALIDATED, ENFORCED, NO_INHERIT, IS_LOCAL,
	PARENTS, DEFINITION
};

static void
ask(struct live_reader *reader)
{
	/* Those of NOT NULL and of constraint triggers are told with the column and the trigger. */
	live_ask(reader, LIVE_CONSTRAINTS, arena_format(
				 reader->arena,
				 "SELECT oid, conindid, contype, conname, conrelid, confrelid, %s, condeferrable, condeferred, convalidated, %s,"
				 " connoinherit, conislocal, coninhcount,"
				 " CASE WHEN contype IN ('p', 'u', 'f') AND NOT pg_is_other_temp_schema(connamespace)"
				 " THEN pg_get_constraintdef(oid) END FROM pg_constraint"
				 " WHERE conrelid >= " LIVE_FIRST_USER_OID " AND contype IN ('p', 'u', 'f', 'c', 'x') ORDER BY oid",
				 reader->server >= 110000 ? "conparentid" : "0", reader->server >= 180000 ? "conenforced" : "true"));
	live_ask_late(reader, LIVE_CHECKS,
				  "SELECT oid, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid >= " LIVE_FIRST_USER_OID
				  " AND contype IN ('c', 'x') AND" LIVE_NOT_TEMPORARY("conrelid") " ORDER BY oid");
}

/*
 * The state of a constraint's triggers on one side: those that check rows of its table, or those of a foreign key that
 * act on changes of the referenced one. Only triggers with an unusual state are read; a foreign key has two on each
 * side. NULL: all are enabled as usual.
 */
static const char *
side_state(struct live_reader *reader, unsigned constraint, bool foreign, bool checks)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_TRIGGERS);
	const char *state = NULL;
	int			count = 0;

	for (int i = live_first_row(rows, constraint); live_row_is(rows, i, constraint); i++) {
		/* RI_FKey_check_ins, RI_FKey_check_upd, unique_key_recheck */
		unsigned	function = live_oid(rows, i, LIVE_TRIGGER_FUNCTION);
		bool		check = function == 1644 || function == 1645 || function == 1250;

		if (check != checks)
			continue;
		state = live_state(live_letter(rows, i, LIVE_TRIGGER_ENABLED));
		count++;
	}
	return state && foreign && count == 1 ? arena_format(reader->arena, "partly %s", state) : state;
}

/* The definition without what has a property of its own, which is at its end. */
static const char *
cut_definition(struct live_reader *reader, const char *definition)
{
	static const char *const ends[] = {
		" NOT VALID", " NOT ENFORCED", " INITIALLY DEFERRED", " DEFERRABLE", " NO INHERIT"
	};
	size_t		length = strlen(definition);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t		end = strlen(ends[i]);

		if (length > end && memcmp(definition + length - end, ends[i], end) == 0)
			length -= end;
	}
	return arena_copy(reader->arena, definition, length);
}

static void
tell_constraint(struct live_reader *reader, const struct live_object *table, int i)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_CONSTRAINTS);
	unsigned	oid = live_oid(rows, i, CONSTRAINT);
	char		kind = live_letter(rows, i, KIND);
	const char *definition = pipeline_value(rows, i, DEFINITION);
	const char *checks = side_state(reader, oid, kind == 'f', true);
	const char *actions = side_state(reader, oid, kind == 'f', false);
	bool		derived = live_oid(rows, i, PARENT) > 0
		|| (kind == 'c' && pipeline_number(rows, i, PARENTS) > 0 && !pipeline_bool(rows, i, IS_LOCAL));

	/* A constraint of a partition or child follows that of the table, but can have properties of its own. */
	if (derived && !checks && !actions && pipeline_bool(rows, i, VALIDATED) == pipeline_bool(rows, i, ENFORCED)
		&& !live_comment_text(reader, LIVE_CLASS_CONSTRAINT, oid, 0)
		&& (kind == 'f' || kind == 'c' || !live_index_differs(reader, live_oid(rows, i, INDEX))))
		return;
	if (!definition)
		definition = live_found(reader, LIVE_CHECKS, oid, 1);
	live_begin(reader, FACT_CONSTRAINT, live_child(reader, table, pipeline_text(rows, i, NAME)));
	/* The predicate and the options of an exclusion constraint are those of its index. */
	if (kind == 'x')
		live_main(reader, "EXCLUDE USING %s", live_keys(reader, definition));
	else
		live_main(reader, "%s", cut_definition(reader, live_definition(reader, definition)));
	live_flag(reader, "derived", derived);
	live_flag(reader, "no inherit", kind == 'c' && pipeline_bool(rows, i, NO_INHERIT));
	live_flag(reader, "deferrable", pipeline_bool(rows, i, DEFERRABLE));
	live_flag(reader, "initially deferred", pipeline_bool(rows, i, DEFERRED));
	if (!pipeline_bool(rows, i, ENFORCED))
		live_flag(reader, "not enforced", true);
	else
		live_flag(reader, "not valid", !pipeline_bool(rows, i, VALIDATED));
	live_property(reader, "checks", checks);
	live_property(reader, "actions", actions);
	if (kind != 'f' && kind != 'c') {
		live_index(reader, live_oid(rows, i, INDEX));
		live_labelled_comment(reader, "index comment", LIVE_CLASS_RELATION, live_oid(rows, i, INDEX), 0);
	}
	live_comment(reader, LIVE_CLASS_CONSTRAINT, oid, 0);
	live_end(reader);
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_CONSTRAINTS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table = live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, TABLE));

		if (table)
			tell_constraint(reader, table, i);
	}
}

const struct live_part live_constraints = {ask, NULL, tell};
