/* Is there nothing to do? What most upgrades find, at the price of "status". */
#include <string.h>

#include "state_private.h"

#include "banned.h"

/* Commands of the batch: those of state_add_reading, and what session_prepare would look at. */
enum {
	VERSION = 1, STANDING, SERVER = 4
};

static bool
is_at(const struct db_command *version, int wanted)
{
	return db_lines(version) == 1 && db_is_integer(version, 0) && db_value(version, 0, 0)
		&& db_number(version, 0, 0) == wanted;
}

static bool
is_settled_at(const struct db_command *standing, int wanted)
{
	return db_lines(standing) == 1 && db_value(standing, 0, 0) && db_number(standing, 0, 0) == wanted
		&& strcmp(db_text(standing, 0, 1), history.chain[wanted]) == 0 && db_truth(standing, 0, 2);
}

/* Is it the primary server, with no pooler before it? */
static bool
is_direct(const struct db_command *server, int backend)
{
	return !db_truth(server, 0, 0) && db_number(server, 0, 1) == backend;
}

bool
state_read_if_at(struct session *session, struct state *state, int version)
{
	struct db_batch batch = {0};
	bool		at;

	*state = (struct state) {0};
	if (version < 0 || version > history.latest)
		return false;
	state_add_reading(&batch, true);
	db_add(&batch, "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid()", 0);
	at = db_run(session->db, &batch) && is_at(&batch.commands[VERSION], version)
		&& is_settled_at(&batch.commands[STANDING], version)
		&& is_direct(&batch.commands[SERVER], db_backend_pid(session->db));
	if (at) {
		state->versioned = true;
		state->version = version;
	}
	db_batch_clear(&batch);
	return at;
}
