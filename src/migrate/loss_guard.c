#include "migrate/loss_guard.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/row_count.h"
#include "record/trust.h"

#include "base/banned.h"

/*
 * Of each table that can have rows, after how often pg_attribute was updated in this session: to drop a column is to do
 * that. The counters hold what the server has not yet collected from earlier transactions, so only a difference says
 * something. No name is looked up by the search path, and no user's object has a number below 16384.
 */
#define UPDATES "pg_catalog.pg_stat_get_xact_tuples_updated(1249::pg_catalog.oid)"
#define COUNTS(oid, file) \
	"pg_catalog.concat(" UPDATES ", ';', pg_catalog.string_agg(pg_catalog.concat_ws(' ', " oid ", " file "," \
	" pg_catalog.pg_stat_get_xact_tuples_deleted(" oid "), pg_catalog.pg_stat_get_xact_tuples_inserted(" oid "))," \
	" ','))"
#define LARGE_OBJECTS "2613::pg_catalog.oid"
#define TABLES(which) \
	"pg_catalog.pg_class c WHERE " which \
	" AND c.relkind OPERATOR(pg_catalog.=) 'r'::pg_catalog.\"char\"" \
	" AND c.relpersistence OPERATOR(pg_catalog.<>) 't'::pg_catalog.\"char\"" \
	" AND c.relnamespace OPERATOR(pg_catalog.<>) ALL (SELECT n.oid FROM pg_catalog.pg_namespace n" \
	" WHERE n.nspname OPERATOR(pg_catalog.=) 'fitsdb_schema'::pg_catalog.name)"

#define ALL_TABLES \
	TABLES("(c.oid OPERATOR(pg_catalog.>) 16383::pg_catalog.oid OR c.oid OPERATOR(pg_catalog.=) " LARGE_OBJECTS ")")

/* The columns dropped since: no age is above 0 that counts from our own transaction or one within it. */
#define DROPPED \
	"CASE WHEN $1::bigint IS DISTINCT FROM " UPDATES " THEN" \
	" (SELECT string_agg(concat_ws(' ', a.attrelid, a.attnum), ',') FROM pg_attribute a" \
	" WHERE a.attrelid >= 16384 AND a.attisdropped AND age(a.xmin) <= 0) END"

/* Are deleted rows counted? And is there a cursor whose query is run at the commit, after the check? */
#define SIGHT \
	"current_setting('track_counts')," \
	" EXISTS (SELECT FROM pg_cursor() h WHERE h.is_holdable AND h.creation_time >= transaction_timestamp())"

#define PROBE "SELECT " COUNTS("c.oid", "c.relfilenode, c.relnatts") " FROM " ALL_TABLES
#define PROBE_AFTER \
	"SELECT " COUNTS("c.oid", "c.relfilenode, c.relnatts") ", " DROPPED ", " SIGHT " FROM " ALL_TABLES

/*
 * $2: the tables of the last answer, $3: the highest of them. To look for them by number takes less than to scan. The
 * end of the range, $4, is the highest number of all: between two parameters the planner expects a few rows, whatever
 * they are, so that it plans this only once.
 */
#define PROBE_KNOWN \
	"SELECT " COUNTS("t.oid", "pg_relation_filenode(t.oid), 0") ", " DROPPED ", " SIGHT \
	" FROM (SELECT unnest($2::oid[]) AS oid UNION ALL SELECT c.oid FROM " TABLES("c.oid > $3::bigint::oid") \
	" AND c.oid <= $4::bigint::oid) t" \
	" WHERE pg_relation_filenode(t.oid) IS NOT NULL"

/* The columns of tables whose type has a dropped attribute somewhere within: their values have lost it too. */
#define FIND_USES \
	"WITH RECURSIVE used AS (SELECT DISTINCT 'pg_class'::regclass::oid AS class, a.attrelid AS object, 0 AS part" \
	" FROM pg_attribute a WHERE a.attrelid >= 16384 AND a.attisdropped AND age(a.xmin) <= 0" \
	" UNION SELECT d.classid, d.objid, d.objsubid FROM used u JOIN pg_depend d" \
	" ON d.refclassid = 'pg_type'::regclass AND d.refobjid = CASE u.class WHEN 'pg_type'::regclass THEN u.object" \
	" ELSE (SELECT c.reltype FROM pg_class c WHERE c.oid = u.object) END" \
	" WHERE d.classid IN ('pg_type'::regclass, 'pg_class'::regclass))" \
	" SELECT string_agg(concat_ws(' ', u.object, u.part, 1), ',') FROM used u JOIN pg_class c ON c.oid = u.object" \
	" WHERE u.class = 'pg_class'::regclass AND u.part > 0 AND c.relkind = 'r'"

