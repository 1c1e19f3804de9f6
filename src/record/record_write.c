/* Write the record: append the commands to a caller's pipeline. */
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "history/drops.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "pg/pipeline.h"
#include "record/record.h"
#include "record/trust.h"

#include "base/banned.h"

/* As sqlalchemy-migrate creates it. */
#define CREATE_VERSION_TABLE \
	"CREATE TABLE public.migrate_version (repository_id varchar(250) NOT NULL PRIMARY KEY, repository_path text," \
	" version integer)"

/* In place of a statement: check that the tables are genuine, not created by another role meanwhile. */
#define GATE NULL

#define COMMENT_ON_DROPS \
	"COMMENT ON COLUMN fitsdb_schema.migration.drops IS" \
	" 'The tables and columns that the down statements drop. Null: unknown.'"

static const char *const create_record[] = {
	"CREATE SCHEMA IF NOT EXISTS fitsdb_schema",
	"CREATE TABLE IF NOT EXISTS fitsdb_schema.migration ("
	" version integer PRIMARY KEY,"
	" name text NOT NULL,"
	" checksum text NOT NULL,"
	" history text NOT NULL,"
	" down json NOT NULL,"
	" down_transactional boolean NOT NULL,"
	" down_checksum text NOT NULL,"
	" build text NOT NULL,"
	" applied_at timestamptz,"
	" drops json)",
	"COMMENT ON TABLE fitsdb_schema.migration IS"
	" 'Applied migrations, with the down statements that revert them. Written by fitsdb-schema.'",
	"COMMENT ON COLUMN fitsdb_schema.migration.history IS"
	" 'SHA-256 over the checksums of all migrations up to this one.'",
	"COMMENT ON COLUMN fitsdb_schema.migration.applied_at IS"
	" 'Null: applied before this record existed, or incomplete.'",
	COMMENT_ON_DROPS,
	"CREATE TABLE IF NOT EXISTS fitsdb_schema.change ("
	" id bigint PRIMARY KEY,"
	" command text NOT NULL,"
	" version_from integer,"
	" version_to integer NOT NULL,"
	" state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'interrupted')),"
	" statement integer,"
	" position text,"
	" build text NOT NULL,"
	" by text NOT NULL DEFAULT session_user,"
	" from_host text NOT NULL,"
	" started_at timestamptz NOT NULL DEFAULT now(),"
	" finished_at timestamptz,"
	" error text)",
	"COMMENT ON TABLE fitsdb_schema.change IS"
	" 'Log of the changes to this database. Written by fitsdb-schema.'",
	"COMMENT ON COLUMN fitsdb_schema.change.statement IS"
	" 'In a non-transactional migration: the number of statements that are done.'",
	"COMMENT ON COLUMN fitsdb_schema.change.position IS"
	" 'In the next statement, a batched one: keys below this are done.'",

	"CREATE TABLE IF NOT EXISTS fitsdb_schema.standing (version integer, history text, settled boolean NOT NULL,"
	" one boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (one))",
	"COMMENT ON TABLE fitsdb_schema.standing IS"
	" 'Current version record, in one row: the result of the last change. Settled: no migration is incomplete."
	" Written by fitsdb-schema.'",
	GATE,
	"INSERT INTO fitsdb_schema.standing (settled) SELECT true WHERE NOT EXISTS (SELECT FROM fitsdb_schema.standing)",

	/* The SQL in these tables is run as the owner: revoke what default privileges have granted, and grant SELECT. */
	"DO $do$"
	" DECLARE grantee text; object text;"
	" BEGIN"
	" FOR grantee, object IN"
	" SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, o.name"
	" FROM (SELECT 'SCHEMA fitsdb_schema' AS name, n.nspowner AS owner, n.nspacl AS acl FROM pg_namespace n"
	" WHERE n.nspname = 'fitsdb_schema'"
	" UNION ALL SELECT 'TABLE ' || c.oid::regclass, c.relowner, c.relacl"
	" FROM pg_class c WHERE c.relnamespace = 'fitsdb_schema'::regnamespace AND c.relkind = 'r') o,"
	" aclexplode(o.acl) a WHERE a.grantee <> o.owner"
	" LOOP EXECUTE format('REVOKE ALL ON %s FROM %s', object, grantee); END LOOP;"
	" END $do$",
	"GRANT USAGE ON SCHEMA fitsdb_schema TO PUBLIC",
	"GRANT SELECT ON fitsdb_schema.migration, fitsdb_schema.change, fitsdb_schema.standing TO PUBLIC",
};

