#include "pooler.h"

#include "banned.h"

enum {
	PATIENCE = 1500				/* milliseconds that a second client may wait for a session */
};

/* Which process of the server serves this client now? 0 where that cannot be found out. */
static long
serving(struct db *db, bool begin)
{
	struct db_batch batch = {0};
	long		pid = 0;

	if (begin)
		db_add(&batch, "BEGIN", 0);
	db_add(&batch, "SELECT pg_catalog.pg_backend_pid()", 0);
	if (db_run(db, &batch))
		pid = db_number(&batch.commands[batch.count - 1], 0, 0);
	db_batch_clear(&batch);
	return pid;
}

/*
 * A second client begins a transaction and keeps it open. Where sessions are shared it gets ours, as the one used last;
 * or else another, and then it is our next one that may be another.
 */
bool
pooler_shares(struct db *db)
{
	struct db  *other = db_open_again(db, NULL, NULL);
	long		ours = serving(db, false);
	long		others = 0;
	bool		shares = false;

	if (other) {
		db_set_patience(other, PATIENCE);
		others = serving(other, true);
	}
	if (others != 0 && others == ours)
		shares = true;
	else if (others != 0) {
		long		next = serving(db, false);

		shares = next != 0 && next != ours;
	}
	db_close(other);
	return shares;
}
