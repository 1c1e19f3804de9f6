/* Facts about the columns of tables and views, and the attributes of composite types. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

/* The columns of LIVE_COLUMNS. */
enum {
	RELATION, NUMBER, NAME = LIVE_COLUMN_NAME, TYPE, FORMATTED, NOT_NULL, HAS_DEFAULT, IDENTITY, GENERATED, IS_LOCAL,
	PARENTS,
	COLLATION, STORAGE, COMPRESSION, TARGET, OPTIONS, FOREIGN_OPTIONS, ACL
};

static void
ask(struct live_reader *reader)
{
	const char *generated = reader->server >= 120000 ? "attgenerated" : "''";
	const char *compression = reader->server >= 140000 ? "attcompression" : "''";

	/* Of the columns of indexes only those with options or a statistics target. */
	live_ask(reader, LIVE_COLUMNS, arena_format(
				 reader->arena,
				 "SELECT attrelid, attnum, attname, atttypid,"
				 " CASE WHEN atttypmod >= 0 THEN format_type(atttypid, atttypmod) END, attnotnull, atthasdef,"
				 " attidentity, %s, attislocal, attinhcount, attcollation, attstorage, %s, attstattarget, attoptions, attfdwoptions,"
				 " attacl FROM pg_attribute WHERE attrelid = ANY (ARRAY(SELECT oid FROM pg_class WHERE oid >= "
				 LIVE_FIRST_USER_OID " AND relkind NOT IN ('t', 'S'))) AND attnum > 0 AND NOT attisdropped"
				 " AND (attstattarget >= 0 OR attoptions IS NOT NULL"
				 " OR attrelid NOT IN (SELECT indexrelid FROM pg_index)) ORDER BY attrelid, attnum",
				 generated, compression));
	/* An expression with columns needs its table. Only generated columns have such. */
	live_ask(reader, LIVE_DEFAULTS,
			 "SELECT adrelid, adnum, CASE WHEN strpos(adbin::text, '{VAR ') = 0 THEN pg_get_expr(adbin, 0) END"
			 " FROM pg_attrdef WHERE adrelid >= " LIVE_FIRST_USER_OID " ORDER BY adrelid, adnum");
	live_ask_late(reader, LIVE_GENERATED,
				  "SELECT adrelid, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef"
				  " WHERE adrelid >= " LIVE_FIRST_USER_OID " AND strpos(adbin::text, '{VAR ') > 0 AND"
				  LIVE_NOT_TEMPORARY("adrelid") " ORDER BY adrelid");
	if (reader->server >= 180000)
		live_ask(reader, LIVE_NOT_NULLS,
				 "SELECT conrelid, conkey[1], convalidated, connoinherit FROM pg_constraint WHERE contype = 'n'"
				 " AND conrelid >= " LIVE_FIRST_USER_OID " ORDER BY conrelid");
}

/* The row of a number that belongs to a relation; -1: there is none. */
static int
find_numbered(const struct pipeline_command *rows, unsigned relation, long number)
{
	for (int i = live_first_row(rows, relation); live_row_is(rows, i, relation); i++)
		if (pipeline_number(rows, i, 1) == number)
			return i;
	return -1;
}

const char *
live_column(struct live_reader *reader, unsigned relation, int number)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COLUMNS);
	int			row = find_numbered(rows, relation, number);

	return row < 0 ? "?" : fact_identifier(reader->arena, pipeline_text(rows, row, NAME));
}

struct live_column_values
live_column_values(const struct live_reader *reader, unsigned relation, int number)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COLUMNS);
	int			row = find_numbered(rows, relation, number);
	const char *target = row < 0 ? NULL : pipeline_value(rows, row, TARGET);

	if (row < 0)
		return (struct live_column_values) {.name = "?"};
	return (struct live_column_values) {
		pipeline_text(rows, row, NAME), live_oid(rows, row, TYPE), live_oid(rows, row, COLLATION),
			pipeline_value(rows, row, OPTIONS), target && strcmp(target, "-1") != 0 ? target : NULL
	};
}

static void
tell_value(struct live_reader *reader, const struct pipeline_command *rows, int i)
{
	unsigned	relation = live_oid(rows, i, RELATION);
	long		number = pipeline_number(rows, i, NUMBER);
	char		identity = live_letter(rows, i, IDENTITY);
	char		generated = live_letter(rows, i, GENERATED);
	const struct pipeline_command *defaults = live_rows(reader, LIVE_DEFAULTS);
	const struct pipeline_command *expressions = live_rows(reader, LIVE_GENERATED);
	int			row = pipeline_bool(rows, i, HAS_DEFAULT) ? find_numbered(defaults, relation, number) : -1;
	const char *expression = row < 0 ? NULL : pipeline_value(defaults, row, 2);

	if (row >= 0 && !expression && (row = find_numbered(expressions, relation, number)) >= 0)
		expression = live_definition(reader, pipeline_value(expressions, row, 2));
	live_property(reader, generated ? "generated" : "default", expression);
	live_flag(reader, "virtual", generated == 'v');
	if (identity)
		live_property(reader, "identity", identity == 'a' ? "always" : "by default");
}

