/* The queries of a busy archive. */
#include "support/traffic.h"

#include <check.h>
#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/chance.h"
#include "support/shared.h"

#include "base/banned.h"

enum {
	INTEGER_OID = 23,			/* pg_type.oid of integer, fixed since ever */
	NUMBERS = 100000000			/* each process has as many of its own that never come again */
};

struct traffic_tally {
	atomic_bool stop;
	atomic_long queries;
	double		longest;		/* milliseconds; as the rest, to be read when its process has ended */
	double		total;
	bool		failed;
	char		error[400];
};

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* One query; false, and noted, when it failed. */
static bool
ask(PGconn *connection, const char *sql, int random, int unique, struct traffic_tally *tally)
{
	static const Oid types[] = {INTEGER_OID, INTEGER_OID};
	char		numbers[2][20];
	const char *const values[] = {numbers[0], numbers[1]};
	double		began = milliseconds();
	double		took;
	PGresult   *result;

	snprintf(numbers[0], sizeof(numbers[0]), "%d", random);
	snprintf(numbers[1], sizeof(numbers[1]), "%d", unique);
	result = PQexecParams(connection, sql, 2, types, values, NULL, NULL, 0);
	took = milliseconds() - began;
	tally->total += took;
	if (took > tally->longest)
		tally->longest = took;
	tally->failed = PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK;
	if (tally->failed)
		snprintf(tally->error, sizeof(tally->error), "%s", PQerrorMessage(connection));
	PQclear(result);
	atomic_fetch_add(&tally->queries, 1);
	return !tally->failed;
}

_Noreturn static void
work(const char *conninfo, const char *sql, int number, int range, struct traffic_tally *tally)
{
	char	   *named = mem_format("%s application_name=archive", conninfo);
	PGconn	   *connection = PQconnectdb(named);
	unsigned	seed = (unsigned) number;
	bool		going = PQstatus(connection) == CONNECTION_OK;

	if (!going) {
		tally->failed = true;
		snprintf(tally->error, sizeof(tally->error), "%s", PQerrorMessage(connection));
	}
	for (int i = 0; going && !atomic_load(&tally->stop); i++)
		going = ask(connection, sql, 1 + (int) chance_draw(&seed, (unsigned) range), number * NUMBERS + i, tally);
	PQfinish(connection);
	_exit(0);
}

static void
await_answers(const struct traffic *traffic)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	for (size_t i = 0; i < traffic->count; i++)
		while (atomic_load(&traffic->tallies[i].queries) < 10 && waitpid(traffic->pids[i], NULL, WNOHANG) == 0)
			nanosleep(&pause, NULL);
}

void
traffic_start(struct traffic *traffic, const char *conninfo, const struct traffic_kind *kinds, size_t count, int range)
{
	ck_assert_uint_le(count, TRAFFIC_LIMIT);
	*traffic = (struct traffic) {.kinds = kinds,.count = count};
	traffic->tallies = shared_new(count * sizeof(*traffic->tallies));
	fflush(NULL);
	for (size_t i = 0; i < count; i++) {
		traffic->pids[i] = fork();
		if (traffic->pids[i] < 0)
			ck_abort_msg("could not fork: %s", strerror(errno));
		if (traffic->pids[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(conninfo, kinds[i].sql, (int) i + 1, range, &traffic->tallies[i]);
		}
	}
	await_answers(traffic);
}

double
traffic_stop(struct traffic *traffic, const char *heading)
{
	double		longest = 0;

	for (size_t i = 0; i < traffic->count; i++)
		atomic_store(&traffic->tallies[i].stop, true);
	printf("%s\n", heading);
	for (size_t i = 0; i < traffic->count; i++) {
		const struct traffic_tally *tally = &traffic->tallies[i];
		long		queries;

		/* One that had ended before is no longer there to wait for. */
		waitpid(traffic->pids[i], NULL, 0);
		queries = atomic_load(&tally->queries);
		printf("  %-20s %8ld queries, mean %8.2f ms, longest %8.1f ms\n", traffic->kinds[i].name,
			   queries, queries > 0 ? tally->total / (double) queries : 0.0, tally->longest);
		if (tally->longest > longest)
			longest = tally->longest;
	}
	fflush(stdout);
	for (size_t i = 0; i < traffic->count; i++)
		ck_assert_msg(!traffic->tallies[i].failed, "%s failed: %s", traffic->kinds[i].name, traffic->tallies[i].error);
	munmap(traffic->tallies, traffic->count * sizeof(*traffic->tallies));
	*traffic = (struct traffic) {0};
	return longest;
}
