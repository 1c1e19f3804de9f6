/*
 * suites.h - the unit suites; each is in the file test_NAME.c.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite	   *checksum_suite(void);
Suite	   *copied_suite(void);
Suite	   *diagram_suite(void);
Suite	   *diff_suite(void);
Suite	   *gen_allow_suite(void);
Suite	   *gen_emit_suite(void);
Suite	   *gen_folder_suite(void);
Suite	   *gen_fuzz_suite(void);
Suite	   *gen_ranges_suite(void);
Suite	   *gen_refusals_suite(void);
Suite	   *gen_rules_suite(void);
Suite	   *gen_runs_suite(void);
Suite	   *gen_sections_suite(void);
Suite	   *gen_source_suite(void);
Suite	   *gen_split_suite(void);
Suite	   *gen_words_suite(void);
Suite	   *lint_suite(void);
Suite	   *lint_pages_suite(void);
Suite	   *lock_mode_suite(void);
Suite	   *look_suite(void);
Suite	   *mask_suite(void);
Suite	   *options_suite(void);
Suite	   *pace_suite(void);
Suite	   *plan_steps_suite(void);
Suite	   *position_suite(void);
Suite	   *printable_suite(void);
Suite	   *progress_suite(void);
Suite	   *refusal_suite(void);
Suite	   *retry_suite(void);
Suite	   *risk_suite(void);
Suite	   *guard_suite(void);
Suite	   *settle_suite(void);
Suite	   *similar_suite(void);
Suite	   *sql_list_suite(void);
Suite	   *table_suite(void);
Suite	   *verdict_suite(void);
Suite	   *wrap_suite(void);

#endif
