/* Facts about the database itself, its schemas, extensions, settings and default privileges. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/array.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"
#include "schema/normal.h"

#include "base/banned.h"

#define INITIAL_COMMENT_OF_PUBLIC "standard public schema"
#define COMMENT_ON_PLPGSQL "PL/pgSQL procedural language"

/* The columns of LIVE_DATABASE, LIVE_NAMESPACES, LIVE_EXTENSIONS, LIVE_SETTINGS and LIVE_DEFAULT_PRIVILEGES. */
enum {
	DATABASE_OWNER, DATABASE_OID, DATABASE_ACL, DATABASE_CONNECTIONS, DATABASE_TEMPLATE
};
enum {
	SCHEMA_OID, SCHEMA_NAME, SCHEMA_OWNER, SCHEMA_ACL
};
enum {
	EXTENSION_OID, EXTENSION_NAME, EXTENSION_SCHEMA
};
enum {
	SETTING_ROLE, SETTING_LIST, SETTING_DATABASE
};
enum {
	DEFAULT_ROLE, DEFAULT_SCHEMA, DEFAULT_TYPE, DEFAULT_ACL
};

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_EXTENSIONS, "SELECT oid, extname, extnamespace FROM pg_extension");
	live_ask(reader, LIVE_SETTINGS, "SELECT setrole, setconfig, setdatabase FROM pg_db_role_setting");
	live_ask(reader, LIVE_DEFAULT_PRIVILEGES, "SELECT defaclrole, defaclnamespace, defaclobjtype, defaclacl"
			 " FROM pg_default_acl");
}

static void
enter(struct live_reader *reader)
{
	live_enter_named(reader, LIVE_EXTENSIONS, LIVE_CLASS_EXTENSION, FACT_EXTENSION);
}

/* Its owner is "@" by definition. */
static void
tell_database(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_DATABASE);
	const char *connections = pipeline_text(rows, 0, DATABASE_CONNECTIONS);

	live_begin(reader, FACT_DATABASE, "");
	if (strcmp(connections, "-1") != 0)
		live_property(reader, "connection limit", connections);
	live_flag(reader, "template", pipeline_bool(rows, 0, DATABASE_TEMPLATE));
	live_comment(reader, LIVE_CLASS_DATABASE, live_oid(rows, 0, DATABASE_OID), 0);
	live_end(reader);
	live_privileges(reader, 'd', "database", reader->owner, pipeline_value(rows, 0, DATABASE_ACL));
}

/* Without owner and comment where these are what initdb or pg_dump make of them. */
static void
tell_public(struct live_reader *reader, unsigned oid, unsigned owner, const char *acl)
{
	const char *comment = live_comment_text(reader, LIVE_CLASS_NAMESPACE, oid, 0);

	live_begin(reader, FACT_SCHEMA, "public");
	if (!live_owns_public(reader, owner))
		live_owner(reader, owner);
	if (!comment)
		live_flag(reader, "no comment", true);
	else if (strcmp(comment, INITIAL_COMMENT_OF_PUBLIC) != 0)
		live_property(reader, "comment", comment);
	live_end(reader);
	live_privileges_of_public(reader, owner, acl);
}

static void
tell_schemas(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_NAMESPACES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, SCHEMA_OID);
		unsigned	owner = live_oid(rows, i, SCHEMA_OWNER);
		const char *acl = pipeline_value(rows, i, SCHEMA_ACL);
		const struct live_object *schema = live_compared(reader, LIVE_CLASS_NAMESPACE, oid);

		if (schema && strcmp(schema->name, "public") == 0)
			tell_public(reader, oid, owner, acl);
		else if (schema) {
			live_begin(reader, FACT_SCHEMA, schema->name);
			live_end_object(reader, schema, 'n', owner, acl);
		}
	}
}

/*
 * Version, owner and comment depend on the server and on who has made it. Only the comment on plpgsql is the same on
 * all servers.
 */
