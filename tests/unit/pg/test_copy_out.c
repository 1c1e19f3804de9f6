/* Rows of a table in the binary format of COPY. */
#include <check.h>
#include <string.h>

#include "pg/copy_out.h"
#include "unit/suites.h"

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define END "\377\377"
#define SEVEN "\0\0\0\4\0\0\0\7"
#define TABLE(text) {true, sizeof(text) - 1, text}

static const struct {
	struct copy_out_table table;
	int			fields;
	int			rows;			/* that can be taken */
	bool		whole;			/* and that was all */
}			cases[] = {
	{TABLE(HEADER "\0\1" SEVEN END), 1, 1, true},
	{TABLE(HEADER "\0\2" SEVEN "\0\0\0\3abc" END), 2, 1, true},
	{TABLE(HEADER "\0\1\0\0\0\0" END), 1, 1, true},
	{TABLE(HEADER END), 1, 0, true},
	{TABLE(HEADER "\0\1" SEVEN "\0\1" SEVEN END), 1, 2, true},
	{TABLE(HEADER "\0\1\377\377\377\377" END), 1, 1, true},
	/* another number of fields */
	{TABLE(HEADER "\0\2" SEVEN SEVEN END), 1, 0, false},
	{TABLE(HEADER "\0\1" SEVEN "\0\2" SEVEN SEVEN END), 1, 1, false},
	/* cut, longer, and none at all */
	{TABLE(HEADER "\0\1" SEVEN), 1, 1, false},
	{TABLE(HEADER "\0\1" SEVEN "\377"), 1, 1, false},
	{TABLE(HEADER "\0\1\0\0\0\4\0\0"), 1, 0, false},
	{TABLE(HEADER "\0\1\177\377\377\377\0\0\0\7" END), 1, 0, false},
	{TABLE(HEADER "\0\1\377\377\377\376" END), 1, 0, false},
	{TABLE(HEADER "\0"), 1, 0, false},
	{TABLE(HEADER "\0\1" SEVEN END END), 1, 1, false},
	{TABLE("PGCOPY\n"), 1, 0, false},
	{TABLE(""), 1, 0, false},
	{TABLE("39\n"), 1, 0, false},
	{{false, 0, ""}, 1, 0, false},
};

START_TEST(test_rows)
{
	struct copy_out_field fields[2];
	size_t		at = 0;
	int			rows = 0;

	while (copy_out_next(&cases[_i].table, &at, cases[_i].fields, fields))
		rows++;
	ck_assert_int_eq(rows, cases[_i].rows);
	ck_assert_int_eq(copy_out_at_end(&cases[_i].table, at), cases[_i].whole);
}
END_TEST

START_TEST(test_fields)
{
	const struct copy_out_table table = TABLE(HEADER "\0\2\0\0\0\4\377\377\377\376\0\0\0\3abc" END);
	struct copy_out_field fields[2];
	size_t		at = 0;
	int			number;

	ck_assert(copy_out_next(&table, &at, 2, fields));
	ck_assert(copy_out_number(&fields[0], &number));
	ck_assert_int_eq(number, -2);
	ck_assert_uint_eq(fields[1].length, 3);
	ck_assert_mem_eq(fields[1].bytes, "abc", 3);
	ck_assert(!copy_out_number(&fields[1], &number));
	ck_assert(!copy_out_number(&(struct copy_out_field) {.bytes = NULL}, &number));
}
END_TEST

Suite *
copy_out_suite(void)
{
	Suite	   *suite = suite_create("copy_out");
	TCase	   *tcase = tcase_create("copied");

	tcase_add_loop_test(tcase, test_rows, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_fields);
	suite_add_tcase(suite, tcase);
	return suite;
}
