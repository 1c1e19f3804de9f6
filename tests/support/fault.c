/* The fault campaign: runs a command again and again, with a fault at each message. */
#include "support/fault.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "support/fault_private.h"
#include "support/fault_unit.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

const char *const fault_names[FAULT_KINDS] = {
	[FAULT_CUT] = "connection cut",[FAULT_KILL] = "client killed",[FAULT_STOP] = "server stopped"
};

void
fault_strike(enum fault_kind kind, const struct process *process)
{
	if (kind == FAULT_KILL)
		process_signal(process, SIGKILL);
	else if (kind == FAULT_STOP) {
		server_stop(server_main());
		server_begin(server_main());
	}
}

void
fault_print(const char *name, int messages, const struct fault_counts *counts)
{
	printf("%s, %d messages: points tried, and held:", name, messages);
	for (int i = 0; i < FAULT_KINDS; i++)
		printf("%s %s %d, %d", i > 0 ? ";" : "", fault_names[i], counts[i].tried, counts[i].held);
	putchar('\n');
	fflush(stdout);
}

Suite *
fault_suite(const char *name, void (*setup) (void), void (*end) (void), const TTest *test)
{
	Suite	   *suite = suite_create(name);
	TCase	   *tcase = tcase_create(name);

	tcase_add_unchecked_fixture(tcase, setup, end);
	tcase_set_timeout(tcase, 6 * 3600);
	tcase_add_loop_test(tcase, test, 0, FAULT_KINDS);
	suite_add_tcase(suite, tcase);
	return suite;
}

static void
strike(void *context)
{
	const struct fault_follower *follower = context;

	fault_strike(follower->kind, follower->process);
}

/* Run the command through the proxy; true: the fault happened. The caller clears the process. */
static bool
run(struct process *process, struct fault_follower *follower)
{
	const struct proxy_plan plan = {.look = fault_follow,.strike = strike,.context = follower};
	struct proxy *proxy = proxy_open(server_main());
	char	   *conninfo = proxy_conninfo(proxy, "fitsdata", FAULT_DATABASE);
	bool		struck;

	tool_start(process, conninfo, fault_ground.truth.scenario->arguments);
	follower->process = process;
	struck = proxy_serve(proxy, process, &plan);
	process_wait(process);
	fault_follow_end(follower);
	mem_free(conninfo);
	proxy_close(proxy);
	return struck;
}

/* Let the command end well. */
static void
run_to_the_end(struct fault_follower *follower)
{
	struct process process;

	run(&process, follower);
	tool_wrote(&process, 0, "", "");
	process_clear(&process);
	fault_truth_expect_end(&fault_ground.truth);
}

void
fault_prepare(const struct fault_scenario *scenario)
{
	struct fault_follower follower = {.tracing = true};

	fault_truth_init(&fault_ground.truth, scenario);
	fault_truth_restore(&fault_ground.truth);
	fault_ground.units = mem_alloc(sizeof(*fault_ground.units));
	fault_ground.count = 1;
	run_to_the_end(&follower);
	/* The processes that the tests are have connections of their own. */
	fault_truth_disconnect(&fault_ground.truth);
}

int
fault_messages(void)
{
	int			sum = 0;

	for (int i = 0; i < fault_ground.count; i++)
		sum += fault_ground.units[i].count[PROXY_CLIENT] + fault_ground.units[i].count[PROXY_SERVER];
	return sum;
}

/* Which points are this campaign's. */
static void
choose_points(enum fault_kind kind, int share)
{
	int			serial = 0;
	int			step = kind == FAULT_STOP ? share * 10 : share;

	for (int i = 0; i < fault_ground.count; i++)
		for (int sender = 0; sender < PROXY_SENDERS; sender++) {
			struct fault_unit *unit = &fault_ground.units[i];

			unit->wanted[sender] = mem_alloc((size_t) unit->count[sender] + 1);
			for (int number = 1; number <= unit->count[sender]; number++, serial++) {
				bool		commit = unit->commit[sender] > 0 && number >= unit->commit[sender];

				unit->wanted[sender][number] = serial % (kind == FAULT_STOP && commit ? share : step) == 0;
			}
		}
}

