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
	struct process process;
	int			lock;

	server_setup();
	snprintf(used, sizeof(used), "tests/e2e/%s", name);
	lock = build_lock(folder);
	build_make(&process, used, folder);
	build_unlock(lock);
	ck_assert_msg(process.status == 0, "could not build from %s:\n%s%s", used, process.out, process.err);
	process_clear(&process);
	mem_free(folder);
	build_run(name);
}

void
build_run(const char *name)
{
	char	   *folder = build_folder(name);
	char	   *executable = mem_format("%s/fitsdb-schema", folder);

	tool_use(executable);
	mem_free(executable);
	mem_free(folder);
}

void
build_older(const char *name, const char *migrations, int last)
{
	char	   *folder = build_folder(name);
	char	   *copy = mem_format("%s/migrations", folder);
	char	   *grants = mem_format("%s/grants.sql", migrations);
	int			lock = build_lock(folder);
	struct process process;

	process_must(ARGS("rm", "-rf", copy), NULL);
	process_must(ARGS("mkdir", "-p", copy), NULL);
	if (access(grants, R_OK) == 0)
		process_must(ARGS("cp", grants, copy), NULL);
	for (int v = 0; v <= last; v++) {
		char	   *files = mem_format("cp %s/%03d_*.sql %s", migrations, v, copy);

		process_must(ARGS("sh", "-c", files), NULL);
		mem_free(files);
	}
	build_make(&process, copy, folder);
	ck_assert_msg(process.status == 0, "could not build from %s:\n%s%s", copy, process.out, process.err);
	process_clear(&process);
	build_unlock(lock);
	mem_free(grants);
	mem_free(copy);
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
build_batches(void)
{
	build_use("batches");
}

void
build_prepared(void)
{
	build_use("prepared");
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
