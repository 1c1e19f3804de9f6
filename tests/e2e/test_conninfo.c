/*
 * Connection strings that are wrong in every way there is, with a password in them: nothing of it is printed.
 */
#include <check.h>
#include <string.h>

#include "mem.h"
#include "process.h"
#include "server.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

static const struct server *server;

static void
setup(void)
{
	server = server_start(true);
}

#define SECRET "Wr0ngS3cret"

/* %s is the server's port. */
static const struct {
	const char *conninfo;
	const char *arguments[3];
}			leaks[] = {
	{"host=127.0.0.1 port=%s user=fitsdata dbname=fitsdata password=" SECRET, {"status", "--verbose"}},
	{"host=127.0.0.1 port=%s user=fitsdata dbname=fitsdata password=" SECRET, {"upgrade", "--verbose"}},
	{"host=127.0.0.1 port=%s password = " SECRET " bogus", {"status"}},
	{"host=127.0.0.1 port=%s password='" SECRET, {"status"}},
	{"host=127.0.0.1 port=%s bogus=" SECRET, {"status"}},
	{"postgresql://fitsdata:" SECRET "@127.0.0.1:%s/fitsdata", {"status", "--verbose"}},
	{"postgresql://fitsdata:" SECRET "@127.0.0.1:%s/fitsdata", {"log", "--frobnicate"}},
	{"postgresql://fitsdata:" SECRET "@127.0.0.1:%s/fitsdata?bogus=1", {"status"}},
	{"postgresql://fitsdata:" SECRET "@127.0.0.1:%s/fitsdata?bogus", {"status"}},
	{"postgresql://fitsdata:" SECRET "%%zz@127.0.0.1:%s/fitsdata", {"status"}},
	{"postgresql://fitsdata:" SECRET "@[::1:%s/fitsdata", {"status"}},
	{"postgresql://fitsdata:" SECRET "@[]:%s/fitsdata", {"status"}},
	{"postgresql://fitsdata:" SECRET "@127.0.0.1:notaport%s/fitsdata", {"status"}},
	{"postgresql://fitsdata:" SECRET "@127.0.0.1:%s/x", {"status", "postgresql://fitsdata:" SECRET "@127.0.0.1/x"}},
	{NULL, {"downgrade", "postgresql://fitsdata:" SECRET "@127.0.0.1:1/x"}},
	{NULL, {"upgrade", "postgres:/fitsdata:" SECRET "@127.0.0.1:1/x"}},
	{NULL, {"postgresql://fitsdata:" SECRET "@127.0.0.1:1/x"}},
	{NULL, {"status", "--dbnam=postgresql://fitsdata:" SECRET "@127.0.0.1:1/x"}},
	{NULL, {"status", "--dbnames=postgresql://fitsdata:" SECRET "@127.0.0.1:1/x"}},
	{NULL, {"stamp", "password=" SECRET}},
};

/* The format is one of the above. */
static char *
with_port(const char *format)
{
	const char *place = strstr(format, "%s");
	char	   *text = mem_format("%.*s%s%s", (int) (place - format), format, server->port, place + 2);
	char	   *percent = strstr(text, "%%");

	if (percent)
		memmove(percent, percent + 1, strlen(percent));
	return text;
}

static void
expect_no_secret(const struct process *process)
{
	ck_assert_msg(process->status == 3, "it ended with status %d:\n%s%s", process->status, process->out, process->err);
	ck_assert_msg(!strstr(process->out, SECRET) && !strstr(process->err, SECRET), "the password is printed:\n%s%s",
				  process->out, process->err);
	ck_assert_ptr_nonnull(strstr(process->err, "error: "));
}

START_TEST(password_is_never_printed)
{
	char	   *conninfo = leaks[_i].conninfo ? with_port(leaks[_i].conninfo) : NULL;
	struct process process;

	tool_run(&process, conninfo, leaks[_i].arguments);
	expect_no_secret(&process);
	process_clear(&process);
	mem_free(conninfo);
}
END_TEST

Suite *
conninfo_suite(void)
{
	Suite	   *suite = suite_create("conninfo");
	TCase	   *tcase = tcase_create("conninfo");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, password_is_never_printed, 0, sizeof(leaks) / sizeof(leaks[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
