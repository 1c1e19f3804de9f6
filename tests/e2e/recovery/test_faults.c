/*
 * A fault at each message between the program and the server: the connection is cut, the program is killed, or the
 * server crashes. The reported state is correct each time, and a rerun succeeds.
 *
 * There are almost sixty thousand messages. FAULTS=20 in the environment tests one in 20; the default is one in 400.
 * FAULTS=1 tests all, which takes an hour or two.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "e2e/suites.h"
#include "support/chance.h"
#include "support/fault.h"
#include "support/lack.h"
#include "support/shared.h"

#include "base/banned.h"

#define USUAL_SHARE 400
#define LARGEST_SHARE 1000000		/* one point of each campaign */

static const struct fault_scenario scenarios[] = {
	{"upgrade from 0", {"upgrade"}, 0, 39, false},
	{"downgrade to 0", {"downgrade", "0", "--yes"}, 39, 0, false},
	{"upgrade from 18, with rows", {"upgrade"}, 18, 39, true},
};

static const struct fault_scenario *scenario;

/* By kind; shared with the tests, each of which is a process. */
static struct fault_counts *counts;

static void
prepare(const struct fault_scenario *wanted)
{
	scenario = wanted;
	counts = shared_new(FAULT_KINDS * sizeof(*counts));
	fault_prepare(wanted);
}

/* The build's own, from the snapshot. */
static void
prepare_init(void)
{
	static struct fault_scenario init = {"init", {"init"}, -1, 0, false};

	init.after = lack_latest();
	prepare(&init);
}

static void
prepare_upgrade(void)
{
	prepare(&scenarios[0]);
}

static void
prepare_downgrade(void)
{
	prepare(&scenarios[1]);
}

static void
prepare_rows(void)
{
	prepare(&scenarios[2]);
}

static void
print_counts(void)
{
	fault_print(scenario->name, fault_messages(), counts);
}

START_TEST(every_point_holds)
{
	unsigned	share = chance_setting("FAULTS", USUAL_SHARE);

	fault_campaign((enum fault_kind) _i, share > LARGEST_SHARE ? LARGEST_SHARE : (int) share, &counts[_i]);
}
END_TEST

Suite *
faults_init_suite(void)
{
	return fault_suite("faults_init", prepare_init, print_counts, every_point_holds);
}

Suite *
faults_upgrade_suite(void)
{
	return fault_suite("faults_upgrade", prepare_upgrade, print_counts, every_point_holds);
}

Suite *
faults_downgrade_suite(void)
{
	return fault_suite("faults_downgrade", prepare_downgrade, print_counts, every_point_holds);
}

Suite *
faults_rows_suite(void)
{
	return fault_suite("faults_rows", prepare_rows, print_counts, every_point_holds);
}
