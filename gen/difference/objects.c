/* Schemas, extensions, sequences, statistics; comments. */
#include <string.h>

#include "base/mem.h"
#include "difference/change.h"
#include "schema/repair_create.h"
#include "schema/repair_names.h"

#include "base/banned.h"

bool
change_schema(struct sql_list *list, const struct change *change)
{
	const char *name = sql_parent(change->arena, change_subject(change));

	if (change->old && change->new)
		return false;
	if (change->new)
		sql_add(list, SQL_PLAIN, "CREATE SCHEMA IF NOT EXISTS %s", name);
	else
		sql_allow(sql_add(list, SQL_PLAIN, "DROP SCHEMA IF EXISTS %s", name), LINT_DROPPED_DEPENDENCY, CHANGE_UNUSED);
	return true;
}

bool
change_extension(struct sql_list *list, const struct change *change)
{
	const char *name = sql_parent(change->arena, change_subject(change));

	if (!change->new)
		sql_allow(sql_add(list, SQL_PLAIN, "DROP EXTENSION IF EXISTS %s", name), LINT_DROPPED_DEPENDENCY,
				  CHANGE_UNUSED);
	else if (change->old)
		sql_add(list, SQL_PLAIN, "ALTER EXTENSION %s SET SCHEMA %s", name, change_value(change, "schema"));
	else
		sql_add(list, SQL_PLAIN, "CREATE EXTENSION IF NOT EXISTS %s SCHEMA %s", name, change_value(change, "schema"));
	return true;
}

/* --- sequences --- */

static const char *const sequence_labels[] = {"definition", "start", "increment", "minimum", "maximum", "cache",
	"cycle", "owned by", "identity of", "comment", NULL};

/* The properties but the type, as in CREATE SEQUENCE and ALTER SEQUENCE; with `all`, those as usual, too. */
static const char *
sequence_options(struct arena *arena, const struct fact *sequence, bool all)
{
	static const char *const words[][3] = {
		{"increment", "INCREMENT BY", "1"}, {"minimum", "MINVALUE", NULL}, {"maximum", "MAXVALUE", NULL},
		{"start", "START WITH", NULL}, {"cache", "CACHE", "1"}
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *value = sql_value(arena, sequence, words[i][0]);

		if (value)
			text = arena_format(arena, "%s %s %s", text, words[i][1], value);
		else if (all && words[i][2])
			text = arena_format(arena, "%s %s %s", text, words[i][1], words[i][2]);
		else if (all && strcmp(words[i][0], "start") != 0)
			text = arena_format(arena, "%s NO %s", text, words[i][1]);
		else if (all) {
			const char *lowest = sql_value(arena, sequence, "minimum");

			text = arena_format(arena, "%s START WITH %s", text, lowest ? lowest : "1");
		}
	}
	if (repair_has(sequence, "cycle"))
		return arena_format(arena, "%s CYCLE", text);
	return all ? arena_format(arena, "%s NO CYCLE", text) : text;
}

const char *
change_identity_options(struct arena *arena, const struct fact *sequence)
{
	const char *options = sequence_options(arena, sequence, false);
	const char *name = sql_parent(arena, sequence);
	const char *column = sql_value(arena, sequence, "identity of");
	const char *usual = column ? arena_format(arena, "%s_seq", column) : NULL;
	size_t		table = column ? strlen(column) - strlen(strrchr(column, '.')) : 0;

	/* The usual one is TABLE_COLUMN_seq. A name in quotation marks may have been cut short. */
	if (usual && !strchr(usual, '"') && strlen(usual) == strlen(name) && strncmp(usual, name, table) == 0
		&& name[table] == '_' && strcmp(usual + table + 1, name + table + 1) == 0)
		name = NULL;
	if (name)
		options = arena_format(arena, " SEQUENCE NAME %s%s", name, options);
	return *options ? arena_format(arena, " (%s)", options + 1) : "";
}

bool
change_create_sequence(struct sql_list *list, const struct fact *sequence)
{
	if (!repair_has_only(sequence, sequence_labels))
		return false;
	sql_add(list, SQL_PLAIN, "CREATE SEQUENCE IF NOT EXISTS %s AS %s%s", sql_parent(list->arena, sequence),
			sql_value(list->arena, sequence, "definition"), sequence_options(list->arena, sequence, false));
	return true;
}

void
change_sequence_owner(struct sql_list *list, const struct fact *sequence)
{
	const char *owner = sql_value(list->arena, sequence, "owned by");

	sql_add(list, SQL_PLAIN, "ALTER SEQUENCE %s OWNED BY %s", sql_parent(list->arena, sequence),
			owner ? owner : "NONE");
}

