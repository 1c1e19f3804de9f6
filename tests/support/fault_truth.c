/* The expected state of a database after a fault. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/facts.h"
#include "support/fault_private.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"
#define HAS_TABLE(name) "SELECT to_regclass('" name "') IS NOT NULL"

/* Left-overs that must not exist after a successful command; each a line. */
#define LEFT_OVER \
	"SELECT 'advisory lock of pid ' || pid FROM pg_locks WHERE locktype = 'advisory'" \
	" UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts" \
	" UNION ALL SELECT 'invalid index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid OR NOT indisready" \
	" UNION ALL SELECT 'relation ' || oid::regclass FROM pg_class WHERE relnamespace NOT IN" \
	" ('pg_catalog'::regnamespace," \
	" 'information_schema'::regnamespace, 'pg_toast'::regnamespace, 'public'::regnamespace)" \
	" AND NOT (relnamespace = 'fitsdb_schema'::regnamespace AND relname IN ('migration', 'migration_pkey', 'change'," \
	" 'change_pkey', 'standing', 'standing_pkey'))" \
	" UNION ALL SELECT 'change ' || id || ' still running' FROM fitsdb_schema.change WHERE state = 'running'" \
	" UNION ALL SELECT 'standing is not settled at the version' FROM fitsdb_schema.standing s," \
	" public.migrate_version v WHERE NOT s.settled OR s.version <> v.version" \
	" UNION ALL SELECT 'a record of versions ' || string_agg(m.version::text, ' ') FROM fitsdb_schema.migration m" \
	" HAVING count(*) <> (SELECT version + 1 FROM public.migrate_version)"

/* The log: each step was done once, in order. */
#define STORY \
	"SELECT string_agg(coalesce(version_from::text, '') || '-' || version_to, ' ' ORDER BY id)" \
	" FROM fitsdb_schema.change WHERE state = 'done' AND command <> 'stamp'"

void
fault_truth_init(struct fault_truth *truth, const struct fault_scenario *scenario)
{
	char	   *conninfo;
	PGconn	   *connection;

	*truth = (struct fault_truth) {.scenario = scenario,.version = -2};
	if (scenario->before < 0)
		latest_facts(&truth->schema);
	else
		facts_load(scenario->after == 0 ? "v000" : "v037", &truth->schema);
	if (scenario->after == 0)
		facts_downgrade(&truth->schema, scenario->before, 0);
	conninfo = scenario->before < 0 ? server_database(FAULT_TEMPLATE)
		: lineage_migrated(FAULT_TEMPLATE, scenario->before);
	if (scenario->before > scenario->after)
		tool_must(conninfo, ARGS("stamp", "39"));
	connection = sql_connect(conninfo);
	if (scenario->rows) {
		rows_fill(connection);
		rows_read(connection, &truth->rows);
	}
	PQfinish(connection);
	mem_free(conninfo);
}

void
fault_truth_disconnect(struct fault_truth *truth)
{
	PQfinish(truth->connection);
	truth->connection = NULL;
}

void
fault_truth_restore(struct fault_truth *truth)
{
	fault_truth_disconnect(truth);
	truth->version = -2;
	server_execute("postgres", "DROP DATABASE IF EXISTS " FAULT_DATABASE);
	server_execute("postgres", "CREATE DATABASE " FAULT_DATABASE " OWNER fitsdata TEMPLATE " FAULT_TEMPLATE);
}

static PGconn *
connection_of(struct fault_truth *truth)
{
	if (!truth->connection) {
		char	   *conninfo = server_conninfo(server_main(), "postgres", FAULT_DATABASE);

		truth->connection = sql_connect(conninfo);
		mem_free(conninfo);
	}
	return truth->connection;
}

static long
number_of(PGconn *connection, const char *sql)
{
	char	   *value = sql_value(connection, sql);
	long		number = *value == 't' ? 1 : strtol(value, NULL, 10);

	mem_free(value);
	return number;
}

/* Read here from the tables, as the last row of the log has it, for status to be compared with. */
struct fault_place
fault_truth_place(struct fault_truth *truth)
{
	PGconn	   *connection = connection_of(truth);
	struct fault_place place = {.version = -1};

	sql_await(connection, OUR_SESSIONS, "0");
	if (!number_of(connection, HAS_TABLE("public.migrate_version")))
		return place;
	place.version = (int) number_of(connection, "SELECT version FROM public.migrate_version");
	if (number_of(connection, HAS_TABLE("fitsdb_schema.change"))) {
		char	   *done = sql_lines(connection, "SELECT c.statement || CASE WHEN c.position IS NULL THEN '' ELSE '+'"
									 " END FROM fitsdb_schema.change c WHERE c.state <> 'done'"
									 " AND c.id = (SELECT max(id) FROM fitsdb_schema.change)");

		place.half_way = *done != '\0';
		place.done = (int) strtol(done, NULL, 10);
		place.within = strchr(done, '+') != NULL;
		mem_free(done);
	}
	return place;
}

/* The version in its last line on stdout, or the one that it began with. */
static int
told_version(const struct fault_scenario *scenario, int began, const char *out)
{
	int			told = began;

	for (const char *line = out; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n')) {
		char	   *end;
		long		version = strtol(line, &end, 10);

		/* "   19  add_force_to_preview_queue      25 ms" */
		if (*line == ' ' && end > line && end[0] == ' ' && end[1] == ' ')
			told = (int) version - (scenario->before > scenario->after ? 1 : 0);
	}
	return told;
}

/*
 * The status: 0 if the version is reached, else 2 or 3. A fault at Terminate has no effect. An upgrade whose last reading
 * of the schema fails has reached the version, but ends with 2, and does not call it the latest.
 */
