/*
 * Runs the unit suites. Check's environment variables choose among them: CK_RUN_SUITE=gen_split, CK_FORK=no.
 */
#include <stdlib.h>

#include "base/report.h"
#include "suites.h"

int
main(void)
{
	SRunner    *runner = srunner_create(NULL);
	int			failed;

	srunner_add_suite(runner, checksum_suite());
	srunner_add_suite(runner, copied_suite());
	srunner_add_suite(runner, diagram_suite());
	srunner_add_suite(runner, diff_suite());
	srunner_add_suite(runner, gen_allow_suite());
	srunner_add_suite(runner, gen_emit_suite());
	srunner_add_suite(runner, gen_folder_suite());
	srunner_add_suite(runner, gen_fuzz_suite());
	srunner_add_suite(runner, gen_ranges_suite());
	srunner_add_suite(runner, gen_refusals_suite());
	srunner_add_suite(runner, gen_rules_suite());
	srunner_add_suite(runner, gen_runs_suite());
	srunner_add_suite(runner, gen_sections_suite());
	srunner_add_suite(runner, gen_source_suite());
	srunner_add_suite(runner, gen_split_suite());
	srunner_add_suite(runner, gen_words_suite());
	srunner_add_suite(runner, lint_suite());
	srunner_add_suite(runner, lint_pages_suite());
	srunner_add_suite(runner, lock_mode_suite());
	srunner_add_suite(runner, look_suite());
	srunner_add_suite(runner, mask_suite());
	srunner_add_suite(runner, options_suite());
	srunner_add_suite(runner, pace_suite());
	srunner_add_suite(runner, plan_steps_suite());
	srunner_add_suite(runner, position_suite());
	srunner_add_suite(runner, printable_suite());
	srunner_add_suite(runner, progress_suite());
	srunner_add_suite(runner, refusal_suite());
	srunner_add_suite(runner, retry_suite());
	srunner_add_suite(runner, risk_suite());
	srunner_add_suite(runner, guard_suite());
	srunner_add_suite(runner, settle_suite());
	srunner_add_suite(runner, similar_suite());
	srunner_add_suite(runner, sql_list_suite());
	srunner_add_suite(runner, table_suite());
	srunner_add_suite(runner, verdict_suite());
	srunner_add_suite(runner, wrap_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	(void) report_finish();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
