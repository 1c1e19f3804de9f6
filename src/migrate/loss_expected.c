/* Objects that a transaction will drop: when it begins, they must hold no more than was agreed to. */
#include <string.h>

#include "base/mem.h"
#include "migrate/loss_guard.h"
#include "pg/pipeline.h"
#include "pg/sqlstate.h"

#include "base/banned.h"

/*
 * They fail by a cast: no other function of the system's fails with words that we choose. Is $1 still the table $2, and
 * the column $3, as an identifier, still number $4 of it? Another one may have the name now. And does no policy hide
 * rows of it from this role?
 */
#define BLIND "can no longer be checked in "
#define LOOK_WHETHER_SAME \
	"SELECT CASE WHEN $1::pg_catalog.regclass::pg_catalog.oid OPERATOR(pg_catalog.<>) $2::pg_catalog.oid" \
	" OR (pg_catalog.row_security_active($2::pg_catalog.oid)" \
	" AND pg_catalog.pg_relation_size($2::pg_catalog.oid::pg_catalog.regclass) OPERATOR(pg_catalog.>) 0)" \
	" OR ($3::pg_catalog.text IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a" \
	" WHERE a.attrelid OPERATOR(pg_catalog.=) $2::pg_catalog.oid" \
	" AND a.attnum OPERATOR(pg_catalog.=) $4::pg_catalog.int2 AND a.attname OPERATOR(pg_catalog.=)" \
	" ((pg_catalog.parse_ident($3::pg_catalog.text))[1])::pg_catalog.name))" \
	" THEN pg_catalog.concat('a table " BLIND "', pg_catalog.current_database())::pg_catalog.int4 END"
#define FILLED "has more rows than before in "
#define LOOK_WHETHER_EMPTY \
	"SELECT CASE WHEN EXISTS (SELECT FROM ONLY %s t%s%s%s OFFSET %.0f)" \
	" THEN pg_catalog.concat('a table " FILLED "', pg_catalog.current_database())::pg_catalog.int4 END"

void
loss_guard_expect(struct loss_guard *guard, const struct loss_guard_list *expected)
{
	for (size_t i = 0; expected && i < expected->count; i++) {
		struct loss_guard_item item = expected->items[i];
		double		held = item.limit;

		item.limit = held > 0 ? (guard->consent ? loss_guard_limit(&guard->consent->agreed, &item) : -1) : 0;
		if (held > item.limit)
			continue;
		item.table = mem_string(item.table);
		item.column = mem_string(item.column);
		loss_guard_list_add(&guard->empty, item);
	}
}

void
loss_guard_add_empty(struct pipeline *pipeline, const struct loss_guard *guard)
{
	for (size_t i = 0; i < guard->empty.count; i++) {
		const struct loss_guard_item *item = &guard->empty.items[i];
		char	   *relation;
		char	   *number;
		char	   *lock;
		char	   *look;
		struct pipeline_command *same;

		/* Another session has dropped it. */
		if (!item->table)
			continue;
		relation = mem_format("%u", item->relation);
		number = mem_format("%d", item->number);
		lock = mem_format("LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE", item->table);
		look = mem_format(LOOK_WHETHER_EMPTY, item->table, item->column ? " WHERE t." : "",
						  item->column ? item->column : "", item->column ? " IS DISTINCT FROM NULL" : "", item->limit);
		pipeline_add(pipeline, lock, 0)->internal = true;
		/* Before a query of it is planned: a table that was not looked at is not trusted. */
		same = pipeline_add(pipeline, LOOK_WHETHER_SAME, 4, item->table, relation, item->column, number);
		same->internal = true;
		same->prepared = true;
		pipeline_add(pipeline, look, 0)->internal = true;
		mem_free(look);
		mem_free(lock);
		mem_free(number);
		mem_free(relation);
	}
}

bool
loss_guard_filled(struct loss_guard *guard, const struct pipeline_command *failed)
{
	const struct pipeline_error *error = &failed->error;
	bool		filled = pipeline_error_is(error, SQLSTATE_INVALID_TEXT_REPRESENTATION)
		&& (strstr(error->message, FILLED) || strstr(error->message, BLIND));
	/* Another session has dropped or renamed what was to be looked at, and may have given its name to anything. */
	bool		missing = guard->empty.count > 0 && failed->internal
		&& (pipeline_error_is(error, SQLSTATE_UNDEFINED_TABLE) || pipeline_error_is(error, SQLSTATE_UNDEFINED_COLUMN)
			|| pipeline_error_is(error, SQLSTATE_INVALID_SCHEMA_NAME)
			|| pipeline_error_is(error, SQLSTATE_WRONG_OBJECT_TYPE)
			|| pipeline_error_is(error, SQLSTATE_INSUFFICIENT_PRIVILEGE));

	if (!(filled || missing) || ++guard->times > LOSS_GUARD_MOST_TIMES)
		return false;
	loss_guard_list_clear(&guard->empty);
	return true;
}
