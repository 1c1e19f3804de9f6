/* Reading small tables by COPY, which nobody plans: the cheapest question there is. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>

#include "db_private.h"
#include "mem.h"

#include "banned.h"

/* What comes first in COPY's binary format; flags and the length of an extension follow, of four bytes each. */
static const char signature[] = "PGCOPY\n\377\r\n";

enum {
	HEADER = sizeof(signature) + 2 * sizeof(uint32_t)
};

/* Wait for more from the server until `end` (0: for ever). False: nothing more will come, or not in time. */
static bool
await_more(struct db *db, long end)
{
	long		left = end ? end - db_now() : 0;
	int			unsent = PQflush(db->connection);
	struct pollfd fd = {.fd = PQsocket(db->connection),.events = (short) (unsent ? POLLIN | POLLOUT : POLLIN)};

	if (unsent < 0 || fd.fd < 0)
		return false;
	if (end && left <= 0) {
		db->lost = mem_string(DB_TOO_LATE);
		return false;
	}
	if (poll(&fd, 1, end ? (int) left : -1) < 0)
		return errno == EINTR;
	return !fd.revents || PQconsumeInput(db->connection);
}

/* All that a COPY sends, as far as there is room for it; what is longer is no small table. */
static bool
receive(struct db *db, struct db_copied *table, long end)
{
	for (;;) {
		char	   *part;
		int			length = PQgetCopyData(db->connection, &part, 1);

		if (length == 0 && !await_more(db, end))
			return false;
		if (length < 0)
			return length == -1;
		if (length == 0)
			continue;
		table->whole = table->whole && (size_t) length <= sizeof(table->bytes) - table->length;
		if (table->whole) {
			memcpy(table->bytes + table->length, part, (size_t) length);
			table->length += (size_t) length;
		}
		PQfreemem(part);
	}
}

static void
take_sqlstate(const PGresult *result, char sqlstate[6])
{
	const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (found && strlen(found) == 5)
		memcpy(sqlstate, found, 6);
}

static bool
receive_all(struct db *db, struct db_copied *tables, int count, long end, char sqlstate[6])
{
	bool		done = true;
	int			copied = 0;

	for (;;) {
		PGresult   *result;
		ExecStatusType status;

		while (PQisBusy(db->connection))
			if (!await_more(db, end))
				return false;
		result = PQgetResult(db->connection);
		if (!result)
			return done && copied == count;
		status = PQresultStatus(result);
		take_sqlstate(result, sqlstate);
		PQclear(result);
		if (status == PGRES_COPY_OUT && copied < count) {
			tables[copied] = (struct db_copied) {.whole = true};
			if (!receive(db, &tables[copied++], end))
				return false;
		} else if (status == PGRES_COPY_OUT || status == PGRES_COPY_IN)
			return false;
		else
			done = done && status == PGRES_COMMAND_OK;
	}
}

/* End the transaction that has failed, if the server is there to end it. */
static void
roll_back(struct db *db, long end)
{
	if (!db->lost && PQtransactionStatus(db->connection) == PQTRANS_INERROR
		&& PQsendQuery(db->connection, "ROLLBACK")) {
		char		ignored[6];

		(void) receive_all(db, NULL, 0, end, ignored);
	}
}

bool
db_copy(struct db *db, const char *sql, struct db_copied *tables, int count, char sqlstate[6])
{
	long		end = db->patience > 0 ? db_now() + db->patience : 0;
	bool		done;

	sqlstate[0] = '\0';
	done = PQsendQuery(db->connection, sql) && receive_all(db, tables, count, end, sqlstate);
	if (!done)
		roll_back(db, end);
	/* Where it is not even over, there is no asking anything else. */
	if (!done && !db->lost
		&& (PQstatus(db->connection) != CONNECTION_OK || PQtransactionStatus(db->connection) != PQTRANS_IDLE))
		db->lost = mem_copy(PQerrorMessage(db->connection), strcspn(PQerrorMessage(db->connection), "\n"));
	return done;
}

/* The next bytes of a table. */
static const unsigned char *
take(const struct db_copied *table, size_t *at, size_t length)
{
	const unsigned char *bytes = table->bytes + *at;

	if (length > table->length - *at)
		return NULL;
	*at += length;
	return bytes;
}

static bool
take_number(const struct db_copied *table, size_t *at, size_t length, int *number)
{
	const unsigned char *bytes = take(table, at, length);
	uint16_t	two;
	uint32_t	four;

	if (!bytes)
		return false;
	if (length == sizeof(two)) {
		memcpy(&two, bytes, sizeof(two));
		*number = (int16_t) ntohs(two);
	} else {
		memcpy(&four, bytes, sizeof(four));
		*number = (int) ntohl(four);
	}
	return true;
}

bool
db_copied_next(const struct db_copied *table, size_t *at, int count, struct db_field *fields)
{
	int			number;

	if (*at == 0) {
		if (!table->whole || table->length < HEADER || memcmp(table->bytes, signature, sizeof(signature)) != 0)
			return false;
		*at = HEADER;
	}
	if (!take_number(table, at, sizeof(uint16_t), &number) || number != count)
		return false;
	for (int i = 0; i < count; i++) {
		if (!take_number(table, at, sizeof(uint32_t), &number) || number < -1)
			return false;
		fields[i] = (struct db_field) {.length = number < 0 ? 0 : (size_t) number};
		fields[i].bytes = number < 0 ? NULL : take(table, at, fields[i].length);
		if (number >= 0 && !fields[i].bytes)
			return false;
	}
	return true;
}

bool
db_copied_whole(const struct db_copied *table, size_t at)
{
	/* What stands where the number of fields of another row would. */
	return at == table->length && at >= HEADER + sizeof(uint16_t)
		&& memcmp(&table->bytes[at - sizeof(uint16_t)], "\377\377", sizeof(uint16_t)) == 0;
}

bool
db_field_number(const struct db_field *field, int *number)
{
	uint32_t	four;

	if (!field->bytes || field->length != sizeof(four))
		return false;
	memcpy(&four, field->bytes, sizeof(four));
	*number = (int) ntohl(four);
	return true;
}
