/*
 * A fault at one message in so many of a repair: the connection is cut, the program is killed, or the server crashes.
 * Afterwards no row is lost, the version is the same, verify works, and the next repair ends complete.
 *
 * FAULTS=20 in the environment tests one message in 20, in both directions; the default is one in 2000. FAULTS=1 tests
 * all.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/lineage.h"
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

enum fault {
	CUT, KILL, STOP, FAULTS
};

static const char *const names[] = {[CUT] = "connection cut",[KILL] = "client killed",[STOP] = "server stopped"};

static struct counts {
	int			messages[PROXY_SENDERS];
	int			tried[FAULTS];
	int			held[FAULTS];
}		   *counts;

struct point {
	enum fault	fault;
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

	if (point->fault == KILL)
		process_signal(point->process, SIGKILL);
	else if (point->fault == STOP) {
		server_stop(server_main());
		server_begin(server_main());
	}
}

/* Run a repair through the proxy; the caller clears the process. */
static bool
run(struct process *process, struct point *point)
{
	const struct proxy_plan plan = {.look = is_there,.strike = strike,.context = point};
	struct proxy *proxy = proxy_open(server_main());
	char	   *conninfo = proxy_conninfo(proxy, "fitsdata", "repaired");
	bool		struck;

	tool_start(process, conninfo, ARGS("repair", "--yes"));
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
expect_end(const struct lines *rows)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "repaired");
	PGconn	   *connection = server_superuser(server_main(), "repaired");
	char	   *left;

	sql_await(connection, OUR_SESSIONS, "0");
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	rows_expect(connection, rows, NULL);
	left = sql_lines(connection, LEFT_OVER);
	ck_assert_msg(*left == '\0', "this is left:\n%s", left);
	PQfinish(connection);
	mem_free(left);
	mem_free(conninfo);
}

/* A fault, and another repair. */
static void
try_point(struct point *point)
{
	char	   *conninfo = server_copy("repaired", "damaged");
	PGconn	   *connection = server_superuser(server_main(), "repaired");
	struct lines rows = {0};
	struct process process;

	rows_read(connection, &rows);
	PQfinish(connection);
	counts->tried[point->fault]++;
	ck_assert(run(&process, point));
	ck_assert_msg(point->fault == KILL || process.status == 0 || process.status == 2 || process.status == 3,
				  "status %d:\n%s%s", process.status, process.out, process.err);
	process_clear(&process);
	connection = server_superuser(server_main(), "repaired");
	sql_await(connection, OUR_SESSIONS, "0");
	rows_expect(connection, &rows, NULL);
	sql_expect(connection, "SELECT count(*) FROM public.migrate_version WHERE version ="
			   " (SELECT version FROM fitsdb_schema.standing)", "1");
	PQfinish(connection);
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "", "");
	expect_end(&rows);
	counts->held[point->fault]++;
	lines_clear(&rows);
	mem_free(conninfo);
}

static void
prepare(void)
{
	char	   *conninfo;
	PGconn	   *connection;
	struct lines rows = {0};
	struct process process;

	counts = shared_new(sizeof(*counts));
	conninfo = lineage_current("damaged", LATEST);
	connection = sql_connect(conninfo);
	rows_fill(connection);
	PQfinish(connection);
	mem_free(conninfo);
	server_execute("damaged", DAMAGE);
	mem_free(server_copy("repaired", "damaged"));
	connection = server_superuser(server_main(), "repaired");
	rows_read(connection, &rows);
	PQfinish(connection);
	run(&process, &(struct point) {0});
	tool_wrote(&process, 0, "", "");
	process_clear(&process);
	expect_end(&rows);
	lines_clear(&rows);
}

static void
print_counts(void)
{
	printf("repair, %d messages: points tried, and held:", counts->messages[0] + counts->messages[1]);
	for (int i = 0; i < FAULTS; i++)
		printf("%s %s %d, %d", i > 0 ? ";" : "", names[i], counts->tried[i], counts->held[i]);
	putchar('\n');
	fflush(stdout);
}

START_TEST(every_point_holds)
{
	int			share = (int) chance_setting("FAULTS", 2000);

	/* A server is crashed at a tenth of the points. */
	if (_i == STOP)
		share *= 10;
	for (int sender = 0; sender < PROXY_SENDERS; sender++)
		for (int number = 1 + (share - 1) / 2; number <= counts->messages[sender]; number += share)
			try_point(&(struct point) {.fault = (enum fault) _i,.sender = (enum proxy_sender) sender,.number = number});
}
END_TEST

Suite *
faults_repair_suite(void)
{
	Suite	   *suite = suite_create("faults_repair");
	TCase	   *tcase = tcase_create("faults_repair");

	tcase_add_unchecked_fixture(tcase, prepare, print_counts);
	tcase_set_timeout(tcase, 6 * 3600);
	tcase_add_loop_test(tcase, every_point_holds, 0, FAULTS);
	suite_add_tcase(suite, tcase);
	return suite;
}
