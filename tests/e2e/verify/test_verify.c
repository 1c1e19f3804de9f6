/*
 * Every difference between a database and the schema of its version is found, and nothing else.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/differences.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/standby.h"
#include "support/tool.h"

#include "base/banned.h"

/* The differences of each of lineage_kinds, in their order. */
enum trait {
	NO_GHOST = 1,
	NO_BPM = 2,
	NO_QUEUE_COLUMNS = 4,
	SETTLED = 8					/* as version 37 */
};

static const unsigned traits[] = {0, NO_GHOST, NO_BPM, NO_BPM | NO_QUEUE_COLUMNS, 0, 0, 0, SETTLED};

/* The range of stamped versions at which a fresh database differs so from the migrated lineage. */
static const struct {
	int			first;
	int			last;
	unsigned	with;			/* of the traits */
	unsigned	without;
	const char *lines;			/* "|": once for each word after it */
}			fresh_differences[] = {
	/* the facts' table of known differences; after a downgrade from 37 they are the same, and so notes */
	{9, 33, 0, 0, "note renamed index archiveuser.idx_archiveuser_orcid_id: ix_archiveuser_orcid_id"},
	{17, 33, 0, 0, "note renamed index diskfile.idx_diskfile_datafile_timestamp: ix_diskfile_datafile_timestamp"},
	{8, 33, 0, 0, "note extra index userprogram.ix_userprogram_|observation_id path filename"},
	{25, 33, 0, 0, "note extra index exportqueue.ix_exportqueue_sortkey"},
	{29, 33, 0, 0, "extra index gmos.ix_gmos_array_name"},
	{32, 33, 0, 0, "note missing index ghost.idx_ghost_exposure_time_|blue red slitv"},
	{27, 33, 0, SETTLED, "missing index header.ix_header_ut_datetime_nulls_last"},
	{0, 33, 0, 0, "note missing constraint exportqueue.exportqueue_filename_inprogress_failed_key"},
	{11, 33, 0, 0, "note missing constraint exportqueue.exportqueue_filename_path_destination_key"},
	{0, 33, 0, 0, "note extra constraint exportqueue.exportqueue_filename_inprogress_failed_destination_key"},
	{0, 33, 0, 0, "note changed column tapefile.size type: bigint -> integer"},
	{0, 33, 0, 0, "note changed column tapefile.data_size type: bigint -> integer"},
	{0, 33, 0, NO_QUEUE_COLUMNS,
	"note extra column exportqueue.|header_fields md5_before_header md5_after_header reject_new"},
	{0, 33, 0, NO_QUEUE_COLUMNS,
	"note extra column ingestqueue.|header_fields md5_before_header md5_after_header reject_new"},
	{33, 33, NO_BPM, 0, "missing label caltype.bpm"},
	{32, 33, 0, SETTLED, "missing label detector_readspeed_setting.|medium standard unknown"},
	/* objects that migrations after the stamp would add */
	{0, 32, 0, 0, "note extra label caltype.processed_bpm"},
	{0, 32, 0, NO_BPM, "note extra label caltype.bpm"},
	{0, 31, 0, 0, "note extra label detector_gain_setting.standard"},
	{30, 31, 0, NO_GHOST, "note extra label ghost_gain_setting.standard"},
	{30, 31, 0, NO_GHOST, "note extra label ghost_read_speed_setting.|medium standard unknown"},
	{30, 31, 0, NO_GHOST, "extra column ghost.|arm want_before_arc"},
	{30, 31, 0, NO_GHOST, "extra column ghost.detector_name_|blue red slitv"},
	{30, 31, 0, NO_GHOST, "extra column ghost.detector_x_bin_|blue red slitv"},
	{30, 31, 0, NO_GHOST, "extra column ghost.detector_y_bin_|blue red slitv"},
	{30, 31, 0, NO_GHOST, "extra column ghost.exposure_time_|blue red slitv"},
	{30, 31, 0, NO_GHOST, "extra column ghost.gain_setting_|blue red slitv"},
	{30, 31, 0, NO_GHOST, "extra column ghost.read_speed_setting_|blue red slitv"},
	{30, 31, 0, NO_GHOST, "extra column ghost.amp_read_area_|blue red slitv"},
	{0, 30, 0, 0, "extra column exportqueue.after"},
	{0, 29, 0, 0, "extra table ghost"},
	{0, 29, 0, 0, "extra type ghost_|gain_setting read_speed_setting resolution"},
	{0, 28, 0, 0, "extra column gmos.array_name"},
	{0, 27, 0, 0, "note extra label obstype.\"BPM\""},
	{0, 27, 0, 0, "note extra label reduction_state.\"PROCESSED_BPM\""},
	{0, 25, 0, 0, "extra column archiveuser.file_permission_admin"},
	{0, 24, 0, 0, "extra column exportqueue.sortkey"},
	{0, 23, 0, 0, "note changed column programpublication.prog_id not null: none -> "},
	{0, 22, 0, 0, "extra table miscfile_|collection collection_users folder plus"},
	/* objects of migrations before the stamp that were never created here */
	{30, 33, NO_GHOST, 0, "missing table ghost"},
	{30, 33, NO_GHOST, 0, "missing type ghost_|gain_setting read_speed_setting resolution"},
	/* migration 32 has other names for its indexes */
	{32, 33, 0, 0, "note renamed index ghost.idx_ghost_arm: ix_ghost_arm"},
};

