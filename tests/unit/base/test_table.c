/* Results in columns, fitted to a width. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "base/text.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct table_column columns[] = {
	{.title = "n",.align_right = true}, {.title = "name",.can_truncate = true}, {.title = "state"},
	{.title = "when",.can_hide = true},
};

static char *
print_of(const struct table *table, int width, bool colored)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	table_print(table, stream, width, colored);
	mem_stream_close(stream);
	return text;
}

static void
fill(struct table *table)
{
	table_init(table, columns, 4);
	table_add(table, TABLE_PLAIN, (const char *[]) {"1", "add_publication_and_program", "applied", "2026-11-28"});
	table_add(table, TABLE_NOTICE, (const char *[]) {"10", "base", "pending", NULL});
}

static const struct {
	int			width;
	const char *text;
}			cases[] = {
	{0,
		" n  name                         state    when\n"
		" 1  add_publication_and_program  applied  2026-11-28\n"
	"10  base                         pending\n"},
	{52,
		" n  name                         state    when\n"
		" 1  add_publication_and_program  applied  2026-11-28\n"
	"10  base                         pending\n"},
	{51,
		" n  name                        state    when\n"
		" 1  add_publication_and_pro...  applied  2026-11-28\n"
	"10  base                        pending\n"},
	{37,
		" n  name          state    when\n"
		" 1  add_publi...  applied  2026-11-28\n"
	"10  base          pending\n"},
	{36,
		" n  name                     state\n"
		" 1  add_publication_and_...  applied\n"
	"10  base                     pending\n"},
	/* Less cannot be done. */
	{5,
		" n  name          state\n"
		" 1  add_publi...  applied\n"
	"10  base          pending\n"},
};

START_TEST(rows_are_made_to_fit)
{
	struct table table;
	char	   *text;

	fill(&table);
	text = print_of(&table, cases[_i].width, false);
	ck_assert_str_eq(text, cases[_i].text);
	mem_free(text);
	table_clear(&table);
}
END_TEST

START_TEST(colour_is_around_the_line)
{
	struct table table;
	char	   *text;

	fill(&table);
	table_add(&table, TABLE_ALERT, (const char *[]) {"11", "x", "differs", NULL});
	text = print_of(&table, 0, true);
	ck_assert_ptr_nonnull(strstr(text, "\033[01m n  name                         state    when\033[0m\n 1  add_"));
	ck_assert_ptr_nonnull(strstr(text, "\n\033[33m10  base                         pending\033[0m\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n\033[01;31m11  x                            differs\033[0m\n"));
	mem_free(text);
	table_clear(&table);
}
END_TEST

START_TEST(notes_are_below_their_row)
{
	struct table table;
	char	   *text;

	fill(&table);
	table_note(&table, "canceling statement\ndue to user request");
	table_note(&table, "twice");
	text = print_of(&table, 0, false);
	ck_assert_ptr_nonnull(strstr(text, "pending\n    canceling statement\\ndue to user request\n    twice\n"));
	mem_free(text);
	text = print_of(&table, 40, false);
	ck_assert_ptr_nonnull(strstr(text, "pending\n    canceling statement\\ndue to user\n      request\n    twice\n"));
	mem_free(text);
	table_clear(&table);
}
END_TEST

START_TEST(a_cell_stays_in_its_place)
{
	struct table table;
	char	   *text;

	table_init(&table, columns, 4);
	text = print_of(&table, 0, false);
	ck_assert_str_eq(text, "");
	mem_free(text);
	table_add(&table, TABLE_PLAIN, (const char *[]) {"1", "a\033[2J\nb\177", "\303\251", "z"});
	table_add(&table, TABLE_PLAIN, (const char *[]) {"2", "", "ee", "z"});
	text = print_of(&table, 0, true);
	ck_assert_ptr_nonnull(strstr(text, "1  a\\x1b[2J\\nb\\x7f  \303\251      z\n2                   ee     z\n"));
	mem_free(text);
	table_clear(&table);
}
END_TEST

/* At any width: unless it is too small for the parts that must not be cut, no line is longer. */
START_TEST(no_line_is_too_long)
{
	struct table table;

	fill(&table);
	for (int width = 27; width < 100; width++) {
		char	   *text = print_of(&table, width, false);

		char	   *rest = text;

		for (const char *line; (line = strsep(&rest, "\n"));)
			ck_assert_int_le(text_columns(line), width);
		mem_free(text);
	}
	table_clear(&table);
}
END_TEST

Suite *
table_suite(void)
{
	Suite	   *suite = suite_create("table");
	TCase	   *tcase = tcase_create("table");

	tcase_add_loop_test(tcase, rows_are_made_to_fit, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, colour_is_around_the_line);
	tcase_add_test(tcase, notes_are_below_their_row);
	tcase_add_test(tcase, a_cell_stays_in_its_place);
	tcase_add_test(tcase, no_line_is_too_long);
	suite_add_tcase(suite, tcase);
	return suite;
}