static bool
alter_sequence(struct sql_list *list, const struct change *change)
{
	const char *name = sql_parent(change->arena, change->new);
	const char *options = sequence_options(change->arena, change->new, true);
	bool		retyped = change_differs(change, "definition");

	if (!repair_has_only(change->new, sequence_labels) || change_differs(change, "identity of"))
		return false;
	if (retyped || strcmp(options, sequence_options(change->arena, change->old, true)) != 0)
		sql_add(list, SQL_PLAIN, "ALTER SEQUENCE %s%s%s%s", name, retyped ? " AS " : "",
				retyped ? change_value(change, "definition") : "", options);
	if (change_differs(change, "owned by"))
		change_sequence_owner(list, change->new);
	return true;
}

/* A sequence of a column that is there already goes on after the largest value. */
bool
change_sequence(struct sql_list *list, const struct change *change)
{
	if (change->old && change->new)
		return alter_sequence(list, change);
	if (!change->new) {
		struct sql *sql = sql_add(list, SQL_PLAIN, "DROP SEQUENCE IF EXISTS %s",
								  sql_parent(change->arena, change->old));

		if (!repair_has(change->old, "owned by"))
			sql_allow(sql, LINT_DROPPED_DEPENDENCY, CHANGE_UNUSED);
		return true;
	}
	if (!change_create_sequence(list, change->new))
		return false;
	if (repair_has(change->new, "owned by")) {
		char	   *set = repair_setval(change->new);

		sql_add(list, SQL_PLAIN, "%s", sql_bare(change->arena, set));
		mem_free(set);
		change_sequence_owner(list, change->new);
	}
	return true;
}

bool
change_statistics(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"definition", "comment", NULL};
	const char *name = sql_parent(change->arena, change_subject(change));

	if (change->old)
		sql_add(list, SQL_PLAIN, "DROP STATISTICS IF EXISTS %s", name);
	if (change->new && !repair_has_only(change->new, labels))
		return false;
	if (change->new)
		sql_add(list, SQL_PLAIN, "CREATE STATISTICS IF NOT EXISTS %s %s", name,
				sql_bare(change->arena, change_value(change, "definition")));
	return true;
}

/* --- comments --- */

/* The object as COMMENT ON names it; NULL: its comment is not written. */
static const char *
commented(struct arena *arena, const struct fact *fact)
{
	const char *parent = sql_parent(arena, fact);

	switch (fact->kind) {
		case FACT_COLUMN:
			return arena_format(arena, "COLUMN %s.%s", parent, sql_own(arena, fact));
		case FACT_CONSTRAINT:
			return arena_format(arena, "CONSTRAINT %s ON %s", sql_own(arena, fact), parent);
		case FACT_TRIGGER:
			return arena_format(arena, "TRIGGER %s ON %s", sql_own(arena, fact), parent);
		case FACT_POLICY:
			return arena_format(arena, "POLICY %s ON %s", sql_own(arena, fact), parent);
		case FACT_RULE:
			return arena_format(arena, "RULE %s ON %s", sql_own(arena, fact), parent);
		case FACT_INDEX:
			return arena_format(arena, "INDEX %s", sql_index(arena, fact));
		case FACT_TABLE:
			return arena_format(arena, "TABLE %s", parent);
		case FACT_VIEW:
			return arena_format(arena, "VIEW %s", parent);
		case FACT_MATERIALIZED_VIEW:
			return arena_format(arena, "MATERIALIZED VIEW %s", parent);
		case FACT_SEQUENCE:
			return arena_format(arena, "SEQUENCE %s", parent);
		case FACT_TYPE:
			return arena_format(arena, "TYPE %s", parent);
		case FACT_SCHEMA:
			return arena_format(arena, "SCHEMA %s", parent);
		case FACT_FUNCTION:
			return arena_format(arena, "FUNCTION %s", parent);
		default:
			return NULL;
	}
}

bool
change_comment(struct sql_list *list, const struct change *change)
{
	const char *object = commented(change->arena, change_subject(change));
	const char *comment = change_value(change, "comment");

	/* It goes with its object. */
	if (!change->new || !change_differs(change, "comment"))
		return true;
	if (!object)
		return false;
	sql_add(list, SQL_PLAIN, "COMMENT ON %s IS %s", object, comment ? sql_literal(change->arena, comment) : "NULL");
	return true;
}

static bool
comment_again(struct sql_list *list, const struct change *change, bool down)
{
	struct change created = *change;

	if (change->down != down || !change->new || !repair_has(change->new, "comment"))
		return true;
	created.old = NULL;
	return change_comment(list, &created);
}

bool
change_comment_up(struct sql_list *list, const struct change *change)
{
	return comment_again(list, change, false);
}

bool
change_comment_down(struct sql_list *list, const struct change *change)
{
	return comment_again(list, change, true);
}