/* A printed script cannot know the id; there it is null, and stands for the last change. */
#define WHERE_ID " WHERE id = coalesce($1::bigint, (SELECT max(l.id) FROM ONLY fitsdb_schema.change l))"

static const char changed_version[] = "the version has changed: another session has updated table migrate_version";
static const char lost_standing[] = "table fitsdb_schema.standing must have one row";
static const char lost_change[] = "the change is no longer in table fitsdb_schema.change";

struct record_down
record_down_of(const struct history_migration *migration)
{
	return (struct record_down) {
		.list = statement_list_of_section(&migration->source, &migration->down),
		.drops = mem_string(migration->down_drops)
	};
}

void
record_down_clear(struct record_down *down)
{
	statement_list_clear(&down->list);
	mem_free(down->drops);
	*down = (struct record_down) {0};
}

#define ADD_MIGRATION \
	"INSERT INTO fitsdb_schema.migration AS m" \
	" (version, name, checksum, history, down, down_transactional, down_checksum, build, applied_at, drops)" \
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9::boolean THEN clock_timestamp() END, $10)" \
	" ON CONFLICT (version) DO UPDATE SET name = excluded.name, checksum = excluded.checksum," \
	" history = excluded.history, build = excluded.build, applied_at = excluded.applied_at"
#define REPLACE_DOWN \
	", down = excluded.down, down_transactional = excluded.down_transactional," \
	" down_checksum = excluded.down_checksum, drops = excluded.drops"

/* Record a migration, with the history checksum. `down`: NULL stands for all of its down. */
static void
add_migration(struct pipeline *pipeline, const struct history_migration *migration, const struct record_down *down,
			  const char *history_sum, bool applied)
{
	struct record_down whole = {0};
	const struct record_down *recorded = down;
	char	   *version = mem_format("%d", migration->version);
	char	   *json;
	char		checksum[SHA256_SIZE];

	if (!down || down->keeps) {
		whole = record_down_of(migration);
		recorded = &whole;
	}
	json = statement_list_to_json(&recorded->list);
	sha256_hex(json, strlen(json), checksum);
	pipeline_add(pipeline, down && down->keeps ? ADD_MIGRATION : ADD_MIGRATION REPLACE_DOWN, 10, version,
				 migration->name, migration->source.checksum, history_sum, json,
				 recorded->list.transactional ? "true" : "false", checksum, history.build,
				 applied ? "true" : "false", recorded->drops)->prepared = true;
	mem_free(json);
	mem_free(version);
	record_down_clear(&whole);
}

/*
 * Make table standing have one row and a primary key. Without a key the server refuses UPDATE and DELETE if a
 * publication is FOR ALL TABLES; it allows TRUNCATE even then.
 */
static void
add_repair(struct pipeline *pipeline, const struct record *record)
{
	char	   *version = record->has_last ? mem_format("%d", record->last_version) : NULL;

	if (record->crowded) {
		pipeline_add(pipeline, "TRUNCATE ONLY fitsdb_schema.standing", 0);
		pipeline_add(pipeline, "INSERT INTO fitsdb_schema.standing (version, history, settled) VALUES ($1::integer, $2,"
					 " $3::boolean)", 3, version, record->has_history_checksum ? record->history_checksum : NULL,
					 record->log_read && record->incomplete.there ? "false" : "true");
	}
	if (!record->keyed) {
		pipeline_add(pipeline, "ALTER TABLE fitsdb_schema.standing"
					 " ADD COLUMN IF NOT EXISTS one boolean NOT NULL DEFAULT true CHECK (one)", 0);
		pipeline_add(pipeline, "ALTER TABLE fitsdb_schema.standing ADD PRIMARY KEY (one)", 0);
	}
	mem_free(version);
}

static void
add_gates(struct pipeline *pipeline, const struct session *session)
{
	static const char *const tables[] = {"fitsdb_schema.migration", "fitsdb_schema.change", "fitsdb_schema.standing"};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		trust_add_gate(pipeline, session, tables[i]);
}

