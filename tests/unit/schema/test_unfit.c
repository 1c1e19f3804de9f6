/* Which statements may change the rows that do not fit, of facts given as text. */
#include <check.h>
#include <stdio.h>

#include "schema/unfit.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define TABLES \
	"table q\ncolumn q.a\tinteger\ncolumn q.b\tinteger\ncolumn q.p\tinteger\ntable parent\ncolumn parent.id\tinteger\n"

static const struct {
	const char *more;			/* besides these tables */
	const char *sql;
	const char *definition;
	bool		may;
}			cases[] = {
	{"", "UPDATE q SET a = 1", "UNIQUE (a)", true},
	{"", "UPDATE q SET b = 1", "UNIQUE (a)", false},
	{"", "UPDATE parent SET id = 1", "UNIQUE (a)", false},
	{"", "DELETE FROM q WHERE b = 1", "UNIQUE (a)", true},
	{"", "INSERT INTO q (a, b) VALUES (1, 2) ON CONFLICT (b) DO UPDATE SET a = 3", "UNIQUE (a)", true},
	{"", "ALTER TABLE q ALTER a TYPE integer USING coalesce(a, 0)", "a", true},
	{"", "ALTER TABLE q ALTER b TYPE bigint", "a", false},
	{"", "ALTER TABLE q RENAME COLUMN a TO c", "CHECK (a > 0)", true},
	{"", "ALTER TABLE q ADD UNIQUE (a)", "UNIQUE (a)", false},
	{"", "CREATE INDEX i ON q USING btree (b)", "UNIQUE (a)", false},
	/* the tables that are referred to */
	{"", "INSERT INTO parent SELECT p FROM q", "FOREIGN KEY (p) REFERENCES parent(id)", true},
	{"", "ALTER TABLE q ADD FOREIGN KEY (p) REFERENCES parent(id)", "FOREIGN KEY (p) REFERENCES parent(id)", false},
	/* code */
	{"", "DO $$ BEGIN UPDATE q SET a = 1; END $$", "UNIQUE (a)", true},
	{"", "DO $$ BEGIN EXECUTE 'UPDATE ' || chr(113) || ' SET a = 1'; END $$", "UNIQUE (a)", true},
	{"", "DO $$ BEGIN EXECUTE 'CREATE INDEX x ON ' || chr(113) || ' (b)'; END $$", "UNIQUE (a)", false},
	/* functions of users, triggers, actions of foreign keys */
	{"function tidy()\tx\n", "SELECT tidy()", "UNIQUE (a)", true},
	{"function s.\"Tidy\"(integer)\tx\n", "SELECT s.\"Tidy\"(1)", "UNIQUE (a)", true},
	{"trigger parent.t\tx\n", "UPDATE parent SET id = id", "UNIQUE (a)", true},
	{"constraint q.k\tFOREIGN KEY (p) REFERENCES parent(id) ON DELETE CASCADE\n", "DELETE FROM parent", "UNIQUE (a)", true},
	{"constraint q.k\tFOREIGN KEY (p) REFERENCES parent(id)\n", "DELETE FROM parent", "UNIQUE (a)", false},
};

START_TEST(may_change)
{
	struct given_facts given;
	char		live[1000];

	ck_assert_int_lt(snprintf(live, sizeof(live), TABLES "%s", cases[_i].more), (int) sizeof(live));
	given_facts_make(&given, live, "version 0\n+ table q\n", 150004);
	ck_assert_msg(unfit_may_change(&given.sides, cases[_i].sql, "q", cases[_i].definition) == cases[_i].may, "%s",
				  cases[_i].sql);
	given_facts_clear(&given);
}
END_TEST

Suite *
unfit_suite(void)
{
	Suite	   *suite = suite_create("unfit");
	TCase	   *tcase = tcase_create("unfit");

	tcase_add_loop_test(tcase, may_change, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
