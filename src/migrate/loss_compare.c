/* Compare two answers of the loss guard's probes: which tables, columns and rows are lost? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "migrate/loss_guard.h"
#include "record/row_count.h"

#include "base/banned.h"

/* The numbers of a table in an answer. */
enum {
	RELATION,					/* its OID */
	NODE,						/* its file */
	COLUMNS,					/* their number; 0: unknown */
	DELETED,
	INSERTED,
	MADE,						/* since the answer before, if it was not in that: enum made */
	MOST_NUMBERS,

	MOST_LEVELS = 100			/* of partitions: a faulty answer must not cause an endless loop */
};

enum made {
	MADE_BY_US = 1,
	MADE_BY_OTHERS,
	MADE_BY_OTHERS_REWRITTEN	/* by us */
};

/* An item of an answer: "1 2 3". Commas separate items; anything else ends the answer. */
struct numbers {
	long		values[MOST_NUMBERS];
};

struct answer {
	size_t		count;
	struct numbers *items;		/* sorted by the first number */
};

static int
by_first(const void *a, const void *b)
{
	long		left = ((const struct numbers *) a)->values[0];
	long		right = ((const struct numbers *) b)->values[0];

	return (left > right) - (left < right);
}

static struct answer
read_answer(const char *text)
{
	struct answer answer = {0};
	size_t		room = 0;

	if (text && strchr(text, ';'))
		text = strchr(text, ';') + 1;
	while (text && *text) {
		struct numbers numbers = {0};
		char	   *end;

		for (size_t i = 0; i < MOST_NUMBERS && *text && *text != ','; i++) {
			numbers.values[i] = strtol(text, &end, 10);
			text = end + (*end == ' ');
		}
		if (*text && *text != ',')
			break;
		text += *text == ',';
		if (answer.count == room) {
			room = room ? 2 * room : 64;
			answer.items = mem_grow(answer.items, room, sizeof(*answer.items));
		}
		answer.items[answer.count++] = numbers;
	}
	if (answer.count > 1)
		qsort(answer.items, answer.count, sizeof(*answer.items), by_first);
	return answer;
}

static const struct numbers *
find(const struct answer *answer, long first)
{
	struct numbers key = {.values = {first}};

	return answer->count == 0 ? NULL
		: bsearch(&key, answer->items, answer->count, sizeof(*answer->items), by_first);
}

void
loss_guard_list_add(struct loss_guard_list *list, struct loss_guard_item item)
{
	list->items = mem_grow(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = item;
}

static void
clear_item(struct loss_guard_item *item)
{
	mem_free(item->table);
	mem_free(item->column);
}

void
loss_guard_list_clear(struct loss_guard_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		clear_item(&list->items[i]);
	mem_free(list->items);
	*list = (struct loss_guard_list) {0};
}

static bool
covers(const struct loss_guard_item *agreed, const struct loss_guard_item *item)
{
	if (agreed->relation != item->relation)
		return false;
	if (item->kind == LOSS_GUARD_ROWS && agreed->number == 0
		&& (agreed->count.estimated || agreed->count.rows < 0 || (double) item->deleted <= agreed->count.rows))
		return true;
	if (item->kind != LOSS_GUARD_ROWS && (agreed->kind == LOSS_GUARD_TABLE || agreed->kind == LOSS_GUARD_ANYTHING))
		return true;
	return item->number > 0 && agreed->number == item->number;
}

bool
loss_guard_covers(const struct loss_guard_list *list, const struct loss_guard_item *item)
{
	for (size_t i = 0; i < list->count; i++)
		if (covers(&list->items[i], item))
			return true;
	return false;
}

double
loss_guard_limit(const struct loss_guard_list *list, const struct loss_guard_item *item)
{
	double		limit = -1;

	/* The counter says how many are deleted. */
	if (item->kind == LOSS_GUARD_ROWS && !item->rewritten)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		const struct row_count *count = &list->items[i].count;

		if (!covers(&list->items[i], item))
			continue;
		if (count->estimated || count->rows < 0)
			return -1;
		limit = count->rows > limit ? count->rows : limit;
	}
	return limit;
}

