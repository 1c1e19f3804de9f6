/* Statements prepared once per session, because the server takes longer to plan them than to run them. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "pg/connection_private.h"
#include "pg/pipeline.h"
#include "pg/sqlstate.h"

#include "base/banned.h"

struct prepared_statement {
	char	   *sql;
	bool		asked;			/* sent to be prepared, in this pipeline or before */
	bool		there;			/* and confirmed by the server */
};

static struct prepared_statement *
find_or_add(struct connection_prepared *prepared, const char *sql)
{
	for (size_t i = 0; i < prepared->count; i++)
		if (strcmp(prepared->list[i].sql, sql) == 0)
			return &prepared->list[i];
	prepared->list = mem_grow(prepared->list, prepared->count + 1, sizeof(*prepared->list));
	prepared->list[prepared->count] = (struct prepared_statement) {.sql = mem_string(sql)};
	return &prepared->list[prepared->count++];
}

bool
prepared_send(struct connection *connection, struct pipeline_command *command)
{
	struct prepared_statement *statement = find_or_add(&connection->prepared, command->sql);
	char		name[64];

	snprintf(name, sizeof(name), "fitsdb_schema_%zu", (size_t) (statement - connection->prepared.list) + 1);
	if (!statement->asked) {
		statement->asked = command->preparing = true;
		if (!PQsendPrepare(connection->pg, name, command->sql, command->count, NULL))
			return false;
	}
	return PQsendQueryPrepared(connection->pg, name, command->count, (const char *const *) command->values, NULL, NULL,
							   0);
}

void
prepared_done(struct connection *connection, const struct pipeline_command *command)
{
	find_or_add(&connection->prepared, command->sql)->there = true;
}

void
prepared_end_pipeline(struct connection *connection)
{
	for (size_t i = 0; i < connection->prepared.count; i++)
		connection->prepared.list[i].asked = connection->prepared.list[i].there;
}

void
prepared_clear(struct connection *connection)
{
	for (size_t i = 0; i < connection->prepared.count; i++)
		mem_free(connection->prepared.list[i].sql);
	mem_free(connection->prepared.list);
	connection->prepared.list = NULL;
	connection->prepared.count = 0;
}

bool
prepared_give_up(struct connection *connection, const struct pipeline_command *failed)
{
	if (connection->prepared.given_up || !failed->prepared || failed->error.lost
		|| (!pipeline_error_is(&failed->error, SQLSTATE_INVALID_SQL_STATEMENT_NAME)
			&& !pipeline_error_is(&failed->error, SQLSTATE_DUPLICATE_PSTATEMENT)))
		return false;
	connection->prepared.given_up = true;
	return true;
}
