/* The releases of the software, and the versions that they run on. */
#include <check.h>

#include "base/mem.h"
#include "history/release.h"
#include "unit/suites.h"

#include "base/banned.h"

/* Those of the archive: docs/releases.md. */
static const struct history_release releases[] = {
	{.name = "2023-01",.version = 37,.first = 37,.last = 39},
	{.name = "3.0",.version = 54,.first = 54,.last = 54},
	{.name = "3.1",.version = 54,.first = 54,.last = 54},
	{.name = "3.6",.version = 65,.first = 62,.last = 66},
	{.name = "2026-08",.version = 66,.first = 66,.last = 66},
};

static const struct history archive = {.latest = 66,.release_count = 5,.releases = releases};
static const struct history none = {.latest = 66};

START_TEST(a_release_is_found)
{
	ck_assert_int_eq(release_find(&archive, "3.1")->version, 54);
	ck_assert_ptr_null(release_find(&archive, "3"));
	ck_assert_ptr_null(release_find(&archive, "3.10"));
	ck_assert_ptr_null(release_find(&none, "3.1"));
}
END_TEST

static const struct {
	int			version;
	const char *names;
	size_t		count;
}			named[] = {
	{36, NULL, 0}, {37, "2023-01", 1}, {39, "2023-01", 1}, {40, NULL, 0}, {53, NULL, 0}, {54, "3.0, 3.1", 2},
	{61, NULL, 0}, {62, "3.6", 1}, {66, "3.6, 2026-08", 2}, {67, NULL, 0}
};

START_TEST(a_version_has_names)
{
	char	   *names = release_names(&archive, named[_i].version, ", ");
	json_t	   *json = release_json(&archive, named[_i].version);

	ck_assert_pstr_eq(names, named[_i].names);
	ck_assert_uint_eq(json_array_size(json), named[_i].count);
	json_decref(json);
	mem_free(names);
}
END_TEST

#define GAP "software up to release 2023-01 does not run from version 40 on, and no known release runs on versions 40 " \
	"to 53"
#define LATER "software up to release 3.1 does not run from version 55 on, and no known release runs on versions 55 to " \
	"61"
#define STOP "Stop the daemons first, and deploy release "
#define KEEP " To keep the present software, run \"fitsdb-schema upgrade 39\"."

static const struct {
	int			from;
	int			to;
	const char *text;			/* NULL: the software keeps running */
	const char *advice;
}			ends[] = {
	{37, 39, NULL, NULL},
	{37, 40, GAP, "Stop the daemons first. No known release runs on version 40." KEEP},
	{39, 66, GAP, STOP "3.6 or 2026-08 afterwards."},
	{39, 54, GAP, STOP "3.0 or 3.1 afterwards."},
	/* from before the first release that is known */
	{0, 39, NULL, NULL},
	{18, 66, GAP, STOP "3.6 or 2026-08 afterwards." KEEP},
	/* it was stopped before */
	{40, 66, NULL, NULL},
	{55, 65, NULL, NULL},
	{54, 54, NULL, NULL},
	{54, 62, LATER, STOP "3.6 afterwards."},
	{62, 66, NULL, NULL},
	{65, 66, NULL, NULL},
	{66, 66, NULL, NULL},
	{66, 67, "software up to release 2026-08 does not run from version 67 on",
	"Stop the daemons first. No known release runs on version 67."},
	{67, 68, NULL, NULL},
};

START_TEST(software_ends)
{
	struct release_end end;
	bool		ended = release_ends(&archive, ends[_i].from, ends[_i].to, &end);
	char	   *text = ended ? release_end_text(&end) : NULL;
	char	   *advice = ended ? release_end_advice(&archive, &end, ends[_i].from, ends[_i].to) : NULL;

	ck_assert_pstr_eq(text, ends[_i].text);
	ck_assert_pstr_eq(advice, ends[_i].advice);
	ck_assert(!release_ends(&none, ends[_i].from, ends[_i].to, &end));
	mem_free(advice);
	mem_free(text);
}
END_TEST

Suite *
release_suite(void)
{
	Suite	   *suite = suite_create("release");
	TCase	   *tcase = tcase_create("release");

	tcase_add_test(tcase, a_release_is_found);
	tcase_add_loop_test(tcase, a_version_has_names, 0, sizeof(named) / sizeof(named[0]));
	tcase_add_loop_test(tcase, software_ends, 0, sizeof(ends) / sizeof(ends[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
