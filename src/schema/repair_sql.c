/* The SQL that repairs a difference. */
#include "schema/repair_sql.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/repair_privileges.h"

#include "base/banned.h"

/* The names in the SQL of an item; new strings. */
struct repair_names {
	char	   *table;			/* of the table or type that it belongs to, with its schema; or its own */
	char	   *name;			/* its own, without that */
};

static char *
own_name(const struct fact *fact)
{
	const char *name = compare_name(fact);

	return fact_unescape(name, strlen(name));
}

static struct repair_names
names_of(const struct fact *fact)
{
	size_t		length = fact_parent(fact);

	return (struct repair_names) {
		.table = fact_sql_name(fact->name, length ? length : strlen(fact->name)),.name = own_name(fact)
	};
}

static void
clear_names(struct repair_names *names)
{
	mem_free(names->table);
	mem_free(names->name);
}

static bool
has(const struct fact *fact, const char *label)
{
	struct fact_property property;

	return fact_property(fact, label, &property);
}

/* Has the fact only properties of these labels, NULL at the end? Others would be lost. */
static bool
has_only(const struct fact *fact, const char *const *labels)
{
	struct fact_property property;

	for (const char *at = fact->definition; fact_next_property(fact, &at, &property);) {
		const char *const *label = labels;

		while (*label && !fact_property_is(&property, *label))
			label++;
		if (!*label)
			return false;
	}
	return true;
}

/* --- missing objects --- */

/* "unique btree (a) ..." as CREATE INDEX; `concurrently` is not for an index of a partitioned table. */
static char *
create_index(const struct fact *should, const struct repair_names *names)
{
	static const char *const labels[] = {"definition", "where", "comment", NULL};
	char	   *definition = fact_value(should, "definition");
	char	   *where = fact_value(should, "where");
	bool		unique = strncmp(definition, "unique ", 7) == 0;
	char	   *sql = NULL;

	if (has_only(should, labels))
		sql = mem_format("CREATE %sINDEX CONCURRENTLY %s ON %s USING %s%s%s;", unique ? "UNIQUE " : "", names->name,
						 names->table, definition + (unique ? 7 : 0), where ? " WHERE " : "", where ? where : "");
	mem_free(where);
	mem_free(definition);
	return sql;
}

/* A key is built as an index first, which blocks no session. */
static char *
create_key(const struct repair_names *names, const char *definition, const char *what)
{
	return mem_format("CREATE UNIQUE INDEX CONCURRENTLY %s ON %s USING btree %s;\n"
					  "ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s;", names->name, names->table,
					  definition + strlen(what) + 1, names->table, names->name, what, names->name);
}

static char *
create_constraint(const struct fact *should, const struct repair_names *names)
{
	static const char *const labels[] = {"definition", "not valid", "comment", NULL};
	char	   *definition = fact_value(should, "definition");
	char	   *sql = NULL;

	if (!has_only(should, labels))
		sql = NULL;
	else if (strncmp(definition, "PRIMARY KEY (", 13) == 0)
		sql = create_key(names, definition, "PRIMARY KEY");
	else if (strncmp(definition, "UNIQUE (", 8) == 0)
		sql = create_key(names, definition, "UNIQUE");
	else if (strncmp(definition, "FOREIGN KEY ", 12) == 0 || strncmp(definition, "CHECK ", 6) == 0)
		sql = has(should, "not valid")
			? mem_format("ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;", names->table, names->name, definition)
			: mem_format("ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;\n"
						 "ALTER TABLE %s VALIDATE CONSTRAINT %s;", names->table, names->name, definition,
						 names->table, names->name);
	mem_free(definition);
	return sql;
}

/* Only where no row must be written: without a default that is computed. */
static char *
create_column(const struct fact *should, const struct repair_names *names)
{
	static const char *const labels[] = {"type", "default", "not null", "after", "comment", NULL};
	char	   *type = fact_value(should, "type");
	char	   *value = fact_value(should, "default");
	bool		not_null = has(should, "not null");
	char	   *sql = NULL;

	if (has_only(should, labels) && (value || !not_null) && !(value && strchr(value, '(')))
		sql = mem_format("ALTER TABLE %s ADD COLUMN %s %s%s%s%s;", names->table, names->name, type,
						 value ? " DEFAULT " : "", value ? value : "", not_null ? " NOT NULL" : "");
	mem_free(value);
	mem_free(type);
	return sql;
}