#define FIND_PARENTS \
	"SELECT string_agg(concat_ws(' ', i.inhrelid, i.inhparent), ',') FROM pg_inherits i" \
	" JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relispartition AND c.relkind IN ('r', 'p')"

#define FIND_NAMES \
	"SELECT format('%I.%I', n.nspname, c.relname)," \
	" CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname, a.attname," \
	" pg_relation_size(c.oid)" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a" \
	" ON a.attrelid = c.oid AND a.attnum = $2::integer AND a.attnum > 0 AND NOT a.attisdropped" \
	" WHERE c.oid = $1::bigint::oid"

/* It fails by a cast: no other function of the system's fails with words that we choose. */
#define FILLED "has come to hold rows in "
#define LOOK_WHETHER_EMPTY \
	"SELECT CASE WHEN EXISTS (SELECT FROM ONLY %s t%s%s%s)" \
	" THEN pg_catalog.concat('%s " FILLED "', pg_catalog.current_database())::pg_catalog.int4 END"

enum {
	MOST_TIMES = 20				/* that a transaction is run again */
};

void
loss_guard_clear(struct loss_guard *guard)
{
	loss_guard_list_clear(&guard->empty);
}

void
loss_guard_add_empty(struct pipeline *pipeline, const struct loss_guard *guard)
{
	for (size_t i = 0; i < guard->empty.count; i++) {
		const struct loss_guard_item *item = &guard->empty.items[i];
		char	   *lock;
		char	   *look;

		/* What is not there any more, another session has dropped. */
		if (!item->table)
			continue;
		lock = mem_format("LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE", item->table);
		look = mem_format(LOOK_WHETHER_EMPTY, item->table, item->column ? " WHERE t." : "",
						  item->column ? item->column : "", item->column ? " IS DISTINCT FROM NULL" : "", "a table");
		pipeline_add(pipeline, lock, 0)->internal = true;
		pipeline_add(pipeline, look, 0)->internal = true;
		mem_free(look);
		mem_free(lock);
	}
}

bool
loss_guard_filled(struct loss_guard *guard, const struct pipeline_error *error)
{
	if (!pipeline_error_is(error, SQLSTATE_INVALID_TEXT_REPRESENTATION) || !strstr(error->message, FILLED)
		|| ++guard->times > MOST_TIMES)
		return false;
	loss_guard_list_clear(&guard->empty);
	return true;
}

bool
loss_guard_watches(const struct loss_guard *guard)
{
	return !guard->consent || !guard->consent->all;
}

size_t
loss_guard_add_before(struct pipeline *pipeline)
{
	pipeline_add(pipeline, PROBE, 0)->prepared = true;
	return pipeline->count - 1;
}

void
loss_guard_add_after(struct pipeline *pipeline, const char *before)
{
	char	   *updates = before ? mem_copy(before, strcspn(before, ";")) : NULL;
	long		highest = 0;
	char	   *known = loss_guard_known(before, &highest);
	char	   *above = mem_format("%ld", highest);

	/* Once more: a deferred trigger may have deferred another one, and so may what came after the script. */
	pipeline_add(pipeline, "SET CONSTRAINTS ALL IMMEDIATE", 0);
	if (highest > 0)
		pipeline_add(pipeline, PROBE_KNOWN, 4, updates, known, above, "4294967295")->prepared = true;
	else
		pipeline_add(pipeline, PROBE_AFTER, 1, updates)->prepared = true;
	mem_free(above);
	mem_free(known);
	mem_free(updates);
}

const char *
loss_guard_counts(const struct pipeline *pipeline, size_t place)
{
	return pipeline_text(&pipeline->commands[place], 0, 0);
}

/* What there is by a number: a row of FIND_NAMES, or none. False, and not reported, on failure. */
static bool
find_names(struct session *session, struct pipeline *pipeline, const struct loss_guard_item *item)
{
	char	   *relation = mem_format("%u", item->relation);
	char	   *number = mem_format("%d", item->number);
	bool		found;

	session_add_own_settings(pipeline);
	pipeline_add(pipeline, FIND_NAMES, 2, relation, number);
	found = pipeline_run(session->connection, pipeline);
	mem_free(number);
	mem_free(relation);
	return found;
}

/* Does a table hold more rows than were inserted since? */
static bool
has_more(struct session *session, const char *relation, long rows)
{
	struct pipeline pipeline = {0};
	/* It ends with the first row too many, so it needs no limit of time; the table is locked already. */
	char	   *count = mem_format("SELECT count(*) FROM (SELECT FROM ONLY %s LIMIT %ld) one", relation, rows + 1);
	bool		more;

	session_add_own_settings(&pipeline);
	/* Rows that a policy would hide are rows: rather no answer. */
	pipeline_add(&pipeline, "SET LOCAL row_security = off", 0);
	trust_add_gate(&pipeline, session, relation);
	pipeline_add(&pipeline, count, 0);
	more = pipeline_run(session->connection, &pipeline) && pipeline_number(&pipeline.commands[pipeline.count - 1], 0,
																		   0) > rows;
	mem_free(count);
	pipeline_clear(&pipeline);
	return more;
}

