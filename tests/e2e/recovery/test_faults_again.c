/*
 * A fault at one message in so many of a command: the connection is cut, the program is killed, or the server crashes.
 * Then the same command is run again. It ends as one without a fault does, with the same schema and the same rows.
 *
 * FAULTS=20 in the environment tests one message in 20, in both directions; the default is one in 2000, or one in 10000
 * for the migrations from 40 on. FAULTS=1 tests all.
 */
#include <check.h>
#include <stdlib.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/facts.h"
#include "support/fault.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/proxy.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/shared.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* One object of each kind that a repair adds, and a sequence that is behind. */
#define DAMAGE \
	"DROP TABLE previewqueue;" \
	"ALTER TABLE header DROP COLUMN procmode CASCADE; DROP TYPE procmode;" \
	"ALTER TABLE diskfile DROP COLUMN fverrors;" \
	"ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_inprogress_failed_destination_key;" \
	"ALTER TABLE gmos DROP CONSTRAINT gmos_header_id_fkey;" \
	"ALTER TABLE gmos ALTER COLUMN header_id DROP NOT NULL;" \
	"ALTER TABLE preview DROP CONSTRAINT preview_pkey;" \
	"DROP INDEX ix_header_ut_datetime_nulls_last;" \
	"DELETE FROM pg_enum WHERE enumtypid = 'caltype'::regtype AND enumlabel = 'bpm';" \
	"REVOKE ALL ON gnirs FROM apache;" \
	"SELECT setval('obslog_id_seq', 1)"
#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"
#define LEFT_OVER \
	"SELECT 'invalid index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid" \
	" UNION ALL SELECT 'advisory lock of pid ' || pid FROM pg_locks WHERE locktype = 'advisory'" \
	" UNION ALL SELECT 'change ' || id || ' still running' FROM fitsdb_schema.change WHERE state = 'running'" \
	" UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE NOT convalidated"
/* A batched deletion has several batches. Rows that get the present time are left out. */
#define OLD_ROWS "tests/e2e/history_2026/old_rows.sql"
#define MORE_ROWS \
	"INSERT INTO calcache (id, obs_hid, cal_hid, rank, caltype) SELECT 100 + n, 1, 2, 1, 'bpm'" \
	" FROM generate_series(1, 12000) n; DELETE FROM exportqueue WHERE id > 4;" \
	" DELETE FROM ingestqueue; DELETE FROM previewqueue WHERE failed"

static struct counts {
	int			messages[PROXY_SENDERS];
	struct fault_counts kinds[FAULT_KINDS];
}		   *counts;

/* A command, and the database "given" that it is run on. */
struct command {
	const char *name;
	void		(*give) (void);
	const char *arguments[4];
	unsigned	share;			/* one message in so many has a fault by default */
	bool		keeps_rows;		/* they are the same all the time */
};

static const struct command *command;

/* After a command without a fault. */
static struct lines end_schema;
static struct lines end_rows;

struct point {
	enum fault_kind fault;
	enum proxy_sender sender;
	int			number;			/* 0: nowhere */
	const struct process *process;
};

static bool
is_there(struct proxy_message *message, void *context)
{
	const struct point *point = context;

	return message->sender == point->sender && message->number == point->number;
}

static void
strike(void *context)
{
	const struct point *point = context;

	fault_strike(point->fault, point->process);
}

/* Run the command through the proxy; the caller clears the process. */
static bool
run(struct process *process, struct point *point)
{
	const struct proxy_plan plan = {.look = is_there,.strike = strike,.context = point};
	struct proxy *proxy = proxy_open(server_main());
	char	   *conninfo = proxy_conninfo(proxy, "fitsdata", "changed");
	bool		struck;

	tool_start(process, conninfo, command->arguments);
	point->process = process;
	struck = proxy_serve(proxy, process, &plan);
	process_wait(process);
	if (point->number == 0)
		for (int sender = 0; sender < PROXY_SENDERS; sender++)
			counts->messages[sender] = proxy_count(proxy, (enum proxy_sender) sender);
	mem_free(conninfo);
	proxy_close(proxy);
	return struck;
}

