/* Tests of batched statements count changes. */
#include "support/counted.h"

#include <libpq-fe.h>

#include "support/build.h"
#include "support/sql.h"

#include "base/banned.h"

char *
counted_database(void)
{
	char	   *conninfo = build_database(0);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "INSERT INTO counted (id) SELECT i * 7 FROM generate_series(1, 500) i;"
			 " INSERT INTO counted (id) SELECT i * 1000000 FROM generate_series(-500, -1) i");
	PQfinish(connection);
	return conninfo;
}
