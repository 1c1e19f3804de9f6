/* Detect a connection pooler that shares server sessions between clients. */
#include "pg/pooler.h"

#include "pg/connection.h"
#include "pg/pipeline.h"

#include "base/banned.h"

enum {
	TIMEOUT = 1500				/* milliseconds that the second client may wait for a session */
};

/* The PID of the server process that serves this client now; 0 on failure. */
static long
backend_pid(struct connection *connection, bool begin)
{
	struct pipeline pipeline = {0};
	long		pid = 0;

	if (begin)
		pipeline_add(&pipeline, "BEGIN", 0);
	pipeline_add(&pipeline, "SELECT pg_catalog.pg_backend_pid()", 0);
	if (pipeline_run(connection, &pipeline))
		pid = pipeline_number(&pipeline.commands[pipeline.count - 1], 0, 0);
	pipeline_clear(&pipeline);
	return pid;
}

/*
 * A second client opens a transaction. If the pooler shares sessions, that client gets either our session, because it
 * was used last, or another one; then our next transaction may get another one.
 */
bool
pooler_shares(struct connection *connection)
{
	struct connection *other = connection_open_again(connection, NULL, NULL);
	long		ours = backend_pid(connection, false);
	long		others = 0;
	bool		shares = false;

	if (other) {
		connection_set_timeout(other, TIMEOUT);
		others = backend_pid(other, true);
	}
	if (others != 0 && others == ours)
		shares = true;
	else if (others != 0) {
		long		next = backend_pid(connection, false);

		shares = next != 0 && next != ours;
	}
	connection_close(other);
	return shares;
}
