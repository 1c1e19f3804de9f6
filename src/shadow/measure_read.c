/* The queries that take a snapshot of a scratch database. */
#include "shadow/measure_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pg/lock_mode.h"
#include "pg/pipeline.h"
#include "shadow/look.h"

#include "base/banned.h"

/*
 * What initdb has not created: its objects have smaller numbers. Ours and the record's are left out, and what is
 * temporary.
 */
#define FOREIGN_NAMESPACE \
	"n.nspname::text NOT IN ('fitsdb_measure', 'fitsdb_schema') AND n.nspname::text !~ '^pg_temp_'"

/* Statements that end with the search path, so that it is the script's again; each a transaction with the others. */
#define RELATIONS \
	"SELECT c.oid, coalesce(o.oid, x.indrelid, c.oid)," \
	" pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.relname))," \
	" CASE WHEN o.oid IS NULL THEN c.relkind ELSE 't' END," \
	" EXISTS (SELECT FROM pg_catalog.pg_depend k WHERE k.classid = 'pg_catalog.pg_class'::regclass" \
	" AND k.objid = c.oid AND k.refclassid = 'pg_catalog.pg_constraint'::regclass AND k.deptype = 'i')," \
	" c.relfilenode, coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)" \
	" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	" LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid" \
	" LEFT JOIN pg_catalog.pg_class o ON o.reltoastrelid = coalesce(x.indrelid, c.oid)" \
	" WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I', 't') AND c.oid >= '16384' AND " FOREIGN_NAMESPACE \
	" ORDER BY c.oid"

#define COLUMNS \
	"SELECT a.attrelid, a.attnum, a.attname, a.attisdropped, a.attnotnull, a.atttypid, a.atttypmod" \
	" FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid" \
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND c.oid >= '16384' AND " FOREIGN_NAMESPACE \
	" ORDER BY a.attrelid, a.attnum"

/* An index stands behind a foreign key where its first columns are the key's, in any order. */
#define CONSTRAINTS \
	"SELECT k.oid, k.conrelid, k.conname, k.contype, k.convalidated, k.conindid," \
	" CASE WHEN k.contype = 'c' AND pg_catalog.cardinality(k.conkey) = 1" \
	" AND pg_catalog.pg_get_constraintdef(k.oid) =" \
	" pg_catalog.concat('CHECK ((', pg_catalog.quote_ident(a.attname), ' IS NOT NULL))') THEN k.conkey[1] END," \
	" k.contype = 'f' AND EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid" \
	" AND i.indpred IS NULL AND (i.indkey::int2[])[0:pg_catalog.cardinality(k.conkey) - 1] @> k.conkey)" \
	" FROM pg_catalog.pg_constraint k" \
	" LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]" \
	" WHERE k.conrelid >= '16384' AND k.contype IN ('c', 'f', 'p', 'u', 'x') ORDER BY k.oid"

#define LOCKS \
	"SELECT l.relation, l.mode, l.granted, l.locktype = 'relation' FROM pg_catalog.pg_locks l WHERE l.pid = "

#define NOTES \
	"WITH noted AS (DELETE FROM fitsdb_measure.note RETURNING relation, operation)" \
	" SELECT DISTINCT relation, operation FROM noted"

/* Who the session is are settings too, but not of this view. */
#define SETTINGS \
	"SELECT s.name, s.setting FROM pg_catalog.pg_settings s WHERE s.source = 'session'" \
	" AND s.name NOT IN ('role', 'session_authorization')" \
	" UNION ALL SELECT 'role', pg_catalog.current_setting('role')" \
	" UNION ALL SELECT 'session_authorization', session_user::text"

/*
 * The queries of a look, in this order. They are prepared, since to plan them takes longer than to run them.
 */
enum {
	QUERY_RELATIONS, QUERY_COLUMNS, QUERY_CONSTRAINTS, QUERY_LOCKS, QUERY_NOTES, QUERY_SETTINGS, QUERY_COUNT
};