void
record_add_tables(struct pipeline *pipeline, const struct session *session, const struct record *record)
{
	if (record->complete)
		return;
	if (!record->versioned)
		pipeline_add(pipeline, CREATE_VERSION_TABLE, 0);
	for (size_t i = 0; i < sizeof(create_record) / sizeof(create_record[0]) && !record->recorded; i++)
		if (create_record[i])
			pipeline_add(pipeline, create_record[i], 0);
		else
			add_gates(pipeline, session);
	if (record->recorded) {
		add_repair(pipeline, record);
		/* Older builds have made the table without it. */
		if (!record->stores_drops) {
			pipeline_add(pipeline, "ALTER TABLE fitsdb_schema.migration ADD COLUMN IF NOT EXISTS drops json", 0);
			pipeline_add(pipeline, COMMENT_ON_DROPS, 0);
		}
	}
}

void
record_add_history(struct pipeline *pipeline, const struct record *record, int version, bool applied, bool restate)
{
	char		history_sum[SHA256_SIZE] = "";

	for (int v = 0; v <= version && v <= history.latest && !record->complete; v++) {
		const struct record_migration *row = record_find(record, v);

		if (row && (!restate || strcmp(row->history_checksum, history_checksum(v)) == 0))
			memcpy(history_sum, row->history_checksum, strlen(row->history_checksum) < sizeof(history_sum)
				   ? strlen(row->history_checksum) + 1 : 0);
		else {
			sha256_history(history_sum, history_migration(v)->source.checksum, history_sum);
			add_migration(pipeline, history_migration(v), NULL, history_sum, applied);
		}
	}
}

void
record_add_version(struct pipeline *pipeline, const struct record *record, int before, int after)
{
	char	   *from = mem_format("%d", before);
	char	   *to = mem_format("%d", after);

	if (record->versioned && record->fault == RECORD_NO_NUMBER)
		pipeline_add(pipeline, "UPDATE ONLY public.migrate_version SET version = $1::integer WHERE repository_id = $2"
					 " AND (version IS NULL OR version < 0)", 2, to,
					 history.repository_id)->unless_one = changed_version;
	else if (record->versioned && record->fault == RECORD_SOUND) {
		struct pipeline_command *update;

		update = pipeline_add(pipeline, "UPDATE ONLY public.migrate_version SET version = $2::integer"
							  " WHERE version = $1::integer AND repository_id = $3", 3, from, to,
							  history.repository_id);
		update->unless_one = changed_version;
		update->prepared = true;
	} else
		pipeline_add(pipeline, "INSERT INTO public.migrate_version (repository_id, repository_path, version)"
					 " VALUES ($1, $2, $3::integer)", 3, history.repository_id, history.repository_path, to);
	mem_free(from);
	mem_free(to);
}

bool
record_history_checksum(const struct record *record, int version, char history_sum[SHA256_SIZE])
{
	int			known = version;
	const struct record_migration *row = NULL;

	if (record->has_history_checksum && record->version == version) {
		memcpy(history_sum, record->history_checksum, SHA256_SIZE);
		return true;
	}
	while (known >= 0 && !(row = record_find(record, known)))
		known--;
	history_sum[0] = '\0';
	if (row && strlen(row->history_checksum) < SHA256_SIZE)
		memcpy(history_sum, row->history_checksum, strlen(row->history_checksum) + 1);
	for (int v = known + 1; v <= version && v <= history.latest; v++)
		sha256_history(history_sum, history_migration(v)->source.checksum, history_sum);
	return known == version || version <= history.latest;
}

void
record_next_history_checksum(const struct record *record, const struct history_migration *migration,
							 char next[SHA256_SIZE])
{
	record_history_checksum(record, migration->version - 1, next);
	sha256_history(next, migration->source.checksum, next);
}

void
record_add_current(struct pipeline *pipeline, int version, const char *history_sum)
{
	char	   *number = mem_format("%d", version);
	struct pipeline_command *update;

	update = pipeline_add(pipeline, "UPDATE ONLY fitsdb_schema.standing SET version = $1::integer, history = $2,"
						  " settled = true", 2, number, history_sum);
	update->unless_one = lost_standing;
	update->prepared = true;
	mem_free(number);
}

void
record_add_incomplete(struct pipeline *pipeline)
{
	pipeline_add(pipeline, "UPDATE ONLY fitsdb_schema.standing SET settled = false", 0)->unless_one = lost_standing;
}

