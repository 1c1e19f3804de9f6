/* Names and values in rows of catalogs. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/live_private.h"

#include "base/banned.h"

const char *
live_type(const struct live_reader *reader, unsigned oid, const char *formatted)
{
	static const char public[] = "public.";
	static const char catalog[] = "pg_catalog.";
	const char *name = live_name(reader, LIVE_CLASS_TYPE, oid);

	/* format_type() names public, and does not name pg_catalog. */
	if (formatted && strncmp(formatted, public, strlen(public)) == 0 && strncmp(name, public, strlen(public)) != 0)
		return formatted + strlen(public);
	if (formatted && strncmp(name, catalog, strlen(catalog)) == 0)
		return arena_format(reader->arena, "%s%s", catalog, formatted);
	if (formatted)
		return formatted;
	/* Without a length these two are not the types that the SQL standard's names mean. */
	return oid == 1042 ? "bpchar" : oid == 1560 ? "\"bit\"" : name;
}

static const char *
name_of(const struct live_reader *reader, enum live_class class_oid, const struct pipeline_command *rows, int row,
		int column)
{
	unsigned	oid = live_oid(rows, row, column);
	const struct live_object *object = oid ? live_find(reader, class_oid, oid) : NULL;

	return object ? object->name : pipeline_value(rows, row, column + 1);
}

const char *
live_function(const struct live_reader *reader, const struct pipeline_command *rows, int row, int column)
{
	return name_of(reader, LIVE_CLASS_PROC, rows, row, column);
}

const char *
live_operator(const struct live_reader *reader, const struct pipeline_command *rows, int row, int column)
{
	return name_of(reader, LIVE_CLASS_OPERATOR, rows, row, column);
}
