/* The effects of a statement that count at the end of its migration: changes that last, and lost objects. */
#include <check.h>

#include "base/mem.h"
#include "measure/probe.h"
#include "unit/given_probe.h"
#include "unit/suites.h"

#include "base/banned.h"

/* A migration of one statement. */
static struct given_probe before;
static struct given_probe after;
static struct effects_statement statement;
static struct effects measurement = {.count = 1,.statements = &statement};

static void
begin(void)
{
	given_probe_init(&before);
	given_probe_init(&after);
}

static void
end(void)
{
	effects_statement_clear(&statement);
}

static void
compare(void)
{
	probe_compare(&statement, &before.probe, &before.probe, &after.probe);
}

static void
find_losses(const char *sql)
{
	probe_find_losses(&statement, &before.probe, &before.probe, &after.probe, sql);
}

static void
keep_lasting(void)
{
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
}

/* --- changes --- */

static bool
is_unindexed(void)
{
	probe_find_unindexed(&measurement, &before.probe, &after.probe);
	return statement.tables[0].changes[0].unindexed;
}

START_TEST(test_unindexed)
{
	begin();
	given_probe_add_constraint(&after, (struct probe_constraint) {
		.oid = GIVEN_NEW,.table = GIVEN_TABLE,.name = "new",.type = 'f',.columns = "{2}"
	});
	compare();
	ck_assert(is_unindexed());
	after.constraints[1].indexed = true;
	ck_assert(!is_unindexed());
	end();
}
END_TEST

/* A foreign key that replaces one of the same columns is not reported, whatever its name. One of other columns is. */
START_TEST(test_old_foreign_key)
{
	begin();
	given_probe_add_constraint(&before, (struct probe_constraint) {
		.oid = GIVEN_NEW,.table = GIVEN_TABLE,.name = "new",.type = 'f',.columns = _i == 0 ? "{2}" : "{1,2}"
	});
	given_probe_add_constraint(&after, (struct probe_constraint) {
		.oid = GIVEN_NEW + 1,.table = GIVEN_TABLE,.name = "two",.type = 'f',.columns = "{2}"
	});
	compare();
	ck_assert_int_eq(is_unindexed(), _i == 1);
	end();
}
END_TEST

/* A column is required only if it still is at the end. */
START_TEST(test_required_at_end)
{
	begin();
	given_probe_require(&after);
	compare();
	after.columns[1].dropped = true;
	keep_lasting();
	ck_assert_uint_eq(statement.tables[0].change_count, 2);
	ck_assert_str_eq(statement.tables[0].changes[1].name, "three");
	after.columns[2].required = false;
	keep_lasting();
	ck_assert_uint_eq(statement.tables[0].change_count, 1);
	end();
}
END_TEST

/* Row security blocks statements only until it has a policy. */
START_TEST(test_blocked_at_end)
{
	begin();
	given_probe_block(&after);
	compare();
	keep_lasting();
	ck_assert_uint_eq(statement.tables[0].change_count, 1);
	after.probe.block_count = 0;
	keep_lasting();
	ck_assert_uint_eq(statement.tables[0].change_count, 0);
	end();
}
END_TEST

/* --- losses --- */

/* A label is lost if it is renamed, not if it goes with its type. */
START_TEST(test_renamed_label)
{
	begin();
	before.objects[0] = (struct probe_object) {
		.class = 3501,.oid = GIVEN_VIEW,.kind = "enum value",.identity = "public.color.red",.name = "red"
	};
	after.objects[0] = before.objects[0];
	after.objects[0].identity = "public.color.rot";
	after.objects[0].name = "rot";
	find_losses("");
	ck_assert_uint_eq(statement.loss_count, 1);
	ck_assert_str_eq(statement.losses[0].object, "enum value color.red");
	after.objects[0] = after.objects[1];
	after.probe.object_count = 1;
	find_losses("");
	ck_assert_uint_eq(statement.loss_count, 1);
	end();
}
END_TEST

static const struct {
	const char *sql;
	const char *lost;			/* "!": dropped by CASCADE */
	const char *replaced;		/* the function at the end; NULL: there is none */
}			losses[] = {
	{"DROP VIEW v; DROP FUNCTION f", "function f(integer); view v", NULL},
	{"DROP FUNCTION f CASCADE", "function f(integer); !constraint a.a_check; !trigger a.a_trigger; !view v", NULL},
	{"DROP FUNCTION f CASCADE -- a_check, a_trigger", "function f(integer); !view v", NULL},
	{"DROP FUNCTION f, v", "view v", "public.f(text)"},
	{"DROP FUNCTION f, v", "function f(integer); view v", "public.fg(text)"},
};

START_TEST(test_losses)
{
	char	   *found = mem_string("");

	begin();
	after.probe.object_count = after.probe.trigger_count = after.probe.constraint_count = 0;
	find_losses(losses[_i].sql);
	after.objects[0] = (struct probe_object) {
		.class = 1255,.oid = GIVEN_NEW,.kind = "function",.identity = losses[_i].replaced,.name = "f"
	};
	after.probe.object_count = losses[_i].replaced ? 1 : 0;
	keep_lasting();
	for (size_t i = 0; i < statement.loss_count; i++) {
		mem_append(&found, i > 0 ? "; " : "", statement.losses[i].along ? "!" : "");
		mem_append(&found, "", statement.losses[i].object);
	}
	ck_assert_str_eq(found, losses[_i].lost);
	mem_free(found);
	end();
}
END_TEST

/* A renamed object is lost, unless it has its name again, or another one has taken it. */
static const struct {
	const char *view;			/* its name at the end */
	const char *other;			/* that of another view, "public.w" before */
	size_t		count;
}			renamed[] = {
	{"public.v", "public.w", 0}, {"public.x", "public.w", 1}, {"public.w", "public.v", 0}, {"public.x", "public.v", 1}
};

START_TEST(test_renamed)
{
	begin();
	before.objects[1] = (struct probe_object) {
		.class = 1259,.oid = GIVEN_FUNCTION,.kind = "view",.identity = "public.w",.name = "w"
	};
	after.objects[1] = before.objects[1];
	after.objects[0].identity = renamed[_i].view;
	after.objects[1].identity = renamed[_i].other;
	find_losses("");
	keep_lasting();
	ck_assert_uint_eq(statement.loss_count, renamed[_i].count);
	end();
}
END_TEST

Suite *
probe_lasting_suite(void)
{
	Suite	   *suite = suite_create("probe_lasting");
	TCase	   *tcase = tcase_create("changes");

	tcase_add_test(tcase, test_unindexed);
	tcase_add_loop_test(tcase, test_old_foreign_key, 0, 2);
	tcase_add_test(tcase, test_required_at_end);
	tcase_add_test(tcase, test_blocked_at_end);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("losses");
	tcase_add_test(tcase, test_renamed_label);
	tcase_add_loop_test(tcase, test_losses, 0, sizeof(losses) / sizeof(losses[0]));
	tcase_add_loop_test(tcase, test_renamed, 0, sizeof(renamed) / sizeof(renamed[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
