/* A throwaway PgBouncer. */
#include "support/pgbouncer.h"

#include <check.h>
#include <errno.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/mem.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

/* Debian puts it where only root's PATH leads. */
#define PROGRAM "/usr/sbin/pgbouncer"
#define PORT "6432"

static void
write_file(const char *path, const char *text)
{
	FILE	   *file = fopen(path, "w");

	if (!file)
		ck_abort_msg("could not open %s: %s", path, strerror(errno));
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
}

static char *
configure(const struct pgbouncer *pooler, const char *mode, int size)
{
	const struct server *server = server_main();
	char	   *users = mem_format("%s/users", pooler->directory);
	char	   *path = mem_format("%s/pgbouncer.ini", pooler->directory);
	char	   *text = mem_format("[databases]\n* = host=%s port=%s\n[pgbouncer]\n"
								  "listen_addr =\nlisten_port = " PORT "\n"
								  "unix_socket_dir = %s\nauth_type = trust\nauth_file = %s\npool_mode = %s\n"
								  "default_pool_size = %d\nadmin_users = postgres\n", server->directory,
								  server->port, pooler->directory, users, mode, size);

	write_file(users, "\"fitsdata\" \"\"\n\"apache\" \"\"\n\"postgres\" \"\"\n");
	write_file(path, text);
	mem_free(text);
	mem_free(users);
	return path;
}

static void
await(const struct pgbouncer *pooler)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	time_t		deadline = time(NULL) + PROCESS_DEADLINE;
	char	   *conninfo = pgbouncer_conninfo(pooler, "fitsdata", "postgres");

	while (PQping(conninfo) != PQPING_OK) {
		ck_assert_msg(process_running(&pooler->process), PROGRAM " could not be started: is the package installed?");
		ck_assert_msg(time(NULL) < deadline, PROGRAM " takes no connections");
		nanosleep(&pause, NULL);
	}
	mem_free(conninfo);
}

void
pgbouncer_start(struct pgbouncer *pooler, const char *mode, int size)
{
	static const struct process_options as_server = {.user = "postgres",.directory = "/"};
	char	   *file;

	*pooler = (struct pgbouncer) {.directory = server_directory("pooler")};
	file = configure(pooler, mode, size);
	process_start(&pooler->process, (const char *const[]) {PROGRAM, file, NULL}, &as_server);
	await(pooler);
	mem_free(file);
}

char *
pgbouncer_conninfo(const struct pgbouncer *pooler, const char *role, const char *database)
{
	return mem_format("host=%s port=" PORT " user=%s dbname=%s", pooler->directory, role, database);
}

void
pgbouncer_share(const struct pgbouncer *pooler)
{
	char	   *conninfo = pgbouncer_conninfo(pooler, "postgres", "pgbouncer");
	PGconn	   *console;

	mem_free(configure(pooler, "transaction", 5));
	console = sql_connect(conninfo);
	sql_exec(console, "RELOAD");
	PQfinish(console);
	mem_free(conninfo);
}

void
pgbouncer_end(struct pgbouncer *pooler)
{
	process_clear(&pooler->process);
	mem_free(pooler->directory);
	*pooler = (struct pgbouncer) {0};
}
