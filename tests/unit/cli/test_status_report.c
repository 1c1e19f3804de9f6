/* The state of a database, and its exit status. */
#include <check.h>

#include "cli/status_report.h"
#include "unit/suites.h"

static const struct {
	struct status_report_facts standing;
	int			status;
	const char *keyword;
}			cases[] = {
	{{.version = 37,.latest = 37}, 0, "current"},
	{{.version = 33,.latest = 37}, 1, "behind"},
	{{.version = 0,.latest = 37}, 1, "behind"},
	{{.version = 39,.latest = 37}, 2, "ahead"},
	{{.version = 26,.latest = 37,.incomplete = true}, 2, "half-way"},
	{{.version = 37,.latest = 37,.incomplete = true}, 2, "half-way"},
	{{.version = 26,.latest = 37,.incomplete = true,.running = true}, 1, "behind"},
	{{.version = 37,.latest = 37,.incomplete = true,.running = true}, 1, "behind"},
	{{.version = 37,.latest = 37,.mismatch = true}, 2, "differs"},
	{{.version = 33,.latest = 37,.mismatch = true}, 2, "differs"},
	{{.version = 39,.latest = 37,.mismatch = true}, 2, "ahead"},
	{{.version = 39,.latest = 37,.incomplete = true}, 2, "half-way"},
	{{.version = 39,.latest = 66,.asked = true,.at_least = 37}, 0, "behind"},
	{{.version = 37,.latest = 66,.asked = true,.at_least = 37}, 0, "behind"},
	{{.version = 36,.latest = 66,.asked = true,.at_least = 37}, 1, "behind"},
	{{.version = 66,.latest = 66,.asked = true,.at_least = 37}, 0, "current"},
	{{.version = 66,.latest = 37,.asked = true,.at_least = 37}, 0, "ahead"},
	{{.version = 66,.latest = 37,.asked = true,.at_least = 67}, 2, "ahead"},
	/* this build does not have what the software needs */
	{{.version = 37,.latest = 37,.asked = true,.at_least = 39}, 1, "behind"},
	{{.version = 39,.latest = 66,.asked = true,.at_least = 37,.mismatch = true}, 2, "differs"},
	{{.version = 39,.latest = 66,.asked = true,.at_least = 37,.incomplete = true}, 2, "half-way"},
	{{.version = 39,.latest = 66,.asked = true,.at_least = 37,.incomplete = true,.running = true}, 0, "behind"},
};

START_TEST(test_verdict)
{
	enum status_report_verdict verdict = status_report_verdict_of(&cases[_i].standing);

	ck_assert_str_eq(status_report_keyword(verdict), cases[_i].keyword);
	ck_assert_int_eq(status_report_suffices(&cases[_i].standing) ? 0 : status_report_exit_status(verdict),
					 cases[_i].status);
}
END_TEST

Suite *
status_report_suite(void)
{
	Suite	   *suite = suite_create("status_report");
	TCase	   *tcase = tcase_create("verdict");

	tcase_add_loop_test(tcase, test_verdict, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
