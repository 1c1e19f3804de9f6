#include "build.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "mem.h"
#include "server.h"
#include "sql.h"
#include "tool.h"

#include "banned.h"

/* The folder of migrations that is in use: tests/e2e/NAME. */
static char used[100];

char *
build_folder(const char *name)
{
	const char *build = getenv("BUILD");
	char	   *here = get_current_dir_name();
	char	   *folder;

	if (!build)
		build = "build";
	folder = *build == '/' ? mem_format("%s/%s", build, name) : mem_format("%s/%s/%s", here, build, name);
	mem_free(here);
	return folder;
}

int
build_lock(const char *folder)
{
	char	   *path = mem_format("%s.lock", folder);
	int			lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (lock < 0 || flock(lock, LOCK_EX) != 0)
		ck_abort_msg("could not lock %s: %s", path, strerror(errno));
	mem_free(path);
	return lock;
}

void
build_unlock(int lock)
{
	close(lock);
}

void
build_make(struct process *process, const char *migrations, const char *folder)
{
	char	   *from = mem_format("MIGRATIONS=%s", migrations);
	char	   *to = mem_format("BUILD=%s", folder);

	process_run(process, (const char *const[]) {"make", "--no-print-directory", from, to, "SNAPSHOT=", NULL}, NULL);
	mem_free(to);
	mem_free(from);
}

static void
build_use(const char *name)
{
	char	   *folder = build_folder(name);
	char	   *executable = mem_format("%s/fitsdb-schema", folder);
	struct process process;
	int			lock;

	server_setup();
	snprintf(used, sizeof(used), "tests/e2e/%s", name);
	lock = build_lock(folder);
	build_make(&process, used, folder);
	build_unlock(lock);
	ck_assert_msg(process.status == 0, "could not build from %s:\n%s%s", used, process.out, process.err);
	process_clear(&process);
	tool_use(executable);
	mem_free(executable);
	mem_free(folder);
}

void
build_trouble(void)
{
	build_use("trouble");
}

void
build_steps(void)
{
	build_use("steps");
}

void
build_lint_bad(void)
{
	build_use("lint_bad");
}

void
build_lint_good(void)
{
	build_use("lint_good");
}

void
build_end(void)
{
	tool_use(NULL);
}

char *
build_database(int version)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *path = mem_format("%s/000_base.sql", used);
	char	   *base = sql_section(path, "up");
	char	   *target = mem_format("%d", version);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, base);
	PQfinish(connection);
	tool_must(conninfo, ARGS("stamp", "0"));
	/* In tests/e2e/trouble, 4 to 6 always fail. */
	if (version > 3 && strcmp(used, "tests/e2e/trouble") == 0) {
		tool_must(conninfo, ARGS("upgrade", "3"));
		tool_must(conninfo, ARGS("stamp", target));
	} else
		tool_must(conninfo, ARGS("upgrade", target));
	mem_free(target);
	mem_free(base);
	mem_free(path);
	return conninfo;
}
