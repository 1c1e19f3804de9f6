/* What libpq says of a connection that has failed, and what is made of it. */
#include <check.h>

#include "refusal.h"
#include "suites.h"

#define FATAL "connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  "

static const struct {
	const char *message;
	const char *words;			/* NULL: it does not pass by itself */
}			cases[] = {
	{FATAL "the database system is starting up", "the server is starting up"},
	{FATAL "the database system is not yet accepting connections", "the server is starting up"},
	{FATAL "the database system is in recovery mode", "the server is starting up again after a crash"},
	{FATAL "the database system is shutting down", "the server is shutting down"},
	{FATAL "the database system is not accepting connections", "the server lets nobody in"},
	{FATAL "sorry, too many clients already", "the server is out of connections"},
	{FATAL "remaining connection slots are reserved for roles with the SUPERUSER attribute",
	"the server is out of connections"},
	{FATAL "remaining connection slots are reserved for non-replication superuser connections",
	"the server is out of connections"},
	{FATAL "too many connections for role \"fitsdata\"", "all connections that are allowed are taken"},
	{FATAL "too many connections for database \"fitsdata\"", "all connections that are allowed are taken"},
	{FATAL "no more connections allowed (max_client_conn)", "all connections that are allowed are taken"},
	{FATAL "database \"fitsdata\" does not exist", NULL},
	{FATAL "permission denied for database \"fitsdata\"", NULL},
	{"connection to server at \"127.0.0.1\", port 1 failed: Connection refused", NULL},
	{"", NULL},
};

START_TEST(test_refusal)
{
	ck_assert_pstr_eq(refusal_words(cases[_i].message), cases[_i].words);
}
END_TEST

Suite *
refusal_suite(void)
{
	Suite	   *suite = suite_create("refusal");
	TCase	   *tcase = tcase_create("refusal");

	tcase_add_loop_test(tcase, test_refusal, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
