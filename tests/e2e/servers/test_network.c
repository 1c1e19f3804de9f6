/*
 * Connections over TCP: TLS with a certificate that the test makes, an empty root directory, and the password file.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define PASSWORD "s3cr3t"
#define NAME "archive.example"
#define CERTIFICATE "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"

static const struct server *server;

/* An authority's certificate, and one of the server's that it has signed. */
static void
make_certificates(const char *data)
{
	const struct process_options there = {.user = "postgres",.directory = data};

	process_must(ARGS(CERTIFICATE, "-subj", "/CN=authority", "-keyout", "authority.key", "-out", "authority.crt"),
				 &there);
	process_must(ARGS(CERTIFICATE, "-subj", "/CN=other", "-keyout", "other.key", "-out", "other.crt"), &there);
	process_must(ARGS(CERTIFICATE, "-subj", ("/CN=" NAME), "-addext", ("subjectAltName=DNS:" NAME),
					  "-addext", "basicConstraints=critical,CA:FALSE", "-CA", "authority.crt",
					  "-CAkey", "authority.key", "-keyout", "server.key", "-out", "server.crt"), &there);
	/* The client's files are beside the data directory, which others cannot enter. */
	process_must(ARGS("cp", "authority.crt", "other.crt", ".."), &there);
}

static void
allow_tls_only(const char *data)
{
	char	   *path = mem_format("%s/pg_hba.conf", data);
	FILE	   *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs("local all all trust\nhostssl all all 127.0.0.1/32 md5\n", file);
	ck_assert_int_eq(fclose(file), 0);
	mem_free(path);
}

/* Password, no TLS yet, and a database at its latest version. */
static void
setup(void)
{
	char	   *superuser;
	char	   *conninfo;
	PGconn	   *connection;

	server = server_start(true);
	superuser = server_conninfo(server, "postgres", "postgres");
	conninfo = server_conninfo(server, "fitsdata", "fitsdata");
	connection = sql_connect(superuser);
	sql_exec(connection, "ALTER ROLE fitsdata PASSWORD '" PASSWORD "'");
	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	PQfinish(connection);
	tool_must(conninfo, ARGS("init"));
	mem_free(conninfo);
	mem_free(superuser);
}

static void
setup_tls(void)
{
	char	   *data;
	char	   *superuser;
	PGconn	   *connection;

	setup();
	data = mem_format("%s/data", server->directory);
	superuser = server_conninfo(server, "postgres", "postgres");
	make_certificates(data);
	allow_tls_only(data);
	connection = sql_connect(superuser);
	sql_exec(connection, "ALTER SYSTEM SET ssl = on");
	sql_exec(connection, "SELECT pg_reload_conf()");
	sql_await(connection, "SHOW ssl", "on");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(data);
}

static char *
over_tcp(const char *host, const char *settings)
{
	return mem_format("host=%s hostaddr=127.0.0.1 port=%s user=fitsdata dbname=fitsdata %s", host, server->port,
					  settings);
}

static char *
over_tls(const char *host, const char *authority)
{
	char	   *settings = mem_format("password=" PASSWORD " sslmode=verify-full sslrootcert=%s/%s.crt",
									  server->directory, authority);
	char	   *conninfo = over_tcp(host, settings);

	mem_free(settings);
	return conninfo;
}

START_TEST(tls_is_verified)
{
	char	   *good = over_tls(NAME, "authority");
	char	   *wrong_host = over_tls("elsewhere.example", "authority");
	char	   *wrong_authority = over_tls(NAME, "other");
	char	   *plain = over_tcp(NAME, "password=" PASSWORD " sslmode=disable");

	tool_expect(good, ARGS("status"), 0, "39", "");
	tool_expect(good, ARGS("downgrade", "30"), 0, "30", "");
	tool_expect(good, ARGS("upgrade"), 0, "39", "");
	tool_expect(wrong_host, ARGS("status"), 3, "", "does not match host name");
	tool_expect(wrong_authority, ARGS("status"), 3, "", "certificate verify failed");
	tool_expect(plain, ARGS("status"), 3, "", "no pg_hba.conf entry");
	mem_free(plain);
	mem_free(wrong_authority);
	mem_free(wrong_host);
	mem_free(good);
}
END_TEST

START_TEST(runs_in_an_empty_root)
{
	char	   *root = mem_format("%s/root", server->directory);
	char	   *inside = mem_format("%s/fitsdb-schema", root);
	char	   *executable = tool_path();
	char	   *conninfo = over_tcp("127.0.0.1", "password=" PASSWORD);
	const struct process_options options = {.root = root,.directory = "/"};
	struct process process;

	if (geteuid() != 0) {
		fputs("not run: runs_in_an_empty_root (it takes root)\n", stderr);
		return;
	}
	ck_assert_int_eq(mkdir(root, 0755), 0);
	process_must(ARGS("cp", executable, inside), NULL);
	tool_run_with(&process, "/fitsdb-schema", conninfo, ARGS("status"), &options);
	tool_wrote(&process, 0, "39", NULL);
	process_clear(&process);
	tool_run_with(&process, "/fitsdb-schema", conninfo, ARGS("downgrade", "36"), &options);
	tool_wrote(&process, 0, "36", NULL);
	process_clear(&process);
	tool_run_with(&process, "/fitsdb-schema", conninfo, ARGS("upgrade"), &options);
	tool_wrote(&process, 0, "39", NULL);
	process_clear(&process);
	mem_free(conninfo);
	mem_free(executable);
	mem_free(inside);
	mem_free(root);
}
END_TEST

START_TEST(password_file_is_read)
{
	char	   *conninfo = over_tcp("127.0.0.1", "");
	char	   *path = mem_format("%s/pgpass", server->directory);
	char	   *variable = mem_format("PGPASSFILE=%s", path);
	const char *const environment[] = {variable, NULL};
	FILE	   *file = fopen(path, "w");
	struct process process;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fchmod(fileno(file), 0600), 0);
	fprintf(file, "127.0.0.1:%s:fitsdata:fitsdata:" PASSWORD "\n", server->port);
	ck_assert_int_eq(fclose(file), 0);
	tool_run_with(&process, NULL, conninfo, ARGS("status"), &(struct process_options) {.environment = environment});
	tool_wrote(&process, 0, "39", "");
	process_clear(&process);
	/* Without it there is no prompt. */
	tool_run_with(&process, NULL, conninfo, ARGS("status", "-w"), NULL);
	tool_wrote(&process, 3, "", "no password supplied");
	process_clear(&process);
	mem_free(variable);
	mem_free(path);
	mem_free(conninfo);
}
END_TEST

Suite *
network_suite(void)
{
	Suite	   *suite = suite_create("network");
	TCase	   *plain = tcase_create("plain");
	TCase	   *alone = tcase_create("alone");
	TCase	   *tls = tcase_create("tls");

	tcase_add_unchecked_fixture(plain, setup, NULL);
	tcase_set_timeout(plain, 120);
	tcase_add_test(plain, password_file_is_read);
	suite_add_tcase(suite, plain);
	tcase_add_unchecked_fixture(alone, setup, NULL);
	tcase_set_timeout(alone, 120);
	tcase_set_tags(alone, "static");
	tcase_add_test(alone, runs_in_an_empty_root);
	suite_add_tcase(suite, alone);
	tcase_add_unchecked_fixture(tls, setup_tls, NULL);
	tcase_set_timeout(tls, 120);
	tcase_add_test(tls, tls_is_verified);
	suite_add_tcase(suite, tls);
	return suite;
}