static const struct {
	const char *prepare;
	const char *execute;
}			queries[QUERY_COUNT] = {
	[QUERY_RELATIONS] = {"PREPARE fitsdb_measure_relations AS " RELATIONS, "EXECUTE fitsdb_measure_relations"},
	[QUERY_COLUMNS] = {"PREPARE fitsdb_measure_columns AS " COLUMNS, "EXECUTE fitsdb_measure_columns"},
	[QUERY_CONSTRAINTS] = {"PREPARE fitsdb_measure_constraints AS " CONSTRAINTS, "EXECUTE fitsdb_measure_constraints"},
	[QUERY_LOCKS] = {"PREPARE fitsdb_measure_locks AS " LOCKS "pg_catalog.pg_backend_pid()",
	"EXECUTE fitsdb_measure_locks"},
	[QUERY_NOTES] = {"PREPARE fitsdb_measure_notes AS " NOTES, "EXECUTE fitsdb_measure_notes"},
	[QUERY_SETTINGS] = {"PREPARE fitsdb_measure_settings AS " SETTINGS, "EXECUTE fitsdb_measure_settings"},
};

/* The function runs as its owner, whoever the script has become. */
#define SETUP_NOTE "CREATE TABLE fitsdb_measure.note (relation oid, operation text)"
#define SETUP_FUNCTION \
	"CREATE FUNCTION fitsdb_measure.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER" \
	" SET search_path = pg_catalog, pg_temp AS" \
	" $$BEGIN INSERT INTO fitsdb_measure.note VALUES (TG_RELID, TG_OP); RETURN NULL; END$$"

/* There are no rows in a shadow, but a trigger for a statement does not need any. Always: whatever role replicates. */
#define TRIGGERS \
	"DO $$" \
	" DECLARE name text;" \
	" BEGIN" \
	" FOR name IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p') AND c.oid >= '16384' AND " FOREIGN_NAMESPACE \
	" AND pg_has_role(c.relowner, 'USAGE')" \
	" AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'fitsdb_measure_rows')" \
	" LOOP" \
	" EXECUTE 'CREATE TRIGGER fitsdb_measure_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON ' || name ||" \
	" ' FOR EACH STATEMENT EXECUTE PROCEDURE fitsdb_measure.note()';" \
	" EXECUTE 'ALTER TABLE ' || name || ' ENABLE ALWAYS TRIGGER fitsdb_measure_rows';" \
	" END LOOP;" \
	" END$$"

size_t
measure_read_add(struct pipeline *pipeline)
{
	size_t		first = pipeline->count;

	for (size_t i = 0; i < QUERY_COUNT; i++)
		pipeline_add(pipeline, queries[i].execute, 0);
	return first;
}

static unsigned
oid_at(const struct pipeline_command *command, int line, int column)
{
	return (unsigned) strtoul(pipeline_text(command, line, column), NULL, 10);
}

static void
take_relations(struct look *look, const struct pipeline_command *command)
{
	look->relation_count = (size_t) pipeline_row_count(command);
	look->relations = mem_alloc((look->relation_count + 1) * sizeof(*look->relations));
	for (int i = 0; i < pipeline_row_count(command); i++)
		look->relations[i] = (struct look_relation) {
			.oid = oid_at(command, i, 0),
			.table = oid_at(command, i, 1),
			.name = mem_string(pipeline_text(command, i, 2)),
			.kind = pipeline_text(command, i, 3)[0],
			.constraint = pipeline_bool(command, i, 4),
			.filenode = oid_at(command, i, 5),
			.scans = pipeline_number(command, i, 6),
		};
}

static void
take_columns(struct look *look, const struct pipeline_command *command)
{
	look->column_count = (size_t) pipeline_row_count(command);
	look->columns = mem_alloc((look->column_count + 1) * sizeof(*look->columns));
	for (int i = 0; i < pipeline_row_count(command); i++)
		look->columns[i] = (struct look_column) {
			.table = oid_at(command, i, 0),
			.number = (int) pipeline_number(command, i, 1),
			.name = mem_string(pipeline_text(command, i, 2)),
			.dropped = pipeline_bool(command, i, 3),
			.not_null = pipeline_bool(command, i, 4),
			.type = oid_at(command, i, 5),
			.modifier = pipeline_number(command, i, 6),
		};
}

