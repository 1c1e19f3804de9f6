/*
 * Runs the end-to-end suites that the command line names; without arguments all but those that take minutes.
 *
 * Suites about the migrations run the build, with all of its migrations: they take the latest version and its schema
 * from the build. Suites about the program run versions 0 to 39 (tool_use_archive): so they may name versions and
 * objects, and a new migration changes none of them.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "e2e/suites.h"
#include "support/server.h"
#include "support/tool.h"

#include "base/banned.h"

static const struct {
	const char *name;
	Suite	   *(*create) (void);
}			suites[] = {
	{"support", support_suite},
	{"schema_versions", schema_versions_suite},
	{"down_parts", down_parts_suite},
	{"existing_databases", existing_databases_suite},
	{"way_back", way_back_suite},
	{"backfill", backfill_suite},
	{"dbmate", dbmate_suite},
	{"missing_early", missing_early_suite},
	{"missing_middle", missing_middle_suite},
	{"missing_late", missing_late_suite},
	{"missing_latest", missing_latest_suite},
	{"random_databases", random_databases_suite},
	{"lineages", lineages_suite},
	{"restores", restores_suite},
	{"data_rules", data_rules_suite},
	{"release_databases", release_databases_suite},
	{"grants_2026", grants_2026_suite},
	{"command_line", command_line_suite},
	{"manual_page", manual_page_suite},
	{"output_and_status", output_and_status_suite},
	{"releases", releases_suite},
	{"terminal_output", terminal_output_suite},
	{"lost_output", lost_output_suite},
	{"executable", executable_suite},
	{"interrupted_upgrade", interrupted_upgrade_suite},
	{"deferred_commit", deferred_commit_suite},
	{"prepared_statements", prepared_statements_suite},
	{"incomplete", incomplete_suite},
	{"batches", batches_suite},
	{"interrupted_batches", interrupted_batches_suite},
	{"old_build", old_build_suite},
	{"old_build_archive", old_build_archive_suite},
	{"signals", signals_suite},
	{"disk_full", disk_full_suite},
	{"out_of_memory", out_of_memory_suite},
	{"faults_init", faults_init_suite},
	{"faults_upgrade", faults_upgrade_suite},
	{"faults_downgrade", faults_downgrade_suite},
	{"faults_rows", faults_rows_suite},
	{"faults_repair", faults_repair_suite},
	{"faults_upgrade_2026", faults_upgrade_2026_suite},
	{"faults_downgrade_2026", faults_downgrade_2026_suite},
	{"protocol_garbage", protocol_garbage_suite},
	{"data_loss", data_loss_suite},
	{"consent", consent_suite},
	{"late_losses", late_losses_suite},
	{"loss_guard", loss_guard_suite},
	{"roles", roles_suite},
	{"ownership_transfer", ownership_transfer_suite},
	{"ownership_kinds", ownership_kinds_suite},
	{"privileges", privileges_suite},
	{"corrupt_state", corrupt_state_suite},
	{"corrupt_record", corrupt_record_suite},
	{"restored_data", restored_data_suite},
	{"schema_check", schema_check_suite},
	{"obstacles", obstacles_suite},
	{"hijack", hijack_suite},
	{"deceptive_text", deceptive_text_suite},
	{"secrets", secrets_suite},
	{"advisory_lock", advisory_lock_suite},
	{"lock_waits", lock_waits_suite},
	{"wait_limits", wait_limits_suite},
	{"concurrent_runs", concurrent_runs_suite},
	{"load", load_suite},
	{"verify", verify_suite},
	{"verify_advice", verify_advice_suite},
	{"repair", repair_suite},
	{"repair_left", repair_left_suite},
	{"repair_upgrade", repair_upgrade_suite},
	{"mutations", mutations_suite},
	{"difference", difference_suite},
	{"difference_texts", difference_texts_suite},
	{"every_kind", every_kind_suite},
	{"drift_forms", drift_forms_suite},
	{"identify", identify_suite},
	{"diagram", diagram_suite},
	{"plan", plan_suite},
	{"plan_prediction", plan_prediction_suite},
	{"settings", settings_suite},
	{"pooler", pooler_suite},
	{"standby", standby_suite},
	{"unavailable_server", unavailable_server_suite},
	{"network", network_suite},
	{"conninfo", conninfo_suite},
};

static const size_t suite_count = sizeof(suites) / sizeof(suites[0]);

static const char *const named_only[] = {"load", NULL};

/* These run the build itself. */
static const char *const of_migrations[] = {
	"support", "schema_versions", "down_parts", "existing_databases", "missing_early", "missing_middle", "missing_late",
	"missing_latest", "random_databases", "lineages", "restores", "data_rules", "release_databases", "grants_2026",
	"difference", "difference_texts", "executable", "faults_init", "faults_upgrade_2026", "faults_downgrade_2026", NULL
};

static bool
is_listed(const char *const *names, const char *name)
{
	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Each suite has a runner of its own. Returns the number of tests that failed. */
static int
run(size_t number)
{
	SRunner    *runner;
	int			failed;

	tool_use_archive(!is_listed(of_migrations, suites[number].name));
	runner = srunner_create(suites[number].create());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed;
}

static int
run_named(const char *name)
{
	for (size_t i = 0; i < suite_count; i++)
		if (strcmp(suites[i].name, name) == 0)
			return run(i);
	fprintf(stderr, "there is no suite \"%s\"; there are:", name);
	for (size_t i = 0; i < suite_count; i++)
		fprintf(stderr, " %s", suites[i].name);
	fputc('\n', stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	int			failed = 0;

	/* Check ends the whole run if a failure message is longer than this; ours quote the output of a program. */
	setenv("CK_MAX_MSG_SIZE", "1000000", 0);
	for (int i = 1; i < argc; i++)
		failed += run_named(argv[i]);
	for (size_t i = 0; argc == 1 && i < suite_count; i++)
		if (!is_listed(named_only, suites[i].name))
			failed += run(i);
	return failed > 0;
}
