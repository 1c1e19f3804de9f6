/* Read the facts of a live database: the transaction, and what all parts use. */
#include "schema/live.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "schema/fact.h"
#include "schema/live_private.h"

#include "base/banned.h"

/* Settings that change the text of definitions, besides those of session_add_own_settings. */
#define SETTINGS_OF_TEXTS \
	"SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true)," \
	" set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true)," \
	" set_config('bytea_output', 'hex', true), set_config('quote_all_identifiers', 'off', true)," \
	" set_config('standard_conforming_strings', 'on', true)"

#define PUBLIC_SCHEMA "2200"

static const struct live_part *const parts[] = {&live_relations, &live_objects};

enum {
	PART_COUNT = sizeof(parts) / sizeof(*parts)
};

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
	return (unsigned) strtoul(pipeline_text(rows, row, column), NULL, 10);
}

char
live_letter(const struct pipeline_command *rows, int row, int column)
{
	return pipeline_text(rows, row, column)[0];
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

static struct live_object *
enter(struct live_reader *reader, unsigned class_oid, unsigned oid)
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
	bool		compared = schema ? within && within->compared : true;
	struct live_object *object = enter(reader, class_oid, oid);

	object->kind = kind;
	object->name = name;
	object->compared = compared && !object->member && oid >= 16384;
}

void
live_exclude(struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	enter(reader, class_oid, oid)->compared = false;
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
live_name(const struct live_reader *reader, unsigned class_oid, unsigned oid)
{
	const struct live_object *object = live_find(reader, class_oid, oid);

	return object ? object->name : "?";
}

const char *
live_qualified(struct live_reader *reader, unsigned schema, const char *name)
{
	const struct live_object *within = live_find(reader, LIVE_CLASS_NAMESPACE, schema);
	const char *identifier = fact_identifier(reader->arena, name);

	if (!within || strcmp(within->name, "public") == 0 || strcmp(within->name, "pg_catalog") == 0)
		return identifier;
	return arena_format(reader->arena, "%s.%s", within->name, identifier);
}

const char *
live_role(struct live_reader *reader, unsigned oid)
{
	return oid == 0 ? "PUBLIC" : oid == reader->owner ? "@" : live_name(reader, LIVE_CLASS_ROLE, oid);
}

/* --- a fact --- */

static void
append(struct live_reader *reader, const char *text)
{
	size_t		length = strlen(text);

	if (reader->length + length + 1 > reader->capacity) {
		reader->capacity = 2 * (reader->length + length) + 256;
		reader->text = mem_grow(reader->text, reader->capacity, 1);
	}
	memcpy(reader->text + reader->length, text, length + 1);
	reader->length += length;
}

void
live_begin(struct live_reader *reader, enum fact_kind kind, const char *name)
{
	reader->kind = kind;
	reader->name = name;
	reader->length = 0;
	append(reader, "");
}

void
live_main(struct live_reader *reader, const char *format,...)
{
	va_list		args;
	char	   *text;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	append(reader, fact_escape(reader->arena, text));
	mem_free(text);
}

void
live_property(struct live_reader *reader, const char *label, const char *value)
{
	if (!value)
		return;
	live_flag(reader, label, true);
	append(reader, ": ");
	append(reader, fact_escape(reader->arena, value));
}

void
live_flag(struct live_reader *reader, const char *label, bool set)
{
	if (!set)
		return;
	if (reader->length > 0)
		append(reader, "\t");
	append(reader, label);
}

void
live_end(struct live_reader *reader)
{
	fact_add(&reader->live->facts, reader->kind, reader->name, arena_copy(reader->arena, reader->text, reader->length));
}

void
live_owner(struct live_reader *reader, unsigned owner)
{
	if (owner != reader->owner)
		live_property(reader, "owner", live_role(reader, owner));
}

static int
compare_comments(const void *left, const void *right)
{
	const struct live_comment *a = left;
	const struct live_comment *b = right;

	if (a->class_oid != b->class_oid)
		return a->class_oid < b->class_oid ? -1 : 1;
	if (a->oid != b->oid)
		return a->oid < b->oid ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

void
live_comment(struct live_reader *reader, unsigned class_oid, unsigned oid, int column)
{
	struct live_comment key = {.class_oid = class_oid,.oid = oid,.column = column};
	const struct live_comment *comment = reader->comment_count == 0 ? NULL
		: bsearch(&key, reader->comments, reader->comment_count, sizeof(key), compare_comments);

	if (comment)
		live_property(reader, "comment", comment->text);
}

void
live_uncompared(struct live_reader *reader, long count, const char *what)
{
	struct live *live = reader->live;

	if (count == 0)
		return;
	live->uncompared = mem_grow(live->uncompared, live->uncompared_count + 1, sizeof(*live->uncompared));
	live->uncompared[live->uncompared_count++] = arena_format(reader->arena, "%ld %s%s", count, what,
															   count == 1 ? "" : "s");
}

/* --- the reading --- */

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_DATABASE, "SELECT datdba FROM pg_database WHERE datname = current_database()");
	live_ask(reader, LIVE_ROLES, "SELECT oid, rolname FROM pg_roles");
	live_ask(reader, LIVE_NAMESPACES, "SELECT oid, nspname FROM pg_namespace");
	live_ask(reader, LIVE_MEMBERS, "SELECT classid, objid FROM pg_depend"
			 " WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'");
	live_ask(reader, LIVE_COMMENTS, "SELECT classoid, objoid, objsubid, description FROM pg_description"
			 " WHERE objoid >= " LIVE_FIRST_USER_OID " OR (classoid = 'pg_namespace'::regclass AND objoid = "
			 PUBLIC_SCHEMA ") UNION ALL SELECT classoid, objoid, 0, description FROM pg_shdescription"
			 " WHERE classoid = 'pg_database'::regclass");
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i]->ask)
			parts[i]->ask(reader);
	for (size_t i = 0; i < reader->late_count; i++)
		live_ask(reader, reader->late[i].query, reader->late[i].sql);
}

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *) left, *(const char *const *) right);
}

