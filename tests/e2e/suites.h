/*
 * suites.h - the end-to-end suites; each drives the built executable against throwaway servers.
 *
 * NAME_suite is in the file tests/e2e/SUBJECT/test_NAME.c.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

/* the tests' own tools, in tests/support/test_support.c */
Suite	   *support_suite(void);	/* the comparisons notice differences */

/* adopt: databases from the field */
Suite	   *schema_versions_suite(void);	/* each version has the schema of the facts, and rows survive */
Suite	   *down_parts_suite(void);	/* the statements of a down do the same in parts, one for each object */
Suite	   *existing_databases_suite(void);	/* databases of both lineages are upgraded */
Suite	   *way_back_suite(void);		/* a downgrade keeps what was there before the upgrade */
Suite	   *backfill_suite(void);			/* migrations 38 and 39 fill in the right values */
Suite	   *dbmate_suite(void);				/* dbmate runs the same migrations */
Suite	   *missing_early_suite(void);		/* any one object is missing: at versions 0 to 20 */
Suite	   *missing_middle_suite(void);		/* 21 to 31 */
Suite	   *missing_late_suite(void);		/* 32 to the last but one */
Suite	   *missing_latest_suite(void);		/* and at the latest */
Suite	   *random_databases_suite(void);	/* objects are missing and extra at random, and the stamp is wrong */
Suite	   *lineages_suite(void);			/* databases of the data models of 58 days */
Suite	   *restores_suite(void);			/* dumps without the queues, of the data alone, as another role */

/* history_2026: from the schema of 2023-01 to the archive's software of 2026-08 */
Suite	   *data_rules_suite(void);			/* data are changed by the rules, and come back */
Suite	   *release_databases_suite(void);	/* databases that releases of the software have made */
Suite	   *grants_2026_suite(void);		/* who may do what */

/* commands: the command line and its output */
Suite	   *command_line_suite(void);		/* options and arguments are checked */
Suite	   *manual_page_suite(void);		/* the manual page and the program agree */
Suite	   *output_and_status_suite(void);	/* output and exit status of each command */
Suite	   *releases_suite(void);			/* releases of the software, and the versions that they run on */
Suite	   *terminal_output_suite(void);	/* output fits the terminal */
Suite	   *lost_output_suite(void);		/* output that cannot be written is an error */
Suite	   *executable_suite(void);			/* the file is static and small */

/* recovery: interrupted runs; a rerun succeeds */
Suite	   *interrupted_upgrade_suite(void);	/* kills, lost connections, failed statements */
Suite	   *deferred_commit_suite(void);	/* the COMMIT that is sent with the next migration */
Suite	   *prepared_statements_suite(void);	/* scripts that deallocate prepared statements */
Suite	   *incomplete_suite(void);			/* incomplete migrations are finished or reverted */
Suite	   *batches_suite(void);			/* each row of a batched statement is changed once */
Suite	   *interrupted_batches_suite(void);	/* a batched statement goes on after the last batch */
Suite	   *old_build_suite(void);			/* an old build reverts the migrations of a newer one */
Suite	   *old_build_archive_suite(void);	/* the same with the archive's own migrations */
Suite	   *signals_suite(void);			/* signals cancel the statement on the server */
Suite	   *disk_full_suite(void);			/* the server has no space left */
Suite	   *out_of_memory_suite(void);		/* an allocation fails */
Suite	   *faults_init_suite(void);		/* a fault at each message of init */
Suite	   *faults_upgrade_suite(void);		/* of upgrade */
Suite	   *faults_downgrade_suite(void);	/* of downgrade */
Suite	   *faults_rows_suite(void);		/* of an upgrade with rows */
Suite	   *faults_repair_suite(void);		/* of a repair */
Suite	   *faults_upgrade_2026_suite(void);	/* of an upgrade from version 39 */
Suite	   *faults_downgrade_2026_suite(void);	/* and back to it */
Suite	   *protocol_garbage_suite(void);	/* wrong answers from the server */

/* safety: data, privileges and code of other roles */
Suite	   *data_loss_suite(void);			/* data loss is listed, and needs consent */
Suite	   *consent_suite(void);			/* each form of data loss is found */
Suite	   *late_losses_suite(void);		/* what a step destroys has changed since it was counted */
Suite	   *loss_guard_suite(void);			/* a transaction that destroys more than was listed is rolled back */
Suite	   *roles_suite(void);				/* migrations run as the owner */
Suite	   *ownership_transfer_suite(void);	/* objects of superusers are given to the owner */
Suite	   *ownership_kinds_suite(void);	/* so are functions, views and all other kinds */
Suite	   *privileges_suite(void);			/* missing privileges are reported before any change */
Suite	   *corrupt_state_suite(void);		/* invalid version tables and schemas are refused */
Suite	   *corrupt_record_suite(void);		/* changed records are refused */
Suite	   *schema_check_suite(void);		/* missing objects prevent an upgrade, and are found after it */
Suite	   *obstacles_suite(void);		/* what else prevents an upgrade is told, with what helps */
Suite	   *restored_data_suite(void);		/* data restored from a dump */
Suite	   *hijack_suite(void);				/* objects planted by other roles are not run */
Suite	   *deceptive_text_suite(void);		/* names and messages from the database forge no output */
Suite	   *secrets_suite(void);			/* no password is printed */

/* concurrency: locks and concurrent runs */
Suite	   *advisory_lock_suite(void);		/* one run at a time: others wait, and messages name the holder */
Suite	   *lock_waits_suite(void);			/* locks are waited for, and the blocker is named */
Suite	   *wait_limits_suite(void);		/* every wait has a limit */
Suite	   *concurrent_runs_suite(void);	/* concurrent upgrades run each migration once */
Suite	   *load_suite(void);				/* an upgrade under full load delays no query for long */

/* verify: the schema is compared */
Suite	   *verify_suite(void);				/* every difference is found, and nothing else */
Suite	   *verify_advice_suite(void);		/* what it advises is right */
Suite	   *repair_suite(void);				/* what is missing is added */
Suite	   *repair_left_suite(void);			/* what a person must do is named, with what waits for it */
Suite	   *repair_upgrade_suite(void);		/* then the upgrade ends complete */
Suite	   *mutations_suite(void);			/* random changes are found */
Suite	   *difference_suite(void);			/* migrations that are written from a database */
Suite	   *difference_texts_suite(void);	/* and the texts of their files */
Suite	   *every_kind_suite(void);			/* the facts of every kind of object are the same on all servers */
Suite	   *drift_forms_suite(void);		/* each form of DDL changes the facts that it should, and no others */
Suite	   *identify_suite(void);			/* the version of a schema is found */
Suite	   *diagram_suite(void);			/* the schema as a picture */

/* plan: what an upgrade would do */
Suite	   *plan_suite(void);
Suite	   *plan_prediction_suite(void);				/* predicted locks, sizes and failures */

/* servers: connections and servers */
Suite	   *settings_suite(void);			/* settings of the database and the role have no effect */
Suite	   *pooler_suite(void);				/* PgBouncer */
Suite	   *standby_suite(void);			/* a hot standby */
Suite	   *unavailable_server_suite(void);	/* a server that accepts no connection */
Suite	   *network_suite(void);			/* TLS, password files, an empty root directory */
Suite	   *conninfo_suite(void);			/* wrong connection strings */

#endif
