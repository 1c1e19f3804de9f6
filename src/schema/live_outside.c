/* Objects that are not compared: those that touch compared ones are named, others are counted. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

#define OUR_SCHEMA "fitsdb_schema"

/* The columns of LIVE_MEMBERS. */
enum {
	MEMBER_CLASS, MEMBER_OID, MEMBER_EXTENSION
};

/* The columns of LIVE_INITIAL_PRIVILEGES. */
enum {
	INITIAL_CLASS, INITIAL_OID, INITIAL_ACL
};

/* The tables of the version record with their columns. */
static const struct {
	const char *name;
	const char *columns;		/* between spaces */
}			record[] = {
	{"migrate_version", " repository_id repository_path version "},
	{OUR_SCHEMA ".migration",
		" version name checksum history down down_transactional down_checksum build applied_at drops "},
	{OUR_SCHEMA ".change", " id command version_from version_to state statement position build by from_host started_at"
		" finished_at error "},
	{OUR_SCHEMA ".standing", " version history settled one "},
};

enum {
	RECORD_COUNT = sizeof(record) / sizeof(*record)
};

/* The index of a table in the above; RECORD_COUNT: it is none of them. */
static size_t
find_record(const struct live_object *table)
{
	size_t		i = 0;

	while (i < RECORD_COUNT && !(table && table->kind == FACT_TABLE && strcmp(table->name, record[i].name) == 0))
		i++;
	return i;
}

static bool
is_record(const struct live_object *table)
{
	return find_record(table) < RECORD_COUNT;
}

/* Is it compared, or does the version record depend on it? */
static bool
is_watched(const struct live_object *table)
{
	return table && (table->compared || is_record(table));
}

static const char *
describe(struct live_reader *reader, const struct live_object *object)
{
	return arena_format(reader->arena, "%s %s", fact_kind_word(object->kind), object->name);
}

/* Rows of children are rows of the table, too; those of temporary ones only for the session that has made them. */
static void
tell_children(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INHERITANCE);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *child = live_find(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 0));
		const struct live_object *parent = live_find(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 1));

		if (child && !child->compared && is_watched(parent) && parent->kind == FACT_TABLE
			&& strncmp(child->name, "pg_temp_", strlen("pg_temp_")) != 0)
			live_not_compared(reader, "%s, a child of %s", describe(reader, child), parent->name);
	}
}

/* A row that is referenced cannot be deleted. */
static void
tell_foreign_keys(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_CONSTRAINTS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table, *referenced;

		if (live_letter(rows, i, LIVE_CONSTRAINT_KIND) != 'f')
			continue;
		table = live_find(reader, LIVE_CLASS_RELATION, live_oid(rows, i, LIVE_CONSTRAINT_TABLE));
		referenced = live_find(reader, LIVE_CLASS_RELATION, live_oid(rows, i, LIVE_CONSTRAINT_REFERENCED));
		if (table && !table->compared && is_watched(referenced))
			live_not_compared(reader, "constraint %s, a foreign key to %s",
							  live_child(reader, table, pipeline_text(rows, i, LIVE_CONSTRAINT_NAME)),
							  referenced->name);
	}
}

/* Objects that change the effect of statements on the tables of the record. The columns have the table and the name. */
static void
tell_parts_of_record(struct live_reader *reader, enum live_query query, int table_column, int name_column,
					 const char *kind)
{
	const struct pipeline_command *rows = live_rows(reader, query);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table = live_find(reader, LIVE_CLASS_RELATION, live_oid(rows, i, table_column));

		if (is_record(table))
			live_not_compared(reader, "%s %s", kind, live_child(reader, table, pipeline_text(rows, i, name_column)));
	}
}

/* Columns that it does not make, and an owner who could change it. */
static void
tell_record(struct live_reader *reader)
{
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	const struct pipeline_command *rows = live_rows(reader, LIVE_COLUMNS);

	for (int i = 0; i < pipeline_row_count(relations); i++) {
		unsigned	oid = live_oid(relations, i, LIVE_RELATION_OID);
		const struct live_object *table = live_find(reader, LIVE_CLASS_RELATION, oid);

		if (!is_record(table))
			continue;
		if (live_oid(relations, i, LIVE_RELATION_OWNER) != reader->owner)
			live_not_compared(reader, "owner of table %s, %s", table->name,
							  live_role(reader, live_oid(relations, i, LIVE_RELATION_OWNER)));
		for (int k = live_first_row(rows, oid); live_row_is(rows, k, oid); k++) {
			const char *name = pipeline_text(rows, k, LIVE_COLUMN_NAME);

			if (!strstr(record[find_record(table)].columns, arena_format(reader->arena, " %s ", name)))
				live_not_compared(reader, "column %s", live_child(reader, table, name));
		}
	}
}

/* Does a type belong to a relation in our schema? */
static bool
is_row_type(const struct live_reader *reader, const struct live_object *type)
{
	for (size_t i = 0; i < reader->object_slots; i++) {
		const struct live_object *object = &reader->objects[i];

		if (object->class_oid == LIVE_CLASS_RELATION && object->name && object->kind != FACT_TYPE
			&& strcmp(object->name, type->name) == 0)
			return true;
	}
	return false;
}

/* Is an object in our schema that is none of ours, nor derived from one? */
static bool
is_foreign_to_record(const struct live_reader *reader, const struct live_object *object)
{
	if (!object->name || object->class_oid == LIVE_CLASS_NAMESPACE
		|| strncmp(object->name, OUR_SCHEMA ".", strlen(OUR_SCHEMA ".")) != 0)
		return false;
	if (object->class_oid == LIVE_CLASS_TYPE)
		return object->name[strlen(object->name) - 1] != ']' && !is_row_type(reader, object);
	if (object->class_oid == LIVE_CLASS_RELATION)
		return object->kind != FACT_INDEX && object->kind != FACT_TYPE && !is_record(object);
	return true;
}