static bool
wanted_in(const struct fault_unit *unit, struct fault_follower *follower)
{
	for (int sender = 0; sender < PROXY_SENDERS; sender++)
		for (int number = 1; number <= unit->count[sender]; number++)
			if (unit->wanted[sender][number]) {
				follower->sender = (enum proxy_sender) sender;
				follower->target_number = number;
				return true;
			}
	return false;
}

/* The first point still to be tried that a command which begins at this place comes by. */
static bool
find_target(struct fault_follower *follower)
{
	int			step = fault_step_at(follower->from.version);
	int			first;
	int			next;

	follower->target = 0;
	if (wanted_in(&fault_ground.units[0], follower))
		return true;
	follower->target = fault_find_reading(false);
	if (follower->target > 0 && step == 0 && !follower->from.half_way
		&& wanted_in(&fault_ground.units[follower->target], follower))
		return true;
	first = follower->target = fault_find_unit(step, 0, true);
	if (wanted_in(&fault_ground.units[first], follower))
		return true;
	next = follower->from.done > 0 ? fault_find_unit(step, follower->from.done, false) : first + 1;
	/* A command that resumes here has counted them when it began. */
	if (follower->from.done > 0 && fault_ground.units[next].probes)
		next++;
	for (follower->target = next; follower->target < fault_ground.count; follower->target++)
		if (wanted_in(&fault_ground.units[follower->target], follower))
			return true;
	return false;
}

static bool
any_wanted(void)
{
	struct fault_follower ignored;

	for (int i = 0; i < fault_ground.count; i++)
		if (wanted_in(&fault_ground.units[i], &ignored))
			return true;
	return false;
}

/* Is the fault in the reading after the last script? */
static enum fault_reading
reading_is_struck(const struct fault_follower *follower)
{
	const struct fault_unit *unit = &fault_ground.units[follower->target];

	if (follower->target == 0 || follower->target != fault_find_reading(true))
		return FAULT_NO_READING;
	return follower->sender == PROXY_CLIENT && follower->target_number <= unit->read
		? FAULT_IN_READING : FAULT_NEAR_READING;
}

/* Cause the fault at the target; returns the state after that. */
static struct fault_place
try_target(struct fault_follower *follower)
{
	struct fault_unit *unit = &fault_ground.units[follower->target];
	struct fault_place to;
	struct process process;
	bool		struck = run(&process, follower);

	unit->wanted[follower->sender][follower->target_number] = false;
	ck_assert_msg(struck, "there was no message %d of the %s in unit %d of %d (step %d, statement %d):\n%s%s",
				  follower->target_number, follower->sender == PROXY_CLIENT ? "client" : "server", follower->target,
				  fault_ground.count, unit->step, unit->done, process.out, process.err);
	if (follower->kind == FAULT_STOP)
		fault_truth_disconnect(&fault_ground.truth);
	to = fault_truth_place(&fault_ground.truth);
	fault_truth_expect(&fault_ground.truth, &follower->from, &to, &process, follower->kind == FAULT_KILL,
					   reading_is_struck(follower));
	process_clear(&process);
	return to;
}

void
fault_campaign(enum fault_kind kind, int share, struct fault_counts *counts)
{
	int			after = fault_ground.truth.scenario->after;
	struct fault_place place;

	choose_points(kind, share);
	fault_truth_restore(&fault_ground.truth);
	place = fault_truth_place(&fault_ground.truth);
	while (any_wanted()) {
		struct fault_follower follower = {.from = place,.kind = kind};

		/* A statement that goes on in the middle has other messages than one that begins. */
		if (place.version != after && !place.within && find_target(&follower)) {
			counts->tried++;
			place = try_target(&follower);
			counts->held++;
			continue;
		}
		/* Also where it has ended already, without its client's knowing. */
		follower.target_number = 0;
		run_to_the_end(&follower);
		fault_truth_restore(&fault_ground.truth);
		place = fault_truth_place(&fault_ground.truth);
	}
	run_to_the_end(&(struct fault_follower) {.from = place});
}
