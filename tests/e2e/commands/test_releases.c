/*
 * Releases of the software: as versions, in status and list, and when an upgrade leads beyond the present one. The
 * migrations of tests/histories/releases have these: 1.0 runs on 0 to 1, 2.0 and 2.1 on 3, 2026-08 on 4 and 5.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/json.h"
#include "support/process.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static void
use_releases(void)
{
	build_use("releases");
}

START_TEST(a_release_is_a_version)
{
	const char *commands[] = {"upgrade", "plan", "downgrade", "stamp", "verify"};
	char	   *conninfo = build_database(0);

	tool_expect(conninfo, ARGS("upgrade", "2.1"), 0, "fitsdata is at version 3", NULL);
	tool_expect(conninfo, ARGS("plan", "2026-08"), 0, "at version 3; an upgrade to 5 (release 2026-08) would run 2", NULL);
	tool_expect(conninfo, ARGS("downgrade", "1.0"), 0, "fitsdata is at version 0", NULL);
	tool_expect(conninfo, ARGS("stamp", "2.0"), 0, "version 3", NULL);
	tool_expect(conninfo, ARGS("upgrade", "3.0"), 3, NULL, "error: \"3.0\" is not a schema version\n"
				"hint: Versions are numbers; this build has versions 0 to 5, and releases: 1.0, 2.0, 2.1, 2026-08.");
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		tool_expect(conninfo, ARGS(commands[i], "2026"), 3, NULL, "error: there is no version 2026 in this build\n"
					"hint: It has versions 0 to 5, and releases: 1.0, 2.0, 2.1, 2026-08.");
	tool_expect(NULL, ARGS("version", "--releases"), 0, "1.0 0\n2.0 3\n2.1 3\n2026-08 5\n", NULL);
	mem_free(conninfo);
}
END_TEST

static void
expect_releases(const json_t *json, const char *expected)
{
	char	   *text = json_dumps(json_object_get(json, "releases"), JSON_COMPACT);

	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(status_and_list_have_releases)
{
	char	   *conninfo = build_database(1);
	json_t	   *json = json_run(conninfo, "status", 1);

	expect_releases(json, "[\"1.0\"]");
	json_decref(json);
	tool_expect(conninfo, ARGS("status", "--verbose"), 1, "  release: 1.0\n", NULL);
	tool_expect(conninfo, ARGS("upgrade", "2"), 0, "at version 2, on which no known release runs\n", NULL);
	json = json_run(conninfo, "status", 1);
	expect_releases(json, "[]");
	json_decref(json);
	tool_expect(conninfo, ARGS("status", "--verbose"), 1, "  release: none that is known runs on version 2\n", NULL);
	tool_must(conninfo, ARGS("upgrade", "3"));
	json = json_run(conninfo, "list", 0);
	expect_releases(json_array_get(json, 2), "[]");
	expect_releases(json_array_get(json, 3), "[\"2.0\",\"2.1\"]");
	expect_releases(json_array_get(json, 4), "[\"2026-08\"]");
	json_decref(json);
	tool_expect(conninfo, ARGS("list"), 0, "version  name \n  release\n  2.0, 2.1\n  widen_tiny_id  pending \n  2026-08",
				NULL);
	mem_free(conninfo);
}
END_TEST

#define BEYOND "warning: software up to release 1.0 does not run from version 2 on, and no known release runs on " \
	"version 2\n"

/* Only if no target was named: who names one knows it. */
START_TEST(upgrade_warns)
{
	char	   *conninfo = build_database(0);
	PGconn	   *connection;

	tool_expect(conninfo, ARGS("upgrade", "--sql"), 0, "", BEYOND);
	tool_expect(conninfo, ARGS("upgrade", "1"), 0, "", NULL);
	tool_expect(conninfo, ARGS("upgrade", "2"), 0, "", NULL);
	/* An upgrade that ends between two releases says so. */
	connection = sql_connect(conninfo);
	sql_exec(connection, "BEGIN; LOCK TABLE big");
	tool_expect(conninfo, ARGS("upgrade", "--lock-timeout=50ms", "--lock-retries=0"), 3, "",
				"hint: No known release runs on version 2. To go back to release 1.0, run \"fitsdb-schema downgrade 1\".");
	PQfinish(connection);
	/* No software ran any more. */
	tool_expect(conninfo, ARGS("upgrade"), 0, "version 5", NULL);
	tool_must(conninfo, ARGS("downgrade", "0", "--yes"));
	tool_expect(conninfo, ARGS("upgrade", "--quiet"), 0, NULL, BEYOND "hint: Stop the daemons first, and deploy release "
				"2026-08 afterwards. To keep the present software, run \"fitsdb-schema upgrade 1\".");
	tool_expect(conninfo, ARGS("upgrade"), 0, "nothing to do", NULL);
	tool_must(conninfo, ARGS("downgrade", "2.1", "--yes"));
	tool_expect(conninfo, ARGS("upgrade"), 0, "", "warning: software up to release 2.1 does not run from version 4 on\n"
				"hint: Stop the daemons first, and deploy release 2026-08 afterwards.");
	tool_must(conninfo, ARGS("downgrade", "4"));
	tool_expect(conninfo, ARGS("upgrade"), 0, "", NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(plan_says_it)
{
	char	   *conninfo = build_database(1);
	json_t	   *json = json_run(conninfo, "plan", 0);
	const json_t *end = json_object_get(json_object_get(json, "summary"), "software_ends");

	json_expect_string(end, "release", "1.0");
	json_expect_integer(end, "last", 1);
	json_expect_integer(end, "next", 3);
	expect_releases(json_object_get(json, "summary"), "[\"2026-08\"]");
	json_decref(json);
	tool_expect(conninfo, ARGS("plan"), 0, "an upgrade to 5 (release 2026-08) would run\n"
				"  stop the daemons: software up to release 1.0 does not run from version 2 on,\n"
				"    and no known release runs on version 2\n", NULL);
	tool_expect(conninfo, ARGS("plan", "2"), 0, "an upgrade to 2 would run 1 migration and\n  stop the daemons: \n", NULL);
	tool_expect(conninfo, ARGS("plan", "1"), 0, "nothing is pending", NULL);
	tool_must(conninfo, ARGS("upgrade", "2"));
	tool_expect(conninfo, ARGS("plan"), 0, "  daemons: no known release runs on version 2\n", NULL);
	tool_must(conninfo, ARGS("upgrade", "3"));
	tool_must(conninfo, ARGS("upgrade", "4"));
	json = json_run(conninfo, "plan", 0);
	ck_assert(json_is_null(json_object_get(json_object_get(json, "summary"), "software_ends")));
	json_decref(json);
	tool_expect(conninfo, ARGS("plan"), 0, "daemons can keep running", NULL);
	mem_free(conninfo);
}
END_TEST

/* 300000 rows, whose table and indexes are more than 10 MB. */
START_TEST(rewrites_are_described)
{
	char	   *conninfo = build_database(2);
	json_t	   *json;
	const json_t *rewrite;

	server_execute("fitsdata", "INSERT INTO big SELECT i, i FROM generate_series(1, 300000) i; ANALYZE big");
	tool_expect(conninfo, ARGS("plan", "3"), 0, "would run 1 migration and end\n  complete; rewrites need \n MB of free disk space\n"
				"    big: ACCESS EXCLUSIVE; is rewritten; about 300000 rows, \n    rewrite of big: needs \n"
				" MB of disk space for a second copy; about 6 s at 19\n microseconds a row, as measured elsewhere ("
				"\nPostgreSQL 15, \n      cores)\n", NULL);
	tool_expect(conninfo, ARGS("plan"), 0, "    rewrite of tiny: needs 8 kB of disk space for a second copy\n", "");
	json = json_run(conninfo, "plan", 0);
	ck_assert_int_gt(json_integer_value(json_object_get(json_object_get(json, "summary"), "disk_space")), 10000000);
	rewrite = json_array_get(json_object_get(json_object_get(json, "summary"), "rewrites"), 0);
	json_expect_integer(rewrite, "version", 3);
	json_expect_string(rewrite, "table", "big");
	json_expect_integer(rewrite, "rows", 300000);
	json_decref(json);
	mem_free(conninfo);
}
END_TEST

/* With one option of status, which must end with this status; "" in `out`: whatever. */
static void
expect_at_least(const char *conninfo, const char *option, int status, const char *out)
{
	tool_expect(conninfo, ARGS("status", "--short", option), status, out, NULL);
}

/* For software that needs 1, 3 or more, with builds of 5 and of 3 versions. */
START_TEST(status_is_asked_for_a_version)
{
	char	   *conninfo = build_database(1);
	json_t	   *json;

	expect_at_least(conninfo, "--at-least=1", 0,
					"OK - fitsdata at version 1, at least 1; this build has 5 | version=1 latest=5 pending=4\n");
	expect_at_least(conninfo, "--at-least=1.0", 0, "OK - fitsdata at version 1, at least 0; this build has 5");
	expect_at_least(conninfo, "--at-least=2.1", 1, "BEHIND - fitsdata at version 1, below 3; this build has 5 | version=1");
	tool_expect(conninfo, ARGS("status", "--at-least=0"), 0,
				"sufficient: database fitsdata at version 1, at least 0; this build has 5\n", NULL);
	tool_expect(conninfo, ARGS("status", "--at-least=2"), 1, "behind: \n below 2; \n  pending: 2 \n", NULL);
	tool_expect(conninfo, ARGS("status", "--at-least=2", "--wait=1"), 1, "behind: ", NULL);
	tool_expect(conninfo, ARGS("status", "--at-least=1", "--wait=9"), 0, "sufficient: ", NULL);
	tool_expect(conninfo, ARGS("status", "--at-least=3.0"), 3, NULL, "error: \"3.0\" is not a schema version\nhint: ");
	tool_expect("host=/nonexistent", ARGS("status", "--at-least=1"), 3, NULL, "could not connect");
	tool_must(conninfo, ARGS("upgrade", "4"));
	build_run("releases-3");
	tool_expect(conninfo, ARGS("status"), 2, "ahead: ", "hint: ");
	expect_at_least(conninfo, "--at-least=3", 0, "OK - fitsdata at version 4, at least 3; this build has 3 | version=4");
	expect_at_least(conninfo, "--at-least=4", 0, "OK - ");
	expect_at_least(conninfo, "--at-least=5", 2, "AHEAD - fitsdata at version 4, below 5; this build has 3");
	expect_at_least(conninfo, "--at-least=2.0", 0, "OK - \n; but release 2.0 runs on versions up to 3 | ");
	tool_must(conninfo, ARGS("downgrade", "3"));
	expect_at_least(conninfo, "--at-least=3", 0, "OK - fitsdata at version 3, the latest of this build | ");
	expect_at_least(conninfo, "--at-least=5", 1, "BEHIND - fitsdata at version 3, below 5; this build has 3 | ");
	json = json_run(conninfo, "status", 0);
	ck_assert(json_is_null(json_object_get(json, "at_least")));
	ck_assert(json_is_false(json_object_get(json, "sufficient")));
	json_decref(json);
	build_run("releases");
	server_execute("fitsdata", "UPDATE fitsdb_schema.standing SET history = repeat('0', 64)");
	expect_at_least(conninfo, "--at-least=1", 2, "DIFFERS - ");
	tool_expect(conninfo, ARGS("status", "--at-least=1", "--json"), 2, "\"at_least\": 1\n\"sufficient\": false", NULL);
	mem_free(conninfo);
}
END_TEST

/* The server is ready once after the connection, then after each round trip. */
static bool
count_ready(struct proxy_message *message, void *context)
{
	*(int *) context += message->sender == PROXY_SERVER && message->type == 'Z';
	return false;
}

static void
expect_round_trips(struct proxy *proxy, const char *option, int expected)
{
	char	   *conninfo = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	int			ready = 0;
	const struct proxy_plan plan = {.look = count_ready,.context = &ready};
	struct process process;

	tool_start(&process, conninfo, ARGS("status", option));
	proxy_serve(proxy, &process, &plan);
	tool_ended(&process, 0);
	ck_assert_int_eq(ready, 1 + expected);
	mem_free(conninfo);
}

START_TEST(it_stays_one_round_trip)
{
	char	   *conninfo = build_database(5);
	struct proxy *proxy = proxy_open(server_main());

	expect_round_trips(proxy, "--quiet", 1);
	expect_round_trips(proxy, "--at-least=5", 1);
	build_run("releases-3");
	expect_round_trips(proxy, "--at-least=5", 1);
	build_run("releases");
	tool_must(conninfo, ARGS("downgrade", "4"));
	expect_round_trips(proxy, "--at-least=4", 1);
	proxy_close(proxy);
	mem_free(conninfo);
}
END_TEST

Suite *
releases_suite(void)
{
	Suite	   *suite = suite_create("releases");
	TCase	   *tcase = tcase_create("releases");

	tcase_add_unchecked_fixture(tcase, use_releases, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_release_is_a_version);
	tcase_add_test(tcase, status_and_list_have_releases);
	tcase_add_test(tcase, upgrade_warns);
	tcase_add_test(tcase, plan_says_it);
	tcase_add_test(tcase, rewrites_are_described);
	tcase_add_test(tcase, status_is_asked_for_a_version);
	tcase_add_test(tcase, it_stays_one_round_trip);
	suite_add_tcase(suite, tcase);
	return suite;
}
