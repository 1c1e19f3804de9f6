/* The data lost between two readings of the tables, and the consent for it. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "migrate/loss_guard.h"
#include "unit/suites.h"

#include "base/banned.h"

/* A list as text: dropped "-", deleted "d", rewritten "w", a column ".number". */
static char *
render(const struct loss_guard_list *list)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < list->count; i++) {
		const struct loss_guard_item *item = &list->items[i];

		fprintf(stream, "%s%u", i > 0 ? " " : "", item->relation);
		if (item->kind == LOSS_GUARD_TABLE)
			fputc('-', stream);
		if (item->kind == LOSS_GUARD_COLUMN || item->kind == LOSS_GUARD_ATTRIBUTE)
			fprintf(stream, item->kind == LOSS_GUARD_COLUMN ? ".%d" : "(.%d)", item->number);
		if (item->rewritten)
			fprintf(stream, "w%ld", item->inserted);
		if (item->deleted > 0)
			fprintf(stream, "d%ld", item->deleted);
	}
	mem_stream_close(stream);
	return text;
}

static const struct {
	const char *before;
	const char *after;
	const char *dropped;
	const char *gone;
}			cases[] = {
	{"0;", "0;", "", ""},
	{"0;20 1 9 0 0", "0;20 1 9 0 0", NULL, ""},
	{"7;20 1 9 0 0,21 2 9 5 5", "9;20 1 9 0 9,21 2 9 5 7,22 3 9 4 4", "", ""},
	{"0;20 1 9 0 0,21 2 9 0 0", "0;21 2 9 0 0", "", "20-"},
	{"0;21 2 9 0 0,20 1 9 0 0", "0;22 1 9 0 0,20 1 9 0 0", "", "21-"},
	{"0;20 1 9 3 0", "0;20 1 9 5 0", "", "20d2"},
	{"0;20 1 9 3 4", "0;20 8 9 3 4", "", "20w0"},
	{"0;20 1 9 3 4", "0;20 8 9 4 6", "", "20w2d1"},
	{"0;20 1 3 0 0", "0;20 1 3 0 0", "20 3", "20.3"},
	/* It was added in between. */
	{"0;20 1 3 0 0", "0;20 1 4 0 0", "20 4", ""},
	/* Its type has lost a part. */
	{"0;20 1 3 0 0", "0;20 1 4 0 0", "19 1,20 3 1,20 4 1", "20(.3)"},
	/* Large objects are never truncated. */
	{"0;2613 1 3 0 0", "0;2613 9 3 0 0", "", ""},
	{"0;2613 1 3 0 0", "0;2613 9 3 2 0", "", "2613d2"},
	/* The number of rows before is not known. */
	{"0;20 1 0 0 0", "0;20 1 0 0 0", "20 4", "20.4"},
	/* Of a table that is created, or is dropped itself. */
	{"0;20 1 4 0 0", "0;20 1 4 0 0,21 1 1 0 0", "21 1,20 2,20 4", "20.2 20.4"},
	{"0;20 1 1 0 0,21 1 1 0 0", "0;21 1 1 0 0", "20 1", "20-"},
	/* No server's answer. */
	{"0;20 1 9 0 0,x", "0;y", "20 20 20 20 20 20 20", "20-"},
	{"", "0;20 1 9 0 0", ",,", ""},
	{"0;4000000000 1 9 0 0", "0;", "", "4000000000-"},
};

START_TEST(test_compare)
{
	struct loss_guard_list list = {0};
	char	   *text;

	loss_guard_compare(&list, NULL, cases[_i].before, cases[_i].after, cases[_i].dropped);
	text = render(&list);
	ck_assert_str_eq(text, cases[_i].gone);
	mem_free(text);
	loss_guard_list_clear(&list);
}
END_TEST

/* Of tables that the migration created in earlier transactions, and of one that another session has created since. */
START_TEST(test_made_since_the_start)
{
	static char start[] = "0;20 1 2 0 0";
	static char made[] = "21,22";
	struct loss_guard_migration migration = {.start = start,.made = made};
	struct loss_guard_list list = {0};
	char	   *text;

	loss_guard_compare(&list, &migration, "0;20 1 3 0 0,21 1 1 0 0,22 1 1 0 0,23 1 0 0 0,24 1 0 0 0",
					   "0;20 1 3 4 0,21 1 1 5 0,24 1 0 0 0", "20 2,20 3,21 1,24 9");
	text = render(&list);
	ck_assert_str_eq(text, "20d4 23- 20.2 24.9");
	mem_free(text);
	loss_guard_list_clear(&list);
}
END_TEST

START_TEST(test_note_made)
{
	struct loss_guard_migration migration = {0};

	loss_guard_note_made(&migration, "0;20 1 2 0 0", "0;20 1 2 0 0 1,21 1 2 0 0 2,22 1 2 0 0 3");
	ck_assert_ptr_null(migration.made);
	loss_guard_note_made(&migration, "0;20 1 2 0 0", "0;20 1 2 0 0,21 1 2 0 0 1");
	loss_guard_note_made(&migration, "0;20 1 2 0 0", "0;20 1 2 0 0,22 1 2 0 0 1");
	ck_assert_str_eq(migration.made, "21,22");
	mem_free(migration.made);
}
END_TEST

