/* The databases of the suites "consent" and "loss_guard". */
#include "e2e/safety/consent.h"

#include <check.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/build.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

char	   *consent_conninfo;
PGconn	   *consent_connection;

int
consent_version(const char *name)
{
	struct dirent **names;
	int			count = scandir(CONSENT_FOLDER, &names, NULL, alphasort);
	int			version = -1;

	for (int i = 0; i < count; i++) {
		if (strlen(names[i]->d_name) > 4 && strcmp(names[i]->d_name + 4, name) == 0)
			version = (int) strtol(names[i]->d_name, NULL, 10);
		free(names[i]);
	}
	free(names);
	ck_assert_int_gt(version, 0);
	return version;
}

void
consent_build(void)
{
	char	   *base = sql_section(CONSENT_FOLDER "/000_base.sql", "up");
	char	   *conninfo;
	PGconn	   *connection;

	build_consent();
	conninfo = server_database("consent_base");
	connection = sql_connect(conninfo);
	sql_exec(connection, base);
	PQfinish(connection);
	tool_must(conninfo, ARGS("stamp", "0"));
	mem_free(conninfo);
	mem_free(base);
}

void
consent_begin(int version)
{
	char	   *number = mem_format("%d", version);

	consent_conninfo = server_copy("fitsdata", "consent_base");
	consent_connection = sql_connect(consent_conninfo);
	tool_must(consent_conninfo, ARGS("stamp", number));
	mem_free(number);
}

void
consent_end(void)
{
	PQfinish(consent_connection);
	mem_free(consent_conninfo);
	build_run("consent");
}
