/* The base of all parts of the reader: rows of catalogs, and objects by their oids. */
#include "schema/live_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "schema/fact.h"

#include "base/banned.h"

void
live_ask(struct live_reader *reader, enum live_query query, const char *sql)
{
	pipeline_add(&reader->pipeline, sql, 0);
	reader->commands[query] = reader->pipeline.count;
}

void
live_ask_late(struct live_reader *reader, enum live_query query, const char *sql)
{
	if (reader->late_count == sizeof(reader->late) / sizeof(*reader->late))
		abort();
	reader->late[reader->late_count++] = (struct live_late) {query, sql};
}

const struct pipeline_command *
live_rows(const struct live_reader *reader, enum live_query query)
{
	return &reader->pipeline.commands[reader->commands[query] - 1];
}

unsigned
live_oid(const struct pipeline_command *rows, int row, int column)
{
	const char *digits = pipeline_text(rows, row, column);
	unsigned	oid = 0;

	/* strtoul() takes several times longer, and there are many. */
	for (; *digits >= '0' && *digits <= '9'; digits++)
		oid = 10 * oid + (unsigned) (*digits - '0');
	return oid;
}

char
live_letter(const struct pipeline_command *rows, int row, int column)
{
	return pipeline_text(rows, row, column)[0];
}

int
live_first_row(const struct pipeline_command *rows, unsigned oid)
{
	int			low = 0;
	int			high = pipeline_row_count(rows);

	while (low < high) {
		int			middle = (low + high) / 2;

		if (live_oid(rows, middle, 0) < oid)
			low = middle + 1;
		else
			high = middle;
	}
	return live_row_is(rows, low, oid) ? low : pipeline_row_count(rows);
}

bool
live_row_is(const struct pipeline_command *rows, int row, unsigned oid)
{
	return row < pipeline_row_count(rows) && live_oid(rows, row, 0) == oid;
}

const char *
live_found(const struct live_reader *reader, enum live_query query, unsigned oid, int column)
{
	const struct pipeline_command *rows = live_rows(reader, query);
	int			row = live_first_row(rows, oid);

	return row < pipeline_row_count(rows) ? pipeline_value(rows, row, column) : NULL;
}

/* --- objects by oid --- */

static struct live_object *
find_slot(const struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	size_t		slot = (class_oid * 2654435761U ^ oid * 2246822519U) & (reader->object_slots - 1);

	while (reader->objects[slot].class_oid
		   && (reader->objects[slot].class_oid != class_oid || reader->objects[slot].oid != oid))
		slot = (slot + 1) & (reader->object_slots - 1);
	return &reader->objects[slot];
}

static void
grow_objects(struct live_reader *reader)
{
	struct live_object *old = reader->objects;
	size_t		count = reader->object_slots;

	reader->object_slots = count ? 2 * count : 4096;
	reader->objects = mem_alloc(reader->object_slots * sizeof(*reader->objects));
	for (size_t i = 0; i < count; i++)
		if (old[i].class_oid)
			*find_slot(reader, old[i].class_oid, old[i].oid) = old[i];
	mem_free(old);
}

struct live_object *
live_object(struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	struct live_object *object;

	if (2 * reader->object_count >= reader->object_slots)
		grow_objects(reader);
	object = find_slot(reader, class_oid, oid);
	if (!object->class_oid) {
		*object = (struct live_object) {.class_oid = class_oid,.oid = oid};
		reader->object_count++;
	}
	return object;
}

void
live_enter(struct live_reader *reader, unsigned class_oid, unsigned oid, unsigned schema, enum fact_kind kind,
		   const char *name)
{
	/* The schemas come first. */
	const struct live_object *within = schema ? live_find(reader, LIVE_CLASS_NAMESPACE, schema) : NULL;
	bool		compared = schema ? within && within->holds_compared : true;
	struct live_object *object = live_object(reader, class_oid, oid);

	object->kind = kind;
	object->name = name;
	object->compared = compared && !object->member && oid >= LIVE_FIRST_USER_OBJECT;
}

void
live_exclude(struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	live_object(reader, class_oid, oid)->compared = false;
}

const struct live_object *
live_find(const struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	const struct live_object *object = find_slot(reader, class_oid, oid);

	return object->class_oid && object->name ? object : NULL;
}

const struct live_object *
live_compared(const struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	const struct live_object *object = live_find(reader, class_oid, oid);

	return object && object->compared ? object : NULL;
}

const char *
live_definition(struct live_reader *reader, const char *definition)
{
	reader->incomplete = reader->incomplete || !definition;
	return definition ? definition : "?";
}

const char *
live_name(const struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	const struct live_object *object = live_find(reader, class_oid, oid);

	return object ? object->name : "?";
}

bool
live_needs_schema(const struct live_reader *reader, unsigned oid, unsigned schema, bool ambiguous)
{
	const struct live_object *within = live_find(reader, LIVE_CLASS_NAMESPACE, schema);

	if (within && strcmp(within->name, "public") == 0)
		return ambiguous;
	return within && (schema != LIVE_SYSTEM_SCHEMA || oid >= LIVE_FIRST_USER_OBJECT);
}

const char *
live_qualified(struct live_reader *reader, unsigned oid, unsigned schema, const char *name, bool ambiguous)
{
	const char *identifier = fact_identifier(reader->arena, name);

	return live_needs_schema(reader, oid, schema, ambiguous)
		? arena_format(reader->arena, "%s.%s", live_name(reader, LIVE_CLASS_NAMESPACE, schema), identifier)
		: identifier;
}

/* Has the system an object with the same name, and the same value in `column`? */
static bool
is_in_system(const struct pipeline_command *rows, int row, int column)
{
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, 0) < LIVE_FIRST_USER_OBJECT && live_oid(rows, i, 2) == LIVE_SYSTEM_SCHEMA
			&& strcmp(pipeline_text(rows, i, 1), pipeline_text(rows, row, 1)) == 0
			&& live_oid(rows, i, column) == live_oid(rows, row, column))
			return true;
	return false;
}

void
live_enter_named(struct live_reader *reader, enum live_query query, enum live_class class_oid, enum fact_kind kind)
{
	const struct pipeline_command *rows = live_rows(reader, query);

	for (int i = 0; i < pipeline_row_count(rows); i++)
		live_enter(reader, class_oid, live_oid(rows, i, 0), 0, kind,
				   fact_identifier(reader->arena, pipeline_text(rows, i, 1)));
}

void
live_enter_qualified(struct live_reader *reader, enum live_query query, enum live_class class_oid,
					 enum fact_kind kind, int column)
{
	const struct pipeline_command *rows = live_rows(reader, query);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, 0);
		unsigned	schema = live_oid(rows, i, 2);
		bool		ambiguous = column >= 0 && oid >= LIVE_FIRST_USER_OBJECT && is_in_system(rows, i, column);

		live_enter(reader, class_oid, oid, schema, kind,
				   live_qualified(reader, oid, schema, pipeline_text(rows, i, 1), ambiguous));
	}
}

const char *
live_role(struct live_reader *reader, unsigned oid)
{
	return oid == 0 ? "PUBLIC" : oid == reader->owner ? "@" : live_name(reader, LIVE_CLASS_ROLE, oid);
}

/* --- names in rows --- */

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