static char *
quote_literal(const char *value)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (strchr(value, '\\'))
		fputc('E', stream);
	fputc('\'', stream);
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			fputc(*value, stream);
		fputc(*value, stream);
	}
	fputc('\'', stream);
	mem_stream_close(stream);
	return text;
}

/* A label's name is an identifier; in SQL it is a literal. */
static char *
create_label(const struct repair_names *names)
{
	char	   *label = fact_plain(names->name, strlen(names->name));
	char	   *literal = quote_literal(label);
	char	   *sql = mem_format("ALTER TYPE %s ADD VALUE %s;", names->table, literal);

	mem_free(literal);
	mem_free(label);
	return sql;
}

/* --- changed properties --- */

static char *
repair_default(const struct repair_names *names, const char *value)
{
	return value ? mem_format("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;", names->table, names->name, value)
		: mem_format("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;", names->table, names->name);
}

static char *
repair_not_null(const struct compare_item *item, const struct repair_names *names)
{
	const char *table = names->table;
	const char *column = names->name;

	if (!item->should_value)
		return mem_format("ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;", table, column);
	if (item->is_value || *item->should_value)
		return NULL;
	/* Validating the check blocks no session, and SET NOT NULL then needs no scan. */
	return mem_format("ALTER TABLE %s ADD CONSTRAINT fitsdb_schema_not_null CHECK (%s IS NOT NULL) NOT VALID;\n"
					  "ALTER TABLE %s VALIDATE CONSTRAINT fitsdb_schema_not_null;\n"
					  "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\n"
					  "ALTER TABLE %s DROP CONSTRAINT fitsdb_schema_not_null;",
					  table, column, table, table, column, table);
}

/* The word for ALTER and COMMENT; NULL for kinds that are not repaired. */
static const char *
object_word(enum fact_kind kind)
{
	switch (kind) {
		case FACT_TABLE:
			return "TABLE";
		case FACT_VIEW:
			return "VIEW";
		case FACT_MATERIALIZED_VIEW:
			return "MATERIALIZED VIEW";
		case FACT_SEQUENCE:
			return "SEQUENCE";
		case FACT_TYPE:
			return "TYPE";
		default:
			return NULL;
	}
}

static char *
repair_owner(const struct compare_item *item, const struct repair_names *names)
{
	const char *word = object_word(item->should->kind);

	return word ? mem_format("ALTER %s %s OWNER TO %s;", word, names->table, item->should_value) : NULL;
}

static char *
repair_comment(const struct compare_item *item, const struct repair_names *names)
{
	const char *word = object_word(item->should->kind);
	char	   *value = item->should_value ? quote_literal(item->should_value) : mem_string("NULL");
	char	   *sql = NULL;

	if (word)
		sql = mem_format("COMMENT ON %s %s IS %s;", word, names->table, value);
	else if (item->should->kind == FACT_COLUMN)
		sql = mem_format("COMMENT ON COLUMN %s.%s IS %s;", names->table, names->name, value);
	mem_free(value);
	return sql;
}

static char *
repair_trigger(const struct compare_item *item, const struct repair_names *names)
{
	const char *value = item->should_value;
	const char *enabling = strcmp(value, "enabled") == 0 ? "ENABLE" : strcmp(value, "disabled") == 0 ? "DISABLE"
		: strcmp(value, "always") == 0 ? "ENABLE ALWAYS" : strcmp(value, "replica") == 0 ? "ENABLE REPLICA" : NULL;

	return enabling ? mem_format("ALTER TABLE %s %s TRIGGER %s;", names->table, enabling, names->name) : NULL;
}

/* The triggers of a constraint have no names of their own; so all of the table are enabled, if all should be. */
static char *
repair_constraint_triggers(const struct compare_item *item, const struct fact_history *known)
{
	size_t		length = strlen(item->group);
	char	   *table;
	char	   *sql;

	if (strcmp(item->should_value, "enabled") != 0)
		return NULL;
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].kind == FACT_TRIGGER && strncmp(known->runs[i].name, item->group, length) == 0
			&& known->runs[i].name[length] == '.' && strstr(known->runs[i].texts[0].definition, "state: "))
			return NULL;
	table = fact_sql_name(item->group, length);
	sql = mem_format("ALTER TABLE %s ENABLE TRIGGER ALL;", table);
	mem_free(table);
	return sql;
}

/* Does the item say that this property should be absent? */
static bool
should_lack(const struct compare_item *item, const char *label)
{
	return strcmp(item->label, label) == 0 && !item->should_value;
}

