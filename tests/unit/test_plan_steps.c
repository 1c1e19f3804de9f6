/* From one version to another: each case is a line. */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "plan_steps.h"
#include "suites.h"

#define NONE {0}
#define UP(v, n) {.there = true, .version = (v), .up = true, .statements = (n)}
#define DOWN(v, n) {.there = true, .version = (v), .statements = (n)}

/* Steps are written as +VERSION or -VERSION, "(before>after" where that is not usual, "@done" where some are done. */
static const struct {
	bool		up;
	int			current;
	int			target;
	struct partial partial;
	enum plan_verdict verdict;
	const char *steps;
}			cases[] = {
	{true, 0, 3, NONE, PLAN_STEPS, "+1 +2 +3"},
	{true, 2, 3, NONE, PLAN_STEPS, "+3"},
	{true, 3, 3, NONE, PLAN_NOTHING, ""},
	{true, 5, 5, NONE, PLAN_NOTHING, ""},
	{true, 3, 2, NONE, PLAN_BACKWARD, ""},
	{true, 0, 6, NONE, PLAN_UNKNOWN_TARGET, ""},
	{true, 0, -1, NONE, PLAN_UNKNOWN_TARGET, ""},
	{true, 7, 5, NONE, PLAN_AHEAD, ""},
	{true, INT_MAX, 5, NONE, PLAN_AHEAD, ""},
	/* An up that stopped half-way goes on. */
	{true, 2, 4, UP(3, 5), PLAN_STEPS, "+3@5 +4"},
	{true, 2, 3, UP(3, 0), PLAN_STEPS, "+3"},
	/* It is not touched where it is beyond the target. */
	{true, 2, 2, UP(3, 5), PLAN_NOTHING, ""},
	{true, 5, 5, UP(6, 1), PLAN_PARTIAL_AHEAD, ""},
	/* A down that stopped half-way is made good by its up. */
	{true, 3, 4, DOWN(3, 1), PLAN_STEPS, "+3(3>3 +4"},
	{true, 3, 3, DOWN(3, 1), PLAN_STEPS, "+3(3>3"},
	{true, 5, 5, DOWN(5, 1), PLAN_STEPS, "+5(5>5"},
	{false, 3, 0, NONE, PLAN_STEPS, "-3 -2 -1"},
	{false, 3, 3, NONE, PLAN_NOTHING, ""},
	{false, 3, 4, NONE, PLAN_FORWARD, ""},
	{false, 3, -1, NONE, PLAN_UNKNOWN_TARGET, ""},
	/* Versions beyond the build are no hindrance. */
	{false, 7, 5, NONE, PLAN_STEPS, "-7 -6"},
	/* An up that stopped half-way is undone first, whatever the target. */
	{false, 2, 1, UP(3, 5), PLAN_STEPS, "-3(2>2 -2"},
	{false, 2, 2, UP(3, 5), PLAN_STEPS, "-3(2>2"},
	{false, 5, 5, UP(6, 1), PLAN_STEPS, "-6(5>5"},
	/* A down goes on. */
	{false, 3, 1, DOWN(3, 2), PLAN_STEPS, "-3@2 -2"},
	{false, 3, 3, DOWN(3, 2), PLAN_NOTHING, ""},
};

static void
describe(const struct plan *plan, char *text, size_t size)
{
	FILE	   *stream = fmemopen(text, size, "w");

	ck_assert_ptr_nonnull(stream);
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
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
	struct plan plan;
	char		steps[200] = "";
	enum plan_verdict verdict = cases[_i].up
		? plan_upgrade(&plan, 5, cases[_i].current, cases[_i].target, &cases[_i].partial)
		: plan_downgrade(&plan, cases[_i].current, cases[_i].target, &cases[_i].partial);

	describe(&plan, steps, sizeof(steps));
	ck_assert_int_eq(verdict, cases[_i].verdict);
	ck_assert_str_eq(steps, cases[_i].steps);
	plan_clear(&plan);
	ck_assert_uint_eq(plan.count, 0);
}
END_TEST

Suite *
plan_steps_suite(void)
{
	Suite	   *suite = suite_create("plan_steps");
	TCase	   *tcase = tcase_create("plan");

	tcase_add_loop_test(tcase, test_plan, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
