/* Compare a live database with a version. */
#include "schema/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "history/history.h"
#include "schema/compare_harmless.h"
#include "schema/compare_order.h"
#include "schema/compare_pairs.h"
#include "schema/compare_refuses.h"
#include "schema/compare_privileges.h"
#include "schema/compare_settle.h"
#include "schema/compare_text.h"
#include "schema/fact.h"

#include "base/banned.h"

struct compare_work {
	struct comparison *result;
	const struct compare_sides *sides;
	int			version;
	struct compare_pairs pairs;
};

/* The object under which an item is listed. */
static const char *
group_of(struct compare_work *work, const struct fact *fact)
{
	struct compare_object object = {0};
	const char *role;
	struct fact on;
	size_t		length;

	if (!fact)
		return "";
	if (fact->kind != FACT_PRIVILEGE || !compare_privilege(fact->name, &object, &role)) {
		length = fact_parent(fact);
		return length ? arena_copy(&work->result->arena, fact->name, length)
			: fact->kind == FACT_SETTING || fact->kind == FACT_DATABASE ? "" : fact->name;
	}
	on = (struct fact) {object.kind, arena_copy(&work->result->arena, object.name, object.length), ""};
	length = fact_parent(&on);
	return length ? arena_copy(&work->result->arena, on.name, length) : on.name;
}

static void
add(struct compare_work *work, struct compare_item item)
{
	struct comparison *result = work->result;

	item.version = work->version;
	if (!item.group)
		item.group = item.kind == COMPARE_IGNORED ? "" : group_of(work, item.is ? item.is : item.should);
	result->items = mem_room(result->items, result->count, sizeof(*result->items));
	result->items[result->count++] = item;
}

/* The fact as this server would print it. */
static const struct fact *
usual(struct compare_work *work, const struct fact_run *run)
{
	struct fact *fact = arena_alloc(&work->result->arena, sizeof(*fact));

	*fact = (struct fact) {run->kind, run->name, compare_text_usual(run, work->sides->live->server)->definition};
	return fact;
}

bool
compare_is_shape(enum fact_kind kind, const char *label, size_t length)
{
	if (kind == FACT_PRIVILEGE || kind == FACT_DEFAULT_PRIVILEGE || kind == FACT_SETTING || kind == FACT_DATABASE)
		return false;
	return !label || ((length != 5 || memcmp(label, "owner", 5) != 0)
					  && (length != 7 || memcmp(label, "comment", 7) != 0));
}

/* --- roles --- */

/* One item for a role. */
static void
add_role(struct compare_work *work, enum compare_kind kind, enum compare_reason reason, const char *role)
{
	for (size_t i = 0; i < work->result->count; i++) {
		struct compare_item *item = &work->result->items[i];

		if (item->kind == kind && item->reason == reason && item->why && role && strcmp(item->why, role) == 0) {
			item->objects++;
			return;
		}
	}
	add(work, (struct compare_item) {.kind = kind,.reason = reason,.note = true,.why = role,.objects = 1});
}

/* --- facts on one side --- */

static bool
is_of_database(const struct compare_pair *pair)
{
	return pair->kind == FACT_SETTING || (pair->kind == FACT_PRIVILEGE && strncmp(pair->name, "database to ", 12) == 0);
}

static void
compare_missing(struct compare_work *work, const struct compare_pair *pair)
{
	const struct fact *should = usual(work, pair->should);
	struct compare_item item = {.kind = COMPARE_MISSING,.should = should,.until = pair->should->to};

	if (compare_is_privilege(pair->kind) && !compare_role_exists(work->sides->live, compare_grantee(pair->name))) {
		add_role(work, COMPARE_NO_ROLE, COMPARE_NO_REASON, compare_grantee(pair->name));
		return;
	}
	if (compare_pairs_follow(&work->pairs, pair, COMPARE_IS_MISSING, should->definition)) {
		work->result->implied++;
		return;
	}
	if (is_of_database(pair))
		item.reason = COMPARE_LOST_BY_DUMP;
	if (pair->left)
		item.reason = COMPARE_LEFT;
	item.note = item.reason != COMPARE_NO_REASON;
	compare_privileges(&work->result->arena, &work->pairs, work->sides->live, &item);
	add(work, item);
}