static void
expect_end(void)
{
	PGconn	   *connection = server_superuser(server_main(), "changed");
	struct lines schema = {0};
	char	   *difference;
	char	   *left;

	sql_await(connection, OUR_SESSIONS, "0");
	facts_read(connection, &schema);
	difference = lines_difference(&end_schema, &schema, NULL, NULL);
	ck_assert_msg(!difference, "the schema differs:\n%s", difference);
	rows_expect(connection, &end_rows, NULL);
	left = sql_lines(connection, LEFT_OVER);
	ck_assert_msg(*left == '\0', "this is left:\n%s", left);
	PQfinish(connection);
	mem_free(left);
	lines_clear(&schema);
}

/* A fault, and the command again. */
static void
try_point(struct point *point)
{
	char	   *conninfo = server_copy("changed", "given");
	PGconn	   *connection;
	struct process process;

	counts->kinds[point->fault].tried++;
	ck_assert(run(&process, point));
	ck_assert_msg(point->fault == FAULT_KILL || process.status == 0 || process.status == 2 || process.status == 3,
				  "status %d:\n%s%s", process.status, process.out, process.err);
	process_clear(&process);
	connection = server_superuser(server_main(), "changed");
	sql_await(connection, OUR_SESSIONS, "0");
	if (command->keeps_rows)
		rows_expect(connection, &end_rows, NULL);
	sql_expect(connection, "SELECT count(*) FROM public.migrate_version WHERE version ="
			   " (SELECT version FROM fitsdb_schema.standing)", "1");
	PQfinish(connection);
	tool_expect(conninfo, command->arguments, 0, "", "");
	expect_end();
	counts->kinds[point->fault].held++;
	mem_free(conninfo);
}

static void
give_damaged(void)
{
	char	   *conninfo = lineage_current("given", LATEST);
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	PQfinish(connection);
	mem_free(conninfo);
	server_execute("given", DAMAGE);
}

static void
give_old(void)
{
	char	   *conninfo = lineage_current("given", LATEST);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *rows = sql_file(OLD_ROWS);

	sql_exec(connection, rows);
	sql_exec(connection, MORE_ROWS);
	PQfinish(connection);
	mem_free(rows);
	mem_free(conninfo);
}

static void
give_new(void)
{
	char	   *conninfo;

	give_old();
	conninfo = server_conninfo(server_main(), "fitsdata", "given");
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	mem_free(conninfo);
}

static const struct command commands[] = {
	{"repair", give_damaged, {"repair", "--yes"}, 2000, true},
	{"upgrade from 39", give_old, {"upgrade", "--yes"}, 10000, false},
	{"downgrade to 39", give_new, {"downgrade", "39", "--yes"}, 10000, false},
};

static void
prepare(const struct command *wanted)
{
	PGconn	   *connection;
	struct process process;

	command = wanted;
	counts = shared_new(sizeof(*counts));
	command->give();
	mem_free(server_copy("changed", "given"));
	run(&process, &(struct point) {0});
	tool_wrote(&process, 0, "", "");
	process_clear(&process);
	connection = server_superuser(server_main(), "changed");
	facts_read(connection, &end_schema);
	rows_read(connection, &end_rows);
	PQfinish(connection);
	expect_end();
}

static void
prepare_repair(void)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "changed");

	prepare(&commands[0]);
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	mem_free(conninfo);
}

static void
prepare_upgrade_2026(void)
{
	prepare(&commands[1]);
}

static void
prepare_downgrade_2026(void)
{
	prepare(&commands[2]);
}

static void
print_counts(void)
{
	fault_print(command->name, counts->messages[0] + counts->messages[1], counts->kinds);
}

START_TEST(every_point_holds)
{
	int			share = (int) chance_setting("FAULTS", command->share);

	/* A server is crashed at a tenth of the points. */
	if (_i == FAULT_STOP)
		share *= 10;
	for (int sender = 0; sender < PROXY_SENDERS; sender++)
		for (int number = 1 + (share - 1) / 2; number <= counts->messages[sender]; number += share)
			try_point(&(struct point) {.fault = (enum fault_kind) _i,.sender = (enum proxy_sender) sender,.number = number});
}
END_TEST

Suite *
faults_repair_suite(void)
{
	return fault_suite("faults_repair", prepare_repair, print_counts, every_point_holds);
}

Suite *
faults_upgrade_2026_suite(void)
{
	return fault_suite("faults_upgrade_2026", prepare_upgrade_2026, print_counts, every_point_holds);
}

Suite *
faults_downgrade_2026_suite(void)
{
	return fault_suite("faults_downgrade_2026", prepare_downgrade_2026, print_counts, every_point_holds);
}
