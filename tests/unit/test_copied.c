/* What COPY sends of a table in binary form. */
#include <check.h>
#include <string.h>

#include "db.h"
#include "suites.h"

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define END "\377\377"
#define SEVEN "\0\0\0\4\0\0\0\7"
#define TABLE(text) {true, sizeof(text) - 1, text}

static const struct {
	struct db_copied table;
	int			fields;
	bool		good;
}			cases[] = {
	{TABLE(HEADER "\0\1" SEVEN END), 1, true},
	{TABLE(HEADER "\0\2" SEVEN "\0\0\0\3abc" END), 2, true},
	{TABLE(HEADER "\0\1\0\0\0\0" END), 1, true},
	/* no row, two of them, another number of fields, a null */
	{TABLE(HEADER END), 1, false},
	{TABLE(HEADER "\0\1" SEVEN "\0\1" SEVEN END), 1, false},
	{TABLE(HEADER "\0\2" SEVEN SEVEN END), 1, false},
	{TABLE(HEADER "\0\1\377\377\377\377" END), 1, false},
	/* cut, longer, and none at all */
	{TABLE(HEADER "\0\1" SEVEN), 1, false},
	{TABLE(HEADER "\0\1" SEVEN "\377"), 1, false},
	{TABLE(HEADER "\0\1\0\0\0\4\0\0"), 1, false},
	{TABLE(HEADER "\0\1\177\377\377\377\0\0\0\7" END), 1, false},
	{TABLE(HEADER "\0"), 1, false},
	{TABLE(HEADER "\0\1" SEVEN END END), 1, false},
	{TABLE("PGCOPY\n"), 1, false},
	{TABLE(""), 1, false},
	{TABLE("39\n"), 1, false},
	{{false, 0, ""}, 1, false},
};

START_TEST(test_row)
{
	struct db_field fields[2];

	ck_assert_int_eq(db_copied_row(&cases[_i].table, cases[_i].fields, fields), cases[_i].good);
}
END_TEST

START_TEST(test_fields)
{
	const struct db_copied table = TABLE(HEADER "\0\2\0\0\0\4\377\377\377\376\0\0\0\3abc" END);
	struct db_field fields[2];
	int			number;

	ck_assert(db_copied_row(&table, 2, fields));
	ck_assert(db_field_number(&fields[0], &number));
	ck_assert_int_eq(number, -2);
	ck_assert_uint_eq(fields[1].length, 3);
	ck_assert_mem_eq(fields[1].bytes, "abc", 3);
	ck_assert(!db_field_number(&fields[1], &number));
}
END_TEST

Suite *
copied_suite(void)
{
	Suite	   *suite = suite_create("copied");
	TCase	   *tcase = tcase_create("copied");

	tcase_add_loop_test(tcase, test_row, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_fields);
	suite_add_tcase(suite, tcase);
	return suite;
}
