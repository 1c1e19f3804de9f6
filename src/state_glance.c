/* Is all well? What most health checks and most upgrades find, at the price of a connection. */
#include <string.h>

#include "state_private.h"

#include "banned.h"

/*
 * COPY works with tables only, and calls nothing that others have made: a view is refused, and with row_security off a
 * policy for rows is too. All of it is one transaction, so that the setting is put back where a part of it fails.
 */
#define READ_TABLES \
	"SET row_security = off;" \
	" COPY public.migrate_version (version) TO STDOUT (FORMAT binary);" \
	" COPY fitsdb_schema.standing (version, history, settled) TO STDOUT (FORMAT binary);" \
	" RESET row_security"
#define READ_SERVER \
	"; COPY (SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid()) TO STDOUT (FORMAT binary)"

enum {
	VERSION, STANDING, SERVER, TABLES
};

static bool
is_true(const struct db_field *field)
{
	return field->length == 1 && field->bytes[0] == 1;
}

/* Nothing half-way, nothing odd, nothing of a later build's: what else there is takes a closer look. */
static bool
take(struct state *state, const struct db_copied *tables)
{
	struct db_field version;
	struct db_field standing[3];
	const struct db_field *chain = &standing[1];
	int			number;
	int			last;

	if (!db_copied_row(&tables[VERSION], 1, &version) || !db_copied_row(&tables[STANDING], 3, standing))
		return false;
	if (!db_field_number(&version, &number) || !db_field_number(&standing[0], &last) || !is_true(&standing[2]))
		return false;
	if (number < 0 || number > history.latest || last != number || chain->length != CHECKSUM_SIZE - 1)
		return false;
	*state = (struct state) {.versioned = true,.version = number,.recorded = true,.has_chain = true,.has_last = true,
		.last_version = last
	};
	memcpy(state->chain, chain->bytes, chain->length);
	return true;
}

bool
state_glance(struct session *session, struct state *state)
{
	struct db_copied tables[TABLES];

	*state = (struct state) {0};
	return db_copy(session->db, READ_TABLES, tables, SERVER) && take(state, tables);
}

/* Is it the primary server, with no pooler before it? */
static bool
is_direct(const struct db_copied *server, int backend)
{
	struct db_field fields[2];
	int			pid;

	return db_copied_row(server, 2, fields) && !is_true(&fields[0]) && db_field_number(&fields[1], &pid)
		&& pid == backend;
}

bool
state_read_if_at(struct session *session, struct state *state, int version)
{
	struct db_copied tables[TABLES];

	*state = (struct state) {0};
	if (db_copy(session->db, READ_TABLES READ_SERVER, tables, TABLES) && take(state, tables)
		&& state->version == version && !state_differs(state)
		&& is_direct(&tables[SERVER], db_backend_pid(session->db)))
		return true;
	*state = (struct state) {0};
	return false;
}
