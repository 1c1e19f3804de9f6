/*
 * What verify advises: the SQL that repairs the differences, and where there is a better way.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* All statements that are printed to repair the differences are run. */
#define HARM \
	"DROP INDEX ix_gmos_array_name, ix_header_ut_datetime_nulls_last; CREATE INDEX mutant ON diskfile (filename);" \
	" ALTER INDEX ix_diskfile_file_id RENAME TO another;" \
	" DROP INDEX ix_diskfile_filename; CREATE INDEX ix_diskfile_filename ON diskfile (lower(filename));" \
	" UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_diskfile_present'::regclass;" \
	" ALTER TABLE diskfile DROP CONSTRAINT diskfile_file_id_fkey, ADD CONSTRAINT mutant CHECK (id > 0);" \
	" ALTER TABLE gmos DROP CONSTRAINT gmos_header_id_fkey, ADD CONSTRAINT gmos_header_id_fkey FOREIGN" \
	" KEY (header_id) REFERENCES header NOT VALID;" \
	" ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_inprogress_failed_destination_key;" \
	" ALTER TABLE ingestqueue RENAME CONSTRAINT ingestqueue_filename_path_key TO \"Another\";" \
	" ALTER TABLE fileuploadlog DROP CONSTRAINT fileuploadlog_pkey;" \
	" ALTER TABLE header ALTER COLUMN diskfile_id DROP NOT NULL, ALTER COLUMN id DROP DEFAULT;" \
	" ALTER TABLE archiveuser DROP COLUMN misc_upload, ALTER COLUMN username SET NOT NULL," \
	" ALTER COLUMN fullname SET DEFAULT 'x';" \
	" ALTER TABLE ghost OWNER TO postgres; ALTER TYPE caltype OWNER TO postgres;" \
	" REVOKE DELETE ON diskfile FROM apache; REVOKE ALL ON header, header_id_seq FROM apache;" \
	" DELETE FROM pg_enum WHERE enumtypid = 'obstype'::regtype AND enumlabel = 'BPM'"

/* Each by itself, as psql does: some cannot run in a transaction. */
static void
run_told(PGconn *connection, const char *sql)
{
	while (*sql) {
		const char *end = strstr(sql, ";\n");
		size_t		length = end ? (size_t) (end - sql) + 2 : strlen(sql);
		char	   *statement = mem_copy(sql, length);

		sql_exec(connection, statement);
		mem_free(statement);
		sql += length;
	}
}

START_TEST(printed_sql_repairs_it)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");
	json_t	   *json;
	json_t	   *differences;

	server_execute("fitsdata", HARM);
	json = json_run(conninfo, "verify", 1);
	differences = json_object_get(json, "differences");
	ck_assert_uint_eq(json_array_size(differences), 21);
	for (size_t i = 0; i < json_array_size(differences); i++) {
		const json_t *difference = json_array_get(differences, i);

		json_expect_string(difference, "sql", NULL);
		run_told(connection, json_string_value(json_object_get(difference, "sql")));
	}
	tool_expect(conninfo, ARGS("verify"), 0, "same: \n  note: index ix_diskfile_file_id is named another\n"
				"  note: the order of the columns is different", "");
	json_decref(json);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* A dump that is restored into a database of postgres: one difference, with the SQL that solves it. */
START_TEST(owner_of_the_database)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	server_execute("postgres", "ALTER DATABASE fitsdata OWNER TO postgres");
	tool_expect(conninfo, ARGS("verify"), 1, "version 39: 1 difference\n"
				"  the database belongs to postgres, but its tables and other objects (\n) belong to fitsdata\n"
				"ALTER DATABASE fitsdata OWNER TO fitsdata;", "");
	server_execute("fitsdata", "DROP INDEX ix_gmos_array_name, ix_header_ut_datetime_nulls_last, ix_diskfile_filename");
	tool_expect(superuser, ARGS("verify"), 1, "version 39: 4 differences\n", "warning: diskfile and 2 others belong to"
				" untrusted role fitsdata, so no SQL is printed for them");
	server_execute("postgres", "ALTER DATABASE fitsdata OWNER TO fitsdata");
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