/* In the order of their names, as a database that was restored has other oids. */
static void
tell_foreign_to_record(struct live_reader *reader)
{
	const char **texts = NULL;
	size_t		count = 0;

	for (size_t i = 0; i < reader->object_slots; i++)
		if (is_foreign_to_record(reader, &reader->objects[i])) {
			texts = mem_grow(texts, count + 1, sizeof(*texts));
			texts[count++] = describe(reader, &reader->objects[i]);
		}
	if (count > 0)
		qsort(texts, count, sizeof(*texts), text_compare);
	for (size_t i = 0; i < count; i++)
		live_not_compared(reader, "%s", texts[i]);
	mem_free(texts);
}

/* The members of plpgsql, which every database has. After pg_upgrade they have oids of user objects. */
static bool
is_of_plpgsql(const struct live_object *object)
{
	static const char *const functions[] = {
		"plpgsql_call_handler()", "plpgsql_inline_handler(internal)", "plpgsql_validator(oid)"
	};
	const char *dot = strchr(object->name, '.');

	if (object->class_oid == LIVE_CLASS_LANGUAGE)
		return strcmp(object->name, "plpgsql") == 0;
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (object->class_oid == LIVE_CLASS_PROC && strcmp(dot ? dot + 1 : object->name, functions[i]) == 0)
			return true;
	return false;
}

/*
 * Members of extensions are not compared: what these consist of differs by their versions. So only what acts on all
 * statements is named, and what was added to plpgsql, as this one has had the same members always.
 */
static void
tell_members(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_MEMBERS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *extension = live_name(reader, LIVE_CLASS_EXTENSION, live_oid(rows, i, MEMBER_EXTENSION));
		const struct live_object *member = live_find(reader, live_oid(rows, i, MEMBER_CLASS),
													 live_oid(rows, i, MEMBER_OID));
		bool		added = strcmp(extension, "plpgsql") == 0 && member && member->oid >= LIVE_FIRST_USER_OBJECT
			&& !is_of_plpgsql(member);

		if (added || (member && member->kind == FACT_EVENT_TRIGGER))
			live_not_compared(reader, "%s, a member of extension %s", describe(reader, member), extension);
	}
}

static void
tell_information_schema(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_NAMESPACES);

	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, 0) >= LIVE_FIRST_USER_OBJECT
			&& strcmp(pipeline_text(rows, i, 1), "information_schema") == 0)
			live_not_compared(reader, "schema information_schema, which was made anew");
}

/* Has a member of an extension other privileges than its extension has given it? */
static bool
has_own_privileges(const struct live_reader *reader, unsigned class_oid, unsigned oid, const char *acl)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INITIAL_PRIVILEGES);
	const struct live_object *object = acl ? live_find(reader, class_oid, oid) : NULL;

	if (!object || !object->member)
		return false;
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, INITIAL_OID) == oid && live_oid(rows, i, INITIAL_CLASS) == class_oid)
			return strcmp(pipeline_text(rows, i, INITIAL_ACL), acl) != 0;
	return true;
}

static void
tell_rare(struct live_reader *reader)
{
	const struct pipeline_command *rare = live_rows(reader, LIVE_RARE);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	const struct pipeline_command *routines = live_rows(reader, LIVE_ROUTINES);
	long		members = 0;

	live_uncompared(reader, pipeline_number(rare, 0, 0), "large object");
	live_uncompared(reader, pipeline_number(rare, 0, 1), "security label");
	for (int i = 0; i < pipeline_row_count(relations); i++)
		members += has_own_privileges(reader, LIVE_CLASS_RELATION, live_oid(relations, i, LIVE_RELATION_OID),
									  pipeline_value(relations, i, LIVE_RELATION_ACL));
	for (int i = 0; i < pipeline_row_count(routines); i++)
		members += has_own_privileges(reader, LIVE_CLASS_PROC, live_oid(routines, i, 0), live_routine_acl(routines, i));
	if (members > 0)
		live_not_compared(reader, "privileges on %ld member%s of extensions", members, members == 1 ? "" : "s");
}

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_RARE, "SELECT (SELECT count(*) FROM pg_largeobject_metadata),"
			 " (SELECT count(*) FROM pg_seclabel) + (SELECT count(*) FROM pg_shseclabel WHERE classoid = 'pg_database'::regclass AND objoid = "
			 LIVE_THIS_DATABASE ")");
	live_ask(reader, LIVE_INITIAL_PRIVILEGES, "SELECT classoid, objoid, initprivs FROM pg_init_privs"
			 " WHERE objoid >= " LIVE_FIRST_USER_OID " AND objsubid = 0");
}

static void
tell(struct live_reader *reader)
{
	tell_rare(reader);
	tell_information_schema(reader);
	tell_children(reader);
	tell_foreign_keys(reader);
	tell_record(reader);
	tell_parts_of_record(reader, LIVE_TRIGGERS, LIVE_TRIGGER_TABLE, LIVE_TRIGGER_NAME, "trigger");
	tell_parts_of_record(reader, LIVE_RULES, 1, 2, "rule");
	tell_parts_of_record(reader, LIVE_POLICIES, 1, 2, "policy");
	tell_foreign_to_record(reader);
	tell_members(reader);
}

const struct live_part live_outside = {ask, NULL, tell};
