/* Which views, rules, triggers, policies and generated columns depend on columns? These are no facts. */
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_REWRITES, "SELECT oid, ev_class, rulename FROM pg_rewrite WHERE oid >= " LIVE_FIRST_USER_OID
			 " ORDER BY oid");
	live_ask(reader, LIVE_EXPRESSIONS, "SELECT oid, adrelid, adnum FROM pg_attrdef WHERE adrelid >= "
			 LIVE_FIRST_USER_OID " ORDER BY oid");
	/* Up to 14, a generated column depends on another one; from 15 on, its expression does. */
	live_ask(reader, LIVE_DEPENDENTS, "SELECT refobjid, refobjsubid, classid, objid, objsubid FROM pg_depend"
			 " WHERE refclassid = 'pg_class'::regclass AND refobjid >= " LIVE_FIRST_USER_OID
			 " AND (refobjsubid > 0 OR classid = 'pg_rewrite'::regclass)"
			 " AND (deptype = 'n' AND classid IN ('pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,"
			 " 'pg_attrdef'::regclass)"
			 " OR deptype = 'a' AND classid = 'pg_class'::regclass AND objid = refobjid AND objsubid > 0)");
}

/* The row in which `column` is `oid`, of a query in another order; -1: there is none. */
static int
find_row(const struct pipeline_command *rows, int column, unsigned oid)
{
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, column) == oid)
			return i;
	return -1;
}

/* An object of a table, by a row that has the table's oid and the object's name in these columns. */
static bool
name_child(struct live_reader *reader, struct fact *fact, enum fact_kind kind, const struct pipeline_command *rows,
		   int row, int table, int name)
{
	const struct live_object *whole = row < 0 ? NULL : live_find(reader, LIVE_CLASS_RELATION,
																 live_oid(rows, row, table));

	if (!whole)
		return false;
	if (kind == FACT_RULE && strcmp(pipeline_text(rows, row, name), "_RETURN") == 0)
		*fact = (struct fact) {whole->kind, whole->name, ""};
	else
		*fact = (struct fact) {kind, live_child(reader, whole, pipeline_text(rows, row, name)), ""};
	return true;
}

static bool
name_column(struct live_reader *reader, struct fact *fact, unsigned relation, int number)
{
	const struct live_object *whole = live_find(reader, LIVE_CLASS_RELATION, relation);

	if (!whole)
		return false;
	*fact = (struct fact) {FACT_COLUMN, arena_format(reader->arena, "%s.%s", whole->name,
													 live_column(reader, relation, number)), ""};
	return true;
}

static bool
name_dependent(struct live_reader *reader, struct fact *fact, unsigned class_oid, unsigned oid, int part)
{
	const struct pipeline_command *rows;
	int			row;

	switch (class_oid) {
		case LIVE_CLASS_RELATION:
			return name_column(reader, fact, oid, part);
		case LIVE_CLASS_EXPRESSION:
			rows = live_rows(reader, LIVE_EXPRESSIONS);
			row = find_row(rows, 0, oid);
			return row >= 0 && name_column(reader, fact, live_oid(rows, row, 1), (int) pipeline_number(rows, row, 2));
		case LIVE_CLASS_REWRITE:
			rows = live_rows(reader, LIVE_REWRITES);
			return name_child(reader, fact, FACT_RULE, rows, find_row(rows, 0, oid), 1, 2);
		case LIVE_CLASS_POLICY:
			rows = live_rows(reader, LIVE_POLICIES);
			return name_child(reader, fact, FACT_POLICY, rows, find_row(rows, 0, oid), 1, 2);
		default:
			rows = live_rows(reader, LIVE_TRIGGERS);
			return name_child(reader, fact, FACT_TRIGGER, rows, find_row(rows, LIVE_TRIGGER_OID, oid),
							  LIVE_TRIGGER_TABLE, LIVE_TRIGGER_NAME);
	}
}

/* Is the owner of a view, given by its rule, one whose view we may make again? */
static bool
has_other_owner(struct live_reader *reader, unsigned rule)
{
	const struct pipeline_command *rules = live_rows(reader, LIVE_REWRITES);
	const struct pipeline_command *roles = live_rows(reader, LIVE_ROLES);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	int			view = live_first_row(relations, live_oid(rules, find_row(rules, 0, rule), 1));
	int			owner = live_first_row(roles, live_oid(relations, view, LIVE_RELATION_OWNER));

	return owner == pipeline_row_count(roles) || !pipeline_bool(roles, owner, 4);
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_DEPENDENTS);
	struct live *live = reader->live;

	live->dependents = mem_alloc(((size_t) pipeline_row_count(rows) + 1) * sizeof(*live->dependents));
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	relation = live_oid(rows, i, 0);
		const struct live_object *table = live_find(reader, LIVE_CLASS_RELATION, relation);
		int			column = (int) pipeline_number(rows, i, 1);
		struct live_dependent dependent = {0};
		bool		view;

		if (!table || !name_dependent(reader, &dependent.fact, live_oid(rows, i, 2), live_oid(rows, i, 3),
									   (int) pipeline_number(rows, i, 4)))
			continue;
		view = dependent.fact.kind == FACT_VIEW || dependent.fact.kind == FACT_MATERIALIZED_VIEW;
		/* The rules of a relation depend on the relation itself, too. */
		if (column == 0 && (!view || strcmp(dependent.fact.name, table->name) == 0))
			continue;
		dependent.relation = table->name;
		if (column > 0)
			dependent.column = arena_format(reader->arena, "%s.%s", table->name, live_column(reader, relation, column));
		dependent.other_owner = view && has_other_owner(reader, live_oid(rows, i, 3));
		live->dependents[live->dependent_count++] = dependent;
	}
}

const struct live_part live_dependents = {ask, NULL, tell};
