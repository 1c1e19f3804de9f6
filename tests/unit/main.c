/*
 * Runs the unit suites. Check's environment variables choose among them: CK_RUN_SUITE=gen_split, CK_FORK=no.
 */
#include <stdlib.h>

#include "base/report.h"
#include "unit/suites.h"

/* In the order of the rooms, from the bottom. */
static Suite *(*const suites[]) (void) = {
	backoff_suite, did_you_mean_suite, mask_suite, printable_suite, progress_suite, sha256_suite, table_suite,
	text_suite,
	destructive_suite, drops_suite, release_suite, sql_lexer_suite, statement_list_suite, steps_suite,
	connect_hint_suite, copy_out_suite, lock_mode_suite, lock_watch_suite,
	acl_suite, array_suite, carry_suite, compare_suite, diagram_suite, fact_suite, forbidden_by_rows_suite,
	leftovers_suite, live_text_suite, missing_suite, normal_suite, predict_suite, repair_plan_suite, repair_sql_suite,
	unfit_suite,
	batch_estimate_suite,
	batch_suite, loss_forecast_suite, loss_guard_suite,
	effects_suite, lint_pages_suite, lint_suite, lint_text_suite, plan_report_suite,
	options_suite, status_report_suite,
	gen_allow_suite, gen_emit_suite, gen_folder_suite, gen_judge_suite, gen_measure_suite, gen_parts_suite,
	gen_random_sql_suite, gen_ranges_suite, gen_refused_folders_suite, gen_rules_suite, gen_schema_file_suite,
	gen_sections_suite, gen_source_suite, gen_split_suite, gen_successful_runs_suite,
	by_key_suite, probe_suite, probe_lasting_suite, uncertain_suite,
};

int
main(void)
{
	SRunner    *runner = srunner_create(NULL);
	int			failed;

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	(void) report_finish();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
