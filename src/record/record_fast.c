/* Read the record in the usual case, at the price of a connection. Most health checks and upgrades end here. */
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
 * COPY runs no code of other roles: it refuses views and, with row_security off, tables with row-level security. It is
 * one transaction, so the settings of session_begin_copy end with it.
 */
#define READ_TABLES \
	"%s COPY public.migrate_version (repository_id, version) TO STDOUT (FORMAT binary);" \
	" COPY fitsdb_schema.standing (version, history, settled) TO STDOUT (FORMAT binary);%s COMMIT"
/* Has anyone but its owner a privilege to write the version? */
#define HAS_WRITERS \
	"EXISTS (SELECT FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a WHERE c.oid OPERATOR(pg_catalog.=)" \
	" 'public.migrate_version'::pg_catalog.regclass AND a.grantee OPERATOR(pg_catalog.<>) c.relowner" \
	" AND a.privilege_type OPERATOR(pg_catalog.=) ANY (ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']))"
#define READ_SERVER \
	" COPY (SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(), " HAS_WRITERS ") TO STDOUT (FORMAT binary);"

enum {
	VERSION, STANDING, SERVER, TABLES
};

static bool
is_true(const struct copy_out_field *field)
{
	return field->length == 1 && field->bytes[0] == 1;
}

/* Read the row of a table with exactly one row of `count` fields. */
static bool
read_only_row(const struct copy_out_table *table, int count, struct copy_out_field *fields)
{
	size_t		at = 0;
	struct copy_out_field more[3];

	return copy_out_next(table, &at, count, fields) && !copy_out_next(table, &at, count, more)
		&& copy_out_at_end(table, at);
}

/* Read the version from the row of this build's repository; other applications may have rows of their own. */
static bool
read_version(const struct copy_out_table *table, int *version)
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

/* Set *record in the usual case, and if `ahead` for any version. False in all others, which record_read handles. */
static bool
set_record(struct record *record, const struct copy_out_table *tables, bool ahead)
{
	struct copy_out_field standing[3];
	const struct copy_out_field *history_sum = &standing[1];
	int			number;
	int			last;

	if (!read_version(&tables[VERSION], &number) || !read_only_row(&tables[STANDING], 3, standing))
		return false;
	if (!copy_out_number(&standing[0], &last) || !is_true(&standing[2]) || !history_sum->bytes)
		return false;
	if (number < 0 || (number > history.latest && !ahead) || last != number || history_sum->length != SHA256_SIZE - 1)
		return false;
	*record = (struct record) {
		.versioned = true,.version = number,.recorded = true,.has_history_checksum = true,.has_last = true,
		.last_version = last
	};
	memcpy(record->history_checksum, history_sum->bytes, history_sum->length);
	return true;
}

/* Read the tables and, if `count` includes SERVER, the state of the server. */
static bool
read_tables(struct session *session, struct record *record, struct copy_out_table *tables, int count)
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
record_read_fast(struct session *session, struct record *record, bool ahead)
{
	struct copy_out_table tables[TABLES];

	return read_tables(session, record, tables, SERVER) && set_record(record, tables, ahead);
}

/* Is it a primary server, without a pooler, where only the owner may write the version, or no grants.sql says so? */
static bool
is_usual(const struct copy_out_table *server, int backend)
{
	struct copy_out_field fields[3];
	int			pid;

	return read_only_row(server, 3, fields) && !is_true(&fields[0]) && copy_out_number(&fields[1], &pid)
		&& pid == backend && !(history.grants && is_true(&fields[2]));
}

bool
record_read_if_at(struct session *session, struct record *record, int version)
{
	struct copy_out_table tables[TABLES];

	if (!read_tables(session, record, tables, TABLES))
		return false;
	if (set_record(record, tables, false) && record->version == version && !record_mismatch(record)
		&& is_usual(&tables[SERVER], connection_backend_pid(session->connection)))
		return true;
	*record = (struct record) {0};
	return false;
}