/*
 * A table with another file: was it truncated, or written anew with all its rows? The counters were reset by the last
 * TRUNCATE, so then it has no more rows than were inserted. Where this fails the transaction is over, and it counts.
 */
static bool
was_truncated(struct session *session, const struct loss_guard_item *item)
{
	struct pipeline pipeline = {0};
	bool		truncated = true;

	if (item->deleted > 0)
		return true;
	if (find_names(session, &pipeline, item)) {
		const struct pipeline_command *found = &pipeline.commands[pipeline.count - 1];

		truncated = pipeline_row_count(found) == 1 && (pipeline_number(found, 0, 3) == 0
											  || (item->inserted > 0 && !has_more(session, pipeline_text(found, 0, 0),
																				  item->inserted)));
	}
	pipeline_clear(&pipeline);
	return truncated;
}

/* In the open transaction, take from the list what is no loss. */
static void
look_closer(struct loss_guard_list *list, struct session *session, const char *before, const char *after, bool moves)
{
	struct pipeline pipeline = {0};
	size_t		kept = 0;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_PARENTS, 0);
	if (moves && list->count > 0 && pipeline_run(session->connection, &pipeline))
		loss_guard_forgive_moves(list, before, after, pipeline_text(&pipeline.commands[1], 0, 0));
	pipeline_clear(&pipeline);
	for (size_t i = 0; i < list->count; i++)
		if (!list->items[i].rewritten || was_truncated(session, &list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
}

/* Take from the list what was agreed to, and what is known to hold nothing. */
static void
take_covered(struct loss_guard_list *list, const struct loss_guard *guard)
{
	size_t		kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct loss_guard_item *item = &list->items[i];

		if (!loss_guard_covers(&guard->empty, item) && !(guard->consent && loss_guard_covers(&guard->consent->agreed,
																							 item)))
			list->items[kept++] = *item;
	}
	list->count = kept;
}

/* After the rollback: what is it, and what does it hold? *held: something. False, and reported, on failure. */
static bool
look_up(struct loss_guard_item *item, struct session *session, bool *held)
{
	struct pipeline pipeline = {0};
	bool		found = find_names(session, &pipeline, item);
	const struct pipeline_command *names = &pipeline.commands[pipeline.count - 1];

	*held = false;
	if (!found)
		report_error("could not look what would be destroyed: %s", pipeline_failed(&pipeline)->error.message);
	else if (pipeline_row_count(names) == 1 && (item->number == 0 || pipeline_value(names, 0, 2))) {
		item->table = mem_string(pipeline_text(names, 0, 1));
		item->column = mem_string(pipeline_value(names, 0, 2));
		found = row_count_read(session, pipeline_text(names, 0, 0), item->column, &item->count);
		*held = item->count.rows != 0 || item->relation == LOSS_GUARD_LARGE_OBJECTS;
	}
	pipeline_clear(&pipeline);
	return found;
}

static void
roll_back(struct session *session)
{
	struct pipeline pipeline = {0};

	pipeline_add(&pipeline, "ROLLBACK", 0);
	pipeline_run(session->connection, &pipeline);
	pipeline_clear(&pipeline);
}

/* May a query be planned over it, so that the next try can look whether it is still empty? */
static bool
is_trusted(struct session *session, const char *relation)
{
	struct pipeline pipeline = {0};
	bool		trusted;

	trust_begin_reading(session, &pipeline, relation);
	session_end_reading(&pipeline);
	trusted = pipeline_run(session->connection, &pipeline);
	pipeline_clear(&pipeline);
	return trusted;
}

/* What is gone held nothing: the next try is to see that this is still so. False: it could not see that. */
static bool
add_empty(struct loss_guard *guard, struct session *session, struct loss_guard_item *item)
{
	struct loss_guard_item empty = {.kind = item->kind,.relation = item->relation,.number = item->number,
		.count = {.rows = -1}
	};
	struct pipeline pipeline = {0};

	if (item->table && find_names(session, &pipeline, item)) {
		const struct pipeline_command *names = &pipeline.commands[pipeline.count - 1];

		empty.table = mem_string(pipeline_text(names, 0, 0));
		empty.column = item->column ? connection_identifier(session->connection, item->column) : NULL;
	}
	pipeline_clear(&pipeline);
	if (item->table && (!empty.table || !is_trusted(session, empty.table))) {
		mem_free(empty.table);
		mem_free(empty.column);
		item->count.rows = -1;
		return false;
	}
	loss_guard_list_add(&guard->empty, empty);
	return true;
}

