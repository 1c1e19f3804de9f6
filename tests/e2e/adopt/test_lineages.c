/*
 * Databases that were created from the data models of 58 days and stamped by hand, with rows in every table. What the
 * models of the day lacked is missing, whatever the number says; see "More than that can be missing" in the facts.
 *
 * LINEAGES=1 in the environment tests all of them, LINEAGES=20 one in 20; the default is one in 8. LINEAGES_CASE=17 tests
 * that day alone.
 */
#include <check.h>
#include <stdlib.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/adoption.h"
#include "support/chance.h"
#include "support/lineage.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

enum {
	USUAL_SHARE = 8
};

/* The models of the day, as the latest version in which everything is that they have; some have a part of the next. */
struct day {
	int			stamp;
	int			models;
	const char *name;
	const char *statements;
};

/* What the migrations make, and the data models do not; and the reverse. */
static const char fresh_form[] =
	"DO $do$ DECLARE i text; c text[]; BEGIN"
	" FOR i IN SELECT relname FROM pg_class WHERE relkind = 'i' AND relname LIKE 'idx\\_%' LOOP"
	" EXECUTE format('ALTER INDEX %I RENAME TO %I', i, 'ix_' || substr(i, 5)); END LOOP;"
	" DROP INDEX IF EXISTS ix_header_ut_datetime_nulls_last, ix_ghost_exposure_time_blue, ix_ghost_exposure_time_red,"
	" ix_ghost_exposure_time_slitv;"
	" FOREACH c SLICE 1 IN ARRAY ARRAY[['userprogram', 'observation_id'], ['userprogram', 'path'],"
	" ['userprogram', 'filename'], ['exportqueue', 'sortkey'], ['gmos', 'array_name']] LOOP"
	" IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = c[1]::regclass AND attname = c[2]) THEN"
	" EXECUTE format('CREATE INDEX IF NOT EXISTS ix_%1$s_%2$s ON %1$s (%2$s)', c[1], c[2]); END IF; END LOOP;"
	" ALTER TABLE tapefile ALTER size TYPE bigint, ALTER data_size TYPE bigint;"
	" ALTER TABLE exportqueue DROP CONSTRAINT IF EXISTS exportqueue_filename_path_destination_key;"
	" IF EXISTS (SELECT FROM pg_constraint WHERE conname = 'exportqueue_filename_inprogress_failed_key') THEN"
	" ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_inprogress_failed_key,"
	" ADD UNIQUE (filename, inprogress, failed, destination); END IF;"
	" END $do$";

#define QUEUES "exportqueue, ingestqueue, previewqueue, calcachequeue"
#define NO_PATH "ALTER TABLE userprogram DROP path;"
#define NO_FORCE "ALTER TABLE previewqueue DROP force;"
#define NO_RELEASE "ALTER TABLE miscfile_folder DROP release;"
#define NO_ADMIN "ALTER TABLE archiveuser DROP file_permission_admin;"
#define NO_GHOST "DROP TABLE ghost; DROP TYPE ghost_read_speed_setting, ghost_gain_setting, ghost_resolution;"
#define ACCOUNTS \
	"CREATE TABLE userfilepermission (id serial PRIMARY KEY, user_id integer, path text);" \
	"ALTER TABLE archiveuser ADD account_type varchar(20);"
#define STATISTICS \
	"CREATE MATERIALIZED VIEW usage_by_year AS SELECT extract(year FROM utdatetime) AS year, count(*) FROM usagelog" \
	" GROUP BY 1;" \
	"CREATE MATERIALIZED VIEW usage_by_week AS SELECT date_trunc('week', utdatetime) AS week, count(*) FROM usagelog" \
	" GROUP BY 1;" \
	"CREATE MATERIALIZED VIEW usage_by_day AS SELECT date_trunc('day', utdatetime) AS day, count(*) FROM usagelog" \
	" GROUP BY 1;"