void
loss_guard_consume(struct loss_guard_list *agreed, const struct loss_guard_list *empty,
				   const struct loss_guard_item *item)
{
	double		lost = item->rewritten ? 0 : (double) (item->deleted - item->inserted);

	if (item->kind != LOSS_GUARD_ROWS)
		return;
	for (size_t i = 0; i < empty->count && item->rewritten; i++)
		if (covers(&empty->items[i], item) && empty->items[i].limit > lost)
			lost = empty->items[i].limit;
	for (size_t i = 0; i < agreed->count && lost > 0; i++) {
		struct loss_guard_item *of = &agreed->items[i];

		if (of->relation == item->relation && of->number == 0 && of->count.rows >= 0 && !of->count.estimated)
			of->count.rows = of->count.rows > lost ? of->count.rows - lost : 0;
	}
}

struct loss_guard_catalog
loss_guard_catalog(const char *answer)
{
	long		values[4] = {0};
	char	   *end;

	for (size_t i = 0; answer && i < sizeof(values) / sizeof(values[0]) && *answer != ';'; i++) {
		values[i] = strtol(answer, &end, 10);
		answer = end;
	}
	return (struct loss_guard_catalog) {.updates = values[0],.drops = values[1],.creations = values[2],
		.highest = values[3]
	};
}

void
loss_guard_compare(struct loss_guard_list *list, const struct loss_guard_migration *migration, const char *before,
				   const char *after, const char *dropped)
{
	struct answer first = read_answer(migration ? migration->start : before);
	struct answer made = read_answer(migration ? migration->made : NULL);
	struct answer was = read_answer(before);
	struct answer is = read_answer(after);
	struct answer columns = read_answer(dropped);

	for (size_t i = 0; i < was.count; i++) {
		const long *old = was.items[i].values;
		const struct numbers *found = find(&is, old[0]);
		struct loss_guard_item item = {
			.relation = (unsigned) old[0],
			.kind = found ? LOSS_GUARD_ROWS : LOSS_GUARD_TABLE
		};

		if (found) {
			item.rewritten = found->values[NODE] != old[NODE] && old[RELATION] != LOSS_GUARD_LARGE_OBJECTS;
			item.deleted = found->values[DELETED] - old[DELETED];
			item.inserted = found->values[INSERTED] - old[INSERTED];
		}
		if (!find(&made, old[0]) && (!found || item.rewritten || item.deleted > 0))
			loss_guard_list_add(list, item);
	}
	for (size_t i = 0; i < columns.count; i++) {
		const long *column = columns.items[i].values;
		const struct numbers *table = find(&first, column[0]);
		bool		there = table ? table->values[COLUMNS] == 0 || column[1] <= table->values[COLUMNS]
			: find(&was, column[0]) && !find(&made, column[0]);

		if (there && find(&is, column[0]))
			loss_guard_list_add(list, (struct loss_guard_item) {
				.kind = column[2] ? LOSS_GUARD_ATTRIBUTE : LOSS_GUARD_COLUMN,
				.relation = (unsigned) column[0],
				.number = (int) column[1]
			});
	}
	mem_free(first.items);
	mem_free(made.items);
	mem_free(was.items);
	mem_free(is.items);
	mem_free(columns.items);
}

/* How many of the relations have an oid above `above`. */
static long
count_above(const char *relations, long above)
{
	struct answer answer = read_answer(relations);
	long		count = 0;

	for (size_t i = 0; i < answer.count; i++)
		count += answer.items[i].values[RELATION] > above;
	mem_free(answer.items);
	return count;
}

bool
loss_guard_meets_others(const char *before, const char *after, const char *dropped, const char *gone, const char *ours)
{
	struct loss_guard_catalog then = loss_guard_catalog(before);
	struct loss_guard_catalog now = loss_guard_catalog(after);
	struct answer was = read_answer(before);
	struct answer is = read_answer(after);
	struct answer columns = read_answer(dropped);
	/* All that we made and is not there any more, we have dropped, or a subtransaction was undone. */
	bool		meets = now.drops != then.drops && count_above(gone, then.highest) > now.creations - then.creations
		- count_above(ours, then.highest);

	for (size_t i = 0; i < is.count; i++) {
		const long *table = is.items[i].values;

		if (!find(&was, table[RELATION]) && table[MADE] != MADE_BY_US)
			meets = meets || table[MADE] == MADE_BY_OTHERS_REWRITTEN || table[DELETED] > 0
				|| find(&columns, table[RELATION]);
	}
	mem_free(was.items);
	mem_free(is.items);
	mem_free(columns.items);
	return meets;
}

