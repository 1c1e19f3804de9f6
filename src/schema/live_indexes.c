/* Facts about indexes. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

/* The columns of LIVE_INDEXES; tell_replica_identity in live_relations.c knows the first three. */
enum {
	INDEX, TABLE, IDENTITY, KEY_COUNT, UNIQUE, NULLS_EQUAL, CLUSTERED, VALID, EXPRESSIONS, COLUMNS, COLLATIONS, CLASSES,
	DIRECTIONS
};

/* Bits of indoption. */
enum {
	DESCENDING = 1,
	NULLS_FIRST = 2
};

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_INDEXES, arena_format(
				 reader->arena,
				 "SELECT indexrelid, indrelid, indisreplident, %s, indisunique, %s, indisclustered,"
				 " indisvalid AND indisready AND indislive, indexprs IS NOT NULL, indkey, indcollation, indclass, indoption FROM pg_index"
				 " WHERE indexrelid >= " LIVE_FIRST_USER_OID " ORDER BY indexrelid",
				 reader->server >= 110000 ? "indnkeyatts" : "indnatts",
				 reader->server >= 150000 ? "indnullsnotdistinct" : "false"));
	live_ask_late(reader, LIVE_INDEX_EXPRESSIONS,
				  "SELECT indexrelid, CASE WHEN indexprs IS NOT NULL THEN pg_get_indexdef(indexrelid) END,"
				  " pg_get_expr(indpred, indrelid), indpred IS NOT NULL FROM pg_index WHERE indexrelid >= " LIVE_FIRST_USER_OID
				  " AND (indexprs IS NOT NULL OR indpred IS NOT NULL) AND" LIVE_NOT_TEMPORARY("indrelid")
				  " ORDER BY indexrelid");
}

static void
enter(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INDEXES);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, INDEX);
		const struct live_object *table = live_find(reader, LIVE_CLASS_RELATION, live_oid(rows, i, TABLE));
		bool		compared = table && table->compared;
		int			row = live_first_row(relations, oid);

		if (!table || !live_row_is(relations, row, oid))
			continue;
		/* This can move all objects, the table, too. */
		live_enter(reader, LIVE_CLASS_RELATION, oid, live_oid(relations, row, LIVE_RELATION_SCHEMA), FACT_INDEX,
				   live_child(reader, table, pipeline_text(relations, row, LIVE_RELATION_NAME)));
		if (!compared)
			live_exclude(reader, LIVE_CLASS_RELATION, oid);
	}
}

/* Is an operator class the one that an index on a column of this type has by default? */
static bool
is_default_class(const struct pipeline_command *classes, int row, unsigned type)
{
	if (!pipeline_bool(classes, row, 5))
		return false;
	if (live_oid(classes, row, 4) == type)
		return true;
	/* It is for a type to which this one can be converted, unless this one has its own. */
	for (int i = 0; i < pipeline_row_count(classes); i++)
		if (live_oid(classes, i, 4) == type && pipeline_bool(classes, i, 5)
			&& live_oid(classes, i, 3) == live_oid(classes, row, 3))
			return false;
	return true;
}

/* A column of an index, as pg_get_indexdef() writes it. The numbers are those in the arrays of pg_index. */
static const char *
show_column(struct live_reader *reader, unsigned table, unsigned index, int position, unsigned column,
			unsigned collation, unsigned class_oid, unsigned direction)
{
	const struct pipeline_command *classes = live_rows(reader, LIVE_OPCLASSES);
	int			class_row = live_first_row(classes, class_oid);
	const struct live_column_values its = live_column_values(reader, table, (int) column);
	const char *options = live_options(reader, live_column_values(reader, index, position).options, "");
	const char *text = fact_identifier(reader->arena, its.name);

	if (collation && collation != its.collation)
		text = arena_format(reader->arena, "%s COLLATE %s", text, live_name(reader, LIVE_CLASS_COLLATION, collation));
	if (live_row_is(classes, class_row, class_oid) && (options || !is_default_class(classes, class_row, its.type)))
		text = arena_format(reader->arena, "%s %s", text, live_name(reader, LIVE_CLASS_OPCLASS, class_oid));
	if (options)
		text = arena_format(reader->arena, "%s (%s)", text, options);
	return arena_format(reader->arena, "%s%s", text,
						direction == DESCENDING ? " DESC NULLS LAST" : direction == NULLS_FIRST ? " NULLS FIRST"
						: direction ? " DESC" : "");
}

/* Read the next number of an array as pg_index has them: "1 2 3". */
static unsigned
next_number(const char **at)
{
	char	   *end;
	unsigned long number = strtoul(*at, &end, 10);

	*at = end;
	return (unsigned) number;
}

/* The method and columns of an index without expressions: "btree (a, b DESC) INCLUDE (c)". */
static const char *
show_keys(struct live_reader *reader, const struct pipeline_command *rows, int i)
{
	const char *columns = pipeline_text(rows, i, COLUMNS);
	const char *collations = pipeline_text(rows, i, COLLATIONS);
	const char *classes = pipeline_text(rows, i, CLASSES);
	const char *directions = pipeline_text(rows, i, DIRECTIONS);
	long		key_count = pipeline_number(rows, i, KEY_COUNT);
	unsigned	table = live_oid(rows, i, TABLE);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	unsigned	method = live_oid(relations, live_first_row(relations, live_oid(rows, i, INDEX)), LIVE_RELATION_METHOD);
	const char *text = arena_format(reader->arena, "%s (", live_name(reader, LIVE_CLASS_AM, method));

	for (int number = 0; *columns; number++) {
		unsigned	column = next_number(&columns);

		if (number < key_count) {
			unsigned	collation = next_number(&collations);
			unsigned	class_oid = next_number(&classes);

			text = arena_format(reader->arena, "%s%s%s", text, number ? ", " : "",
								show_column(reader, table, live_oid(rows, i, INDEX), number + 1, column, collation,
											class_oid, next_number(&directions)));
		} else
			text = arena_format(reader->arena, "%s%s%s", text, number == key_count ? ") INCLUDE (" : ", ",
								live_column(reader, table, (int) column));
	}
	return arena_format(reader->arena, "%s)", text);
}

