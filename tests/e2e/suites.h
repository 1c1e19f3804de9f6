/*
 * suites.h - the end-to-end suites; each drives the built executable against throwaway servers.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite	   *support_suite(void);	/* the tests' own tools: do they notice what they should? */
Suite	   *schema_suite(void);		/* the schema at each version, with rows in it */
Suite	   *adopt_suite(void);		/* databases from the field, of both lineages */
Suite	   *usage_suite(void);		/* the command line */
Suite	   *terminal_suite(void);	/* results on a terminal, of whatever width */
Suite	   *manual_suite(void);		/* the manual page, against the command line */
Suite	   *commands_suite(void);	/* what each command says and returns */
Suite	   *plan_suite(void);		/* what an upgrade would do, before it does it */
Suite	   *lint_suite(void);		/* the rules that migrations are judged by */
Suite	   *locks_suite(void);		/* waiting for locks, for other runs, until a signal comes */
Suite	   *waits_suite(void);
Suite	   *crowd_suite(void);		/* many runs at once */
Suite	   *apply_suite(void);		/* kills, lost connections, failures */
Suite	   *commit_suite(void);		/* the commit that goes along with the next statements */
Suite	   *prepared_suite(void);	/* what is prepared for the session, and scripts that undo that */
Suite	   *half_way_suite(void);	/* what stopped half-way is finished, undone or redone */
Suite	   *batch_suite(void);		/* statements that are run in ranges of keys */
Suite	   *batch_stops_suite(void);	/* and what stops them */
Suite	   *backfill_suite(void);	/* what migrations 38 and 39 fill in */
Suite	   *old_build_suite(void);	/* what a newer build has done is taken back */
Suite	   *loss_suite(void);		/* what would be destroyed is said and asked */
Suite	   *consent_suite(void);	/* what would be destroyed unasked is rolled back */
Suite	   *roles_suite(void);		/* owners, grants, session settings */
Suite	   *settings_suite(void);	/* what the database or the role sets for every session */
Suite	   *handover_suite(void);	/* what earlier scripts have left to a superuser */
Suite	   *privileges_suite(void);	/* what a role must be allowed to, and what must not be */
Suite	   *oddities_suite(void);	/* databases that hold what they should not */
Suite	   *pooler_suite(void);	/* behind PgBouncer */
Suite	   *standby_suite(void);	/* on a hot standby */
Suite	   *load_suite(void);		/* an archive at full speed */
Suite	   *hijack_suite(void);	/* what other roles have put in the way */
Suite	   *network_suite(void);	/* TLS, an empty root directory */
Suite	   *conninfo_suite(void);	/* wrong connection strings, with passwords in them */
Suite	   *memory_suite(void);		/* an allocation that fails, any of them */
Suite	   *exhaustion_suite(void); /* a full disk */
Suite	   *outage_suite(void);		/* a server that lets nobody in */
Suite	   *streams_suite(void);	/* nobody reads what is written */
Suite	   *secrets_suite(void);	/* passwords, which nothing ever prints */
Suite	   *foreign_suite(void);	/* names and texts from outside that would deceive who reads them */
Suite	   *signals_suite(void);	/* signals and kills, whatever it is waiting for */
Suite	   *binary_suite(void);	/* the file itself, and how make keeps it up to date */
Suite	   *faults_init_suite(void);	/* faults at every message, of four commands */
Suite	   *faults_upgrade_suite(void);
Suite	   *faults_downgrade_suite(void);
Suite	   *faults_rows_suite(void);
Suite	   *garble_suite(void);	/* answers that are not what they should be */
Suite	   *verify_suite(void);	/* databases that are not as their version should be */
Suite	   *shadow_suite(void);		/* the scratch database that those build */
Suite	   *identify_suite(void);	/* databases of which nobody knows the version */
Suite	   *diagram_suite(void);	/* the schema as a picture */
Suite	   *mutations_suite(void);	/* one thing that is changed by chance */
Suite	   *dbmate_suite(void);		/* the folder under dbmate */

#endif
