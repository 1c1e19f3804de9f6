#include "pg/pooler.h"

#include "pg/connection.h"
#include "pg/pipeline.h"

#include "base/banned.h"

enum {
	PATIENCE = 1500				/* milliseconds that a second client may wait for a session */
};

/* Which process of the server serves this client now? 0 where that cannot be found out. */
static long
serving(struct connection *connection, bool begin)
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
 * A second client begins a transaction and keeps it open. Where sessions are shared it gets ours, as the one used last;
 * or else another, and then it is our next one that may be another.
 */
bool
pooler_shares(struct connection *connection)
{
	struct connection *other = connection_open_again(connection, NULL, NULL);
	long		ours = serving(connection, false);
	long		others = 0;
	bool		shares = false;

	if (other) {
		connection_set_timeout(other, PATIENCE);
		others = serving(other, true);
	}
	if (others != 0 && others == ours)
		shares = true;
	else if (others != 0) {
		long		next = serving(connection, false);

		shares = next != 0 && next != ours;
	}
	connection_close(other);
	return shares;
}
