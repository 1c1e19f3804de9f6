/*
 * Migrations 40 to 66 change data by rules, and a downgrade to 39 brings the rows back. The expected values are written
 * by hand from the rules.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define OLD_ROWS "tests/e2e/history_2026/old_rows.sql"
#define NEVER "9999-12-31 23:59:59.999999"

static char *conninfo;
static PGconn *connection;

static void
begin_old(void)
{
	char	   *rows = sql_file(OLD_ROWS);

	conninfo = lineage_current("rules", 39);
	connection = sql_connect(conninfo);
	sql_exec(connection, rows);
	mem_free(rows);
}

static void
begin(void)
{
	begin_old();
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* A rule: a query, and its lines at the latest version. */
static const struct {
	const char *query;
	const char *lines;
}			rules[] = {
	/* accounts keep all that they have */
	{"SELECT id, username, password, cookie, gemini_staff FROM users ORDER BY id", "7|u|pw|ck|t\n8|v|||f\n"},
	{"SELECT user_id, program_id FROM userprogram", "7|GN-1\n"},
	/*
	 * An entry that has not failed has the latest time. A failed one has that of the failure, or of the newest error,
	 * or of its being added; the texts of its errors, the oldest first, in paragraphs.
	 */
	{"SELECT id, inprogress, fail_dt, after, coalesce(error, '-') FROM exportqueue WHERE id < 5 ORDER BY id",
		"1|f|" NEVER "|2020-01-02 00:00:00|-\n"
		"2|f|2020-02-02 00:00:00|2020-01-01 00:00:00|exp\n"
		"3|f|2020-03-04 00:00:00|2020-01-01 00:00:00|first\n\nsecond\n"
	"4|f|2020-01-05 00:00:00|2020-01-05 00:00:00|-\n"},
	/* without any time it is the local time, and the present UTC; of two that are the same now the newest stays */
	{"SELECT id, fail_dt < '9999-01-01', fail_dt - localtimestamp BETWEEN '-1h' AND '1h',"
		" after - (now() AT TIME ZONE 'UTC') BETWEEN '-1h' AND '1h', error IS NULL FROM exportqueue WHERE id > 4"
		" ORDER BY id",
	"5|t|t|t|t\n7|f|f|t|t\n8|f|f|f|t\n"},
	{"SELECT id, sortkey FROM exportqueue ORDER BY id",
		"1|zz202007010001\n2|az202007010002\n3|az202007010003\n4|ay20200701004a\n5|ax20200701GN-2020A-Q-1\n"
	"7|aaaaamisc.tar\n8|aaaaagS20210102X99_bias.fits\n"},
	{"SELECT header_update, md5_before_header_update, md5_after_header_update, added FROM exportqueue WHERE id = 1",
	"{\"a\":1}|m1|m2|2020-01-01 00:00:00\n"},
	/* no path is the root */
	{"SELECT id, path, inprogress, fail_dt, sortkey, coalesce(error, '-') FROM ingestqueue ORDER BY id",
		"1||f|2020-05-05 00:00:00|z202007010001|ing\n2||f|" NEVER "|z202007010002|-\n"
	"3|a|f|" NEVER "|z202007010003|-\n5||f|" NEVER "|z202007010004|-\n"},
	{"SELECT count(*) FROM ingestqueue WHERE after IS NULL", "0\n"},
	{"SELECT id, inprogress, fail_dt, added, sortkey, filename, coalesce(error, '-') FROM calcachequeue ORDER BY id",
		"2|f|" NEVER "|2020-01-02 00:00:00|z202007010001|N20200701S0001.fits|-\n"
		"3|f|2020-06-06 00:00:00|2020-01-03 00:00:00|z202007010002|N20200701S0002.fits|cal\n"
	"4|f|2020-01-04 00:00:00|2020-01-04 00:00:00|z202007010003|N20200701S0003.fits|-\n"},
	/* the errors of previews were saved without a name */
	{"SELECT id, filename, inprogress, fail_dt = '" NEVER "', sortkey, error IS NULL FROM previewqueue ORDER BY id",
	"1|N20200701S0001.fits|f|t|z202007010001|t\n2|N20200701S0002.fits|f|f|z202007010002|t\n"},
	{"SELECT count(*) FROM retired.queue_error", "9\n"},
	{"SELECT count(*) FROM retired.target_presence", "2\n"},
	{"SELECT p.filename, p.added_by, h.primitive, h.args FROM provenance p, history h", "a|pr|ph|ar\n"},
	{"SELECT id, succeeded FROM tapewrite ORDER BY id", "1|t\n2|f\n"},
	/* bpm and spectwilight have gone from the cache; two types have new names */
	{"SELECT id, caltype FROM calcache ORDER BY id", "3|telluric\n4|pinhole\n5|processed_bpm\n"},
	/* GHOST: the value of the arm, or the plain one, if the arm is named; otherwise a row for each arm that is known */
	{"SELECT header_id, arm, detector_name, detector_x_bin, exposure_time, gain_setting, read_speed_setting"
		" FROM ghost ORDER BY header_id, arm",
		"10|red|rdet|2|5.5000|low|slow\n11|blue|bdet||7.0000||medium\n11|red|rdet||||slow\n12|red|rdet||||\n"
		"13|blue|plain||||fast\n13|red|plain||||fast\n13|slitv|plain||||fast\n14|slitv|||||\n15|blue|b||||slow\n"
	"15|red|r||||fast\n"},
	{"SELECT DISTINCT header_id, focal_plane_mask, prepared, overscan_trimmed, want_before_arc FROM ghost ORDER BY 1",
	"10|SR|t||f\n11|HR||t|\n12||||\n13|HR|||\n14||||\n15||||\n"},
	{"SELECT bool_and(id > 20) FROM ghost", "t\n"},
	{"SELECT count(*), max(disperser), max(amp_read_area) FROM retired.ghost", "6|D|A\n"},
	/* no mode is Raw; the speeds of two arms, if both are known; unknown is none */
	{"SELECT id, processing, detector_readspeed_setting, exposure_time FROM header ORDER BY id",
		"1|Science-Quality||12.345600\n2|Quick-Look|slow|9999.999900\n3|Quality-Assessment|standard|\n"
		"4|Raw|None|0.000000\n5|Raw|fast|1.000000\n6|Raw|medium|2.000000\n10|Raw||3.000000\n"
		"11|Raw|red:slow,blue:medium|3.000000\n12|Raw||3.000000\n13|Raw||3.000000\n14|Raw||3.000000\n"
	"15|Raw|red:fast,blue:slow|3.000000\n"},
	{"SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum"
		" WHERE enumtypid = 'public.procmode'::regtype",
	"Failed Raw Quick-Look Science-Quality Quality-Assessment\n"},
	{"SELECT count(numpix), count(processing_tag) FROM header", "0|0\n"},
	/* the program that was refreshed last, or else the newest */
	{"SELECT id, program_id, title FROM program ORDER BY id", "2|GN-1|new\n3|GN-2|t\n5|GN-3|b\n6||n\n7||n2\n"},
	{"SELECT id, bibcode, too, telescope FROM publication ORDER BY id",
	"1|2020A|t|GN\n3|2020B||GN\n4|2020C||\n5|2020D|f|\n"},
	/* links that are there twice, have no program or no publication are in retired */
	{"SELECT program_id, publication_id FROM programpublication ORDER BY 1, 2", "2|1\n3|3\n3|4\n5|3\n"},
	{"SELECT count(*), count(*) FILTER (WHERE kept) FROM retired.programpublication", "7|4\n"},
	{"SELECT piemail FROM retired.program WHERE id = 1", "a@x\n"},
	{"SELECT o.data_label, o.comment, r.program_id FROM obslog_comment o JOIN retired.obslog_comment r ON r.id = o.id",
	"GN-2020A-Q-1-2-3|c|GN-2020A-Q-1\n"},
	{"SELECT id, usagelog_id, size FROM fileuploadlog", "1|2|2147483647\n"},
	{"SELECT (SELECT count(*) FROM reduction) + (SELECT count(*) FROM monitoring) + (SELECT count(*) FROM objcat)",
	"0\n"},
};