/* From PostgreSQL 18 on NOT NULL has a constraint. */
static void
tell_not_null(struct live_reader *reader, const struct pipeline_command *rows, int i)
{
	unsigned	relation = live_oid(rows, i, RELATION);
	const char *form = NULL;

	if (!pipeline_bool(rows, i, NOT_NULL))
		return;
	if (reader->server >= 180000) {
		const struct pipeline_command *constraints = live_rows(reader, LIVE_NOT_NULLS);
		int			row = find_numbered(constraints, relation, pipeline_number(rows, i, NUMBER));

		if (row >= 0)
			form = pipeline_bool(constraints, row, 2) ? pipeline_bool(constraints, row, 3) ? "no inherit" : NULL
				: pipeline_bool(constraints, row, 3) ? "not valid, no inherit" : "not valid";
	}
	if (form)
		live_property(reader, "not null", form);
	else
		live_flag(reader, "not null", true);
}

static void
tell_storage(struct live_reader *reader, const struct pipeline_command *rows, int i)
{
	char		storage = live_letter(rows, i, STORAGE);
	char		compression = live_letter(rows, i, COMPRESSION);
	const char *target = pipeline_value(rows, i, TARGET);

	if (storage != live_usual_storage(reader, live_oid(rows, i, TYPE)))
		live_property(reader, "storage", storage == 'p' ? "plain" : storage == 'e' ? "external"
					  : storage == 'm' ? "main" : "extended");
	if (compression)
		live_property(reader, "compression", compression == 'l' ? "lz4" : "pglz");
	if (target && strcmp(target, "-1") != 0)
		live_property(reader, "statistics", target);
	live_property(reader, "options", live_options(reader, pipeline_value(rows, i, OPTIONS), "n_distinct"));
	live_property(reader, "foreign options", live_options(reader, pipeline_value(rows, i, FOREIGN_OPTIONS), ""));
}

static void
tell_column(struct live_reader *reader, const struct live_object *table, bool partition, const char *after, int i)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COLUMNS);
	const char *name = live_child(reader, table, pipeline_text(rows, i, NAME));
	bool		inherited = !partition && pipeline_number(rows, i, PARENTS) > 0;

	live_begin(reader, FACT_COLUMN, name);
	live_main(reader, "%s", live_type(reader, live_oid(rows, i, TYPE), pipeline_value(rows, i, FORMATTED)));
	live_collation(reader, live_oid(rows, i, COLLATION), live_oid(rows, i, TYPE));
	tell_not_null(reader, rows, i);
	tell_value(reader, rows, i);
	live_flag(reader, "inherited", inherited);
	live_flag(reader, "local", inherited && pipeline_bool(rows, i, IS_LOCAL));
	if (table->kind != FACT_VIEW)
		tell_storage(reader, rows, i);
	if (after)
		live_property(reader, "after", fact_identifier(reader->arena, after));
	live_comment(reader, LIVE_CLASS_RELATION, table->oid, (int) pipeline_number(rows, i, NUMBER));
	live_end(reader);
}

static void
tell_attribute(struct live_reader *reader, const struct live_object *type, const char *after, int i)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COLUMNS);

	live_begin(reader, FACT_ATTRIBUTE, live_child(reader, type, pipeline_text(rows, i, NAME)));
	live_main(reader, "%s", live_type(reader, live_oid(rows, i, TYPE), pipeline_value(rows, i, FORMATTED)));
	live_collation(reader, live_oid(rows, i, COLLATION), live_oid(rows, i, TYPE));
	if (after)
		live_property(reader, "after", fact_identifier(reader->arena, after));
	live_comment(reader, LIVE_CLASS_RELATION, type->oid, (int) pipeline_number(rows, i, NUMBER));
	live_end(reader);
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COLUMNS);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	const struct live_object *table = NULL;
	unsigned	relation = 0;
	int			row = 0;

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		bool		first = live_oid(rows, i, RELATION) != relation;

		if (first) {
			relation = live_oid(rows, i, RELATION);
			table = live_compared(reader, LIVE_CLASS_RELATION, relation);
			row = live_first_row(relations, relation);
		}
		if (!table || table->kind == FACT_SEQUENCE || table->kind == FACT_INDEX)
			continue;
		if (table->kind == FACT_TYPE) {
			tell_attribute(reader, table, first ? NULL : pipeline_text(rows, i - 1, NAME), i);
			continue;
		}
		tell_column(reader, table, pipeline_bool(relations, row, LIVE_RELATION_PARTITION),
					first ? NULL : pipeline_text(rows, i - 1, NAME), i);
		if (pipeline_value(rows, i, ACL))
			live_privileges(reader, 'c', arena_format(reader->arena, "column %s",
													  live_child(reader, table, pipeline_text(rows, i, NAME))),
							live_oid(relations, row, LIVE_RELATION_OWNER), pipeline_value(rows, i, ACL));
	}
}

const struct live_part live_columns = {ask, NULL, tell};