/* Does a setting change what the schema enforces, or where objects go? "search_path", or "search_path for apache" */
static bool
is_enforcing(const char *name)
{
	static const char *const settings[] = {"session_replication_role", "search_path", "row_security",
		"default_transaction_read_only", "default_table_access_method", "default_tablespace", "transform_null_equals"
	};
	const char *end = strstr(name, " for ");
	size_t		length = end ? (size_t) (end - name) : strlen(name);

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (strlen(settings[i]) == length && memcmp(settings[i], name, length) == 0)
			return true;
	return false;
}

static enum compare_reason
excuse(const struct compare_work *work, const struct compare_pair *pair)
{
	if (pair->left)
		return COMPARE_LEFT;
	if (pair->kind == FACT_SETTING && !is_enforcing(pair->name))
		return COMPARE_SETTING;
	if (compare_is_privilege(pair->kind) && strcmp(compare_grantee(pair->name), "PUBLIC") != 0
		&& strcmp(compare_grantee(pair->name), "@") != 0
		&& !compare_role_is_granted(work->sides->history, compare_grantee(pair->name)))
		return COMPARE_OTHER_ROLE;
	return COMPARE_NO_REASON;
}

static void
compare_extra(struct compare_work *work, const struct compare_pair *pair)
{
	enum compare_reason reason = excuse(work, pair);
	struct compare_item item = {.kind = COMPARE_EXTRA,.is = pair->is};

	if (compare_pairs_follow(&work->pairs, pair, COMPARE_IS_EXTRA, pair->is->definition)) {
		work->result->implied++;
		return;
	}
	compare_privileges(&work->result->arena, &work->pairs, work->sides->live, &item);
	/* A privilege that was taken away is a difference for every role. */
	if (reason == COMPARE_OTHER_ROLE && item.kind == COMPARE_EXTRA)
		add_role(work, COMPARE_EXTRA, reason, compare_grantee(pair->name));
	else {
		item.reason = reason == COMPARE_OTHER_ROLE ? COMPARE_NO_REASON : reason;
		item.note = item.note || item.reason != COMPARE_NO_REASON;
		item.refuses = !item.note && compare_refuses(work->sides->history, pair->is, work->version);
		add(work, item);
	}
}

/* --- facts on both sides --- */

/* Can a property differ only because another object is missing, as a column of an index? */
static bool
follows(const struct compare_work *work, const struct compare_pair *pair, const struct fact *should,
		const struct compare_text *text)
{
	const char *main_label = fact_main_label(pair->kind);
	char	   *value;
	bool		mentions;

	if (!text->should)
		return false;
	if (!(main_label && compare_text_is(text, main_label)) && !compare_text_is(text, "default")
		&& !compare_text_is(text, "owned by") && !compare_text_is(text, "where"))
		return false;
	value = mem_copy(text->should, text->should_length);
	mentions = pair->kind == FACT_SEQUENCE || pair->kind == FACT_CONSTRAINT ?
		compare_pairs_follow(&work->pairs, pair, COMPARE_IS_MISSING, should->definition)
		: compare_pairs_mention(&work->pairs, pair, COMPARE_IS_MISSING, value)
		|| (compare_text_is(text, "default") && compare_default_follows(&work->pairs, value));
	mem_free(value);
	return mentions;
}

static const char *
value_of(struct compare_work *work, const char *value, size_t length)
{
	char	   *text;
	const char *kept;

	if (!value)
		return NULL;
	text = fact_unescape(value, length);
	kept = arena_string(&work->result->arena, text);
	mem_free(text);
	return kept;
}

/*
 * Triggers are enabled if nothing else is said. Those of a foreign key are on two tables, "actions" on the one that it
 * refers to; the difference is listed under the table whose triggers they are.
 */