static void
tell_extensions(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_EXTENSIONS);
	int			others = 0;

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, EXTENSION_OID);
		const char *name = live_name(reader, LIVE_CLASS_EXTENSION, oid);
		const char *comment = live_comment_text(reader, LIVE_CLASS_EXTENSION, oid, 0);

		if (strcmp(name, "plpgsql") != 0)
			others++;
		else if (!comment || strcmp(comment, COMMENT_ON_PLPGSQL) != 0)
			live_not_compared(reader, "comment on extension plpgsql");
		live_begin(reader, FACT_EXTENSION, name);
		live_main(reader, "%s", live_name(reader, LIVE_CLASS_NAMESPACE, live_oid(rows, i, EXTENSION_SCHEMA)));
		live_end(reader);
	}
	if (others > 0)
		live_not_compared(reader, "comment%s on %d extension%s", others == 1 ? "" : "s", others, others == 1 ? ""
						  : "s");
}

/* NAME=VALUE. A value of a name with a dot may be a secret, so its hash is told. */
static void
tell_setting(struct live_reader *reader, unsigned role, const char *setting)
{
	size_t		length = strcspn(setting, "=");
	const char *name = fact_escape(reader->arena, arena_copy(reader->arena, setting, length));
	const char *value = setting + length + (setting[length] == '=');
	char		hash[NORMAL_HASH_SIZE];

	normal_hash(value, hash);
	live_begin(reader, FACT_SETTING, role ? arena_format(reader->arena, "%s for %s", name, live_role(reader, role))
			   : name);
	live_main(reader, "%s", strchr(name, '.') ? hash : live_requoted(reader, value));
	live_end(reader);
}

static void
tell_settings(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_SETTINGS);
	unsigned	database = live_oid(live_rows(reader, LIVE_DATABASE), 0, DATABASE_OID);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *list = pipeline_text(rows, i, SETTING_LIST);
		const char *setting;

		while (live_oid(rows, i, SETTING_DATABASE) == database
			   && (setting = array_next(reader->arena, &list)) != NULL)
			tell_setting(reader, live_oid(rows, i, SETTING_ROLE), setting);
	}
}

/* Those of one schema are added to others; those without schema replace what the server has by default. */
static void
tell_default_privileges(struct live_reader *reader)
{
	static const struct {
		char		letter;
		char		type;			/* of live_privileges */
		const char *objects;
	}			types[] = {
		{'r', 'r', "tables"}, {'S', 's', "sequences"}, {'f', 'f', "functions"}, {'T', 'T', "types"},
		{'n', 'n', "schemas"}, {'L', 'L', "large objects"},
	};
	const struct pipeline_command *rows = live_rows(reader, LIVE_DEFAULT_PRIVILEGES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	role = live_oid(rows, i, DEFAULT_ROLE);
		unsigned	schema = live_oid(rows, i, DEFAULT_SCHEMA);
		char		letter = live_letter(rows, i, DEFAULT_TYPE);
		const char *within = schema ? arena_format(reader->arena, " in schema %s",
												   live_name(reader, LIVE_CLASS_NAMESPACE, schema)) : "";
		size_t		type = 0;

		while (type < sizeof(types) / sizeof(*types) && types[type].letter != letter)
			type++;
		if (type == sizeof(types) / sizeof(*types))
			live_not_compared(reader, "default privileges of an unknown type, \"%c\"", letter);
		else
			live_default_privileges(reader, *(schema ? "c" : &types[type].type),
									arena_format(reader->arena, "for %s%s on %s", live_role(reader, role), within,
												 types[type].objects),
									role, pipeline_value(rows, i, DEFAULT_ACL));
	}
}

static void
tell(struct live_reader *reader)
{
	tell_database(reader);
	tell_schemas(reader);
	tell_extensions(reader);
	tell_settings(reader);
	tell_default_privileges(reader);
}

const struct live_part live_objects = {ask, enter, tell};