/* DROP INDEX for an index of a table, whose schema is the index's, too. */
static char *
drop_index(const struct repair_names *names)
{
	return mem_format("DROP INDEX CONCURRENTLY %.*s%s;", (int) fact_schema(names->table, strlen(names->table)),
					  names->table, names->name);
}

/* An index is built anew: it is not valid, or another one. */
static char *
repair_index(const struct compare_item *item, const struct repair_names *names)
{
	static const char *const labels[] = {"definition", "where", "comment", NULL};
	char	   *create = create_index(item->should, names);
	char	   *drop = drop_index(names);
	char	   *sql = NULL;

	if (create && (has_only(item->is, labels) || should_lack(item, "invalid")))
		sql = mem_format("%s\n%s", drop, create);
	mem_free(drop);
	mem_free(create);
	return sql;
}

static char *
repair_changed(const struct compare_item *item, const struct fact_history *known, const struct repair_names *names)
{
	const char *label = item->label;

	if (strcmp(label, "owner") == 0)
		return repair_owner(item, names);
	if (strcmp(label, "comment") == 0)
		return repair_comment(item, names);
	switch (item->should->kind) {
		case FACT_COLUMN:
			return strcmp(label, "default") == 0 ? repair_default(names, item->should_value)
				: strcmp(label, "not null") == 0 ? repair_not_null(item, names) : NULL;
		case FACT_INDEX:
			return strcmp(label, "definition") == 0 || strcmp(label, "where") == 0 || strcmp(label, "invalid") == 0
				? repair_index(item, names) : NULL;
		case FACT_CONSTRAINT:
			if (strcmp(label, "checks") == 0 || strcmp(label, "actions") == 0)
				return repair_constraint_triggers(item, known);
			return should_lack(item, "not valid") ? mem_format("ALTER TABLE %s VALIDATE CONSTRAINT %s;", names->table,
															   names->name) : NULL;
		case FACT_TRIGGER:
			return strcmp(label, "state") == 0 ? repair_trigger(item, names) : NULL;
		default:
			return NULL;
	}
}

/* --- all --- */

static char *
repair_missing(const struct compare_item *item, const struct repair_names *names)
{
	switch (item->should->kind) {
		case FACT_INDEX:
			return create_index(item->should, names);
		case FACT_CONSTRAINT:
			return create_constraint(item->should, names);
		case FACT_COLUMN:
			return create_column(item->should, names);
		case FACT_LABEL:
			return create_label(names);
		default:
			return NULL;
	}
}

/* An object that no version has may belong to somebody: only objects that can be created again are dropped. */
static char *
repair_extra(const struct compare_item *item, const struct fact_history *known, const struct repair_names *names)
{
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].kind == item->is->kind && strcmp(known->runs[i].name, item->is->name) == 0
			&& known->runs[i].to > known->version_count)
			return NULL;
	if (item->is->kind == FACT_CONSTRAINT)
		return mem_format("ALTER TABLE %s DROP CONSTRAINT %s;", names->table, names->name);
	return item->is->kind == FACT_INDEX ? drop_index(names) : NULL;
}

char *
repair_sql(const struct compare_item *item, const struct fact_history *known)
{
	struct repair_names names;
	char	   *sql = NULL;

	if (item->note || item->untrusted || item->withheld || !(item->is || item->should))
		return NULL;
	if (item->is && item->is->kind == FACT_DATABASE && item->objects > 0)
		return item->why ? mem_format("ALTER DATABASE %s OWNER TO %s;", item->why, item->should_value) : NULL;
	/* A pending migration replaces it. */
	if (item->should && item->until <= known->version_count)
		return NULL;
	if ((item->is ? item->is : item->should)->kind == FACT_PRIVILEGE)
		return repair_privileges(item);
	names = names_of(item->should ? item->should : item->is);
	if (item->kind == COMPARE_MISSING && item->should)
		sql = repair_missing(item, &names);
	else if (item->kind == COMPARE_EXTRA && item->is)
		sql = repair_extra(item, known, &names);
	else if (item->kind == COMPARE_CHANGED && item->is && item->should)
		sql = repair_changed(item, known, &names);
	else if (item->kind == COMPARE_RENAMED && item->is) {
		char	   *name = own_name(item->is);

		sql = mem_format("ALTER TABLE %s RENAME CONSTRAINT %s TO %s;", names.table, name, names.name);
		mem_free(name);
	}
	clear_names(&names);
	return sql;
}
