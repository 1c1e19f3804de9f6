/* Names and values in rows of catalogs. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/live_private.h"

#include "base/banned.h"

const char *
live_type(const struct live_reader *reader, unsigned oid, const char *formatted)
{
	if (formatted)
		return strncmp(formatted, "public.", 7) == 0 ? formatted + 7 : formatted;
	/* Without a length these two are not the types that the SQL standard's names mean. */
	return oid == 1042 ? "bpchar" : oid == 1560 ? "\"bit\"" : live_name(reader, LIVE_CLASS_TYPE, oid);
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
