/*
 * Connection strings that are invalid in every way, with a password in them: the password is not printed.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/process.h"
#include "support/server.h"
#include "support/tool.h"

#include "base/banned.h"

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

#define PLACE "host=127.0.0.1 port=%s user=fitsdata dbname=fitsdata"
#define PASSWORD "postgresql://fitsdata:" SECRET "@127.0.0.1:%s/fitsdata"

/* Settings of newer versions of libpq, and the message if ours does not know them. */
static const struct {
	const char *variable;
	const char *conninfo;
	const char *service;		/* lines of a service file's section "archive" */
	const char *says;
}			unsupported[] = {
	{"PGREQUIREAUTH=scram-sha-256", PLACE, NULL, "PGREQUIREAUTH is not supported\nhint: Remove it"},
	{"PGSSLCERTMODE=require", PLACE, NULL, "PGSSLCERTMODE is not supported"},
	{"PGLOADBALANCEHOSTS=random", PLACE, NULL, "PGLOADBALANCEHOSTS is not supported"},
	{"PGGSSDELEGATION=1", PLACE, NULL, "PGGSSDELEGATION is not supported"},
	{"PGSSLNEGOTIATION=direct", PLACE, NULL, "PGSSLNEGOTIATION is not supported"},
	{"PGMINPROTOCOLVERSION=3.2", PLACE, NULL, "PGMINPROTOCOLVERSION is not supported"},
	{"PGMAXPROTOCOLVERSION=3.2", PASSWORD, NULL, "PGMAXPROTOCOLVERSION is not supported"},
	{NULL, PLACE " require_auth=none password=" SECRET, NULL, "option \"require_auth\" is not supported"},
	{NULL, PASSWORD "?sslnegotiation=direct", NULL, "option \"sslnegotiation\" is not supported"},
	{NULL, PLACE " oauth_issuer=https://" SECRET, NULL, "option \"oauth_issuer\" is not supported"},
	{NULL, "service=archive", "require_auth=" SECRET, "connect: service file \"\nline 2: option \"require_auth\" is"
	" not supported\nhint: Use a service without this option (PGSERVICE, PGSERVICEFILE)."},
	{"PGSERVICE=archive", "dbname=fitsdata", "port=1\nbogus=" SECRET,
	"line 3: unknown connection option \"bogus\""},
	{"PGSERVICE=archive", "dbname=fitsdata", "port=1\n" SECRET, ", line 3\nhint: Correct the service file"},
	/* The part that is named, and the part that might be the rest of a password. */
	{NULL, PLACE " bogus=" SECRET, NULL, "unknown connection option \"bogus\""},
	{NULL, PASSWORD "?bogus=1", NULL, "unknown connection option \"bogus\""},
	{NULL, PLACE " password=x sslmod=require", NULL, "unknown connection option \"sslmod\""},
	{NULL, PLACE " password=x " SECRET "=y", NULL, "unknown connection option \"...\""},
	{NULL, "postgresql://fitsdata:x/?" SECRET "=1@127.0.0.1:%s/", NULL, "unknown connection option \"...\""},
	{NULL, "postgresql://fitsdata:x@y?" SECRET "=1@127.0.0.1:%s/", NULL, "unknown connection option \"...\""},
	/* Trust in the system's certificates. */
	{"PGSSLROOTCERT=system", PLACE, NULL, "sslrootcert=system is not supported\nhint: Use the file"},
	{NULL, PLACE " sslrootcert=system sslmode=disable", NULL, "sslrootcert=system is not supported"},
	{NULL, PASSWORD "?sslrootcert=system", NULL, "sslrootcert=system is not supported"},
	{NULL, "service=archive", "sslrootcert=system\nport=1", "sslrootcert=system is not supported"},
	{"PGSERVICE=archive", PLACE, "sslrootcert=system", "sslrootcert=system is not supported"},
	{"PGSSLROOTCERT=system", "service=archive sslrootcert=", "sslrootcert=system", "sslrootcert=system is not"},
};

/* Run "status" with an environment variable and a service file, where they are not NULL. */
static void
run_with(struct process *process, const char *variable, const char *conninfo, const char *service)
{
	char	   *path = mem_format("%s/services", server->directory);
	char	   *file = mem_format("PGSERVICEFILE=%s", path);
	const char *const environment[] = {file, variable, NULL};
	const struct process_options options = {.environment = environment};
	FILE	   *stream = fopen(path, "w");

	ck_assert_ptr_nonnull(stream);
	fprintf(stream, "[archive]\n%s\n", service ? service : "");
	ck_assert_int_eq(fclose(stream), 0);
	tool_start_with(process, conninfo, ARGS("status"), &options);
	process_wait(process);
	mem_free(file);
	mem_free(path);
}

START_TEST(ignored_settings_are_refused)
{
	char	   *conninfo = strstr(unsupported[_i].conninfo, "%s") ? with_port(unsupported[_i].conninfo)
		: mem_string(unsupported[_i].conninfo);
	struct process process;

	run_with(&process, unsupported[_i].variable, conninfo, unsupported[_i].service);
	expect_no_secret(&process);
	tool_wrote(&process, 3, "", unsupported[_i].says);
	process_clear(&process);
	mem_free(conninfo);
}
END_TEST

/* Empty is not set; a string or a service goes before the environment. */
static const char *const supported[][3] = {
	{"PGREQUIREAUTH=", "", NULL},
	{"PGSSLROOTCERT=", "", NULL},
	{"PGSSLROOTCERT=system", " sslrootcert=/nowhere", NULL},
	{"PGSSLROOTCERT=system", " service=archive", "sslrootcert=/nowhere"},
	{"PGSERVICE=archive", " sslrootcert=/nowhere", "sslrootcert=system"},
	{"PGOAUTHDEBUG=UNSAFE", "", NULL},
};

START_TEST(overridden_settings_are_accepted)
{
	char	   *socket = server_conninfo(server, "fitsdata", "fitsdata");
	char	   *conninfo = mem_format("%s%s", socket, supported[_i][1]);
	struct process process;

	run_with(&process, supported[_i][0], conninfo, supported[_i][2]);
	tool_wrote(&process, 3, "", "does not exist");
	process_clear(&process);
	mem_free(conninfo);
	mem_free(socket);
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
	tcase_add_loop_test(tcase, ignored_settings_are_refused, 0, sizeof(unsupported) / sizeof(unsupported[0]));
	tcase_add_loop_test(tcase, overridden_settings_are_accepted, 0, sizeof(supported) / sizeof(supported[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