START_TEST(data_follow_the_rules)
{
	char	   *lines = sql_lines(connection, rules[_i].query);

	ck_assert_msg(strcmp(lines, rules[_i].lines) == 0, "%s:\n%s", rules[_i].query, lines);
	mem_free(lines);
}
END_TEST

/* Rows that are not kept: deleted before, so that all others must come back. */
static const char lost_rows[] =
	"DELETE FROM exportqueue WHERE id = 6; DELETE FROM ingestqueue WHERE id = 4;"
	" DELETE FROM calcachequeue WHERE id = 1; DELETE FROM calcache WHERE caltype IN ('bpm', 'spectwilight')";

/* Columns whose values are computed again, set to what nulls mean, or lost. */
static const char lost_values[] =
	"exportqueue.after exportqueue.inprogress exportqueue.failed exportqueue.lastfailed exportqueue.reject_new"
	" exportqueue.sortkey ingestqueue.after ingestqueue.inprogress ingestqueue.failed ingestqueue.path"
	" ingestqueue.sortkey calcachequeue.inprogress calcachequeue.sortkey calcachequeue.filename"
	" previewqueue.inprogress previewqueue.failed previewqueue.sortkey"
	" fileuploadlog.invoke_pid header.detector_readspeed_setting";

START_TEST(rows_come_back)
{
	struct lines before = {0};

	begin_old();
	sql_exec(connection, lost_rows);
	rows_read(connection, &before);
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 0, "",
				"diskfile.datafile_timestamp is empty: downgrade to 37 and upgrade to 39 to fill it");
	rows_expect(connection, &before, lost_values);
	sql_expect(connection, "SELECT to_regnamespace('retired') IS NULL", "t");
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	tool_must(conninfo, ARGS("verify"));
	lines_clear(&before);
	end();
}
END_TEST

