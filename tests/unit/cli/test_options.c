/* The command line. Errors go to stderr; the end-to-end tests check them. */
#include <check.h>
#include <getopt.h>
#include <string.h>

#include "cli/options.h"
#include "unit/suites.h"

static bool
parse(struct options *options, const char *line, char *buffer, char **argv)
{
	int			argc = 0;
	char	   *save = NULL;

	memcpy(buffer, line, strlen(line) + 1);
	for (char *word = strtok_r(buffer, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	optind = 0;					/* begin anew */
	return options_parse(options, argc, argv);
}

START_TEST(test_times)
{
	static const struct {
		const char *text;
		long		milliseconds;
	}			times[] = {
		{"2", 2000}, {"2s", 2000}, {"0.5", 500}, {"1.5s", 1500}, {"250ms", 250}, {"5min", 300000}, {"0", 0},
		{"", -1}, {"s", -1}, {"-1", -1}, {"2 s", -1}, {"2h", -1}, {"nan", -1}, {"inf", -1}, {"1e99", -1}, {"2s ", -1},
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		ck_assert_msg(options_milliseconds(times[i].text) == times[i].milliseconds, "\"%s\" is %ld", times[i].text,
					  options_milliseconds(times[i].text));
}
END_TEST

START_TEST(test_usual)
{
	struct options options;
	char		buffer[200];
	char	   *argv[20];

	ck_assert(parse(&options, "x -h /tmp --port=5433 -U me -w upgrade 18 --lock-timeout 500ms --lock-wait=1.5 --quiet",
					buffer, argv));
	ck_assert_str_eq(options.command, "upgrade");
	ck_assert_int_eq(options.count, 1);
	ck_assert_str_eq(options.arguments[0], "18");
	ck_assert_str_eq(options.session.target.host, "/tmp");
	ck_assert_str_eq(options.session.target.port, "5433");
	ck_assert_str_eq(options.session.target.user, "me");
	ck_assert(options.session.target.no_password);
	ck_assert_int_eq(options.session.lock_timeout, 500);
	ck_assert_int_eq(options.session.lock_wait, 2);
	ck_assert_int_eq(options.session.lock_retries, 20);
	ck_assert_int_eq(options.level, REPORT_QUIET);
	ck_assert_int_eq(options.wait, -1);
}
END_TEST

START_TEST(test_uri_stands_last)
{
	struct options options;
	char		buffer[200];
	char	   *argv[20];

	ck_assert(parse(&options, "x upgrade 18 postgresql:///fitsdata", buffer, argv));
	ck_assert_int_eq(options.count, 1);
	ck_assert_str_eq(options.session.target.dbname, "postgresql:///fitsdata");
	ck_assert(!parse(&options, "x status -d other postgresql:///fitsdata", buffer, argv));
}
END_TEST

START_TEST(test_options_of_a_command)
{
	struct options options;
	char		buffer[200];
	char	   *argv[20];

	ck_assert(parse(&options, "x status --json --wait", buffer, argv));
	ck_assert_int_eq(options.wait, 60);
	ck_assert(options_check(&options, OPTIONS_CONNECT | OPTIONS_STATUS | OPTIONS_JSON, 0));
	ck_assert(!options_check(&options, OPTIONS_CONNECT | OPTIONS_JSON, 0));
	ck_assert(parse(&options, "x version postgresql:///fitsdata", buffer, argv));
	ck_assert(!options_check(&options, OPTIONS_JSON, 0));
	ck_assert(parse(&options, "x stamp 1 2", buffer, argv));
	ck_assert(!options_check(&options, OPTIONS_CONNECT | OPTIONS_WRITE, 1));
}
END_TEST

static const char *const wrong[] = {
	"x --lock-timeout", "x --lock-timeout=0 upgrade", "x --lock-timeout=soon upgrade", "x --lock-retries=-1 upgrade",
	"x --lock-retries=1x upgrade", "x --nosuch", "x -x", "x --json=yes", "x status --wait=never", "x -d",
};

START_TEST(test_wrong)
{
	struct options options;
	char		buffer[200];
	char	   *argv[20];

	ck_assert(!parse(&options, wrong[_i], buffer, argv));
}
END_TEST

START_TEST(test_versions)
{
	ck_assert_int_eq(options_version_number("0"), 0);
	ck_assert_int_eq(options_version_number("037"), 37);
	ck_assert_int_eq(options_version_number("2023-01"), 37);
	ck_assert_int_eq(options_version_number("2023"), 2023);
	ck_assert_int_eq(options_version_number("2023-1"), -1);
	ck_assert_int_eq(options_version_number("-1"), -1);
	ck_assert_int_eq(options_version_number(""), -1);
	ck_assert_int_eq(options_version_number("18x"), -1);
	ck_assert_int_eq(options_version_number(" 18"), -1);
	ck_assert_int_eq(options_version_number("99999999999999999999"), -1);
}
END_TEST

Suite *
options_suite(void)
{
	Suite	   *suite = suite_create("options");
	TCase	   *tcase = tcase_create("options");

	tcase_add_test(tcase, test_times);
	tcase_add_test(tcase, test_usual);
	tcase_add_test(tcase, test_uri_stands_last);
	tcase_add_test(tcase, test_options_of_a_command);
	tcase_add_loop_test(tcase, test_wrong, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tcase, test_versions);
	suite_add_tcase(suite, tcase);
	return suite;
}
