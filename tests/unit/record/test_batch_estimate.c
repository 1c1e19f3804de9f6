/* The progress of a batched statement, as text. */
#include <check.h>

#include "base/mem.h"
#include "record/batch_estimate.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	struct batch_estimate estimate;
	const char *text;
}			cases[] = {
	{{43, 720}, "about 43% done, about 12 min left"},
	{{43, 0}, "about 43% done, about 0 s left"},
	{{0, -1}, "about 0% done"},
	{{-1, 720}, NULL},
};

START_TEST(test_text)
{
	char	   *text = batch_estimate_text(&cases[_i].estimate);

	if (cases[_i].text)
		ck_assert_pstr_eq(text, cases[_i].text);
	else
		ck_assert_ptr_null(text);
	mem_free(text);
}
END_TEST

Suite *
batch_estimate_suite(void)
{
	Suite	   *suite = suite_create("batch_estimate");
	TCase	   *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, test_text, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
