/* Privileges: fitsweb and dragons by tests/facts/grants-2026.csv, apache while the schema is the old one. */
#include <check.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/csv.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* All privileges that two roles have on tables and sequences. */
#define GRANTED(role) \
	"SELECT concat_ws(',', pg_get_userbyid(a.grantee), a.privilege_type, c.relname)" \
	" FROM pg_class c, aclexplode(c.relacl) a" \
	" WHERE c.relnamespace = 'public'::regnamespace AND pg_get_userbyid(a.grantee) IN (" role ")"

#define OF_APACHE "SELECT count(*) FROM (" GRANTED("'apache'") ") a WHERE concat_ws ~ '"

static void
begin(void)
{
	server_setup();
	server_execute("postgres", "CREATE ROLE fitsweb LOGIN; CREATE ROLE dragons LOGIN");
}

static void
add_grant(const char *const field[CSV_FIELDS], void *context)
{
	lines_add(context, mem_format("%s,%s,%s", field[0], field[1], field[2]));
}

static void
expect_granted(PGconn *connection)
{
	struct lines expected = {0};
	struct lines actual = {0};
	char	   *text = sql_lines(connection, GRANTED("'fitsweb', 'dragons'"));
	char	   *difference;

	csv_read("tests/facts/grants-2026.csv", 3, add_grant, &expected);
	lines_sort(&expected);
	lines_split(&actual, text);
	lines_sort(&actual);
	difference = lines_difference(&expected, &actual, NULL, NULL);
	ck_assert_msg(difference == NULL, "privileges (- missing, + too much):\n%s", difference);
	sql_expect(connection, "SELECT has_schema_privilege('fitsweb', 'public', 'USAGE')"
			   " AND has_schema_privilege('dragons', 'public', 'USAGE')", "t");
	mem_free(text);
	lines_clear(&actual);
	lines_clear(&expected);
}

START_TEST(of_a_new_database)
{
	char	   *conninfo = server_database("grants");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init"));
	expect_granted(connection);
	sql_expect(connection, OF_APACHE "'", "0");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* apache keeps its privileges and gets no new ones. Surplus privileges of dragons stay. Neither may use retired. */
START_TEST(of_an_old_database)
{
	char	   *conninfo = lineage_current("grants", 39);
	PGconn	   *connection = sql_connect(conninfo);

	sql_expect(connection, OF_APACHE ",archiveuser$'", "5");
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	expect_granted(connection);
	sql_expect(connection, OF_APACHE ",users$'", "5");
	sql_expect(connection, OF_APACHE ",(reduction|objcat|ipprefix)$'", "0");
	sql_expect(connection, "SELECT has_schema_privilege('apache', 'retired', 'USAGE')"
			   " OR has_schema_privilege('fitsweb', 'retired', 'USAGE')", "f");
	sql_exec(connection, "GRANT SELECT ON users TO dragons; GRANT TRIGGER ON header TO apache");
	tool_must(conninfo, ARGS("verify"));
	tool_expect(conninfo, ARGS("downgrade", "65", "--yes"), 0, "", NULL);
	sql_expect(connection, "SELECT has_table_privilege('dragons', 'users', 'SELECT')"
			   " AND NOT has_table_privilege('apache', 'header', 'TRIGGER')", "t");
	/* After a roll-back the old web server works. */
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 0, "", "");
	sql_expect(connection, "SELECT has_table_privilege('apache', 'queue_error', 'INSERT')"
			   " AND has_sequence_privilege('apache', 'target_id_seq', 'USAGE')", "t");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
grants_2026_suite(void)
{
	Suite	   *suite = suite_create("grants_2026");
	TCase	   *tcase = tcase_create("grants");

	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, begin, NULL);
	tcase_add_test(tcase, of_a_new_database);
	tcase_add_test(tcase, of_an_old_database);
	suite_add_tcase(suite, tcase);
	return suite;
}