static const struct day days[] = {
	{0, 0, "as the first", ""},
	{4, 4, "as stamped", ""},
	{6, 7, "with what 7 adds", ""},
	{7, 7, "with accounts", ACCOUNTS},
	{7, 9, "with accounts, and what 8 and 9 add", ACCOUNTS},
	{8, 8, "as stamped", ""},
	{9, 9, "as stamped", STATISTICS},
	{10, 10, "without userprogram.path", NO_PATH},
	{11, 11, "without userprogram.path", NO_PATH},
	{12, 12, "without userprogram.path", NO_PATH},
	{13, 14, "without userprogram.path", NO_PATH},
	{14, 14, "without userprogram.path", NO_PATH},
	{15, 16, "without userprogram.path", NO_PATH},
	{16, 16, "without userprogram.path", NO_PATH},
	{17, 17, "without userprogram.path", NO_PATH},
	{17, 18, "without userprogram.path", NO_PATH STATISTICS},
	{18, 18, "without userprogram.path", NO_PATH},
	{19, 19, "without userprogram.path", NO_PATH},
	{19, 19, "without userprogram.path and previewqueue.force", NO_PATH NO_FORCE},
	{12, 21, "with procmode", ""},
	{18, 21, "with procmode", ""},
	{19, 19, "without previewqueue.force", NO_FORCE},
	{20, 20, "without previewqueue.force", NO_FORCE},
	{21, 21, "without previewqueue.force", NO_FORCE},
	{20, 20, "as stamped", ""},
	{21, 21, "as stamped", ""},
	{21, 24, "with what 22 to 24 add", ""},
	{22, 22, "as stamped", ""},
	{22, 23, "with an earlier miscfile_plus", "ALTER TABLE miscfile_plus DROP last_modified;"},
	{22, 24, "with what 23 and 24 add", ""},
	{22, 39, "with everything", ""},
	{23, 23, "as stamped", ""},
	{24, 24, "without miscfile_folder.release", NO_RELEASE},
	{24, 25, "without miscfile_folder.release", NO_RELEASE},
	{24, 24, "as stamped", STATISTICS},
	{25, 25, "as stamped", ""},
	{26, 26, "without archiveuser.file_permission_admin", NO_ADMIN},
	{26, 28, "without archiveuser.file_permission_admin", NO_ADMIN},
	{26, 26, "as stamped", ""},
	{26, 39, "with everything", ""},
	{27, 27, "as stamped", ""},
	{27, 28, "with what 28 adds", ""},
	{28, 28, "as stamped", ""},
	{29, 29, "as stamped", ""},
	{29, 31, "with what 30 and 31 add", ""},
	{30, 30, "as stamped", ""},
	{30, 39, "with everything", STATISTICS},
	{31, 31, "as stamped", ""},
	{31, 31, "without ghost", NO_GHOST},
	{31, 33, "with what 32 and 33 add", ""},
	{31, 39, "without ghost, with everything else", NO_GHOST},
	{32, 32, "as stamped", ""},
	{32, 32, "without ghost", NO_GHOST},
	{33, 33, "as stamped", ""},
	{33, 39, "of 2023-01", ""},
	{33, 39, "of 2023-01, without the queues", "DROP TABLE " QUEUES ";"},
	{33, 33, "without the queues", "DROP TABLE " QUEUES ";"},
	{18, 18, "without the queues", "DROP TABLE " QUEUES ";"},
};

static size_t first;
static size_t share;

static void
create_database(const char *name, const struct day *day)
{
	char	   *conninfo = lineage_current(name, day->models);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, fresh_form);
	sql_exec(connection, day->statements);
	lineage_forget(connection, day->stamp);
	rows_fill(connection);
	if (day->models >= 3 && day->models < 10)
		sql_exec(connection, "UPDATE header SET procsci = 'sq'");
	PQfinish(connection);
	mem_free(conninfo);
}

START_TEST(any_day)
{
	size_t		number = first + (size_t) _i * share;
	const struct day *day = &days[number];
	char	   *what = mem_format("case %zu, stamped %d, models of %d %s", number, day->stamp, day->models, day->name);
	struct adoption adoption;
	enum adoption_outcome outcome;

	adoption_name(what);
	create_database("day", day);
	adoption_begin(&adoption, "day", -1);
	outcome = adoption_upgrade(&adoption);
	adoption_back(&adoption, false);
	adoption_count(outcome);
	adoption_end(&adoption);
	mem_free(what);
}
END_TEST

Suite *
lineages_suite(void)
{
	Suite	   *suite = suite_create("lineages");
	TCase	   *tcase = tcase_create("lineages");
	const char *one = getenv("LINEAGES_CASE");
	const size_t count = sizeof(days) / sizeof(days[0]);

	share = chance_setting("LINEAGES", USUAL_SHARE);
	if (one) {
		first = strtoul(one, NULL, 10) % count;
		share = count;
	}
	tcase_add_unchecked_fixture(tcase, adoption_setup, adoption_report);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, any_day, 0, (int) ((count - first + share - 1) / share));
	suite_add_tcase(suite, tcase);
	return suite;
}