static const char *const arm_indexes[] = {
	"detector_name", "detector_x_bin", "detector_y_bin", "gain_setting", "read_speed_setting", "amp_read_area"
};
static const char *const arms[] = {"blue", "red", "slitv"};

/* A line, or several that end differently. */
static void
add_lines(struct lines *lines, const char *text)
{
	size_t		length = strcspn(text, "|");
	const char *word = text + length;

	if (!*word)
		lines_add(lines, mem_string(text));
	while (*word) {
		size_t		end = strcspn(++word, " ");

		lines_add(lines, mem_format("%.*s%.*s", (int) length, text, (int) end, word));
		word += end;
	}
}

static void
add_fresh(struct lines *lines, const struct fresh *kind, unsigned trait)
{
	for (size_t i = 0; i < sizeof(fresh_differences) / sizeof(fresh_differences[0]); i++)
		if (kind->version >= fresh_differences[i].first && kind->version <= fresh_differences[i].last
			&& (trait & fresh_differences[i].with) == fresh_differences[i].with
			&& !(trait & fresh_differences[i].without))
			add_lines(lines, fresh_differences[i].lines);
	for (size_t i = 0; kind->version >= 32 && i < sizeof(arm_indexes) / sizeof(arm_indexes[0]); i++)
		for (size_t k = 0; k < sizeof(arms) / sizeof(arms[0]); k++)
			lines_add(lines, mem_format("note renamed index ghost.idx_ghost_%s_%s: ix_ghost_%s_%s", arm_indexes[i],
										arms[k], arm_indexes[i], arms[k]));
	lines_sort(lines);
}

static void
expect(const char *conninfo, int status, const struct lines *expected)
{
	json_t	   *json = json_run(conninfo, "verify", status);

	json_expect_string(json, "status", status ? "different" : "same");
	differences_expect(expected, json);
	json_decref(json);
}

/* Only the order of labels differs between the lineages. */
static void
expect_settled(const char *conninfo)
{
	struct lines lines = {0};
	json_t	   *json;

	tool_must(conninfo, ARGS("upgrade"));
	json = json_run(conninfo, "verify", 0);
	json_expect_string(json, "status", "same");
	json_expect_integer(json, "version", LATEST);
	differences_read(json, &lines);
	for (size_t i = 0; i < lines.count; i++)
		ck_assert_msg(strncmp(lines.items[i], "note order label ", 17) == 0, "%s", lines.items[i]);
	lines_clear(&lines);
	json_decref(json);
}

START_TEST(fresh_lineage)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[_i]);
	struct lines expected = {0};

	ck_assert_int_eq(lineage_kind_count, sizeof(traits) / sizeof(traits[0]));
	add_fresh(&expected, &lineage_kinds[_i], traits[_i]);
	expect(conninfo, 1, &expected);
	expect_settled(conninfo);
	lines_clear(&expected);
	mem_free(conninfo);
}
END_TEST

/* No old script has the objects of migration 15. (Before the first migration apache has no privileges.) */
static const int migrated_versions[] = {1, 14, 15, 25, 33, 34};

