/* Views, functions, and what calls functions: rules, triggers, policies. */
#include <string.h>

#include "difference/change.h"
#include "schema/repair_names.h"

#include "base/banned.h"

/* --- views --- */

bool
change_view(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"definition", "options", "not populated", "comment", NULL};
	const struct fact *view = change_subject(change);
	const char *word = view->kind == FACT_VIEW ? "VIEW" : "MATERIALIZED VIEW";
	const char *name = sql_parent(change->arena, view);
	const char *options = change_value(change, "options");
	const struct side_text *text = change->new ? side_text(change->to, change->new) : NULL;

	if (change->old) {
		struct sql *sql = sql_add(list, SQL_PLAIN, "DROP %s IF EXISTS %s", word, name);

		sql_allow(sql, view->kind == FACT_VIEW ? LINT_DROPPED_DEPENDENCY : LINT_DROP_OR_RENAME, CHANGE_UNUSED);
	}
	if (!change->new)
		return true;
	if (!text || !repair_has_only(change->new, labels))
		return false;
	sql_add(list, SQL_PLAIN, "CREATE %s %s%s%s%s AS\n%s%s", word, name, options ? " WITH (" : "",
			options ? options : "", options ? ")" : "", text->text,
			repair_has(change->new, "not populated") ? "\nWITH NO DATA" : "");
	return change_create_indexes(list, change);
}

/* --- functions --- */

bool
change_function_code(struct sql_list *list, const struct change *change)
{
	const struct fact *function = change_subject(change);
	const struct side_text *text = change->new ? side_text(change->to, change->new) : NULL;

	if (!change->new) {
		struct sql *sql = sql_add(list, SQL_PLAIN, "DROP %s IF EXISTS %s",
								  change_is_procedure(function) ? "PROCEDURE" : "FUNCTION",
								  sql_parent(change->arena, function));

		/* No software calls the function of a trigger. */
		if (!strstr(function->definition, "returns trigger"))
			sql_allow(sql, LINT_DROPPED_DEPENDENCY, CHANGE_UNUSED);
		return true;
	}
	/* Another result, or other names of arguments, would need a new function. */
	if (!text || (change->old && change_differs(change, "definition")))
		return false;
	sql_add(list, SQL_PLAIN, "%s", text->text);
	return true;
}

bool
change_aggregate(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"definition", "state function", "state type", "comment", NULL};
	const char *name = sql_parent(change->arena, change_subject(change));

	if (change->old)
		sql_add(list, SQL_PLAIN, "DROP AGGREGATE IF EXISTS %s", name);
	if (!change->new)
		sql_allow(&list->items[0], LINT_DROPPED_DEPENDENCY, CHANGE_UNUSED);
	if (change->new && !repair_has_only(change->new, labels))
		return false;
	if (change->new)
		sql_add(list, SQL_PLAIN, "CREATE AGGREGATE %s (sfunc = %s, stype = %s)", name,
				change_value(change, "state function"), change_value(change, "state type"));
	return true;
}

/* --- on tables --- */

bool
change_rule(struct sql_list *list, const struct change *change)
{
	const char *table = sql_parent(change->arena, change_subject(change));
	const struct side_text *text = change->new ? side_text(change->to, change->new) : NULL;

	if (change->old)
		sql_add(list, SQL_PLAIN, "DROP RULE IF EXISTS %s ON %s", sql_own(change->arena, change->old), table);
	if (change->new && !text)
		return false;
	if (change->new) {
		struct sql *sql = sql_add(list, SQL_PLAIN, "%s", text->text);

		if (strstr(text->text, " DO INSTEAD ") && fact_find(&change->from->facts, FACT_TABLE, table))
			sql_allow(sql, LINT_BLOCKED_STATEMENT, "TODO: Say why no release needs the statement.");
	}
	return true;
}

static const char *
enabling(const char *state)
{
	return strcmp(state, "disabled") == 0 ? "DISABLE" : strcmp(state, "always") == 0 ? "ENABLE ALWAYS"
		: strcmp(state, "replica") == 0 ? "ENABLE REPLICA" : "ENABLE";
}

/* Servers before 11 know "EXECUTE PROCEDURE" alone, and later ones know it, too. */
bool
change_trigger(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"definition", "constraint", "when", "state", "comment", NULL};
	static const char calls[] = " EXECUTE FUNCTION ";
	const char *definition = change_value(change, "definition");
	const char *when = change_value(change, "when");
	const char *state = change_value(change, "state");
	const char *call = definition ? strstr(definition, calls) : NULL;

	if (change->old)
		sql_add(list, SQL_PLAIN, "DROP TRIGGER IF EXISTS %s ON %s", sql_own(change->arena, change->old),
				sql_parent(change->arena, change->old));
	if (change->new && (!call || !repair_has_only(change->new, labels)))
		return false;
	if (change->new)
		sql_add(list, SQL_PLAIN, "CREATE %sTRIGGER %s %s%s%s%s EXECUTE PROCEDURE %s",
				repair_has(change->new, "constraint") ? "CONSTRAINT " : "", sql_own(change->arena, change->new),
				sql_bare(change->arena, arena_copy(change->arena, definition, (size_t) (call - definition))),
				when ? " WHEN (" : "", when ? sql_bare(change->arena, when) : "", when ? ")" : "",
				sql_bare(change->arena, call + sizeof(calls) - 1));
	if (state) {
		const char *table = sql_parent(change->arena, change->new);
		struct sql *sql = sql_add(list, SQL_PLAIN, "ALTER TABLE %s %s TRIGGER %s", table, enabling(state),
								  sql_own(change->arena, change->new));

		if (strcmp(state, "disabled") == 0 && fact_find(&change->from->facts, FACT_TABLE, table))
			sql_allow(sql, LINT_DISABLED_TRIGGER, "TODO: Say why it is not dropped.");
	}
	return true;
}

/* "all to @, apache": "@" is the owner, who runs migrations. A quoted name is no "@". */
static const char *
with_owner(struct arena *arena, const char *definition)
{
	const char *at = strstr(definition, " to ");

	while (at && (at = strchr(at, '@')) != NULL) {
		if (at[-1] == ' ' && (at[1] == ',' || at[1] == '\0'))
			return arena_format(arena, "%.*sCURRENT_USER%s", (int) (at - definition), definition, at + 1);
		at++;
	}
	return definition;
}

/* "select to apache" */
bool
change_policy(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"definition", "restrictive", "using", "with check", "comment", NULL};
	struct arena *arena = change->arena;
	const char *definition = change_value(change, "definition");
	const char *using = change_value(change, "using");
	const char *check = change_value(change, "with check");

	if (change->old)
		sql_add(list, SQL_PLAIN, "DROP POLICY IF EXISTS %s ON %s", sql_own(arena, change->old),
				sql_parent(arena, change->old));
	if (change->new && !repair_has_only(change->new, labels))
		return false;
	if (change->new)
		sql_add(list, SQL_PLAIN, "CREATE POLICY %s ON %s%s FOR %s%s%s%s%s%s%s", sql_own(arena, change->new),
				sql_parent(arena, change->new), repair_has(change->new, "restrictive") ? " AS RESTRICTIVE" : "",
				with_owner(arena, definition), using ? " USING (" : "", using ? sql_bare(arena, using) : "",
				using ? ")" : "", check ? " WITH CHECK (" : "", check ? sql_bare(arena, check) : "", check ? ")" : "");
	return true;
}
