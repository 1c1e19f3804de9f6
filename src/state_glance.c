/* Is all well? What most health checks and most upgrades find, at the price of a connection. */
#include <string.h>

#include "mem.h"
#include "state_private.h"

#include "banned.h"

/*
 * COPY works with tables only, and calls nothing that others have made: a view is refused, and with row_security off a
 * policy for rows is too. All of it is one transaction, which ends what session_limits has set.
 */
#define READ_TABLES \
	"%s COPY public.migrate_version (repository_id, version) TO STDOUT (FORMAT binary);" \
	" COPY fitsdb_schema.standing (version, history, settled) TO STDOUT (FORMAT binary);%s COMMIT"
#define READ_SERVER \
	" COPY (SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid()) TO STDOUT (FORMAT binary);"

enum {
	VERSION, STANDING, SERVER, TABLES
};

static bool
is_true(const struct db_field *field)
{
	return field->length == 1 && field->bytes[0] == 1;
}

/* The only row of a table, whose fields are so many. */
static bool
take_row(const struct db_copied *table, int count, struct db_field *fields)
{
	size_t		at = 0;
	struct db_field more[3];

	return db_copied_next(table, &at, count, fields) && !db_copied_next(table, &at, count, more)
		&& db_copied_whole(table, at);
}

/* The version in the row of this build's repository; other applications may have rows of their own. */
static bool
take_version(const struct db_copied *table, int *version)
{
	size_t		at = 0;
	size_t		length = strlen(history.repository_id);
	struct db_field fields[2];
	int			ours = 0;

	while (db_copied_next(table, &at, 2, fields)) {
		if (!fields[0].bytes || fields[0].length != length || memcmp(fields[0].bytes, history.repository_id, length) != 0)
			continue;
		if (++ours > 1 || !db_field_number(&fields[1], version))
			return false;
	}
	return ours == 1 && db_copied_whole(table, at);
}

/* Nothing half-way, nothing odd, nothing of a later build's: what else there is takes a closer look. */
static bool
take(struct state *state, const struct db_copied *tables)
{
	struct db_field standing[3];
	const struct db_field *chain = &standing[1];
	int			number;
	int			last;

	if (!take_version(&tables[VERSION], &number) || !take_row(&tables[STANDING], 3, standing))
		return false;
	if (!db_field_number(&standing[0], &last) || !is_true(&standing[2]) || !chain->bytes)
		return false;
	if (number < 0 || number > history.latest || last != number || chain->length != CHECKSUM_SIZE - 1)
		return false;
	*state = (struct state) {.versioned = true,.version = number,.recorded = true,.has_chain = true,.has_last = true,
		.last_version = last
	};
	memcpy(state->chain, chain->bytes, chain->length);
	return true;
}

/* Read the tables, and with `count` of all what tells of the server. */
static bool
copy(struct session *session, struct state *state, struct db_copied *tables, int count)
{
	char	   *limits = session_limits(session);
	char	   *sql = mem_format(READ_TABLES, limits, count > SERVER ? READ_SERVER : "");
	char		sqlstate[6];
	bool		copied = db_copy(session->db, sql, tables, count, sqlstate);

	*state = (struct state) {.locked = !copied && session_is_locked(sqlstate)};
	mem_free(sql);
	mem_free(limits);
	return copied;
}

bool
state_glance(struct session *session, struct state *state)
{
	struct db_copied tables[TABLES];

	return copy(session, state, tables, SERVER) && take(state, tables);
}

/* Is it the primary server, with no pooler before it? */
static bool
is_direct(const struct db_copied *server, int backend)
{
	struct db_field fields[2];
	int			pid;

	return take_row(server, 2, fields) && !is_true(&fields[0]) && db_field_number(&fields[1], &pid) && pid == backend;
}

bool
state_read_if_at(struct session *session, struct state *state, int version)
{
	struct db_copied tables[TABLES];

	if (!copy(session, state, tables, TABLES))
		return false;
	if (take(state, tables) && state->version == version && !state_differs(state)
		&& is_direct(&tables[SERVER], db_backend_pid(session->db)))
		return true;
	*state = (struct state) {0};
	return false;
}