static const struct {
	const char *before;
	const char *after;
	const char *dropped;
	const char *gone;
	const char *ours;
	bool		meets;
}			others[] = {
	{"0 0 0 30;20 1 2 0 0", "0 0 0 30;20 1 2 0 0", "", "", "", false},
	/* A table with its sequence and index was dropped. */
	{"0 4 4 30;20 1 2 0 0", "0 7 4 30;", "", "", "", false},
	{"0 4 4 30;", "0 7 7 30;", "", "31,32,33", "", false},
	{"0 4 4 30;", "0 7 7 40;34 1 2 9 9 1", "", "31,32", "34", false},
	{"0 4 4 30;", "0 7 7 40;34 1 2 9 9 1", "", "31,32,33", "34", true},
	{"0 4 4 30;", "0 7 4 30;", "", "31,32,33", "", true},
	/* An answer without a limit for the oids. */
	{"0 4 4 30;", "0 7 4 30;", "", "21,22,23", "24", false},
	{"0 0 0 30;", "0 0 0 30;40 1 2 9 9 1", "40 1", "", "", false},
	{"0 0 0 30;", "0 0 0 30;40 1 2 0 9 2", "", "", "", false},
	{"0 0 0 30;", "0 0 0 30;40 1 2 1 9 2", "", "", "", true},
	{"0 0 0 30;", "0 0 0 30;40 1 2 0 9 3", "", "", "", true},
	{"0 0 0 30;", "0 0 0 30;40 1 2 0 9 2", "40 1", "", "", true},
	{"0 0 0 30;40 1 2 0 0", "0 0 0 30;40 1 2 1 9 3", "40 1", "", "", false},
	{"", "", "", "", "", false},
};

START_TEST(test_meets_others)
{
	ck_assert_int_eq(loss_guard_meets_others(others[_i].before, others[_i].after, others[_i].dropped, others[_i].gone,
											 others[_i].ours), others[_i].meets);
}
END_TEST

/* 20 has the partitions 21 and 22, and 23, which has 24. 30 is no partition. */
#define PARENTS "21 20,22 20,23 20,24 23"

static const struct {
	const char *before;
	const char *after;
	const char *left;
}			moves[] = {
	{"0;21 1 9 0 0,22 2 9 0 0", "0;21 1 9 3 0,22 2 9 0 3", ""},
	{"0;21 1 9 0 0,22 2 9 0 0", "0;21 1 9 3 0,22 2 9 0 2", "21d3"},
	{"0;21 1 9 0 0,24 2 9 9 9", "0;21 1 9 3 0,24 2 9 9 12", ""},
	{"0;21 1 9 0 0,30 2 9 0 0", "0;21 1 9 3 0,30 2 9 0 3", "21d3"},
	{"0;30 1 9 0 0", "0;30 1 9 1 1", "30d1"},
	/* Into a partition that is made. */
	{"0;21 1 9 0 0", "0;21 1 9 3 0,22 1 9 0 3", ""},
	/* One that is dropped, or truncated, has moved nothing. */
	{"0;21 1 9 0 0,22 1 9 0 0", "0;22 1 9 0 5", "21-"},
	{"0;21 1 9 0 0,22 1 9 0 0", "0;21 5 9 0 0,22 1 9 0 5", "21w0"},
};

START_TEST(test_moves)
{
	struct loss_guard_list list = {0};
	char	   *text;

	loss_guard_compare(&list, NULL, moves[_i].before, moves[_i].after, NULL);
	loss_guard_forgive_moves(&list, moves[_i].before, moves[_i].after, PARENTS);
	text = render(&list);
	ck_assert_str_eq(text, moves[_i].left);
	mem_free(text);
	loss_guard_list_clear(&list);
}
END_TEST

START_TEST(test_known)
{
	long		highest;
	char	   *text = loss_guard_known("7;22 1 2 3 4,21 1 2 3 4,4000000000 1 2 3 4", &highest);

	ck_assert_str_eq(text, "{21,22,4000000000}");
	ck_assert_int_eq(highest, 4000000000);
	mem_free(text);
	text = loss_guard_known(NULL, &highest);
	ck_assert_str_eq(text, "{}");
	ck_assert_int_eq(highest, 0);
	mem_free(text);
}
END_TEST

START_TEST(test_moves_in_a_circle)
{
	struct loss_guard_list list = {0};

	loss_guard_compare(&list, NULL, "0;21 1 9 0 0", "0;21 1 9 3 0", NULL);
	loss_guard_forgive_moves(&list, "0;21 1 9 0 0", "0;21 1 9 3 0", "21 22,22 21");
	ck_assert_uint_eq(list.count, 1);
	loss_guard_list_clear(&list);
}
END_TEST

