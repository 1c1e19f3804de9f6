/* Sessions that block an upgrade. */
#include "support/block.h"

#include "base/mem.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

PGconn *
block_begin(const char *conninfo, const char *sql)
{
	char	   *named = mem_format("%s application_name=blocker", conninfo);
	PGconn	   *connection = sql_connect(named);

	sql_exec(connection, "BEGIN");
	sql_exec(connection, sql);
	mem_free(named);
	return connection;
}

void
block_end(PGconn *blocker)
{
	sql_exec(blocker, "COMMIT");
	PQfinish(blocker);
}

/* The timeout is short, as it is after half of it that the upgrade says who is in the way. */
void
block_upgrade(struct process *process, const char *conninfo, const char *version)
{
	tool_start(process, conninfo, ARGS("upgrade", version, "--lock-timeout=1s", "--lock-retries=1000"));
	process_expect(process, "waiting for a lock held by PID");
}