void
record_add_migration(struct pipeline *pipeline, const struct record *record, const struct history_migration *migration,
					 const struct record_down *down, bool applied)
{
	char		history_sum[SHA256_SIZE];

	record_next_history_checksum(record, migration, history_sum);
	add_migration(pipeline, migration, down, history_sum, applied);
}

void
record_after_commit(struct record *record, int version, const struct history_migration *migration)
{
	if (migration)
		record_next_history_checksum(record, migration, record->history_checksum);
	record->has_history_checksum = migration != NULL;
	record->versioned = record->recorded = record->complete = true;
	record->version = version;
	record->fault = RECORD_SOUND;
	record->incomplete.there = false;
	mem_free(record->incomplete_change);
	mem_free(record->incomplete_position);
	record->incomplete_change = record->incomplete_position = NULL;
}

void
record_add_removal(struct pipeline *pipeline, int version, bool above)
{
	char	   *number = mem_format("%d", version);

	if (above)
		pipeline_add(pipeline, "DELETE FROM ONLY fitsdb_schema.migration WHERE version > $1::integer", 1, number);
	else
		pipeline_add(pipeline, "DELETE FROM ONLY fitsdb_schema.migration WHERE version = $1::integer", 1,
					 number)->prepared = true;
	mem_free(number);
}

/*
 * The writer holds the advisory lock, so the next id is free. A sequence is not suitable: with wal_level minimal, one
 * that was used in the transaction that created it starts again after a crash.
 */
#define LOG_CHANGE \
	"INSERT INTO fitsdb_schema.change" \
	" (id, command, version_from, version_to, state, statement, build, from_host, finished_at, error, position)" \
	" SELECT %s, $1, $2::integer, $3::integer, $4::text, $5::integer, $6, $7," \
	" CASE WHEN $4::text <> 'running' THEN clock_timestamp() END, $8, $9 RETURNING id, " RECORD_MOMENT
#define NEXT_ID "(SELECT coalesce(max(l.id), 0) + 1 FROM ONLY fitsdb_schema.change l)"

struct pipeline_command *
record_add_change(struct pipeline *pipeline, const struct record_change *change)
{
	char	   *before = change->before < 0 ? NULL : mem_format("%d", change->before);
	char	   *after = mem_format("%d", change->after);
	char	   *statement = change->statement < 0 ? NULL : mem_format("%d", change->statement);
	char	   *id = change->last > 0 ? mem_format("%ld", change->last + 1) : NULL;
	char	   *sql = mem_format(LOG_CHANGE, id ? "$10::bigint" : NEXT_ID);
	char		host[256] = "";
	struct pipeline_command *command;

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	command = pipeline_add(pipeline, sql, id ? 10 : 9, change->command, before, after, change->state, statement,
						   history.build, host, change->error, change->position, id);
	command->prepared = true;
	mem_free(sql);
	mem_free(id);
	mem_free(before);
	mem_free(after);
	mem_free(statement);
	return command;
}

void
record_add_progress(struct pipeline *pipeline, const char *id, int statement)
{
	char	   *number = mem_format("%d", statement);
	struct pipeline_command *update = pipeline_add(pipeline,
												   "UPDATE ONLY fitsdb_schema.change SET statement = $2::integer,"
												   " position = NULL" WHERE_ID, 2, id, number);

	update->unless_one = lost_change;
	update->prepared = true;
	mem_free(number);
}

void
record_add_position(struct pipeline *pipeline, const char *id, const char *position)
{
	pipeline_add(pipeline, "UPDATE ONLY fitsdb_schema.change SET position = $2" WHERE_ID, 2, id,
				 position)->unless_one = lost_change;
}

void
record_add_end(struct pipeline *pipeline, const char *id, const char *end, const char *error)
{
	struct pipeline_command *update = pipeline_add(pipeline, "UPDATE ONLY fitsdb_schema.change SET state = $2,"
												   " finished_at = clock_timestamp(), error = $3" WHERE_ID, 3, id, end,
												   error);

	update->unless_one = lost_change;
	update->prepared = true;
}

void
record_add_repairs_end(struct pipeline *pipeline)
{
	pipeline_add(pipeline, "UPDATE ONLY fitsdb_schema.change SET state = 'interrupted', finished_at = clock_timestamp()"
				 " WHERE command = 'repair' AND state = 'running'", 0);
}
