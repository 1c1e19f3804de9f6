/* Is all well? What most health checks and most upgrades find, at the price of a connection. */
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/copy_out.h"
#include "pg/session.h"
#include "record/record.h"

#include "base/banned.h"

/*
 * COPY works with tables only, and calls nothing that others have made: a view is refused, and with row_security off a
 * policy for rows is too. All of it is one transaction, which ends what session_begin_copy has set.
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
is_true(const struct copy_out_field *field)
{
	return field->length == 1 && field->bytes[0] == 1;
}

/* The only row of a table, whose fields are so many. */
static bool
take_row(const struct copy_out_table *table, int count, struct copy_out_field *fields)
{
	size_t		at = 0;
	struct copy_out_field more[3];

	return copy_out_next(table, &at, count, fields) && !copy_out_next(table, &at, count, more)
		&& copy_out_at_end(table, at);
}

/* The version in the row of this build's repository; other applications may have rows of their own. */
static bool
take_version(const struct copy_out_table *table, int *version)
{
	size_t		at = 0;
	size_t		length = strlen(history.repository_id);
	struct copy_out_field fields[2];
	int			ours = 0;

	while (copy_out_next(table, &at, 2, fields)) {
		if (!fields[0].bytes || fields[0].length != length || memcmp(fields[0].bytes, history.repository_id,
																	 length) != 0)
			continue;
		if (++ours > 1 || !copy_out_number(&fields[1], version))
			return false;
	}
	return ours == 1 && copy_out_at_end(table, at);
}

/* Nothing half-way, nothing odd, nothing of a later build's: what else there is takes a closer look. */
static bool
take(struct record *record, const struct copy_out_table *tables)
{
	struct copy_out_field standing[3];
	const struct copy_out_field *history_sum = &standing[1];
	int			number;
	int			last;

	if (!take_version(&tables[VERSION], &number) || !take_row(&tables[STANDING], 3, standing))
		return false;
	if (!copy_out_number(&standing[0], &last) || !is_true(&standing[2]) || !history_sum->bytes)
		return false;
	if (number < 0 || number > history.latest || last != number || history_sum->length != SHA256_SIZE - 1)
		return false;
	*record = (struct record) {.versioned = true,.version = number,.recorded = true,.has_history_checksum = true,.has_last = true,
		.last_version = last
	};
	memcpy(record->history_checksum, history_sum->bytes, history_sum->length);
	return true;
}

/* Read the tables, and with `count` of all what tells of the server. */
static bool
copy(struct session *session, struct record *record, struct copy_out_table *tables, int count)
{
	char	   *limits = session_begin_copy(session);
	char	   *sql = mem_format(READ_TABLES, limits, count > SERVER ? READ_SERVER : "");
	char		sqlstate[6];
	bool		copied = copy_out(session->connection, sql, tables, count, sqlstate);

	*record = (struct record) {.locked = !copied && session_is_locked(sqlstate)};
	mem_free(sql);
	mem_free(limits);
	return copied;
}

bool
record_read_fast(struct session *session, struct record *record)
{
	struct copy_out_table tables[TABLES];

	return copy(session, record, tables, SERVER) && take(record, tables);
}

/* Is it the primary server, with no pooler before it? */
static bool
is_direct(const struct copy_out_table *server, int backend)
{
	struct copy_out_field fields[2];
	int			pid;

	return take_row(server, 2, fields) && !is_true(&fields[0]) && copy_out_number(&fields[1], &pid) && pid == backend;
}

bool
record_read_if_at(struct session *session, struct record *record, int version)
{
	struct copy_out_table tables[TABLES];

	if (!copy(session, record, tables, TABLES))
		return false;
	if (take(record, tables) && record->version == version && !record_mismatch(record)
		&& is_direct(&tables[SERVER], connection_backend_pid(session->connection)))
		return true;
	*record = (struct record) {0};
	return false;
}
