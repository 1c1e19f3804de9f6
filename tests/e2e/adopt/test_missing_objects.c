/*
 * Databases without any one object that their version should have, with rows in every table. At the latest version,
 * verify names it and repair adds it. Below, an upgrade ends complete, or it is refused and ends complete after a
 * repair. What needs a value that only a person knows is named.
 *
 * LINEAGES=1 in the environment tests all of about 3000 cases, LINEAGES=20 one in 20; the default is one in 100,
 * and one in 300 of the many versions of missing_late.
 * LINEAGES_CASE=17 tests that case alone.
 */
#include <check.h>
#include <stdlib.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/adoption.h"
#include "support/chance.h"
#include "support/differences.h"
#include "support/json.h"
#include "support/lines.h"
#include "support/lack.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	USUAL_SHARE = 100,
	LATE_SHARE = 300,
	ALL_THE_WAY = 4				/* one in so many goes down to version 0 */
};

static struct lack_list cases;
static size_t first;
static size_t share;

static void
begin(struct adoption *adoption, const struct lack_case *missing)
{
	PGconn	   *connection;

	adoption_database("lacks", missing->version);
	connection = server_superuser(server_main(), "lacks");
	/* A label that no old script adds is missing already. */
	lack_take(connection, &missing->fact);
	PQfinish(connection);
	adoption_begin(adoption, "lacks", missing->version);
}

static void
expect_named(const struct adoption *adoption, const struct fact *fact)
{
	struct lines lines = {0};
	char	   *object = lack_text(fact);
	char	   *expected = mem_format("missing %s", object);
	json_t	   *json = json_run(adoption->conninfo, "verify", 1);

	differences_read(json, &lines);
	ck_assert_msg(lines_have(&lines, expected), "verify does not name %s", object);
	json_decref(json);
	lines_clear(&lines);
	mem_free(expected);
	mem_free(object);
}

START_TEST(any_one_object)
{
	size_t		number = first + (size_t) _i * share;
	const struct lack_case *missing = &cases.items[number];
	bool		latest = missing->version == lack_latest();
	char	   *object = lack_text(&missing->fact);
	char	   *what = mem_format("case %zu, version %d without %s", number, missing->version, object);
	struct adoption adoption;
	enum adoption_outcome outcome;

	adoption_name(what);
	begin(&adoption, missing);
	if (latest)
		expect_named(&adoption, &missing->fact);
	outcome = latest ? adoption_repair(&adoption) : adoption_upgrade(&adoption);
	if (!latest || number % ALL_THE_WAY == 0)
		adoption_back(&adoption, number % ALL_THE_WAY == 0);
	adoption_count(outcome);
	adoption_end(&adoption);
	mem_free(what);
	mem_free(object);
}
END_TEST

static Suite *
create(const char *name, int from, int to, unsigned usual_share)
{
	Suite	   *suite = suite_create(name);
	TCase	   *tcase = tcase_create(name);
	const char *one = getenv("LINEAGES_CASE");

	lack_find(&cases, from, to);
	share = chance_setting("LINEAGES", usual_share);
	first = share / 2 % cases.count;
	if (one) {
		first = strtoul(one, NULL, 10) % cases.count;
		share = cases.count;
	}
	tcase_add_unchecked_fixture(tcase, adoption_setup, adoption_report);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, any_one_object, 0, (int) ((cases.count - first + share - 1) / share));
	suite_add_tcase(suite, tcase);
	return suite;
}

/* Four suites, so that they can run at the same time. */
Suite *
missing_early_suite(void)
{
	return create("missing_early", 0, 20, USUAL_SHARE);
}

Suite *
missing_middle_suite(void)
{
	return create("missing_middle", 21, 31, USUAL_SHARE);
}

Suite *
missing_late_suite(void)
{
	return create("missing_late", 32, lack_latest() - 1, LATE_SHARE);
}

Suite *
missing_latest_suite(void)
{
	return create("missing_latest", lack_latest(), lack_latest(), USUAL_SHARE);
}