START_TEST(migrated_lineage)
{
	int			version = migrated_versions[_i];
	char	   *conninfo = lineage_migrated("fitsdata", version);
	struct lines expected = {0};
	bool		differs = version >= 15 && version < 34;

	if (differs)
		lines_add(&expected, mem_string("missing label caltype.processed_standard"));
	expect(conninfo, differs, &expected);
	expect_settled(conninfo);
	lines_clear(&expected);
	mem_free(conninfo);
}
END_TEST

START_TEST(in_words)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[1]);

	tool_expect(conninfo, ARGS("verify"), 1,
				"different: database fitsdata does not match version 31: \n"
				" differences\n"
				"  note: index idx_archiveuser_orcid_id is named ix_archiveuser_orcid_id; otherwise it is the same\n"
				"  table ghost is missing\n"
				"  type ghost_resolution is missing\n"
				"  index ix_header_ut_datetime_nulls_last is missing: btree (ut_datetime DESC NULLS LAST)\n"
				"  note: column size: type is bigint, should be integer (a downgrade does not change it)\n"
				"  note: column header_fields belongs to a later version; the downgrade does not remove it\n"
				"  note: label processed_bpm belongs to a later version; PostgreSQL cannot drop it\n"
				"  note: constraint exportqueue_filename_path_destination_key is missing; a downgrade from a later version"
				" does not bring it back\n",
				"hint: Run \"fitsdb-schema identify\": the recorded version may be wrong. No SQL is printed.");
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("verify"), 0, "same: database fitsdata matches version 39", NULL);
	tool_expect(conninfo, ARGS("verify", "--quiet"), 0, NULL, NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(with_sql)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[2]);

	tool_expect(conninfo, ARGS("verify"), 1,
				"different: database fitsdata does not match version 33: 6 differences\n"
				"This SQL repairs the differences that can be repaired safely. Run it with psql, but \n"
				"SET lock_timeout = 0;\n"
				"CREATE INDEX CONCURRENTLY ix_header_ut_datetime_nulls_last ON public.header USING btree"
				" (ut_datetime DESC NULLS LAST);",
				"hint: 6 migrations are pending and may remove some differences: see \"fitsdb-schema plan\".");
	mem_free(conninfo);
}
END_TEST

/* Version 37's objects at version 31. */
static const char *const of_37[] = {
	"note changed column tapefile.data_size type: bigint -> integer",
	"note changed column tapefile.size type: bigint -> integer",
	"note extra column exportqueue.|header_fields md5_before_header md5_after_header reject_new",
	"note extra column ingestqueue.|header_fields md5_before_header md5_after_header reject_new",
	"note extra constraint exportqueue.exportqueue_filename_inprogress_failed_destination_key",
	"note extra index exportqueue.ix_exportqueue_sortkey",
	"note extra index userprogram.ix_userprogram_|filename observation_id path",
	"note missing constraint exportqueue.exportqueue_filename_|inprogress_failed_key path_destination_key",
	"note renamed index archiveuser.idx_archiveuser_orcid_id: ix_archiveuser_orcid_id",
	"note renamed index diskfile.idx_diskfile_datafile_timestamp: ix_diskfile_datafile_timestamp",
};

#define UNIQUE_KEY "constraint exportqueue.exportqueue_filename_"
static const char *const unreplaced[][2] = {
	{"note extra " UNIQUE_KEY "inprogress_failed_destination_key", NULL},
	{"note missing " UNIQUE_KEY "inprogress_failed_key", "missing " UNIQUE_KEY "inprogress_failed_key"},
	{"note missing " UNIQUE_KEY "path_destination_key", "missing " UNIQUE_KEY "path_destination_key"},
};