static void
enter_roles(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_ROLES);
	struct live *live = reader->live;

	live->role_count = (size_t) pipeline_row_count(rows);
	live->roles = mem_grow(NULL, live->role_count + 1, sizeof(*live->roles));
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *name = fact_identifier(reader->arena, pipeline_text(rows, i, 1));
		struct live_object *role = enter(reader, LIVE_CLASS_ROLE, live_oid(rows, i, 0));

		role->name = live->roles[i] = name;
	}
	qsort(live->roles, live->role_count, sizeof(*live->roles), compare_names);
}

/* All but the system's schemas, ours and temporary ones are compared. */
static void
enter_namespaces(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_NAMESPACES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *name = pipeline_text(rows, i, 1);
		struct live_object *schema = enter(reader, LIVE_CLASS_NAMESPACE, live_oid(rows, i, 0));

		schema->kind = FACT_SCHEMA;
		schema->name = fact_identifier(reader->arena, name);
		schema->compared = !schema->member && strncmp(name, "pg_", 3) != 0
			&& strcmp(name, "information_schema") != 0 && strcmp(name, "fitsdb_schema") != 0;
	}
}

static void
enter_all(struct live_reader *reader)
{
	const struct pipeline_command *members = live_rows(reader, LIVE_MEMBERS);

	for (int i = 0; i < pipeline_row_count(members); i++)
		enter(reader, live_oid(members, i, 0), live_oid(members, i, 1))->member = true;
	enter_roles(reader);
	enter_namespaces(reader);
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i]->enter)
			parts[i]->enter(reader);
}

static void
read_comments(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COMMENTS);

	reader->comment_count = (size_t) pipeline_row_count(rows);
	reader->comments = mem_alloc((reader->comment_count + 1) * sizeof(*reader->comments));
	for (int i = 0; i < pipeline_row_count(rows); i++)
		reader->comments[i] = (struct live_comment) {
			live_oid(rows, i, 0), live_oid(rows, i, 1), (int) pipeline_number(rows, i, 2), pipeline_text(rows, i, 3)
		};
	qsort(reader->comments, reader->comment_count, sizeof(*reader->comments), compare_comments);
}

static void
make_facts(struct live_reader *reader)
{
	reader->owner = live_oid(live_rows(reader, LIVE_DATABASE), 0, 0);
	grow_objects(reader);
	enter_all(reader);
	read_comments(reader);
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i]->tell)
			parts[i]->tell(reader);
	fact_set_sort(&reader->live->facts);
	mem_free(reader->objects);
	mem_free(reader->comments);
	mem_free(reader->text);
}

static bool
read_all(struct live *live, struct session *session, bool within)
{
	struct live_reader reader = {.session = session,.live = live,.arena = &live->facts.arena};
	bool		done;

	*live = (struct live) {.server = connection_server_version(session->connection)};
	reader.server = live->server;
	if (!within)
		pipeline_add(&reader.pipeline, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0);
	session_add_timeouts(session, &reader.pipeline);
	pipeline_add(&reader.pipeline, SETTINGS_OF_TEXTS, 0);
	if (live->server >= 110000)
		pipeline_add(&reader.pipeline, "SET LOCAL jit = off", 0);
	ask(&reader);
	if (!within)
		pipeline_add(&reader.pipeline, "COMMIT", 0);
	connection_set_interruptible(session->connection, true);
	done = session_query(session, &reader.pipeline, "read the schema");
	connection_set_interruptible(session->connection, false);
	if (done)
		make_facts(&reader);
	pipeline_clear(&reader.pipeline);
	return done;
}

bool
live_read_within(struct live *live, struct session *session)
{
	return read_all(live, session, true);
}

bool
live_read(struct live *live, struct session *session)
{
	struct pipeline pipeline = {0};

	if (read_all(live, session, false))
		return true;
	pipeline_add(&pipeline, "ROLLBACK", 0);
	(void) pipeline_run(session->connection, &pipeline);
	pipeline_clear(&pipeline);
	return false;
}

void
live_clear(struct live *live)
{
	fact_set_clear(&live->facts);
	mem_free(live->roles);
	mem_free(live->uncompared);
	*live = (struct live) {0};
}