/* After the rollback: is something lost that held something? Then it is reported. */
static enum loss_guard_verdict
judge(struct loss_guard *guard, struct session *session, struct loss_guard_list *list, const char *title)
{
	enum loss_guard_verdict verdict = LOSS_GUARD_AGAIN;

	loss_guard_list_clear(&guard->empty);
	for (size_t i = 0; i < list->count; i++) {
		struct loss_guard_item *item = &list->items[i];
		bool		held;
		char	   *text;

		if (!look_up(item, session, &held))
			return LOSS_GUARD_REFUSED;
		if (!held && add_empty(guard, session, item))
			continue;
		if (verdict == LOSS_GUARD_AGAIN)
			report_error("%s would destroy data", title);
		verdict = LOSS_GUARD_REFUSED;
		text = loss_guard_text(item);
		report_detail("%s", text);
		mem_free(text);
	}
	if (verdict == LOSS_GUARD_AGAIN && ++guard->times > MOST_TIMES) {
		report_error("%s was run %d times, and each time other tables were gone: it is not known what it would destroy",
					 title, MOST_TIMES);
		verdict = LOSS_GUARD_REFUSED;
	}
	return verdict;
}

/*
 * In the open transaction, add to what columns are dropped which have lost a part of their values by that, in a new
 * string. False, and not reported, on failure; the transaction is over then.
 */
static bool
find_dropped(char **dropped, struct session *session, const char *columns)
{
	struct pipeline pipeline = {0};
	bool		found = true;

	*dropped = mem_string(columns);
	if (!columns[0])
		return true;
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_USES, 0);
	found = pipeline_run(session->connection, &pipeline);
	if (found) {
		mem_free(*dropped);
		*dropped = mem_format("%s,%s", columns, pipeline_text(&pipeline.commands[1], 0, 0));
	}
	pipeline_clear(&pipeline);
	return found;
}

enum loss_guard_verdict
loss_guard_check(struct loss_guard *guard, struct session *session, const struct pipeline *pipeline, const char *before,
				 bool moves, const char *title)
{
	const struct pipeline_command *after = &pipeline->commands[pipeline->count - 1];
	struct loss_guard_list list = {0};
	enum loss_guard_verdict verdict = LOSS_GUARD_PASSED;
	char	   *dropped = NULL;
	const char *blind = strcmp(pipeline_text(after, 0, 2), "on") != 0 ? "turns track_counts off"
		: pipeline_bool(after, 0, 3) ? "opens a cursor WITH HOLD, whose query runs at the commit"
		: !find_dropped(&dropped, session, pipeline_text(after, 0, 1))
		? "drops a part of a type that could not be looked for"
		: NULL;

	if (blind) {
		roll_back(session);
		report_error("%s %s, so that it is not known what it would destroy", title, blind);
		return LOSS_GUARD_REFUSED;
	}
	loss_guard_compare(&list, guard->start ? guard->start : before, before, pipeline_text(after, 0, 0), dropped);
	mem_free(dropped);
	take_covered(&list, guard);
	if (list.count > 0)
		look_closer(&list, session, before, pipeline_text(after, 0, 0), moves);
	if (list.count > 0) {
		roll_back(session);
		verdict = judge(guard, session, &list, title);
	}
	loss_guard_list_clear(&list);
	return verdict;
}

char *
loss_guard_text(const struct loss_guard_item *item)
{
	char	   *count = row_count_text(&item->count);
	char	   *text = NULL;

	switch (item->kind) {
		case LOSS_GUARD_TABLE:
			text = mem_format("table %s is dropped: %s", item->table, count);
			break;
		case LOSS_GUARD_COLUMN:
			text = mem_format("column %s of table %s is dropped: a value in %s", item->column, item->table, count);
			break;
		case LOSS_GUARD_ATTRIBUTE:
			text = mem_format("column %s of table %s loses a part of its type: a value in %s", item->column,
							  item->table, count);
			break;
		case LOSS_GUARD_ROWS:
			text = item->relation == LOSS_GUARD_LARGE_OBJECTS
				? mem_format("large objects are deleted or truncated: table %s has %s", item->table, count)
				: mem_format("rows of table %s are deleted: it has %s", item->table, count);
			break;
		case LOSS_GUARD_CASCADE:
			text = mem_format("rows of table %s may be deleted by ON DELETE CASCADE: it has %s", item->table, count);
			break;
		case LOSS_GUARD_ANYTHING:
			text = mem_format("table %s may lose columns or rows, or be dropped: it has %s", item->table, count);
			break;
	}
	mem_free(count);
	return text;
}