START_TEST(what_a_downgrade_leaves)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines expected = {0};

	tool_must(conninfo, ARGS("downgrade", "31"));
	add_lines(&expected, "note extra label caltype.|bpm processed_bpm");
	add_lines(&expected, "note extra label detector_gain_setting.standard");
	add_lines(&expected, "note extra label detector_readspeed_setting.|medium standard unknown");
	add_lines(&expected, "note extra label ghost_gain_setting.standard");
	add_lines(&expected, "note extra label ghost_read_speed_setting.|medium standard unknown");
	for (size_t i = 0; i < sizeof(of_37) / sizeof(of_37[0]); i++)
		add_lines(&expected, of_37[i]);
	lines_sort(&expected);
	expect(conninfo, 0, &expected);
	/* A label that no version has is a difference, and so is a constraint that nothing replaces. */
	sql_exec(connection, "ALTER TYPE caltype ADD VALUE 'mutant'; ALTER TABLE exportqueue"
			 " DROP CONSTRAINT exportqueue_filename_inprogress_failed_destination_key");
	lines_add(&expected, mem_string("extra label caltype.mutant"));
	lines_sort(&expected);
	for (size_t i = 0; i < sizeof(unreplaced) / sizeof(unreplaced[0]); i++)
		lines_swap(&expected, unreplaced[i][0], unreplaced[i][1]);
	expect(conninfo, 1, &expected);
	lines_clear(&expected);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Changes by hand, as postgres. */
START_TEST(changes_by_hand)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);

	server_execute("fitsdata", "ALTER TABLE ghost OWNER TO postgres; REVOKE DELETE ON diskfile FROM apache;"
				   " REVOKE ALL ON header FROM apache; CREATE ROLE reader; GRANT SELECT ON header TO reader;"
				   " CREATE VIEW \"Recent Files\" AS SELECT * FROM diskfile;"
				   " CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
				   " CREATE TRIGGER note_it AFTER INSERT ON diskfile EXECUTE PROCEDURE note_it();"
				   " CREATE SCHEMA elsewhere CREATE TABLE kept (); CREATE TABLE migrate_version_old ()");
	tool_expect(conninfo, ARGS("verify"), 1, ": 8 differences\n"
				"  note: role reader has privileges on 1 object; no version grants privileges to this role\n"
				"  table ghost: owner is postgres, should be fitsdata\n"
				"  apache lacks delete\n"
				"  apache lacks delete, insert, \n"
				"  view \"Recent Files\" is not part of version 39\n"
				"  function note_it() is not part of version 39\n"
				"  trigger note_it is not part of version 39: AFTER INSERT ON public.diskfile FOR EACH STATEMENT \n"
				"  table migrate_version_old is not part of version 39\n"
				"  schema elsewhere is not part of version 39\n"
				"ALTER TABLE public.ghost OWNER TO fitsdata;\n"
				"GRANT DELETE, INSERT, ", "");
	server_execute("fitsdata", "DROP OWNED BY reader; DROP ROLE reader");
	mem_free(conninfo);
}
END_TEST

START_TEST(half_way)
{
	char	   *conninfo = lineage_migrated("fitsdata", 33);
	PGconn	   *blocker = block_begin(conninfo, "ALTER TYPE caltype RENAME VALUE 'bpm' TO 'mutant'");

	tool_expect(conninfo, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "lock timeout");
	sql_exec(blocker, "ROLLBACK; BEGIN");
	block_end(blocker);
	tool_expect(conninfo, ARGS("verify"), 1, "label processed_standard is missing",
				"hint: Migration 34 is incomplete. To finish it, run \"fitsdb-schema upgrade 34\"; to revert it, run"
				" \"fitsdb-schema downgrade 33\".");
	tool_expect(conninfo, ARGS("upgrade"), 0, "", "resumes after statement");
	expect_settled(conninfo);
	mem_free(conninfo);
}
END_TEST