static void
take_constraints(struct look *look, const struct pipeline_command *command)
{
	look->constraint_count = (size_t) pipeline_row_count(command);
	look->constraints = mem_alloc((look->constraint_count + 1) * sizeof(*look->constraints));
	for (int i = 0; i < pipeline_row_count(command); i++)
		look->constraints[i] = (struct look_constraint) {
			.oid = oid_at(command, i, 0),
			.table = oid_at(command, i, 1),
			.name = mem_string(pipeline_text(command, i, 2)),
			.type = pipeline_text(command, i, 3)[0],
			.validated = pipeline_bool(command, i, 4),
			.index = oid_at(command, i, 5),
			.not_null = (int) pipeline_number(command, i, 6),
			.indexed = pipeline_bool(command, i, 7),
		};
}

static void
read_notes(struct look *look, const struct pipeline_command *command)
{
	look->note_count = (size_t) pipeline_row_count(command);
	look->notes = mem_alloc((look->note_count + 1) * sizeof(*look->notes));
	for (int i = 0; i < pipeline_row_count(command); i++)
		look->notes[i] = (struct look_note) {
			.table = oid_at(command, i, 0),
			.operation = pipeline_text(command, i, 1)[0],
		};
}

static void
take_settings(struct look *look, const struct pipeline_command *command)
{
	look->setting_count = (size_t) pipeline_row_count(command);
	look->settings = mem_alloc((look->setting_count + 1) * sizeof(*look->settings));
	for (int i = 0; i < pipeline_row_count(command); i++)
		look->settings[i] = (struct look_setting) {
			.name = mem_string(pipeline_text(command, i, 0)),
			.value = mem_string(pipeline_text(command, i, 1)),
		};
}

void
measure_read_take(struct look *look, const struct pipeline *pipeline, size_t first)
{
	*look = (struct look) {0};
	take_relations(look, &pipeline->commands[first + QUERY_RELATIONS]);
	take_columns(look, &pipeline->commands[first + QUERY_COLUMNS]);
	take_constraints(look, &pipeline->commands[first + QUERY_CONSTRAINTS]);
	(void) measure_read_take_locks(look, &pipeline->commands[first + QUERY_LOCKS]);
	read_notes(look, &pipeline->commands[first + QUERY_NOTES]);
	take_settings(look, &pipeline->commands[first + QUERY_SETTINGS]);
}

void
measure_read_add_locks(struct pipeline *pipeline, const char *pid)
{
	pipeline_add(pipeline, LOCKS "$1::integer", 1, pid);
}

bool
measure_read_take_locks(struct look *look, const struct pipeline_command *command)
{
	bool		waiting = false;

	for (int i = 0; i < pipeline_row_count(command); i++) {
		if (!pipeline_bool(command, i, 2))
			waiting = true;
		if (!pipeline_bool(command, i, 3))
			continue;
		look->locks = mem_grow(look->locks, look->lock_count + 1, sizeof(*look->locks));
		look->locks[look->lock_count++] = (struct look_lock) {
			.relation = oid_at(command, i, 0),
			.mode = lock_mode_of(pipeline_text(command, i, 1)),
		};
	}
	return waiting;
}

void
measure_read_add_triggers(struct pipeline *pipeline)
{
	pipeline_add(pipeline, TRIGGERS, 0);
}

void
measure_read_add_setup(struct pipeline *pipeline)
{
	pipeline_add(pipeline, "CREATE SCHEMA fitsdb_measure", 0);
	pipeline_add(pipeline, SETUP_NOTE, 0);
	pipeline_add(pipeline, SETUP_FUNCTION, 0);
	/* Whoever the script has become must be able to look. */
	pipeline_add(pipeline, "GRANT USAGE ON SCHEMA fitsdb_measure TO PUBLIC", 0);
	pipeline_add(pipeline, "GRANT ALL ON fitsdb_measure.note TO PUBLIC", 0);
	for (size_t i = 0; i < QUERY_COUNT; i++)
		pipeline_add(pipeline, queries[i].prepare, 0);
}
