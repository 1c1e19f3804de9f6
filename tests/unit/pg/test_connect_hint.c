/* libpq's messages for a failed connection, and the hints for them. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "pg/connect_hint.h"
#include "unit/suites.h"

#define FATAL "connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  "

static const struct {
	const char *message;
	const char *words;			/* NULL: it does not pass by itself */
}			cases[] = {
	{FATAL "the database system is starting up", "the server is starting up"},
	{FATAL "the database system is not yet accepting connections", "the server is starting up"},
	{FATAL "the database system is in recovery mode", "the server is starting up again after a crash"},
	{FATAL "the database system is shutting down", "the server is shutting down"},
	{FATAL "the database system is not accepting connections", "the server does not accept connections"},
	{FATAL "sorry, too many clients already", "the server has no free connection"},
	{FATAL "remaining connection slots are reserved for roles with the SUPERUSER attribute",
	"the server has no free connection"},
	{FATAL "remaining connection slots are reserved for non-replication superuser connections",
	"the server has no free connection"},
	{FATAL "too many connections for role \"fitsdata\"", "all allowed connections are in use"},
	{FATAL "too many connections for database \"fitsdata\"", "all allowed connections are in use"},
	{FATAL "no more connections allowed (max_client_conn)", "all allowed connections are in use"},
	{FATAL "database \"fitsdata\" does not exist", NULL},
	{FATAL "permission denied for database \"fitsdata\"", NULL},
	{"connection to server at \"127.0.0.1\", port 1 failed: Connection refused", NULL},
	{"", NULL},
};

START_TEST(test_refusal)
{
	ck_assert_pstr_eq(connect_hint_words(cases[_i].message), cases[_i].words);
}
END_TEST

static const struct {
	const char *message;
	const char *hint;			/* its beginning; NULL: there is none */
}			hints[] = {
	{FATAL "the database system is starting up", "Run the same command again"},
	{FATAL "sorry, too many clients already", "Run the same command again"},
	{FATAL "permission denied for database \"fitsdata\"", "Grant CONNECT"},
	{FATAL "database \"fitsdata\" does not exist", "Specify the database with -d"},
	{FATAL "role \"root\" does not exist", "Specify the user with -U"},
	{FATAL "role \"fitsdata\" is not permitted to log in",
	"To allow it, run as a superuser: ALTER ROLE \"fitsdata\" LOGIN;"},
	{FATAL "role \"a\"b %s\" is not permitted to log in",
	"To allow it, run as a superuser: ALTER ROLE \"a\"\"b %s\" LOGIN;"},
	{FATAL "database \"fitsdata\" is not currently accepting connections",
	"To allow it, run as a superuser, in another database: ALTER DATABASE \"fitsdata\" ALLOW_CONNECTIONS true;"},
	{FATAL "password authentication failed for user \"fitsdata\"", "Check the user (-U)"},
	{FATAL "Peer authentication failed for user \"fitsdata\"", "With a socket, run the program as"},
	{FATAL "no pg_hba.conf entry for host \"192.0.2.1\", user \"fitsdata\", database \"fitsdata\", no encryption",
	"Add an entry for this user"},
	{"connection to server on socket \"/nowhere/.s.PGSQL.5432\" failed: No such file or directory",
	"Check that the server is running there"},
	{"connection to server at \"127.0.0.1\", port 1 failed: Connection refused", "Check that the server is running there"},
	{"connection to server at \"192.0.2.1\", port 5432 failed: timeout expired", "The server, or the network"},
	{"connection to server on socket \"/tmp/.s.PGSQL.5432\" failed: fe_sendauth: no password supplied",
	"Put the password into"},
	{"could not translate host name \"archive\" to address: Name or service not known", "Check the host name"},
	{"local user with ID 12345 does not exist", "Specify the user with -U"},
	{"could not look up local user ID 65534: No such file or directory", "Specify the user with -U"},
	{"invalid sslmode value: \"yes\"", NULL},
	{"", NULL},
};

START_TEST(test_hint)
{
	char	   *hint = connect_hint(hints[_i].message);

	if (hints[_i].hint)
		ck_assert_msg(hint && strncmp(hint, hints[_i].hint, strlen(hints[_i].hint)) == 0, "%s", hint ? hint : "none");
	else
		ck_assert_ptr_null(hint);
	mem_free(hint);
}
END_TEST

Suite *
connect_hint_suite(void)
{
	Suite	   *suite = suite_create("connect_hint");
	TCase	   *tcase = tcase_create("refusal");

	tcase_add_loop_test(tcase, test_refusal, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_hint, 0, sizeof(hints) / sizeof(hints[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
