/* Passwords in SQL, in messages that quote it, and in connection strings are masked. */
#include <check.h>

#include "base/mask.h"
#include "base/mem.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *text;
	const char *masked;
}			cases[] = {
	{"ALTER ROLE x PASSWORD 'secret'", "ALTER ROLE x PASSWORD '***'"},
	{"alter role x encrypted password 'secret' valid until '2030'",
	"alter role x encrypted password '***' valid until '2030'"},
	{"CREATE USER x PASSWORD'secret';", "CREATE USER x PASSWORD'***';"},
	{"PASSWORD \t'sec''ret', next", "PASSWORD \t'***', next"},
	{"PASSWORD '''secret', next", "PASSWORD '***', next"},
	{"PASSWORD E'sec\\'ret' LOGIN", "PASSWORD '***' LOGIN"},
	{"PASSWORD U&'sec\\0061ret' LOGIN", "PASSWORD '***' LOGIN"},
	{"PASSWORD $$secret$$ LOGIN", "PASSWORD '***' LOGIN"},
	{"PASSWORD $a$sec$$ret$a$ LOGIN", "PASSWORD '***' LOGIN"},
	{"PASSWORD /* a comment */ 'secret'", "PASSWORD /* a comment */ '***'"},
	{"PASSWORD -- a comment\n 'secret'", "PASSWORD -- a comment\n '***'"},
	{"PASSWORD 'sec'\n'ret' LOGIN", "PASSWORD '***' LOGIN"},
	{"PASSWORD 'one'; ALTER ROLE y PASSWORD 'two'", "PASSWORD '***'; ALTER ROLE y PASSWORD '***'"},
	{"PASSWORD '' LOGIN", "PASSWORD '***' LOGIN"},
	/* Cut off. */
	{"PASSWORD 'secr", "PASSWORD '***'"},
	{"PASSWORD $$secr", "PASSWORD '***'"},
	{"PASSWORD $a$secr$a", "PASSWORD '***'"},
	{"PASSWORD '", "PASSWORD '***'"},
	{"PASSWORD E'secr\\", "PASSWORD '***'"},
	/* Inside another string. */
	{"EXECUTE 'ALTER ROLE x PASSWORD ''secret'' LOGIN'", "EXECUTE 'ALTER ROLE x PASSWORD '***' LOGIN'"},
	{"EXECUTE 'ALTER ROLE x PASSWORD ''secret'''", "EXECUTE 'ALTER ROLE x PASSWORD '***''"},
	{"OPTIONS (user 'x', password 'secret')", "OPTIONS (user 'x', password '***')"},
	{"SQL statement \"ALTER ROLE x PASSWORD 'secret'\"", "SQL statement \"ALTER ROLE x PASSWORD '***'\""},
	/* Connection strings. */
	{"CONNECTION 'host=x password=secret user=y'", "CONNECTION 'host=x password=*** user=y'"},
	{"host=x password = 'sec ret' user=y", "host=x password = *** user=y"},
	{"postgresql://fitsdata:sec@ret@host/x", "postgresql://fitsdata:***@host/x"},
	/* None. */
	{"password authentication failed for user \"x\"", "password authentication failed for user \"x\""},
	{"ALTER ROLE x PASSWORD NULL", "ALTER ROLE x PASSWORD NULL"},
	{"ALTER ROLE x PASSWORD $1", "ALTER ROLE x PASSWORD $1"},
	{"my_password 'x', passwords 'y'", "my_password 'x', passwords 'y'"},
	{"postgresql://host:5432/x", "postgresql://host:5432/x"},
	{"password", "password"},
	{"", ""},
};

START_TEST(nothing_is_left)
{
	char	   *masked = mask_passwords(cases[_i].text);
	char	   *again = mask_passwords(masked);

	ck_assert_str_eq(masked, cases[_i].masked);
	ck_assert_str_eq(again, masked);
	mem_free(again);
	mem_free(masked);
}
END_TEST

START_TEST(null_text)
{
	ck_assert_ptr_null(mask_passwords(NULL));
}
END_TEST

Suite *
mask_suite(void)
{
	Suite	   *suite = suite_create("mask");
	TCase	   *tcase = tcase_create("mask");

	tcase_add_loop_test(tcase, nothing_is_left, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, null_text);
	suite_add_tcase(suite, tcase);
	return suite;
}