static void
complete_triggers(struct compare_work *work, struct compare_item *item)
{
	bool		actions = strcmp(item->label, "actions") == 0;
	const char *table;

	if (!actions && strcmp(item->label, "checks") != 0 && strcmp(item->label, "state") != 0)
		return;
	item->is_value = item->is_value ? item->is_value : "enabled";
	item->should_value = item->should_value ? item->should_value : "enabled";
	table = actions ? compare_referred(item->is) : NULL;
	if (table)
		item->group = arena_copy(&work->result->arena, table, compare_name_length(table));
}

static void
compare_property(struct compare_work *work, const struct compare_pair *pair, const struct fact *should,
				 const struct compare_text *text)
{
	struct compare_item item = {.kind = text->unknown ? COMPARE_UNKNOWN : COMPARE_CHANGED,.is = pair->is,
		.should = should,.until = pair->should->to,.loosely = text->loosely
	};

	item.label = arena_copy(&work->result->arena, text->label, text->label_length);
	item.is_value = value_of(work, text->is, text->is_length);
	item.should_value = value_of(work, text->should, text->should_length);
	if (compare_text_is(text, "owner")) {
		/* Without that property the database's owner has it. */
		item.is_value = item.is_value ? item.is_value : work->sides->live->owner;
		item.should_value = item.should_value ? item.should_value : work->sides->live->owner;
	}
	if (compare_text_is(text, "owner") && text->should && !compare_role_exists(work->sides->live, item.should_value)) {
		add_role(work, COMPARE_NO_ROLE, COMPARE_NO_REASON, item.should_value);
		return;
	}
	if (follows(work, pair, should, text)) {
		work->result->implied++;
		return;
	}
	if (pair->left)
		item.reason = COMPARE_LEFT;
	else if (compare_is_harmless(pair->kind, text))
		item.reason = COMPARE_HARMLESS;
	item.note = item.reason != COMPARE_NO_REASON;
	compare_privileges(&work->result->arena, &work->pairs, work->sides->live, &item);
	complete_triggers(work, &item);
	add(work, item);
}

static void
compare_both(struct compare_work *work, const struct compare_pair *pair)
{
	struct compare_text texts[COMPARE_TEXT_MOST];
	size_t		count = compare_text(pair->is, pair->should, work->sides->live->server, texts);
	const struct fact *should = count > 0 ? usual(work, pair->should) : NULL;

	for (size_t i = 0; i < count; i++)
		compare_property(work, pair, should, &texts[i]);
	count = compare_text_loosely(pair->is, pair->should, work->sides->live->server, texts);
	if (count > 0 && !should)
		should = usual(work, pair->should);
	for (size_t i = 0; i < count; i++)
		compare_property(work, pair, should, &texts[i]);
}

/* --- renamed indexes and constraints --- */

static bool
same_parent(const struct compare_pair *a, const struct compare_pair *b)
{
	struct fact fact = {a->kind, a->name, ""};
	size_t		length = fact_parent(&fact);

	return strncmp(a->name, b->name, length + 1) == 0;
}

/* The pair of an extra fact that is the same but for the name; NULL: there is none. */
static struct compare_pair *
find_renamed(struct compare_work *work, const struct compare_pair *missing)
{
	struct compare_text texts[COMPARE_TEXT_MOST];

	for (size_t i = 0; i < work->pairs.count; i++) {
		struct compare_pair *pair = &work->pairs.pairs[i];

		if (pair->kind == missing->kind && pair->is && !pair->should && !pair->ignore && same_parent(pair, missing)
			&& compare_text(pair->is, missing->should, work->sides->live->server, texts) == 0)
			return pair;
	}
	return NULL;
}

