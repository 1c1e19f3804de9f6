/* What rows can contradict in a statement. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "history/forbidden_by_rows.h"
#include "unit/suites.h"

#include "base/banned.h"

/* A statement, and a line "table: what: rows" for each. */
static const struct {
	const char *sql;
	const char *found;
}			cases[] = {
	{"ALTER TABLE q ADD UNIQUE (a, b)", "public.q: UNIQUE (a, b): SELECT concat(ROW(a, b)::text, ': ', count(*), ' rows')"
		" FROM ONLY public.q WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b HAVING count(*) > 1\n"},
	{"-- c\nalter table if exists only s.\"Q\" drop constraint x, add constraint y primary key (\"A\")",
		"s.\"Q\": PRIMARY KEY (\"A\"): SELECT concat(ROW(\"A\")::text, ': ', count(*), ' rows') FROM ONLY s.\"Q\""
		" WHERE \"A\" IS NOT NULL GROUP BY \"A\" HAVING count(*) > 1\n"},
	{"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON q (a)", "public.q: UNIQUE (a): SELECT concat(ROW(a)::text, ': ',"
		" count(*), ' rows') FROM ONLY public.q WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1\n"},
	{"ALTER TABLE t ALTER COLUMN a TYPE integer, ALTER b SET NOT NULL, ALTER c SET DATA TYPE smallint",
		"public.t: type integer of column a: SELECT t::text FROM ONLY public.t t WHERE t.a > 2147483647 OR"
		" t.a < -2147483647 - 1\n"
		"public.t: NOT NULL of column b: SELECT t::text FROM ONLY public.t t WHERE t.b IS NULL\n"
		"public.t: type smallint of column c: SELECT t::text FROM ONLY public.t t WHERE t.c > 32767 OR"
	" t.c < -32767 - 1\n"},
	/* not known, or nothing that rows can contradict */
	{"ALTER TABLE t ALTER a TYPE integer USING 1", ""},
	{"ALTER TABLE t ALTER a TYPE text, ADD COLUMN b integer UNIQUE, DROP COLUMN c, ADD UNIQUE USING INDEX i", ""},
	{"CREATE UNIQUE INDEX i ON t (lower(a))", ""},
	{"CREATE INDEX i ON t (a)", ""},
	{"ALTER TABLE t ADD UNIQUE (", ""},
	{"ALTER TABLE", ""},
	{"ALTER TABLE t", ""},
	{"", ""},
	{"DO $$ ALTER TABLE t ADD UNIQUE (a) $$", ""},
};

START_TEST(statements)
{
	struct forbidden forbidden = {0};
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	forbidden_add(&forbidden, cases[_i].sql);
	for (size_t i = 0; i < forbidden.count; i++)
		fprintf(stream, "%s: %s: %s\n", forbidden.items[i].table, forbidden.items[i].what, forbidden.items[i].rows);
	mem_stream_close(stream);
	ck_assert_str_eq(text, cases[_i].found);
	mem_free(text);
	forbidden_clear(&forbidden);
}
END_TEST

Suite *
forbidden_by_rows_suite(void)
{
	Suite	   *suite = suite_create("forbidden_by_rows");
	TCase	   *tcase = tcase_create("forbidden_by_rows");

	tcase_add_loop_test(tcase, statements, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
