/*
 * A repair with a fault at one in so many of its messages: the database stays at its version, and the same command does
 * the rest.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	CUT, KILL, CRASH, FAULTS,
	USUAL_SHARE = 200,
	CRASHES = 10				/* the server crashes at a tenth of the points */
};

#define HURT \
	"ALTER TABLE gmos DROP COLUMN array_name; DROP TABLE ghost; DROP TYPE ghost_gain_setting;" \
	" DROP INDEX ix_diskfile_filename; ALTER TABLE diskfile DROP CONSTRAINT diskfile_file_id_fkey;" \
	" ALTER TABLE ingestqueue DROP CONSTRAINT ingestqueue_filename_path_key;" \
	" ALTER TABLE fileuploadlog DROP CONSTRAINT fileuploadlog_pkey; ALTER TABLE tape DROP COLUMN id CASCADE;" \
	" ALTER TABLE header ALTER COLUMN diskfile_id DROP NOT NULL; ALTER TABLE miscfile_folder DROP COLUMN release;" \
	" DROP SEQUENCE target_id_seq CASCADE; DELETE FROM pg_enum WHERE enumtypid = 'obstype'::regtype" \
	" AND enumlabel = 'BPM'; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_header_camera'::regclass"

#define ROWS \
	"INSERT INTO file (id, name) SELECT i, i FROM generate_series(1, 300) i;" \
	" INSERT INTO diskfile (file_id, filename, path, present, canonical) SELECT id, name, '', true, true FROM file;" \
	" INSERT INTO miscfile_folder (name, release) SELECT i, now() FROM generate_series(1, 300) i;" \
	" INSERT INTO tape (label) SELECT i FROM generate_series(1, 50) i;" \
	" INSERT INTO ingestqueue (filename, path) SELECT i, '' FROM generate_series(1, 50) i"

#define COUNTS \
	"SELECT (SELECT count(*) FROM file) || ' ' || (SELECT count(*) FROM diskfile) || ' ' || (SELECT count(*) FROM" \
	" miscfile_folder) || ' ' || (SELECT count(*) FROM tape) || ' ' || (SELECT count(*) FROM ingestqueue) || ' ' ||" \
	" (SELECT count(*) FROM target)"

/* Nothing may be left over. */
#define LEFT_OVER \
	"SELECT (SELECT count(*) FROM fitsdb_schema.change WHERE state = 'running') || ' ' || (SELECT count(*) FROM pg_index" \
	" WHERE NOT indisvalid) || ' ' || (SELECT count(*) FROM pg_constraint WHERE conname = 'fitsdb_schema_not_null')" \
	" || ' ' || (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')"

static char *rows;

/* Where the fault is, and of which kind. */
struct fault_point {
	int			kind;
	int			number;			/* of the message, of the client or, counted on, of the server */
	enum proxy_sender sender;
	struct process *process;
};

static const char *const repair[] = {"repair", "--yes", "--set", "miscfile_folder.release=now()", NULL};

static bool
look(struct proxy_message *message, void *context)
{
	const struct fault_point *point = context;

	return message->sender == point->sender && message->number == point->number;
}

static void
strike(void *context)
{
	const struct fault_point *point = context;

	if (point->kind == KILL)
		process_signal(point->process, SIGKILL);
	else if (point->kind == CRASH)
		server_stop(server_main());
}

/* Run it through a proxy; the number of its messages is added to *count, unless that is NULL. */
static bool
run(struct fault_point *point, struct process *process, int count[PROXY_SENDERS])
{
	struct proxy *proxy = proxy_open(server_main());
	char	   *through = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	const struct proxy_plan plan = {.look = look,.strike = strike,.context = point};
	bool		struck;

	point->process = process;
	tool_start(process, through, repair);
	struck = proxy_serve(proxy, process, &plan);
	process_wait(process);
	for (int i = 0; count && i < PROXY_SENDERS; i++)
		count[i] = proxy_count(proxy, (enum proxy_sender) i);
	proxy_close(proxy);
	mem_free(through);
	return struck;
}

static void
expect_whole(const char *conninfo)
{
	PGconn	   *connection = sql_connect(conninfo);
	char	   *left;

	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	tool_expect(conninfo, ARGS("status"), 0, "current: ", "");
	sql_expect(connection, COUNTS, rows);
	left = sql_value(connection, LEFT_OVER);
	ck_assert_str_eq(left, "0 0 0 0");
	mem_free(left);
	PQfinish(connection);
}

static void
try(int kind, enum proxy_sender sender, int number)
{
	struct fault_point point = {.kind = kind,.sender = sender,.number = number};
	char	   *conninfo = server_copy("fitsdata", "hurt");
	struct process process;

	if (run(&point, &process, NULL) && kind != KILL)
		ck_assert_msg(process.status == 2 || process.status == 3 || process.status == 0 || process.status == 1,
					  "status %d: %s%s", process.status, process.out, process.err);
	process_clear(&process);
	if (kind == CRASH && !server_running(server_main()))
		server_begin(server_main());
	/* Wherever it was, the version is what it was, and no migration is incomplete. */
	tool_expect(conninfo, ARGS("status"), 0, "current: ", "");
	tool_run(&process, conninfo, repair);
	ck_assert_msg(process.status == 0, "fault %d at message %d of %d: status %d: %s%s", kind, number, (int) sender,
				  process.status, process.out, process.err);
	process_clear(&process);
	expect_whole(conninfo);
	mem_free(conninfo);
}

static void
make_hurt(void)
{
	char	   *conninfo = lineage_current("hurt", LATEST);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, ROWS);
	rows = sql_value(connection, COUNTS);
	PQfinish(connection);
	server_execute("hurt", HURT);
	mem_free(conninfo);
}

START_TEST(every_point_holds)
{
	const char *wanted = getenv("FAULTS");
	int			share = wanted && strtol(wanted, NULL, 10) > 0 ? (int) strtol(wanted, NULL, 10) : USUAL_SHARE;
	int			count[PROXY_SENDERS];
	char	   *conninfo = server_copy("fitsdata", "hurt");
	struct fault_point none = {.number = -1};
	struct process process;
	int			tried = 0;

	run(&none, &process, count);
	tool_wrote(&process, 0, "the repair is complete", "");
	process_clear(&process);
	expect_whole(conninfo);
	if (_i == CRASH)
		share *= CRASHES;
	for (int sender = 0; sender < PROXY_SENDERS; sender++)
		for (int number = 1 + (_i * 7 + sender) % share; number <= count[sender]; number += share, tried++)
			try(_i, (enum proxy_sender) sender, number);
	printf("repair, %d messages: fault %d at %d of them\n", count[0] + count[1], _i, tried);
	mem_free(conninfo);
}
END_TEST

Suite *
faults_repair_suite(void)
{
	Suite	   *suite = suite_create("faults_repair");
	TCase	   *tcase = tcase_create("faults_repair");

	tcase_add_unchecked_fixture(tcase, make_hurt, NULL);
	tcase_set_timeout(tcase, 6 * 3600);
	tcase_add_loop_test(tcase, every_point_holds, 0, FAULTS);
	suite_add_tcase(suite, tcase);
	return suite;
}
