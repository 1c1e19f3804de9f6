/* Throwaway servers. */
#include "support/server.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/keeper.h"
#include "support/process.h"
#include "support/sql.h"

#include "base/banned.h"

#define DEBIAN "/usr/lib/postgresql/15/bin"

static struct server main_server;

static const struct process_options as_server = {.user = "postgres",.directory = "/"};

char *
server_program(const char *name)
{
	const char *folder = getenv("PG_BIN");

	return mem_format("%s/%s", folder ? folder : DEBIAN, name);
}

char *
server_debian_program(const char *name)
{
	return mem_format("%s/%s", DEBIAN, name);
}

static char *
make_directory(const char *parent, const char *name)
{
	char	   *path = mem_format("%s/%s-XXXXXX", parent, name);

	if (!mkdtemp(path) || chmod(path, 0755) != 0)
		ck_abort_msg("could not create a directory for a server: %s", strerror(errno));
	if (geteuid() == 0) {
		/* cppcheck-suppress getpwnamCalled; there is one thread */
		const struct passwd *user = getpwnam("postgres");

		ck_assert_msg(user != NULL, "there is no user \"postgres\" to run a server as");
		ck_assert_int_eq(chown(path, user->pw_uid, user->pw_gid), 0);
	}
	return path;
}

/* Nobody else may take it between this and the server's start; on a test machine that is good enough. */
static char *
free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t	length = sizeof(address);
	int			probe = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(probe, 0);
	ck_assert_int_eq(bind(probe, (const struct sockaddr *) &address, length), 0);
	ck_assert_int_eq(getsockname(probe, (struct sockaddr *) &address, &length), 0);
	close(probe);
	return mem_format("%d", ntohs(address.sin_port));
}

static void
write_configuration(const struct server *server, const char *data, const char *settings)
{
	char	   *path = mem_format("%s/postgresql.conf", data);
	FILE	   *file = fopen(path, "a");

	if (!file)
		ck_abort_msg("could not open %s: %s", path, strerror(errno));
	fprintf(file, "listen_addresses = '%s'\nport = %s\nunix_socket_directories = '%s'\n",
			server->tcp ? "127.0.0.1" : "", server->port, server->directory);
	fputs("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 32MB\n"
		  "max_connections = 100\nautovacuum = off\nlogging_collector = off\nwal_level = minimal\nmax_wal_senders = 0\n"
		  "lc_messages = 'C'\nlog_line_prefix = '%m [%p] %a %q%u@%d '\n", file);
	fputs(settings, file);
	ck_assert_int_eq(fclose(file), 0);
	mem_free(path);
}

static void
create_roles(const struct server *server)
{
	PGconn	   *connection = server_superuser(server, "postgres");

	sql_exec(connection, "CREATE ROLE fitsdata LOGIN");
	sql_exec(connection, "CREATE ROLE apache LOGIN");
	PQfinish(connection);
}

static const char *
usual_parent(void)
{
	const char *parent = getenv("TMPDIR");

	return parent ? parent : "/tmp";
}

static void
place(struct server *server, const char *parent, bool tcp)
{

	server->directory = make_directory(parent, "fitsdb-test");
	server->tcp = tcp;
	server->port = tcp ? free_port() : mem_string("5432");
	keeper_start(server->directory);
}

static void
start(struct server *server, const char *parent, bool tcp, const char *settings)
{
	char	   *initdb = server_program("initdb");
	char	   *data;

	place(server, parent, tcp);
	data = mem_format("%s/data", server->directory);
	process_must((const char *const[]) {initdb, "-D", data, "-U", "postgres", "--auth-local=trust",
				 "--auth-host=md5", "-E", "UTF8", "--locale=C", "-N", NULL}, &as_server);
	write_configuration(server, data, settings);
	server_begin(server);
	create_roles(server);
	mem_free(data);
	mem_free(initdb);
}

void
server_begin(const struct server *server)
{
	char	   *pg_ctl = server_program("pg_ctl");
	char	   *data = mem_format("%s/data", server->directory);
	char	   *log = mem_format("%s/log", server->directory);
	struct process process;

	/* Check ends the group of processes that a test is; until PostgreSQL 11, pg_ctl would leave the server in it. */
	process_run(&process,
				(const char *const[]) {"setsid", pg_ctl, "-D", data, "-l", log, "-w", "-t", "60", "start", NULL},
				&as_server);
	ck_assert_msg(process.status == 0, "the server did not start:\n%s%s", process.err, sql_file(log));
	process_clear(&process);
	mem_free(log);
	mem_free(data);
	mem_free(pg_ctl);
}

void
server_stop(const struct server *server)
{
	char	   *pg_ctl = server_program("pg_ctl");
	char	   *data = mem_format("%s/data", server->directory);
	const char *const stop[] = {pg_ctl, "-D", data, "-m", "immediate", "-w", "-t", "60", "stop", NULL};

	process_must(stop, &as_server);
	mem_free(data);
	mem_free(pg_ctl);
}

