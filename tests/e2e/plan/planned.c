/* The database for which the suites about plan make a plan. */
#include "e2e/plan/planned.h"

#include "base/mem.h"
#include "support/lineage.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

struct planned planned;

void
planned_begin(char *database)
{
	planned.owner = database;
	planned.conninfo = server_conninfo(server_main(), "postgres", "fitsdata");
	planned.connection = sql_connect(planned.conninfo);
}

void
planned_begin_at(int version)
{
	planned_begin(lineage_current("fitsdata", version));
	rows_fill(planned.connection);
	sql_exec(planned.connection, "ANALYZE");
}

void
planned_end(void)
{
	PQfinish(planned.connection);
	mem_free(planned.conninfo);
	mem_free(planned.owner);
}
