/* Facts about views, materialized views and rules. */
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"
#include "schema/normal.h"

#include "base/banned.h"

static void
ask(struct live_reader *reader)
{
	live_ask_late(reader, LIVE_VIEWS,
				  "SELECT oid, pg_get_viewdef(oid) FROM pg_class WHERE oid >= " LIVE_FIRST_USER_OID
				  " AND relkind IN ('v', 'm') AND relpersistence <> 't' ORDER BY oid");
	live_ask_late(reader, LIVE_RULES,
				  "SELECT oid, ev_class, rulename, ev_enabled, pg_get_ruledef(oid) FROM pg_rewrite"
				  " WHERE oid >= " LIVE_FIRST_USER_OID " AND rulename <> '_RETURN' AND"
				  LIVE_NOT_TEMPORARY("ev_class"));
}

static void
tell_view(struct live_reader *reader, const struct live_object *view, const char *definition)
{
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	int			row = live_first_row(relations, view->oid);
	unsigned	owner = live_oid(relations, row, LIVE_RELATION_OWNER);
	char		pair[NORMAL_PAIR_SIZE];

	normal_pair(definition, pair);
	live_begin(reader, view->kind, view->name);
	live_main(reader, "%s", pair);
	live_storage(reader, row);
	live_flag(reader, "not populated", !pipeline_bool(relations, row, LIVE_RELATION_POPULATED));
	live_end_object(reader, view, 'r', owner, pipeline_value(relations, row, LIVE_RELATION_ACL));
}

static void
tell_rules(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_RULES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table = live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 1));
		char		pair[NORMAL_PAIR_SIZE];

		if (!table)
			continue;
		normal_pair(live_definition(reader, pipeline_value(rows, i, 4)), pair);
		live_begin(reader, FACT_RULE, live_child(reader, table, pipeline_text(rows, i, 2)));
		live_main(reader, "%s", pair);
		live_property(reader, "state", live_state(live_letter(rows, i, 3)));
		live_comment(reader, LIVE_CLASS_REWRITE, live_oid(rows, i, 0), 0);
		live_end(reader);
	}
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_VIEWS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *view = live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 0));

		if (view)
			tell_view(reader, view, live_definition(reader, pipeline_value(rows, i, 1)));
	}
	tell_rules(reader);
}

const struct live_part live_views = {ask, NULL, tell};
