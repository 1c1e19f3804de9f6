/* A hot standby. */
#include "support/standby.h"

#include <check.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/process.h"
#include "support/sql.h"

#include "base/banned.h"

static const struct process_options as_server = {.user = "postgres",.directory = "/"};

const struct server *
standby_primary(void)
{
	return server_start_with(false, "wal_level = replica\nmax_wal_senders = 4\nhot_standby = on\n");
}

/* Append to a file as the server's user, whose it must be. */
static void
append(const char *directory, const char *name, const char *text)
{
	const struct process_options options = {.user = "postgres",.directory = directory,.input = text};

	process_must((const char *const[]) {"tee", "-a", name, NULL}, &options);
}

/* As the manual tells it: "Making a Base Backup Using the Low Level API". */
static void
copy_files(const struct server *primary, PGconn *connection, const char *data)
{
	bool		renamed = PQserverVersion(connection) >= 150000;
	char	   *from = mem_format("%s/data", primary->directory);
	char	   *label;
	char	   *pid;

	sql_exec(connection, renamed ? "SELECT pg_backup_start('standby', true)"
			 : "SELECT pg_start_backup('standby', true, false)");
	process_must((const char *const[]) {"cp", "-a", from, data, NULL}, &as_server);
	label = sql_value(connection, renamed ? "SELECT labelfile FROM pg_backup_stop()"
					  : "SELECT labelfile FROM pg_stop_backup(false)");
	append(data, "backup_label", label);
	pid = mem_format("%s/postmaster.pid", data);
	ck_assert_int_eq(unlink(pid), 0);
	mem_free(pid);
	mem_free(label);
	mem_free(from);
}

static void
copy(const struct server *primary, const char *data)
{
	char	   *program = server_program("pg_basebackup");
	char	   *conninfo = server_conninfo(primary, "postgres", "postgres");

	if (access(program, X_OK) == 0)
		process_must((const char *const[]) {program, "-D", data, "-d", conninfo, "-c", "fast", "-X", "stream", NULL},
					 &as_server);
	else {
		PGconn	   *connection = sql_connect(conninfo);

		copy_files(primary, connection, data);
		PQfinish(connection);
	}
	mem_free(conninfo);
	mem_free(program);
}

/* Until PostgreSQL 11 the settings of a standby were in a file of their own. */
static void
configure(const struct server *primary, const struct server *standby, const char *data, bool open)
{
	bool		file_of_its_own = server_version(primary) < 12;
	char	   *settings = mem_format("primary_conninfo = 'host=%s port=%s user=postgres'\n%s", primary->directory,
									  primary->port, file_of_its_own ? "standby_mode = on\n" : "");
	char	   *place = mem_format("unix_socket_directories = '%s'\nport = %s\nhot_standby = %s\n", standby->directory,
								   standby->port, open ? "on" : "off");

	append(data, "postgresql.conf", place);
	append(data, file_of_its_own ? "recovery.conf" : "postgresql.conf", settings);
	if (!file_of_its_own)
		append(data, "standby.signal", "");
	mem_free(place);
	mem_free(settings);
}

static const struct server *
start(const struct server *primary, bool open)
{
	const struct server *standby = server_place();
	char	   *data = mem_format("%s/data", standby->directory);

	copy(primary, data);
	configure(primary, standby, data, open);
	server_begin(standby);
	mem_free(data);
	return standby;
}

const struct server *
standby_start(const struct server *primary)
{
	return start(primary, true);
}

const struct server *
standby_start_closed(const struct server *primary)
{
	return start(primary, false);
}
