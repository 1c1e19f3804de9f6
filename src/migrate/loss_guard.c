/* Check for data loss before each COMMIT. */
#include "migrate/loss_guard.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/row_count.h"
#include "record/trust.h"

#include "base/banned.h"

#define FIND_PARENTS \
	"SELECT string_agg(concat_ws(' ', i.inhrelid, i.inhparent), ',') FROM pg_inherits i" \
	" JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relispartition AND c.relkind IN ('r', 'p')"

/* Those that this transaction has made or refreshed. */
#define FIND_VIEWS \
	"SELECT concat(E'\\n', string_agg(format(E'%I.%I\\n', n.nspname, c.relname), '')) FROM pg_class c" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind = 'm' AND c.relispopulated AND age(c.xmin) <= 0"

#define FIND_NAMES \
	"SELECT format('%I.%I', n.nspname, c.relname)," \
	" CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname, a.attname," \
	" pg_relation_size(c.oid), c.relkind = 'm', c.relpersistence = 'u'" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a" \
	" ON a.attrelid = c.oid AND a.attnum = $2::integer AND a.attnum > 0 AND NOT a.attisdropped" \
	" WHERE c.oid = $1::bigint::oid"

void
loss_guard_clear(struct loss_guard *guard)
{
	loss_guard_list_clear(&guard->empty);
}

bool
loss_guard_watches(const struct loss_guard *guard)
{
	return !guard->consent || !guard->consent->all;
}

/* The columns of FIND_NAMES. */
enum {
	FOUND_RELATION,				/* schema and name, quoted */
	FOUND_SHOWN,
	FOUND_COLUMN,
	FOUND_SIZE,
	FOUND_VIEW,
	FOUND_UNLOGGED
};

/* The object with a number: a row of FIND_NAMES, or none. False, and not reported, on failure. */
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
 * TRUNCATE, so then it has no more rows than were inserted. If it is only written anew, and unlogged now, it may have
 * become so, which is seen after the rollback. A refreshed view loses nothing that it could not have again. Where this
 * fails the transaction is over, and it counts.
 */
static bool
is_lost(struct session *session, struct loss_guard_item *item)
{
	struct pipeline pipeline = {0};
	bool		lost = true;

	if (item->kind != LOSS_GUARD_ROWS)
		return true;
	if (find_names(session, &pipeline, item)) {
		const struct pipeline_command *found = &pipeline.commands[pipeline.count - 1];

		if (pipeline_row_count(found) == 0 || pipeline_bool(found, 0, FOUND_VIEW))
			lost = false;
		else if (item->rewritten && item->deleted <= 0) {
			lost = pipeline_number(found, 0, FOUND_SIZE) == 0
				|| (item->inserted > 0 && !has_more(session, pipeline_text(found, 0, FOUND_RELATION), item->inserted));
			if (!lost && pipeline_bool(found, 0, FOUND_UNLOGGED)) {
				item->kind = LOSS_GUARD_UNLOGGED;
				lost = true;
			}
		}
	}
	pipeline_clear(&pipeline);
	return lost;
}

/* In the open transaction, take from the list what is no loss. A new string: the views made, a line each. */
static char *
look_closer(struct loss_guard_list *list, struct session *session, const char *before, const char *after, bool moves)
{
	struct pipeline pipeline = {0};
	char	   *views = NULL;
	size_t		kept = 0;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_PARENTS, 0);
	pipeline_add(&pipeline, FIND_VIEWS, 0);
	if (pipeline_run(session->connection, &pipeline)) {
		if (moves)
			loss_guard_forgive_moves(list, before, after, pipeline_text(&pipeline.commands[1], 0, 0));
		views = mem_string(pipeline_text(&pipeline.commands[2], 0, 0));
	}
	pipeline_clear(&pipeline);
	for (size_t i = 0; i < list->count; i++)
		if (is_lost(session, &list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
	return views;
}

/* To how many rows of it has somebody agreed? -1: as in loss_guard_limit. */
static double
agreed_limit(const struct loss_guard *guard, const struct loss_guard_item *item)
{
	return guard->consent ? loss_guard_limit(&guard->consent->agreed, item) : -1;
}

/*
 * Move from the list to *covered what was agreed to, and what is known to hold nothing, or no more than was agreed to.
 * There may be more of it now than was counted then: that is seen after the rollback.
 */
static void
take_covered(struct loss_guard_list *list, struct loss_guard_list *covered, const struct loss_guard *guard)
{
	size_t		kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct loss_guard_item *item = &list->items[i];
		bool		agreed = guard->consent && loss_guard_covers(&guard->consent->agreed, item)
			&& agreed_limit(guard, item) < 0;

		if (agreed || loss_guard_covers(&guard->empty, item))
			loss_guard_list_add(covered, *item);
		else
			list->items[kept++] = *item;
	}
	list->count = kept;
}

