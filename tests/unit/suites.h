/*
 * suites.h - the unit suites: NAME_suite is in the file tests/unit/ROOM/test_NAME.c. Those of gen/, without
 * gen/measure/, are called gen_NAME.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

/* src/base */
Suite	   *backoff_suite(void);
Suite	   *did_you_mean_suite(void);
Suite	   *mask_suite(void);
Suite	   *printable_suite(void);
Suite	   *progress_suite(void);
Suite	   *sha256_suite(void);
Suite	   *table_suite(void);
Suite	   *text_suite(void);

/* src/history */
Suite	   *destructive_suite(void);
Suite	   *drops_suite(void);
Suite	   *release_suite(void);
Suite	   *sql_lexer_suite(void);
Suite	   *statement_list_suite(void);
Suite	   *steps_suite(void);

/* src/pg */
Suite	   *connect_hint_suite(void);
Suite	   *copy_out_suite(void);
Suite	   *lock_mode_suite(void);
Suite	   *lock_watch_suite(void);

/* src/schema */
Suite	   *acl_suite(void);
Suite	   *array_suite(void);
Suite	   *carry_suite(void);
Suite	   *compare_suite(void);
Suite	   *diagram_suite(void);
Suite	   *fact_suite(void);
Suite	   *forbidden_by_rows_suite(void);
Suite	   *leftovers_suite(void);
Suite	   *live_text_suite(void);
Suite	   *missing_suite(void);
Suite	   *normal_suite(void);
Suite	   *predict_suite(void);
Suite	   *repair_plan_suite(void);
Suite	   *repair_sql_suite(void);
Suite	   *unfit_suite(void);

/* src/record */
Suite	   *batch_estimate_suite(void);

/* src/migrate */
Suite	   *batch_suite(void);
Suite	   *loss_forecast_suite(void);
Suite	   *loss_guard_suite(void);

/* src/plan */
Suite	   *effects_suite(void);
Suite	   *lint_pages_suite(void);
Suite	   *lint_suite(void);
Suite	   *lint_text_suite(void);
Suite	   *plan_report_suite(void);

/* src/cli */
Suite	   *options_suite(void);
Suite	   *status_report_suite(void);

/* gen */
Suite	   *gen_allow_suite(void);
Suite	   *gen_emit_suite(void);
Suite	   *gen_folder_suite(void);
Suite	   *gen_judge_suite(void);
Suite	   *gen_measure_suite(void);
Suite	   *gen_parts_suite(void);
Suite	   *gen_random_sql_suite(void);
Suite	   *gen_ranges_suite(void);
Suite	   *gen_refused_folders_suite(void);
Suite	   *gen_rules_suite(void);
Suite	   *gen_schema_file_suite(void);
Suite	   *gen_sections_suite(void);
Suite	   *gen_source_suite(void);
Suite	   *gen_split_suite(void);
Suite	   *gen_successful_runs_suite(void);

/* gen/measure */
Suite	   *by_key_suite(void);
Suite	   *probe_suite(void);
Suite	   *probe_lasting_suite(void);
Suite	   *uncertain_suite(void);

#endif