static const struct {
	struct loss_guard_item agreed;
	struct loss_guard_item item;
	bool		covers;
}			agreements[] = {
	{{.kind = LOSS_GUARD_TABLE,.relation = 20}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, true},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20}, {.kind = LOSS_GUARD_TABLE,.relation = 21}, false},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20}, {.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, true},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20}, {.kind = LOSS_GUARD_ROWS,.relation = 20}, true},
	{{.kind = LOSS_GUARD_ANYTHING,.relation = 20}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, true},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, {.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1},
	true},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, {.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 2},
	false},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, {.kind = LOSS_GUARD_ROWS,.relation = 20}, false},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, false},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20}, {.kind = LOSS_GUARD_ROWS,.relation = 20}, true},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, false},
	{{.kind = LOSS_GUARD_CASCADE,.relation = 20}, {.kind = LOSS_GUARD_ROWS,.relation = 20}, true},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20}, {.kind = LOSS_GUARD_ATTRIBUTE,.relation = 20,.number = 1}, true},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20}, {.kind = LOSS_GUARD_ATTRIBUTE,.relation = 20,.number = 1}, false},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, {.kind = LOSS_GUARD_ATTRIBUTE,.relation = 20,.number = 1},
	true},
	/* No more rows than were listed, where these were counted. */
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {3, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 3}, true},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {3, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, false},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {3, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, false},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {3, false}}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, true},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {3, true}}, {.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4},
	true},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {-1, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, true},
};

START_TEST(test_covers)
{
	struct loss_guard_item agreed = agreements[_i].agreed;
	struct loss_guard_list list = {.count = 1,.items = &agreed};

	ck_assert_int_eq(loss_guard_covers(&list, &agreements[_i].item), agreements[_i].covers);
	ck_assert(!loss_guard_covers(&(struct loss_guard_list) {0}, &agreements[_i].item));
}
END_TEST

static const struct {
	struct loss_guard_item agreed;
	struct loss_guard_item item;
	int			limit;
}			limits[] = {
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {3, false}}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, 3},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {3, true}}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, -1},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {-1, false}}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, -1},
	{{.kind = LOSS_GUARD_TABLE,.relation = 21,.count = {3, false}}, {.kind = LOSS_GUARD_TABLE,.relation = 20}, -1},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1,.count = {2, false}},
	{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, 2},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {3, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.rewritten = true}, 3},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {3, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 2},
	-1},
};

START_TEST(test_limit)
{
	struct loss_guard_item agreed = limits[_i].agreed;
	struct loss_guard_list list = {.count = 1,.items = &agreed};

	ck_assert_int_eq((int) loss_guard_limit(&list, &limits[_i].item), limits[_i].limit);
}
END_TEST

static const struct {
	struct loss_guard_item agreed;
	struct loss_guard_item empty;
	struct loss_guard_item item;
	double		left;
}			consumptions[] = {
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, 5},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4,.inserted = 1}, 6},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4,.inserted = 5}, 9},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 10}, 0},
	{{.kind = LOSS_GUARD_ROWS,.relation = 21,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, 9},
	{{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, 9},
	{{.kind = LOSS_GUARD_TABLE,.relation = 20,.count = {9, false}}, {0},
	{.kind = LOSS_GUARD_COLUMN,.relation = 20,.number = 1}, 9},
	/* It has no limit. */
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {9, true}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, 9},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {-1, false}}, {0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.deleted = 4}, -1},
	/* It was truncated, or written anew, and held no more than that. */
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {9, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {-1, false},.limit = 9},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.rewritten = true}, 0},
	{{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {9, false}},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.count = {-1, false},.limit = 0},
	{.kind = LOSS_GUARD_ROWS,.relation = 20,.rewritten = true}, 9},
};

START_TEST(test_consumption)
{
	struct loss_guard_item item = consumptions[_i].agreed;
	struct loss_guard_item none = consumptions[_i].empty;
	struct loss_guard_list agreed = {.count = 1,.items = &item};
	struct loss_guard_list empty = {.count = none.relation > 0,.items = &none};

	loss_guard_consume(&agreed, &empty, &consumptions[_i].item);
	ck_assert_double_eq(item.count.rows, consumptions[_i].left);
}
END_TEST

Suite *
loss_guard_suite(void)
{
	Suite	   *suite = suite_create("loss_guard");
	TCase	   *tcase = tcase_create("guard");

	tcase_add_loop_test(tcase, test_compare, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_made_since_the_start);
	tcase_add_test(tcase, test_note_made);
	tcase_add_loop_test(tcase, test_meets_others, 0, sizeof(others) / sizeof(others[0]));
	tcase_add_loop_test(tcase, test_moves, 0, sizeof(moves) / sizeof(moves[0]));
	tcase_add_test(tcase, test_known);
	tcase_add_test(tcase, test_moves_in_a_circle);
	tcase_add_loop_test(tcase, test_covers, 0, sizeof(agreements) / sizeof(agreements[0]));
	tcase_add_loop_test(tcase, test_limit, 0, sizeof(limits) / sizeof(limits[0]));
	tcase_add_loop_test(tcase, test_consumption, 0, (int) (sizeof(consumptions) / sizeof(consumptions[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