static bool
is_line_of(const char *lines, const char *name)
{
	char	   *line = mem_format("\n%s\n", name);
	bool		is_line = lines && strstr(lines, line);

	mem_free(line);
	return is_line;
}

/*
 * After the rollback: what is it, and what does it hold? *held: something that is lost, as no view of that name was
 * made. False, and reported, on failure.
 */
static bool
look_up(struct loss_guard_item *item, struct session *session, const char *views, bool *held)
{
	struct pipeline pipeline = {0};
	bool		found = find_names(session, &pipeline, item);
	const struct pipeline_command *names = &pipeline.commands[pipeline.count - 1];

	*held = false;
	if (!found)
		report_error("could not determine which data would be destroyed: %s",
					 pipeline_failed(&pipeline)->error.message);
	else if (pipeline_row_count(names) == 1 && (item->number == 0 || pipeline_value(names, 0, FOUND_COLUMN))) {
		item->table = mem_string(pipeline_text(names, 0, FOUND_SHOWN));
		item->column = mem_string(pipeline_value(names, 0, FOUND_COLUMN));
		item->view = pipeline_bool(names, 0, FOUND_VIEW);
		found = row_count_read(session, pipeline_text(names, 0, FOUND_RELATION), item->column, &item->count);
		*held = item->count.rows != 0 || item->relation == LOSS_GUARD_LARGE_OBJECTS;
		if ((item->kind == LOSS_GUARD_UNLOGGED && pipeline_bool(names, 0, FOUND_UNLOGGED))
			|| (item->view && is_line_of(views, pipeline_text(names, 0, FOUND_RELATION))))
			*held = false;
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

/*
 * What is gone held nothing, or no more rows than `limit`: the next try is to see that this is still so. False: it
 * could not see that. An unlogged table stays one, and a view cannot be locked.
 */
static bool
add_empty(struct loss_guard *guard, struct session *session, struct loss_guard_item *item, double limit)
{
	struct loss_guard_item empty = {.kind = item->kind,.relation = item->relation,.number = item->number,
		.count = {.rows = -1},.limit = limit
	};
	struct pipeline pipeline = {0};
	bool		looks = item->table && !item->view && item->kind != LOSS_GUARD_UNLOGGED;

	if (looks && find_names(session, &pipeline, item)) {
		const struct pipeline_command *names = &pipeline.commands[pipeline.count - 1];

		empty.table = mem_string(pipeline_text(names, 0, FOUND_RELATION));
		empty.column = item->column ? connection_identifier(session->connection, item->column) : NULL;
	}
	pipeline_clear(&pipeline);
	if (looks && (!empty.table || !is_trusted(session, empty.table))) {
		mem_free(empty.table);
		mem_free(empty.column);
		item->count.rows = -1;
		return false;
	}
	loss_guard_list_add(&guard->empty, empty);
	return true;
}

/* After the rollback: the next try will tell, unless there were too many. */
static enum loss_guard_verdict
run_again(struct loss_guard *guard, const char *title)
{
	if (++guard->times <= LOSS_GUARD_MOST_TIMES)
		return LOSS_GUARD_AGAIN;
	report_error("%s was run %d times and dropped other tables each time, so data loss cannot be determined",
				 title, LOSS_GUARD_MOST_TIMES);
	return LOSS_GUARD_REFUSED;
}

/* After the rollback: is something lost that held something? Then it is reported. */
static enum loss_guard_verdict
judge(struct loss_guard *guard, struct session *session, struct loss_guard_list *list, const char *views,
	  const char *title)
{
	enum loss_guard_verdict verdict = LOSS_GUARD_AGAIN;

	for (size_t i = 0; i < list->count; i++) {
		struct loss_guard_item *item = &list->items[i];
		bool		held;
		double		limit;
		char	   *text;

		if (!look_up(item, session, views, &held))
			return LOSS_GUARD_REFUSED;
		limit = held ? agreed_limit(guard, item) : 0;
		if ((!held || (!item->count.estimated && item->count.rows <= limit)) && add_empty(guard, session, item, limit))
			continue;
		if (verdict == LOSS_GUARD_AGAIN)
			report_error("%s would destroy data", title);
		verdict = LOSS_GUARD_REFUSED;
		text = loss_guard_text(item);
		report_detail("%s", text);
		mem_free(text);
	}
	return verdict == LOSS_GUARD_AGAIN ? run_again(guard, title) : verdict;
}

/* The columns of the probe at the end. */
enum {
	AFTER_COUNTS,
	AFTER_DROPPED,
	AFTER_TRACKED,
	AFTER_HELD,
	AFTER_UNTRACKED,
	AFTER_GONE,
	AFTER_OURS
};

/* A new string: why it cannot be said what was destroyed. NULL: it can. */
static char *
why_blind(const struct pipeline_command *after)
{
	if (strcmp(pipeline_text(after, 0, AFTER_TRACKED), "on") != 0)
		return mem_string("turns track_counts off");
	if (pipeline_value(after, 0, AFTER_UNTRACKED))
		return mem_format("may run function %s, which sets track_counts",
						  pipeline_value(after, 0, AFTER_UNTRACKED));
	if (pipeline_bool(after, 0, AFTER_HELD))
		return mem_string("opens a cursor WITH HOLD, whose query runs at COMMIT");
	return NULL;
}

enum loss_guard_verdict
loss_guard_check(struct loss_guard *guard, struct session *session, const struct pipeline *pipeline, const char *before,
				 bool moves, const char *title)
{
	const struct pipeline_command *after = &pipeline->commands[pipeline->count - 1];
	struct loss_guard_list list = {0};
	struct loss_guard_list covered = {0};
	enum loss_guard_verdict verdict = LOSS_GUARD_PASSED;
	const char *dropped = pipeline_text(after, 0, AFTER_DROPPED);
	char	   *blind = why_blind(after);
	char	   *views = NULL;
	bool		meets_others;

	if (blind) {
		roll_back(session);
		report_error("%s %s: data loss cannot be determined", title, blind);
		mem_free(blind);
		return LOSS_GUARD_REFUSED;
	}
	loss_guard_compare(&list, guard->migration, before, pipeline_text(after, 0, 0), dropped);
	meets_others = loss_guard_meets_others(before, pipeline_text(after, 0, 0), dropped,
										   pipeline_text(after, 0, AFTER_GONE), pipeline_text(after, 0, AFTER_OURS));
	take_covered(&list, &covered, guard);
	if (list.count > 0)
		views = look_closer(&list, session, before, pipeline_text(after, 0, 0), moves);
	if (list.count > 0) {
		roll_back(session);
		verdict = judge(guard, session, &list, views, title);
	} else if (meets_others) {
		roll_back(session);
		verdict = run_again(guard, title);
	} else if (guard->migration)
		loss_guard_note_made(guard->migration, before, pipeline_text(after, 0, 0));
	for (size_t i = 0; i < covered.count && guard->consent && verdict == LOSS_GUARD_PASSED; i++)
		loss_guard_consume(&guard->consent->agreed, &guard->empty, &covered.items[i]);
	mem_free(views);
	loss_guard_list_clear(&covered);
	loss_guard_list_clear(&list);
	return verdict;
}
