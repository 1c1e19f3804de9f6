/* The SQL that repairs a difference. */
#include "schema/repair_sql.h"

#include <string.h>

#include "base/mem.h"
#include "schema/catalog.h"
#include "schema/diff.h"

#include "base/banned.h"

static char *
repair_missing(const struct catalog_fact *should)
{
	return should->sql ? mem_format("%s;", should->sql) : NULL;
}

/* An object that no version has may belong to somebody: only objects that can be created again are dropped. */
static char *
repair_extra(const struct catalog_fact *is)
{
	switch (is->kind) {
		case FACT_INDEX:
			return mem_format("DROP INDEX CONCURRENTLY public.%s;", is->quoted_name);
		case FACT_CONSTRAINT:
			return mem_format("ALTER TABLE public.%s DROP CONSTRAINT %s;", is->quoted_group, is->quoted_name);
		default:
			return NULL;
	}
}

static char *
repair_column(const struct catalog_fact *should, const char *property, const char *value)
{
	const char *table = should->quoted_group;
	const char *column = should->quoted_name;

	if (strcmp(property, "default") == 0)
		return value ? mem_format("ALTER TABLE public.%s ALTER COLUMN %s SET DEFAULT %s;", table, column, value)
			: mem_format("ALTER TABLE public.%s ALTER COLUMN %s DROP DEFAULT;", table, column);
	if (!value || strcmp(property, "nullability") != 0)
		return NULL;
	if (strcmp(value, "NULL") == 0)
		return mem_format("ALTER TABLE public.%s ALTER COLUMN %s DROP NOT NULL;", table, column);
	/* Validating the check blocks no session, and SET NOT NULL then needs no scan. */
	return mem_format("ALTER TABLE public.%s ADD CONSTRAINT fitsdb_schema_not_null CHECK (%s IS NOT NULL) NOT VALID;\n"
					  "ALTER TABLE public.%s VALIDATE CONSTRAINT fitsdb_schema_not_null;\n"
					  "ALTER TABLE public.%s ALTER COLUMN %s SET NOT NULL;\n"
					  "ALTER TABLE public.%s DROP CONSTRAINT fitsdb_schema_not_null;",
					  table, column, table, table, column, table);
}

/* Are all privileges of the first list in the second? */
static bool
all_wanted(const char *is, const char *should)
{
	while (*is) {
		size_t		length = strcspn(is, ",");
		const char *at = should;
		bool		found = false;

		while (*at && !found) {
			size_t		other = strcspn(at, ",");

			found = other == length && memcmp(at, is, length) == 0;
			at += other + strspn(at + other, ", ");
		}
		if (!found)
			return false;
		is += length + strspn(is + length, ", ");
	}
	return true;
}

static char *
repair_owner(const struct catalog_fact *should, const char *owner)
{
	/* ALTER TABLE accepts views of both kinds. */
	const char *what = should->kind == FACT_SEQUENCE ? "SEQUENCE" : should->kind == FACT_TYPE ? "TYPE" :
		should->kind == FACT_TABLE || should->kind == FACT_VIEW ? "TABLE" : NULL;
	char	   *quoted;
	char	   *sql;

	/* A role's name is always quoted here. */
	if (!what || strchr(owner, '"'))
		return NULL;
	quoted = mem_format("\"%s\"", owner);
	sql = mem_format("ALTER %s public.%s OWNER TO %s;", what, should->quoted_name, quoted);
	mem_free(quoted);
	return sql;
}

static char *
repair_trigger(const struct catalog_fact *should, const char *property, const char *value)
{
	const char *enabling = strcmp(property, "state") != 0 ? NULL : strcmp(value, "enabled") == 0 ? "ENABLE" :
		strcmp(value, "disabled") == 0 ? "DISABLE" : strcmp(value, "enabled always") == 0 ? "ENABLE ALWAYS" :
		"ENABLE REPLICA";

	if (!enabling)
		return NULL;
	return mem_format("ALTER TABLE public.%s %s TRIGGER %s;", should->quoted_group, enabling, should->quoted_name);
}

/* Only a constraint that is not validated can be repaired. */
static char *
repair_constraint(const struct catalog_fact *should, const char *is, const char *value)
{
	size_t		length = strlen(value);

	if (strncmp(is, value, length) != 0 || strcmp(is + length, " NOT VALID") != 0)
		return NULL;
	return mem_format("ALTER TABLE public.%s VALIDATE CONSTRAINT %s;", should->quoted_group, should->quoted_name);
}

static char *
repair_changed(const struct diff_item *difference)
{
	const struct catalog_fact *should = difference->should;
	const char *property = catalog_property(should->kind, difference->property);
	const char *is = difference->is->values[difference->property];
	const char *value = should->values[difference->property];

	if (should->kind == FACT_COLUMN)
		return repair_column(should, property, value);
	if (!is || !value)
		return NULL;
	if (strcmp(property, "owner") == 0)
		return repair_owner(should, value);
	switch (should->kind) {
		case FACT_INDEX:
			return mem_format("DROP INDEX CONCURRENTLY public.%s;\n%s;", should->quoted_name, should->sql);
		case FACT_CONSTRAINT:
			return repair_constraint(should, is, value);
		case FACT_TRIGGER:
			return repair_trigger(should, property, value);
		case FACT_FUNCTION:
			return repair_missing(should);
		case FACT_PRIVILEGE:
			return all_wanted(is, value) ? repair_missing(should) : NULL;
		default:
			return NULL;
	}
}

char *
repair_sql(const struct diff_item *difference)
{
	const struct catalog_fact *should = difference->should;

	if (difference->note || difference->untrusted)
		return NULL;
	switch (difference->kind) {
		case DIFF_MISSING:
			return repair_missing(should);
		case DIFF_EXTRA:
			return repair_extra(difference->is);
		case DIFF_CHANGED:
			return repair_changed(difference);
		case DIFF_RENAMED:
			return mem_format("ALTER TABLE public.%s RENAME CONSTRAINT %s TO %s;", should->quoted_group,
							  difference->is->quoted_name, should->quoted_name);
		default:
			return NULL;
	}
}