void
loss_guard_note_made(struct loss_guard_migration *migration, const char *before, const char *after)
{
	struct answer was = read_answer(before);
	struct answer is = read_answer(after);

	for (size_t i = 0; i < is.count; i++)
		if (is.items[i].values[MADE] == MADE_BY_US && !find(&was, is.items[i].values[RELATION])) {
			char	   *made = mem_format("%s%s%ld", migration->made ? migration->made : "", migration->made ? "," : "",
										  is.items[i].values[RELATION]);

			mem_free(migration->made);
			migration->made = made;
		}
	mem_free(was.items);
	mem_free(is.items);
}

char *
loss_guard_known(const char *answer, long *highest)
{
	struct answer known = read_answer(answer);
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < known.count; i++)
		fprintf(stream, "%c%ld", i > 0 ? ',' : '{', known.items[i].values[RELATION]);
	fputs(known.count > 0 ? "}" : "{}", stream);
	mem_stream_close(stream);
	*highest = known.count > 0 ? known.items[known.count - 1].values[RELATION] : 0;
	mem_free(known.items);
	return text;
}

/* The root of a partition's tree; a table that is not a partition is its own root. */
static long
root_of(const struct answer *parents, long relation)
{
	for (int level = 0; level < MOST_LEVELS; level++) {
		const struct numbers *parent = find(parents, relation);

		if (!parent)
			break;
		relation = parent->values[1];
	}
	return relation;
}

/* The rows deleted minus the rows inserted in all tables of a tree. */
static long
net_loss(const struct answer *was, const struct answer *is, const struct answer *parents, long root)
{
	long		loss = 0;

	for (size_t i = 0; i < is->count; i++) {
		const long *now = is->items[i].values;
		const struct numbers *old = find(was, now[0]);

		if (root_of(parents, now[0]) == root)
			loss += (now[DELETED] - (old ? old->values[DELETED] : 0))
				- (now[INSERTED] - (old ? old->values[INSERTED] : 0));
	}
	return loss;
}

void
loss_guard_forgive_moves(struct loss_guard_list *list, const char *before, const char *after, const char *parents)
{
	struct answer was = read_answer(before);
	struct answer is = read_answer(after);
	struct answer tree = read_answer(parents);
	size_t		kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct loss_guard_item *item = &list->items[i];

		if (item->kind == LOSS_GUARD_ROWS && !item->rewritten && find(&tree, item->relation)
			&& net_loss(&was, &is, &tree, root_of(&tree, item->relation)) <= 0)
			clear_item(item);
		else
			list->items[kept++] = *item;
	}
	list->count = kept;
	mem_free(was.items);
	mem_free(is.items);
	mem_free(tree.items);
}

char *
loss_guard_text(const struct loss_guard_item *item)
{
	char	   *count = row_count_text(&item->count);
	char	   *text = NULL;

	switch (item->kind) {
		case LOSS_GUARD_TABLE:
			text = mem_format("%s %s is dropped: %s", item->view ? "materialized view" : "table", item->table, count);
			break;
		case LOSS_GUARD_UNLOGGED:
			text = mem_format("table %s becomes unlogged, so a crash deletes its rows: %s", item->table, count);
			break;
		case LOSS_GUARD_COLUMN:
			text = mem_format("column %s of table %s is dropped: a value in %s", item->column, item->table, count);
			break;
		case LOSS_GUARD_ATTRIBUTE:
			text = mem_format("column %s of table %s loses an attribute of its type: a value in %s", item->column,
							  item->table, count);
			break;
		case LOSS_GUARD_ROWS:
			text = item->relation == LOSS_GUARD_LARGE_OBJECTS
				? mem_format("large objects are deleted, truncated or overwritten: table %s has %s", item->table, count)
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