static void
expect_exit(const struct fault_scenario *scenario, int version, const struct process *process,
			enum fault_reading reading)
{
	bool		reached = version == scenario->after;
	bool		unread = strstr(process->err, "its schema was not checked") != NULL;

	ck_assert_msg(process->status == 0 || process->status == 2 || process->status == 3, "status %d:\n%s%s",
				  process->status, process->out, process->err);
	if (reading == FAULT_NO_READING)
		ck_assert_msg((process->status == 0) == reached && !unread, "status %d, but version %d:\n%s%s",
					  process->status, version, process->out, process->err);
	else
		ck_assert_msg(reached && process->status == (unread ? 2 : 0) && (unread || reading == FAULT_NEAR_READING)
					  && (strstr(process->out, "the latest of this build") != NULL) == !unread,
					  "status %d at version %d after a fault in the last reading:\n%s%s", process->status, version,
					  process->out, process->err);
}

/* Compare its output with the database. A killed client may have done one step more than it reported. */
static void
expect_word(const struct fault_scenario *scenario, int began, int version, const struct process *process, bool killed,
			enum fault_reading reading)
{
	static const char stays[] = "the database stays at version ";
	const char *said = strstr(process->err, stays);
	int			told = told_version(scenario, began, process->out);
	int			next = scenario->before < 0 ? scenario->after : told + (scenario->after > scenario->before ? 1 : -1);
	bool		unsure = killed || strstr(process->err, "is not known") != NULL;

	ck_assert_msg(version == told || (unsure && version == next), "the database is at version %d after this:\n%s%s",
				  version, process->out, process->err);
	if (said)
		ck_assert_int_eq(strtol(said + strlen(stays), NULL, 10), version);
	if (killed)
		return;
	expect_exit(scenario, version, process, reading);
	ck_assert_msg(process->status == 0 || strstr(process->err, "error: "), "no error:\n%s", process->out);
	ck_assert_msg(process->status == 0 || strstr(process->err, "hint: ") || strstr(process->err, "could not connect: "),
				  "no hint:\n%s%s", process->out, process->err);
}

/* Compare the output of status with the state. */
static void
expect_status(const struct fault_place *place, int latest)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", FAULT_DATABASE);
	struct process process;
	json_t	   *json;
	const json_t *half_way;

	tool_run(&process, conninfo, ARGS("status", "--json"));
	json = json_loads(process.out, 0, NULL);
	half_way = json_object_get(json, "half_way");
	ck_assert_msg(json != NULL, "status has said nothing:\n%s%s", process.out, process.err);
	if (place->version < 0) {
		ck_assert_int_eq(process.status, 3);
		ck_assert_ptr_nonnull(strstr(process.err, "is not under version control"));
	} else {
		ck_assert_int_eq(json_integer_value(json_object_get(json, "version")), place->version);
		ck_assert_msg(json_is_object(half_way) == place->half_way, "status is wrong:\n%s%s", process.out, process.err);
		ck_assert_int_eq(json_integer_value(json_object_get(half_way, "statements_done")), place->done);
		ck_assert_msg(process.status == (place->half_way ? 2 : place->version == latest ? 0 : 1), "status %d:\n%s%s",
					  process.status, process.out, process.err);
	}
	json_decref(json);
	process_clear(&process);
	mem_free(conninfo);
}

/* At the same version the schema is the same as before. */
static void
expect_unchanged(struct fault_truth *truth, int version)
{
	struct lines schema = {0};

	facts_read(connection_of(truth), &schema);
	if (truth->version == version) {
		char	   *difference = lines_difference(&truth->now, &schema, NULL, NULL);
		ck_assert_msg(difference == NULL, "the version is the same, but not the schema:\n%s", difference);
		lines_clear(&schema);
		return;
	}
	lines_clear(&truth->now);
	truth->now = schema;
	truth->version = version;
}

void
fault_truth_expect(struct fault_truth *truth, const struct fault_place *from, const struct fault_place *to,
				   const struct process *process, bool killed, enum fault_reading reading)
{
	expect_word(truth->scenario, from->version, to->version, process, killed, reading);
	expect_status(to, truth->scenario->after > 0 ? truth->scenario->after : LATEST);
	if (!to->half_way)
		expect_unchanged(truth, to->version);
}

/* Each step once: "18-19 19-20 ...". */
static char *
expected_story(const struct fault_scenario *scenario)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	int			step = scenario->after > scenario->before ? 1 : -1;

	if (scenario->before < 0)
		fprintf(stream, "-%d", scenario->after);
	for (int v = scenario->before; scenario->before >= 0 && v != scenario->after; v += step)
		fprintf(stream, "%s%d-%d", v == scenario->before ? "" : " ", v, v + step);
	mem_stream_close(stream);
	return text;
}

void
fault_truth_expect_end(struct fault_truth *truth)
{
	const struct fault_scenario *scenario = truth->scenario;
	PGconn	   *connection = connection_of(truth);
	char	   *version = mem_format("%d", scenario->after);
	char	   *story = expected_story(scenario);
	char	   *left;

	sql_await(connection, OUR_SESSIONS, "0");
	sql_expect(connection, "SELECT version FROM public.migrate_version", version);
	facts_expect(connection, &truth->schema);
	if (scenario->rows)
		rows_expect(connection, &truth->rows, NULL);
	sql_expect(connection, STORY, story);
	left = sql_lines(connection, LEFT_OVER);
	ck_assert_msg(*left == '\0', "this is left:\n%s", left);
	mem_free(left);
	mem_free(story);
	mem_free(version);
}