/* Columns that no migration needs may be missing: then a copy in retired has not got them either. */
START_TEST(what_a_copy_lacks)
{
	struct lines before = {0};

	begin_old();
	sql_exec(connection, lost_rows);
	sql_exec(connection,
			 "ALTER TABLE program DROP piemail, DROP too; ALTER TABLE programpublication DROP bibcode;"
			 "ALTER TABLE ghost DROP disperser, DROP filter_name, DROP amp_read_area;"
			 "ALTER TABLE target DROP ephemeris_name; DROP INDEX ix_target_name CASCADE;"
			 "ALTER TABLE miscfile_plus DROP last_modified, DROP folder_id; ALTER TABLE targetqueue DROP sortkey;"
			 "DROP INDEX ix_queue_error_filename");
	rows_read(connection, &before);
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 0, "", "");
	rows_expect(connection, &before, lost_values);
	lines_clear(&before);
	end();
}
END_TEST

/* Rows that a superuser's run has moved or copied come back, in a downgrade by either role. */
START_TEST(rows_of_a_superusers_run_come_back)
{
	struct lines before = {0};
	char	   *superuser;

	begin_old();
	superuser = server_conninfo(server_main(), "postgres", "rules");
	sql_exec(connection, lost_rows);
	rows_read(connection, &before);
	/* The new tables and types are the superuser's. */
	tool_expect(superuser, ARGS("upgrade", latest_number(), "--role=postgres", "--yes"), 1, "",
				"owner is postgres");
	tool_expect(superuser, _i ? ARGS("downgrade", "39", "--yes") : ARGS("downgrade", "39", "--role=postgres", "--yes"),
				0, "", "");
	sql_expect(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'retired'", "0");
	server_execute("rules", "GRANT ALL ON ALL TABLES IN SCHEMA public TO fitsdata");
	rows_expect(connection, &before, lost_values);
	lines_clear(&before);
	mem_free(superuser);
	end();
}
END_TEST

/* Rows that have come since are kept, as far as the older tables can hold them. */
START_TEST(new_rows_come_along)
{
	begin_old();
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	sql_exec(connection,
			 "INSERT INTO header (id, diskfile_id, processing, exposure_time) VALUES (21, 21, 'Failed', 123456.5);"
			 "INSERT INTO ghost (header_id, arm, detector_name, exposure_time, focal_plane_mask)"
			 " VALUES (21, 'red', 'new', 8, 'HR');"
			 "INSERT INTO program (id, program_id) VALUES (21, 'GN-21');"
			 "INSERT INTO programpublication (id, program_id, publication_id) VALUES (21, 21, 4), (22, 21, 4);"
			 "INSERT INTO obslog_comment (id, data_label) VALUES (21, 'GS-2025A-Q-7-12-001');"
			 "INSERT INTO calcache (id, obs_hid, cal_hid, rank, caltype) VALUES (21, 1, 2, 1, 'standard');"
			 "INSERT INTO exportqueue (id, filename, destination, inprogress, fail_dt)"
			 " VALUES (21, 'twice', 'd', false, '2025-01-01'), (22, 'twice', 'd', false, '2025-01-02');"
			 "DELETE FROM diskfile WHERE id = 30");
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 0, "", "");
	sql_expect(connection, "SELECT procmode IS NULL AND exposure_time IS NULL FROM header WHERE id = 21", "t");
	sql_expect(connection, "SELECT concat_ws('|', arm, detector_name, detector_name_red, exposure_time_red, res_mode,"
			   " focal_plane_mask) FROM ghost WHERE header_id = 21", "red|new|new|8.0000|high|HR");
	sql_expect(connection, "SELECT concat_ws('|', prog_id, pub_id, program_text_id, bibcode) FROM programpublication"
			   " WHERE id > 20", "21|4|GN-21|2020C");
	sql_expect(connection, "SELECT program_id FROM obslog_comment WHERE id = 21", "GS-2025A-Q-7");
	sql_expect(connection, "SELECT count(*) FROM calcache WHERE id = 21", "0");
	sql_expect(connection, "SELECT concat_ws('|', id, failed, lastfailed) FROM exportqueue WHERE filename = 'twice'",
			   "22|t|2025-01-02 00:00:00");
	sql_expect(connection, "SELECT count(*) FROM target_presence WHERE diskfile_id = 30", "0");
	end();
}
END_TEST

Suite *
data_rules_suite(void)
{
	Suite	   *suite = suite_create("data_rules");
	TCase	   *tcase = tcase_create("rules");

	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_add_unchecked_fixture(tcase, begin, end);
	tcase_add_loop_test(tcase, data_follow_the_rules, 0, (int) (sizeof(rules) / sizeof(rules[0])));
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("downgrade");
	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_add_test(tcase, rows_come_back);
	tcase_add_test(tcase, what_a_copy_lacks);
	tcase_add_loop_test(tcase, rows_of_a_superusers_run_come_back, 0, 2);
	tcase_add_test(tcase, new_rows_come_along);
	suite_add_tcase(suite, tcase);
	return suite;
}
