/* Read small tables by COPY TO STDOUT. */
#include "pg/copy_out.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "pg/connection_private.h"

#include "base/banned.h"

/* The start of COPY's binary format; flags and the length of an extension follow, four bytes each. */
static const char signature[] = "PGCOPY\n\377\r\n";

enum {
	HEADER = sizeof(signature) + 2 * sizeof(uint32_t)
};

/* Wait for more data until time `end` (0: no limit). False: the connection is lost, or the time is over. */
static bool
await_more(struct connection *connection, long end)
{
	long		left = end ? end - clock_milliseconds() : 0;
	int			unsent = PQflush(connection->pg);
	struct pollfd fd = {.fd = PQsocket(connection->pg),.events = (short) (unsent ? POLLIN | POLLOUT : POLLIN)};

	if (unsent < 0 || fd.fd < 0)
		return false;
	if (end && left <= 0) {
		connection->lost = mem_string(CONNECTION_TOO_LATE);
		return false;
	}
	if (poll(&fd, 1, end ? (int) left : -1) < 0)
		return errno == EINTR;
	return !fd.revents || PQconsumeInput(connection->pg);
}

/* Receive the data of one COPY. Data that is too long is dropped, and `whole` set to false. */
static bool
receive_copy(struct connection *connection, struct copy_out_table *table, long end)
{
	for (;;) {
		char	   *part;
		int			length = PQgetCopyData(connection->pg, &part, 1);

		if (length == 0 && !await_more(connection, end))
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
store_sqlstate(const PGresult *result, char sqlstate[6])
{
	const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (found && strlen(found) == 5)
		memcpy(sqlstate, found, 6);
}

static bool
receive_all(struct connection *connection, struct copy_out_table *tables, int count, long end, char sqlstate[6])
{
	bool		done = true;
	int			copied = 0;

	for (;;) {
		PGresult   *result;
		ExecStatusType status;

		while (PQisBusy(connection->pg))
			if (!await_more(connection, end))
				return false;
		result = PQgetResult(connection->pg);
		if (!result)
			return done && copied == count;
		status = PQresultStatus(result);
		store_sqlstate(result, sqlstate);
		PQclear(result);
		if (status == PGRES_COPY_OUT && copied < count) {
			tables[copied] = (struct copy_out_table) {.whole = true};
			if (!receive_copy(connection, &tables[copied++], end))
				return false;
		} else if (status == PGRES_COPY_OUT || status == PGRES_COPY_IN)
			return false;
		else
			done = done && status == PGRES_COMMAND_OK;
	}
}

/* Roll back the failed transaction, if the connection still works. */
static void
roll_back(struct connection *connection, long end)
{
	if (!connection->lost && PQtransactionStatus(connection->pg) == PQTRANS_INERROR
		&& PQsendQuery(connection->pg, "ROLLBACK")) {
		char		ignored[6];

		(void) receive_all(connection, NULL, 0, end, ignored);
	}
}

bool
copy_out(struct connection *connection, const char *sql, struct copy_out_table *tables, int count, char sqlstate[6])
{
	long		end = connection->timeout > 0 ? clock_milliseconds() + connection->timeout : 0;
	bool		done;

	sqlstate[0] = '\0';
	done = PQsendQuery(connection->pg, sql) && receive_all(connection, tables, count, end, sqlstate);
	if (!done)
		roll_back(connection, end);
	/* If the transaction is still open, the connection cannot be used any more. */
	if (!done && !connection->lost
		&& (PQstatus(connection->pg) != CONNECTION_OK || PQtransactionStatus(connection->pg) != PQTRANS_IDLE))
		connection->lost = mem_copy(PQerrorMessage(connection->pg), strcspn(PQerrorMessage(connection->pg), "\n"));
	return done;
}

/* The next bytes of a table; NULL if there are fewer. */
static const unsigned char *
next_bytes(const struct copy_out_table *table, size_t *at, size_t length)
{
	const unsigned char *bytes = table->bytes + *at;

	if (length > table->length - *at)
		return NULL;
	*at += length;
	return bytes;
}

static bool
next_number(const struct copy_out_table *table, size_t *at, size_t length, int *number)
{
	const unsigned char *bytes = next_bytes(table, at, length);
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
copy_out_next(const struct copy_out_table *table, size_t *at, int count, struct copy_out_field *fields)
{
	int			number;

	if (*at == 0) {
		if (!table->whole || table->length < HEADER || memcmp(table->bytes, signature, sizeof(signature)) != 0)
			return false;
		*at = HEADER;
	}
	if (!next_number(table, at, sizeof(uint16_t), &number) || number != count)
		return false;
	for (int i = 0; i < count; i++) {
		if (!next_number(table, at, sizeof(uint32_t), &number) || number < -1)
			return false;
		fields[i] = (struct copy_out_field) {.length = number < 0 ? 0 : (size_t) number};
		fields[i].bytes = number < 0 ? NULL : next_bytes(table, at, fields[i].length);
		if (number >= 0 && !fields[i].bytes)
			return false;
	}
	return true;
}

bool
copy_out_at_end(const struct copy_out_table *table, size_t at)
{
	/* The end marker, in place of the number of fields of a row. */
	return at == table->length && at >= HEADER + sizeof(uint16_t)
		&& memcmp(&table->bytes[at - sizeof(uint16_t)], "\377\377", sizeof(uint16_t)) == 0;
}

bool
copy_out_number(const struct copy_out_field *field, int *number)
{
	uint32_t	four;

	if (!field->bytes || field->length != sizeof(four))
		return false;
	memcpy(&four, field->bytes, sizeof(four));
	*number = (int) ntohl(four);
	return true;
}