bool
server_running(const struct server *server)
{
	char	   *pg_ctl = server_program("pg_ctl");
	char	   *data = mem_format("%s/data", server->directory);
	const char *const ask[] = {pg_ctl, "-D", data, "status", NULL};
	struct process process;
	bool		running;

	process_run(&process, ask, &as_server);
	running = process.status == 0;
	process_clear(&process);
	mem_free(data);
	mem_free(pg_ctl);
	return running;
}

const struct server *
server_main(void)
{
	if (!main_server.port)
		start(&main_server, usual_parent(), false, "");
	return &main_server;
}

void
server_setup(void)
{
	server_main();
}

/* Kept where leak checkers see it: nobody frees a server that may be in use until the end. */
static struct server *
new_server(void)
{
	static struct other {
		struct server server;
		struct other *before;
	}		   *last;
	struct other *other = mem_alloc(sizeof(*other));

	other->before = last;
	last = other;
	return &other->server;
}

const struct server *
server_start(bool tcp)
{
	return server_start_with(tcp, "");
}

const struct server *
server_start_in(const char *parent, bool tcp)
{
	struct server *server = new_server();

	start(server, parent, tcp, "");
	return server;
}

const struct server *
server_start_with(bool tcp, const char *settings)
{
	struct server *server = new_server();

	start(server, usual_parent(), tcp, settings);
	return server;
}

const struct server *
server_start_debian(void)
{
	const char *folder = getenv("PG_BIN");
	char	   *kept = folder ? mem_string(folder) : NULL;
	const struct server *server;

	unsetenv("PG_BIN");
	server = server_start(false);
	if (kept)
		setenv("PG_BIN", kept, 1);
	mem_free(kept);
	return server;
}

const struct server *
server_place(void)
{
	struct server *server = new_server();

	place(server, usual_parent(), false);
	return server;
}

char *
server_directory(const char *name)
{
	return make_directory(server_main()->directory, name);
}

char *
server_conninfo(const struct server *server, const char *role, const char *database)
{
	return mem_format("host=%s port=%s user=%s dbname=%s", server->directory, server->port, role, database);
}

PGconn *
server_superuser(const struct server *server, const char *database)
{
	char	   *conninfo = server_conninfo(server, "postgres", database);
	PGconn	   *connection = sql_connect(conninfo);

	mem_free(conninfo);
	return connection;
}

int
server_version(const struct server *server)
{
	PGconn	   *connection = server_superuser(server, "postgres");
	int			version = PQserverVersion(connection) / 10000;

	PQfinish(connection);
	return version;
}

void
server_execute(const char *database, const char *sql)
{
	PGconn	   *connection = server_superuser(server_main(), database);

	sql_exec(connection, sql);
	PQfinish(connection);
}

void
server_execute_told(const char *database, const char *text, const char *label, const char *verb)
{
	char	   *before = mem_format("%s%s", label, verb);
	const char *line = text;

	while ((line = strstr(line, before))) {
		size_t		length = strcspn(line += strlen(label), "\n");
		char	   *statement = mem_copy(line, length);

		server_execute(database, statement);
		mem_free(statement);
	}
	mem_free(before);
}

/* DROP DATABASE ... WITH (FORCE) is PostgreSQL 13's; a client that a test has killed may linger for a moment. */
static void
drop_database(PGconn *connection, const char *name)
{
	char	   *drop = mem_format("DROP DATABASE IF EXISTS %s", name);
	char	   *end = mem_format("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '%s'",
								 name);
	char	   *left = mem_format("SELECT 'none' WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '%s')",
								  name);

	sql_exec(connection, end);
	sql_await(connection, left, "none");
	sql_exec(connection, drop);
	mem_free(left);
	mem_free(end);
	mem_free(drop);
}

char *
server_database(const char *name)
{
	return server_copy(name, "template0");
}

char *
server_copy(const char *name, const char *original)
{
	PGconn	   *connection = server_superuser(server_main(), "postgres");
	char	   *create = mem_format("CREATE DATABASE %s OWNER fitsdata TEMPLATE %s", name, original);

	drop_database(connection, name);
	sql_exec(connection, create);
	PQfinish(connection);
	mem_free(create);
	return server_conninfo(server_main(), "fitsdata", name);
}

bool
server_has(const char *database)
{
	PGconn	   *connection = server_superuser(server_main(), "postgres");
	char	   *query = mem_format("SELECT count(*) FROM pg_database WHERE datname = '%s'", database);
	char	   *count = sql_value(connection, query);
	bool		there = strcmp(count, "1") == 0;

	PQfinish(connection);
	mem_free(count);
	mem_free(query);
	return there;
}
