/* Statements that are prepared once for the session: to plan them takes the server longer than to run them. */
#include <stdio.h>
#include <string.h>

#include "db_private.h"
#include "mem.h"

#include "banned.h"

struct db_statement {
	char	   *sql;
	bool		asked;			/* sent to be prepared, in this batch or before */
	bool		there;			/* and the server has said that it is */
};

static struct db_statement *
find(struct db_prepared *prepared, const char *sql)
{
	for (size_t i = 0; i < prepared->count; i++)
		if (strcmp(prepared->list[i].sql, sql) == 0)
			return &prepared->list[i];
	prepared->list = mem_grow(prepared->list, prepared->count + 1, sizeof(*prepared->list));
	prepared->list[prepared->count] = (struct db_statement) {.sql = mem_string(sql)};
	return &prepared->list[prepared->count++];
}

bool
db_prepared_send(struct db *db, struct db_command *command)
{
	struct db_statement *statement = find(&db->prepared, command->sql);
	char		name[64];

	snprintf(name, sizeof(name), "fitsdb_schema_%zu", (size_t) (statement - db->prepared.list) + 1);
	if (!statement->asked) {
		statement->asked = command->preparing = true;
		if (!PQsendPrepare(db->connection, name, command->sql, command->count, NULL))
			return false;
	}
	return PQsendQueryPrepared(db->connection, name, command->count, (const char *const *) command->values, NULL, NULL,
							   0);
}

void
db_prepared_note(struct db *db, const struct db_command *command)
{
	find(&db->prepared, command->sql)->there = true;
}

void
db_prepared_settle(struct db *db)
{
	for (size_t i = 0; i < db->prepared.count; i++)
		db->prepared.list[i].asked = db->prepared.list[i].there;
}

void
db_prepared_clear(struct db *db)
{
	for (size_t i = 0; i < db->prepared.count; i++)
		mem_free(db->prepared.list[i].sql);
	mem_free(db->prepared.list);
	db->prepared.list = NULL;
	db->prepared.count = 0;
}

bool
db_prepared_give_up(struct db *db, const struct db_command *failed)
{
	/* invalid_sql_statement_name, duplicate_prepared_statement */
	if (db->prepared.given_up || !failed->often || failed->error.lost
		|| (!db_is(&failed->error, "26000") && !db_is(&failed->error, "42P05")))
		return false;
	db->prepared.given_up = true;
	return true;
}