/* What PUBLIC may do by default, and may not any more. */
START_TEST(revoked_from_public)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	json_t	   *json;
	json_t	   *difference;

	server_execute("fitsdata", "REVOKE CONNECT ON DATABASE fitsdata FROM PUBLIC");
	tool_expect(conninfo, ARGS("verify"), 0, "  note: PUBLIC lacks connect on the database", "");
	server_execute("fitsdata", "REVOKE TEMPORARY ON DATABASE fitsdata FROM PUBLIC");
	tool_expect(conninfo, ARGS("verify"), 0, "  note: PUBLIC lacks connect, temporary on the database", "");
	server_execute("fitsdata", "REVOKE USAGE ON TYPE obstype FROM PUBLIC; REVOKE TRUNCATE ON header FROM fitsdata");
	tool_expect(conninfo, ARGS("verify"), 1, "version 39: 2 differences\n  the owner of the database lacks truncate\n"
				"  PUBLIC lacks usage\nSET lock_timeout = '2s';\nGRANT TRUNCATE ON TABLE public.header TO fitsdata;\n"
				"GRANT USAGE ON TYPE public.obstype TO PUBLIC;", "");
	server_execute("fitsdata", "GRANT TRUNCATE ON header TO fitsdata");
	json = json_run(conninfo, "verify", 1);
	difference = json_array_get(json_object_get(json, "differences"), 0);
	json_expect_string(difference, "difference", "changed");
	json_expect_string(difference, "name", "PUBLIC");
	json_expect_string(difference, "should_be", "usage");
	ck_assert(json_is_null(json_object_get(difference, "is")));
	json_decref(json);
	server_execute("fitsdata", "GRANT USAGE ON TYPE obstype TO PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE fitsdata"
				   " TO PUBLIC");
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	mem_free(conninfo);
}
END_TEST

/* With a wrong number in migrate_version, the SQL would do harm. */
START_TEST(another_version_matches)
{
	char	   *conninfo = lineage_current("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);
	json_t	   *json;

	server_execute("fitsdata", "DROP SCHEMA fitsdb_schema CASCADE; UPDATE migrate_version SET version = 29");
	tool_expect(conninfo, ARGS("verify"), 1, "different: database fitsdata does not match version 29: \n"
				"  it matches version 18 exactly, \"",
				"hint: Run \"fitsdb-schema identify\": the recorded version may be wrong. No SQL is printed.");
	tool_expect(conninfo, ARGS("verify", "--short"), 1, "; it matches version 18 exactly, the first: ", "");
	json = json_run(conninfo, "verify", 1);
	json_expect_integer(json, "better", 18);
	for (size_t i = 0; i < json_array_size(json_object_get(json, "differences")); i++)
		ck_assert(json_is_null(json_object_get(json_array_get(json_object_get(json, "differences"), i), "sql")));
	json_decref(json);
	/* not exactly */
	sql_exec(connection, "CREATE TABLE mutant ()");
	tool_expect(conninfo, ARGS("verify"), 1, "  version 18 matches better, \"", "No SQL is printed.");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The triggers of foreign keys, of 16 tables, are under the table whose triggers they are, with one repair. */
START_TEST(disabled_triggers)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);

	server_execute("fitsdata", "ALTER TABLE header DISABLE TRIGGER ALL");
	tool_expect(conninfo, ARGS("verify"), 1, "\n\nheader\n  constraint \n"
				" is not enforced when header changes: its triggers on header are disabled; the same: \n"
				"SET lock_timeout = '2s';\nALTER TABLE public.header ENABLE TRIGGER ALL;", "");
	server_execute("fitsdata", "ALTER TABLE public.header ENABLE TRIGGER ALL");
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	mem_free(conninfo);
}
END_TEST

Suite *
verify_advice_suite(void)
{
	Suite	   *suite = suite_create("verify_advice");
	TCase	   *tcase = tcase_create("verify_advice");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, printed_sql_repairs_it);
	tcase_add_test(tcase, owner_of_the_database);
	tcase_add_test(tcase, revoked_from_public);
	tcase_add_test(tcase, another_version_matches);
	tcase_add_test(tcase, disabled_triggers);
	suite_add_tcase(suite, tcase);
	return suite;
}
