/*
 * The end-to-end tests: all suites but those that take long, or those that are named on the command line.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"
#include "suites.h"

#include "base/banned.h"

static const struct {
	const char *name;
	Suite	   *(*create) (void);
}			suites[] = {
	{"support", support_suite},
	{"schema", schema_suite},
	{"adopt", adopt_suite},
	{"usage", usage_suite},
	{"manual", manual_suite},
	{"terminal", terminal_suite},
	{"commands", commands_suite},
	{"plan", plan_suite},
	{"lint", lint_suite},
	{"locks", locks_suite},
	{"waits", waits_suite},
	{"crowd", crowd_suite},
	{"apply", apply_suite},
	{"commit", commit_suite},
	{"prepared", prepared_suite},
	{"half_way", half_way_suite},
	{"backfill", backfill_suite},
	{"batch", batch_suite},
	{"batch_stops", batch_stops_suite},
	{"old_build", old_build_suite},
	{"loss", loss_suite},
	{"consent", consent_suite},
	{"roles", roles_suite},
	{"settings", settings_suite},
	{"handover", handover_suite},
	{"privileges", privileges_suite},
	{"oddities", oddities_suite},
	{"pooler", pooler_suite},
	{"standby", standby_suite},
	{"hijack", hijack_suite},
	{"network", network_suite},
	{"conninfo", conninfo_suite},
	{"memory", memory_suite},
	{"exhaustion", exhaustion_suite},
	{"outage", outage_suite},
	{"streams", streams_suite},
	{"secrets", secrets_suite},
	{"foreign", foreign_suite},
	{"signals", signals_suite},
	{"binary", binary_suite},
	{"faults_init", faults_init_suite},
	{"faults_upgrade", faults_upgrade_suite},
	{"faults_downgrade", faults_downgrade_suite},
	{"faults_rows", faults_rows_suite},
	{"garble", garble_suite},
	{"dbmate", dbmate_suite},
	{"verify", verify_suite},
	{"identify", identify_suite},
	{"shadow", shadow_suite},
	{"mutations", mutations_suite},
	{"diagram", diagram_suite},
	{"load", load_suite},
};

static const size_t suite_count = sizeof(suites) / sizeof(suites[0]);

/* These take long. */
static const char *const named_only[] = {"load"};

static bool
is_named_only(const char *name)
{
	for (size_t i = 0; i < sizeof(named_only) / sizeof(named_only[0]); i++)
		if (strcmp(named_only[i], name) == 0)
			return true;
	return false;
}

static void
add_suite(SRunner *runner, const char *name)
{
	for (size_t i = 0; i < suite_count; i++) {
		if (strcmp(suites[i].name, name) == 0) {
			srunner_add_suite(runner, suites[i].create());
			return;
		}
	}
	fprintf(stderr, "there is no suite \"%s\"; there are:", name);
	for (size_t i = 0; i < suite_count; i++)
		fprintf(stderr, " %s", suites[i].name);
	fputc('\n', stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	SRunner    *runner = srunner_create(NULL);
	int			failed;

	for (int i = 1; i < argc; i++)
		add_suite(runner, argv[i]);
	for (size_t i = 0; argc == 1 && i < suite_count; i++)
		if (!is_named_only(suites[i].name))
			add_suite(runner, suites[i].name);
	/* Check ends the whole run where a failed test has more to say than this; they show what a program has written. */
	setenv("CK_MAX_MSG_SIZE", "1000000", 0);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
