/* Executables with other histories. */
#include "support/build.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* The folder of migrations that is in use: tests/histories/NAME. */
static char used[100];

void
build_use(const char *name)
{
	server_setup();
	snprintf(used, sizeof(used), "tests/histories/%s", name);
	build_run(name);
}

void
build_run(const char *name)
{
	char	   *relative = mem_format("histories/%s/fitsdb-schema", name);
	char	   *executable = tool_beside(relative);

	tool_use(executable);
	mem_free(executable);
	mem_free(relative);
}

void
build_failures(void)
{
	build_use("failures");
}

void
build_steps(void)
{
	build_use("steps");
}

void
build_losses(void)
{
	build_use("losses");
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
build_consent(void)
{
	build_use("consent");
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
	/* In tests/histories/failures, 4 to 6 always fail. */
	if (version > 3 && strcmp(used, "tests/histories/failures") == 0) {
		tool_must(conninfo, ARGS("upgrade", "3"));
		tool_must(conninfo, ARGS("stamp", target));
	} else
		tool_must(conninfo, ARGS("upgrade", target));
	mem_free(target);
	mem_free(base);
	mem_free(path);
	return conninfo;
}
