/* The steps from one version to another: each case is a line. */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "history/steps.h"
#include "unit/suites.h"

#define NONE {0}
#define UP(v, n) {.there = true, .version = (v), .up = true, .statements = (n)}
#define DOWN(v, n) {.there = true, .version = (v), .statements = (n)}

/* Steps are +VERSION or -VERSION; "(before>after" if unusual; "@done" if some statements are done. */
static const struct {
	bool		up;
	int			current;
	int			target;
	struct steps_incomplete partial;
	enum steps_verdict verdict;
	const char *steps;
}			cases[] = {
	{true, 0, 3, NONE, STEPS_PENDING, "+1 +2 +3"},
	{true, 2, 3, NONE, STEPS_PENDING, "+3"},
	{true, 3, 3, NONE, STEPS_NONE, ""},
	{true, 5, 5, NONE, STEPS_NONE, ""},
	{true, 3, 2, NONE, STEPS_BACKWARD, ""},
	{true, 0, 6, NONE, STEPS_UNKNOWN_TARGET, ""},
	{true, 0, -1, NONE, STEPS_UNKNOWN_TARGET, ""},
	{true, 7, 5, NONE, STEPS_AHEAD, ""},
	{true, INT_MAX, 5, NONE, STEPS_AHEAD, ""},
	/* An incomplete up goes on. */
	{true, 2, 4, UP(3, 5), STEPS_PENDING, "+3@5 +4"},
	{true, 2, 3, UP(3, 0), STEPS_PENDING, "+3"},
	/* Beyond the target it is not changed. */
	{true, 2, 2, UP(3, 5), STEPS_NONE, ""},
	{true, 5, 5, UP(6, 1), STEPS_INCOMPLETE_AHEAD, ""},
	/* An incomplete down is redone by its up. */
	{true, 3, 4, DOWN(3, 1), STEPS_PENDING, "+3(3>3 +4"},
	{true, 3, 3, DOWN(3, 1), STEPS_PENDING, "+3(3>3"},
	{true, 5, 5, DOWN(5, 1), STEPS_PENDING, "+5(5>5"},
	{false, 3, 0, NONE, STEPS_PENDING, "-3 -2 -1"},
	{false, 3, 3, NONE, STEPS_NONE, ""},
	{false, 3, 4, NONE, STEPS_FORWARD, ""},
	{false, 3, -1, NONE, STEPS_UNKNOWN_TARGET, ""},
	/* Versions that this build does not have are no obstacle. */
	{false, 7, 5, NONE, STEPS_PENDING, "-7 -6"},
	/* An incomplete up is reverted first, for any target. */
	{false, 2, 1, UP(3, 5), STEPS_PENDING, "-3(2>2 -2"},
	{false, 2, 2, UP(3, 5), STEPS_PENDING, "-3(2>2"},
	{false, 5, 5, UP(6, 1), STEPS_PENDING, "-6(5>5"},
	/* A down goes on. */
	{false, 3, 1, DOWN(3, 2), STEPS_PENDING, "-3@2 -2"},
	{false, 3, 3, DOWN(3, 2), STEPS_NONE, ""},
};

static void
describe(const struct steps *plan, char *text, size_t size)
{
	FILE	   *stream = fmemopen(text, size, "w");

	ck_assert_ptr_nonnull(stream);
	for (size_t i = 0; i < plan->count; i++) {
		const struct steps_item *step = &plan->steps[i];
		int			usual = step->up ? step->version - 1 : step->version;

		fprintf(stream, "%s%c%d", i ? " " : "", step->up ? '+' : '-', step->version);
		if (step->before != usual || step->after == step->before)
			fprintf(stream, "(%d>%d", step->before, step->after);
		if (step->done)
			fprintf(stream, "@%d", step->done);
	}
	fclose(stream);
}

START_TEST(test_plan)
{
	struct steps plan;
	char		steps[200] = "";
	enum steps_verdict verdict = cases[_i].up
		? steps_upgrade(&plan, 5, cases[_i].current, cases[_i].target, &cases[_i].partial)
		: steps_downgrade(&plan, cases[_i].current, cases[_i].target, &cases[_i].partial);

	describe(&plan, steps, sizeof(steps));
	ck_assert_int_eq(verdict, cases[_i].verdict);
	ck_assert_str_eq(steps, cases[_i].steps);
	steps_clear(&plan);
	ck_assert_uint_eq(plan.count, 0);
}
END_TEST

/* This build's last version is 5. */
static const struct {
	struct steps_incomplete partial;
	const char *advice;
}			advices[] = {
	{UP(5, 1), "To finish it, run \"fitsdb-schema upgrade 5\"; to revert it, run \"fitsdb-schema downgrade 4\"."},
	{UP(6, 1), "To finish it, use the newer build; to revert it, run \"fitsdb-schema downgrade 5\"."},
	{DOWN(5, 1), "To finish it, run \"fitsdb-schema downgrade 4\"; to run its up section again, run \"fitsdb-schema"
	" upgrade 5\"."},
	{DOWN(6, 1), "To finish it, run \"fitsdb-schema downgrade 5\"; to run its up section again, use the newer build."},
};

START_TEST(test_advice)
{
	char	   *advice = steps_advice(&advices[_i].partial, 5);

	ck_assert_str_eq(advice, advices[_i].advice);
	mem_free(advice);
}
END_TEST

Suite *
steps_suite(void)
{
	Suite	   *suite = suite_create("steps");
	TCase	   *tcase = tcase_create("plan");

	tcase_add_loop_test(tcase, test_plan, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_advice, 0, sizeof(advices) / sizeof(advices[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