/* An object with another name is neither missing nor extra, also for the facts that follow from it. */
static void
compare_renamed(struct compare_work *work)
{
	for (size_t i = 0; i < work->pairs.count; i++) {
		struct compare_pair *pair = &work->pairs.pairs[i];
		struct compare_pair *other;

		if ((pair->kind != FACT_INDEX && pair->kind != FACT_CONSTRAINT) || !pair->should || pair->is || pair->ignore)
			continue;
		other = find_renamed(work, pair);
		if (!other)
			continue;
		pair->is = other->is;
		other->is = NULL;
		add(work, (struct compare_item) {.kind = COMPARE_RENAMED,.is = pair->is,.should = usual(work, pair->should),
			.until = pair->should->to,.note = pair->kind == FACT_INDEX
		});
	}
}

/* --- objects that are not compared --- */

/* One item for a pattern. */
static void
note_ignored(struct compare_work *work, const struct compare_pair *pair)
{
	if (!pair->top || !pair->is)
		return;
	for (size_t i = 0; i < work->result->count; i++) {
		struct compare_item *item = &work->result->items[i];

		if (item->kind == COMPARE_IGNORED && item->why == pair->ignore->reason) {
			item->objects++;
			return;
		}
	}
	add(work, (struct compare_item) {.kind = COMPARE_IGNORED,.note = true,.is = pair->is,.why = pair->ignore->reason,
		.objects = 1
	});
}

/* --- the whole --- */

static void
count_items(struct comparison *result)
{
	for (size_t i = 0; i < result->count; i++) {
		const struct compare_item *item = &result->items[i];
		bool		uncompared = compare_is_uncompared(item);

		result->uncompared += uncompared;
		result->notes += item->note && !uncompared;
		result->differences += !item->note && !uncompared;
	}
}

static int
compare_items(const void *left, const void *right)
{
	const struct compare_item *a = left;
	const struct compare_item *b = right;
	const struct fact *a_fact = a->should ? a->should : a->is;
	const struct fact *b_fact = b->should ? b->should : b->is;
	int			order = strcmp(a->group, b->group);

	if (order == 0)
		order = (a->note > b->note) - (a->note < b->note);
	if (order == 0 && a_fact && b_fact)
		order = fact_order(a_fact, b_fact);
	if (order == 0)
		order = (int) a->kind - (int) b->kind;
	return order ? order : strcmp(a->label ? a->label : a->why ? a->why : "",
								  b->label ? b->label : b->why ? b->why : "");
}

static void
compare_pair(struct compare_work *work, const struct compare_pair *pair)
{
	/* compare_renamed has emptied some. */
	if (!pair->is && !pair->should)
		return;
	if (pair->ignore)
		note_ignored(work, pair);
	else if (!pair->should)
		compare_extra(work, pair);
	else if (!pair->is)
		compare_missing(work, pair);
	else
		compare_both(work, pair);
}

void
compare(struct comparison *comparison, const struct compare_sides *sides, int version)
{
	struct compare_work work = {.result = comparison,.sides = sides,.version = version};

	*comparison = (struct comparison) {0};
	compare_pairs_make(&work.pairs, sides, version);
	compare_renamed(&work);
	for (size_t i = 0; i < work.pairs.count; i++)
		compare_pair(&work, &work.pairs.pairs[i]);
	for (size_t i = 0; i < work.pairs.count;) {
		size_t		end = compare_order_end(&work.pairs, i);

		if (compare_order_differs(&work.pairs, i, end, sides->live->server))
			add(&work, (struct compare_item) {.kind = COMPARE_ORDER,.note = true,.is = work.pairs.pairs[i].is
				? work.pairs.pairs[i].is : usual(&work, work.pairs.pairs[i].should)
			});
		i = end;
	}
	compare_settle(comparison, &work.pairs, sides);
	count_items(comparison);
	if (comparison->count > 0)
		qsort(comparison->items, comparison->count, sizeof(*comparison->items), compare_items);
	compare_pairs_clear(&work.pairs);
}

void
compare_clear(struct comparison *comparison)
{
	mem_free(comparison->items);
	arena_clear(&comparison->arena);
	*comparison = (struct comparison) {0};
}