START_TEST(nothing_to_compare_with)
{
	char	   *base = lineage_base("fitsdata");
	char	   *conninfo;
	PGconn	   *connection;

	tool_expect(base, ARGS("verify"), 3, NULL, "not under version control\n"
				"hint: If it has the schema of a version, run \"fitsdb-schema identify\" to find the version");
	mem_free(base);
	conninfo = lineage_current("fitsdata", LATEST);
	connection = sql_connect(conninfo);
	sql_exec(connection, "UPDATE migrate_version SET version = 99");
	tool_expect(conninfo, ARGS("verify"), 3, NULL,
				"error: database \"fitsdata\" is ahead: it is at version 99, this build has 39\n"
				"hint: Use the newer build. If ");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* For monitoring plugins: one line, whatever happens. */
START_TEST(in_one_line)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("fitsdata", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
	tool_expect(conninfo, ARGS("verify", "--short"), 0,
				"VERIFY OK - database fitsdata matches version 39 | differences=0 notes=0 uncompared=0", "");
	server_execute("fitsdata", "CREATE SCHEMA retired CREATE TABLE old ();"
				   " ALTER DATABASE fitsdata SET work_mem = '8MB'");
	tool_expect(conninfo, ARGS("verify", "--short"), 0, " | differences=0 notes=1 uncompared=1", "");
	server_execute("fitsdata", "CREATE TABLE mutant (id integer)");
	tool_expect(conninfo, ARGS("verify", "--short", "--json"), 3, NULL, "error: --short and --json cannot be combined");
	tool_expect(conninfo, ARGS("verify", "--short"), 1, "VERIFY DIFFERENT - database fitsdata does not match version"
				" 39: 1 difference: mutant: table mutant is not part of version 39 | differences=1 notes=1 uncompared=1",
				"");
	sql_exec(connection, "UPDATE migrate_version SET version = 99");
	tool_expect(conninfo, ARGS("verify", "--short"), 3, "VERIFY UNKNOWN - database \"fitsdata\" is ahead", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* With a version, any database can be compared. */
START_TEST(with_another_version)
{
	char	   *conninfo = lineage_current("fitsdata", 18);

	tool_expect(conninfo, ARGS("verify", "18"), 0, "same: database fitsdata matches version 18", "");
	tool_expect(conninfo, ARGS("verify", "19"), 1, "different: database fitsdata does not match version 19: ",
				"hint: ");
	tool_expect(conninfo, ARGS("verify", "99"), 3, "", "99");
	server_execute("fitsdata", "DROP SCHEMA fitsdb_schema CASCADE; DROP TABLE migrate_version");
	tool_expect(conninfo, ARGS("verify", "18"), 0, "same: database fitsdata matches version 18", "");
	tool_expect(conninfo, ARGS("verify"), 3, "", "not under version control");
	mem_free(conninfo);
}
END_TEST

/* A role needs no privilege but SELECT on the version's table; the server may not accept writes. */
START_TEST(by_any_role)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	char	   *guest = server_conninfo(server_main(), "guest", "fitsdata");

	server_execute("fitsdata", "CREATE ROLE guest LOGIN; GRANT SELECT ON migrate_version TO guest;"
				   " ALTER ROLE guest SET default_transaction_read_only = on");
	tool_expect(guest, ARGS("verify"), 0, "same: database fitsdata matches version 39", "");
	server_execute("fitsdata", "DROP OWNED BY guest; DROP ROLE guest");
	mem_free(guest);
	mem_free(conninfo);
}
END_TEST

/* Nothing is written, so a standby will do. */
START_TEST(on_a_standby)
{
	const struct server *primary = standby_primary();
	char	   *owner = server_conninfo(primary, "fitsdata", "fitsdata");
	PGconn	   *connection = server_superuser(primary, "postgres");
	char	   *here;

	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	tool_must(owner, ARGS("init"));
	here = server_conninfo(standby_start(primary), "fitsdata", "fitsdata");
	tool_expect(here, ARGS("verify"), 0, "same: database fitsdata matches version 39", "");
	tool_expect(here, ARGS("identify"), 0, "matches version 39", "");
	PQfinish(connection);
	mem_free(here);
	mem_free(owner);
}
END_TEST

Suite *
verify_suite(void)
{
	Suite	   *suite = suite_create("verify");
	TCase	   *tcase = tcase_create("verify");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, fresh_lineage, 0, lineage_kind_count);
	tcase_add_loop_test(tcase, migrated_lineage, 0, sizeof(migrated_versions) / sizeof(migrated_versions[0]));
	tcase_add_test(tcase, in_words);
	tcase_add_test(tcase, with_sql);
	tcase_add_test(tcase, what_a_downgrade_leaves);
	tcase_add_test(tcase, changes_by_hand);
	tcase_add_test(tcase, half_way);
	tcase_add_test(tcase, nothing_to_compare_with);
	tcase_add_test(tcase, in_one_line);
	tcase_add_test(tcase, with_another_version);
	tcase_add_test(tcase, by_any_role);
	tcase_add_test(tcase, on_a_standby);
	suite_add_tcase(suite, tcase);
	return suite;
}
