/* Facts about tables; the names of all relations but indexes. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

/* The usual access method of tables; until PostgreSQL 11 they have none. */
#define HEAP 2

static void
ask(struct live_reader *reader)
{
	/* Of the toast tables (their schema is 99) only those with options. */
	live_ask(reader, LIVE_RELATIONS, arena_format(
				 reader->arena,
				 "SELECT oid, relname, relnamespace, relkind, relowner, reloftype, relam, reltablespace,"
				 " relpersistence, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition,"
				 " reloptions, relacl, reltoastrelid, pg_get_expr(relpartbound, 0), %s FROM pg_class WHERE oid >= " LIVE_FIRST_USER_OID
				 " AND relkind <> 'c' AND (relnamespace <> 99 OR reloptions IS NOT NULL) ORDER BY oid",
				 reader->server < 120000 ? "relhasoids" : "false"));
	live_ask(reader, LIVE_TABLESPACES, "SELECT oid, spcname FROM pg_tablespace");
	live_ask(reader, LIVE_INHERITANCE, arena_format(
				 reader->arena, "SELECT inhrelid, inhparent, %s FROM pg_inherits ORDER BY inhrelid, inhseqno",
				 reader->server >= 140000 ? "inhdetachpending" : "false"));
	live_ask(reader, LIVE_FOREIGN_TABLES, "SELECT ftrelid, ftserver, ftoptions FROM pg_foreign_table ORDER BY ftrelid");
	live_ask_late(reader, LIVE_PARTITION_KEYS,
				  "SELECT partrelid, pg_get_partkeydef(partrelid) FROM pg_partitioned_table WHERE"
				  LIVE_NOT_TEMPORARY("partrelid") " ORDER BY partrelid");
}

static void
enter(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_RELATIONS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		char		letter = live_letter(rows, i, LIVE_RELATION_KIND);
		unsigned	oid = live_oid(rows, i, LIVE_RELATION_OID);
		unsigned	schema = live_oid(rows, i, LIVE_RELATION_SCHEMA);
		enum fact_kind kind = letter == 'v' ? FACT_VIEW : letter == 'm' ? FACT_MATERIALIZED_VIEW
			: letter == 'S' ? FACT_SEQUENCE : FACT_TABLE;
		const char *name = live_qualified(reader, oid, schema, pipeline_text(rows, i, LIVE_RELATION_NAME), false);

		if (!strchr("rpfvmS", letter))
			continue;
		live_enter(reader, LIVE_CLASS_RELATION, oid, schema, kind, name);
		if (letter == 'r' && strcmp(name, "migrate_version") == 0)
			live_exclude(reader, LIVE_CLASS_RELATION, oid);
	}
	live_enter_named(reader, LIVE_TABLESPACES, LIVE_CLASS_TABLESPACE, FACT_TABLE);
}

static void
tell_parents(struct live_reader *reader, unsigned oid, const char *bound)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INHERITANCE);
	const char *parents = NULL;
	bool		detaching = false;

	for (int i = live_first_row(rows, oid); live_row_is(rows, i, oid); i++) {
		const char *name = live_name(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 1));

		parents = parents ? arena_format(reader->arena, "%s, %s", parents, name) : name;
		detaching = detaching || pipeline_bool(rows, i, 2);
	}
	live_property(reader, bound ? "partition of" : "inherits", parents);
	live_property(reader, "bound", bound);
	live_flag(reader, "detach pending", detaching);
}

/* The name of the index that identifies rows is that of its row in pg_index. */
static void
tell_replica_identity(struct live_reader *reader, unsigned oid, char identity)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INDEXES);

	if (identity == 'n' || identity == 'f')
		live_property(reader, "replica identity", identity == 'n' ? "nothing" : "full");
	if (identity != 'i')
		return;
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, 1) == oid && pipeline_bool(rows, i, 2)) {
			live_property(reader, "replica identity", arena_format(
							  reader->arena, "index %s", live_name(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 0))));
			return;
		}
	live_property(reader, "replica identity", "dropped index");
}

void
live_storage(struct live_reader *reader, int i)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_RELATIONS);
	unsigned	method = live_oid(rows, i, LIVE_RELATION_METHOD);
	unsigned	space = live_oid(rows, i, LIVE_RELATION_TABLESPACE);
	unsigned	toast = live_oid(rows, i, LIVE_RELATION_TOAST);

	live_property(reader, "options", live_options(reader, pipeline_value(rows, i, LIVE_RELATION_OPTIONS), ""));
	live_property(reader, "toast options", live_options(
					  reader, live_found(reader, LIVE_RELATIONS, toast, LIVE_RELATION_OPTIONS), ""));
	if (method && method != HEAP)
		live_property(reader, "access method", live_name(reader, LIVE_CLASS_AM, method));
	if (space)
		live_property(reader, "tablespace", live_name(reader, LIVE_CLASS_TABLESPACE, space));
}

static void
tell_table(struct live_reader *reader, const struct live_object *table, const struct pipeline_command *rows, int i)
{
	unsigned	owner = live_oid(rows, i, LIVE_RELATION_OWNER);
	unsigned	type = live_oid(rows, i, LIVE_RELATION_TYPE);
	const struct pipeline_command *foreign = live_rows(reader, LIVE_FOREIGN_TABLES);
	int			foreign_row = live_first_row(foreign, table->oid);
	bool		is_foreign = live_row_is(foreign, foreign_row, table->oid);

	live_begin(reader, FACT_TABLE, table->name);
	live_flag(reader, "unlogged", live_letter(rows, i, LIVE_RELATION_PERSISTENCE) == 'u');
	live_flag(reader, "with oids", pipeline_bool(rows, i, LIVE_RELATION_OIDS));
	if (is_foreign) {
		live_property(reader, "foreign server",
					  live_name(reader, LIVE_CLASS_FOREIGN_SERVER, live_oid(foreign, foreign_row, 1)));
		live_property(reader, "foreign options", live_options(reader, pipeline_value(foreign, foreign_row, 2), ""));
	}
	live_property(reader, "partitioned by", live_found(reader, LIVE_PARTITION_KEYS, table->oid, 1));
	tell_parents(reader, table->oid, pipeline_bool(rows, i, LIVE_RELATION_PARTITION)
				 ? pipeline_text(rows, i, LIVE_RELATION_BOUND) : NULL);
	if (type)
		live_property(reader, "of type", live_type(reader, type, NULL));
	live_storage(reader, i);
	if (!is_foreign)
		tell_replica_identity(reader, table->oid, live_letter(rows, i, LIVE_RELATION_IDENTITY));
	live_flag(reader, "row security", pipeline_bool(rows, i, LIVE_RELATION_SECURED));
	live_flag(reader, "force row security", pipeline_bool(rows, i, LIVE_RELATION_FORCED));
	live_end_object(reader, table, 'r', owner, pipeline_value(rows, i, LIVE_RELATION_ACL));
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_RELATIONS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *table = live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, 0));

		if (table && table->kind == FACT_TABLE)
			tell_table(reader, table, rows, i);
	}
}

const struct live_part live_relations = {ask, enter, tell};