const char *
live_keys(struct live_reader *reader, const char *definition)
{
	const char *method = live_unquoted(live_definition(reader, definition), " USING ");
	const char *keys = method ? strchr(method, '(') : NULL;
	size_t		length;

	if (!keys)
		return "?";
	method += strlen(" USING ");
	length = live_balanced(keys);
	if (strncmp(keys + length, " INCLUDE (", strlen(" INCLUDE (")) == 0)
		length += strlen(" INCLUDE ") + live_balanced(keys + length + strlen(" INCLUDE "));
	return arena_copy(reader->arena, method, (size_t) (keys - method) + length);
}

void
live_index(struct live_reader *reader, unsigned index)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INDEXES);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	const struct pipeline_command *columns = live_rows(reader, LIVE_COLUMNS);
	const struct pipeline_command *expressions = live_rows(reader, LIVE_INDEX_EXPRESSIONS);
	int			partial = live_first_row(expressions, index);
	int			i = live_first_row(rows, index);
	int			relation = live_first_row(relations, index);
	unsigned	space;
	const char *targets = NULL;

	if (!live_row_is(rows, i, index) || !live_row_is(relations, relation, index))
		return;
	space = live_oid(relations, relation, LIVE_RELATION_TABLESPACE);
	if (live_row_is(expressions, partial, index) && pipeline_bool(expressions, partial, 3))
		live_property(reader, "where", live_definition(reader, pipeline_value(expressions, partial, 2)));
	live_property(reader, "options",
				  live_options(reader, pipeline_value(relations, relation, LIVE_RELATION_OPTIONS), ""));
	if (space)
		live_property(reader, "tablespace", live_name(reader, LIVE_CLASS_TABLESPACE, space));
	for (int c = live_first_row(columns, index); live_row_is(columns, c, index); c++) {
		int			number = (int) pipeline_number(columns, c, 1);
		const char *target = live_column_values(reader, index, number).target;

		if (target)
			targets = arena_format(reader->arena, "%s%scolumn %d %s", targets ? targets : "", targets ? ", " : "",
								   number, target);
	}
	live_property(reader, "statistics", targets);
	live_flag(reader, "clustered", pipeline_bool(rows, i, CLUSTERED));
	live_flag(reader, "invalid", !pipeline_bool(rows, i, VALID));
}

static void
tell_index(struct live_reader *reader, const struct live_object *index, int i)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INDEXES);
	const char *keys = pipeline_bool(rows, i, EXPRESSIONS)
		? live_keys(reader, live_found(reader, LIVE_INDEX_EXPRESSIONS, index->oid, 1)) : show_keys(reader, rows, i);

	live_begin(reader, FACT_INDEX, index->name);
	live_main(reader, "%s%s", pipeline_bool(rows, i, UNIQUE) ? "unique " : "", keys);
	live_flag(reader, "derived", live_found(reader, LIVE_INHERITANCE, index->oid, 1) != NULL);
	live_flag(reader, "nulls not distinct", pipeline_bool(rows, i, NULLS_EQUAL));
	live_index(reader, index->oid);
	live_comment(reader, LIVE_CLASS_RELATION, index->oid, 0);
	live_end(reader);
}

/* The properties of an index beside its columns, as text: a string in the arena. */
static const char *
properties(struct live_reader *reader, unsigned index)
{
	live_begin(reader, FACT_INDEX, "");
	live_index(reader, index);
	live_comment(reader, LIVE_CLASS_RELATION, index, 0);
	return arena_copy(reader->arena, reader->text, reader->length);
}

bool
live_index_differs(struct live_reader *reader, unsigned index)
{
	const char *parent = live_found(reader, LIVE_INHERITANCE, index, 1);

	return !parent || strcmp(properties(reader, index),
							 properties(reader, (unsigned) strtoul(parent, NULL, 10))) != 0;
}

static int
compare_oids(const void *left, const void *right)
{
	unsigned	a = *(const unsigned *) left;
	unsigned	b = *(const unsigned *) right;

	return (a > b) - (a < b);
}

/*
 * An index of a constraint is part of that. One of a partition that is part of the table's is no fact, unless it has
 * properties of its own.
 */
static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INDEXES);
	const struct pipeline_command *constraints = live_rows(reader, LIVE_CONSTRAINTS);
	size_t		count = (size_t) pipeline_row_count(constraints);
	unsigned   *owned = mem_alloc((count + 1) * sizeof(*owned));

	for (size_t i = 0; i < count; i++)
		owned[i] = live_letter(constraints, (int) i, 2) == 'f' ? 0 : live_oid(constraints, (int) i, 1);
	qsort(owned, count, sizeof(*owned), compare_oids);
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, INDEX);
		const struct live_object *index = live_compared(reader, LIVE_CLASS_RELATION, oid);

		if (index && !bsearch(&oid, owned, count, sizeof(*owned), compare_oids)
			&& live_index_differs(reader, oid))
			tell_index(reader, index, i);
	}
	mem_free(owned);
}

const struct live_part live_indexes = {ask, enter, tell};
