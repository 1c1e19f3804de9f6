/* The objects for which an upgrade is refused. */
#include "schema/missing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/steps.h"
#include "schema/better_version.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/predict.h"
#include "schema/taken.h"

#include "base/banned.h"

enum {
	MOST_NAMES = 6				/* in a line */
};

/* The length of the part of its name that is the table's or type's; 0: it belongs to none. */
static size_t
parent_length(const struct predict_item *item)
{
	return fact_parent(&(struct fact) {item->fact, item->name, ""});
}

bool
missing_is(const struct predict_item *item, const struct steps *steps)
{
	const struct steps_item *first = &steps->steps[0];

	/* Another object is in its place: that is another refusal. */
	if (predict_in_place(item))
		return false;
	if (item->kind != PREDICT_NEED)
		return item->kind == PREDICT_MISSING;
	/* Statements of an incomplete migration that are done, up or down, may have dropped what it needs. */
	return item->migration <= steps->steps[steps->count - 1].version
		&& !((first->done > 0 || first->before == first->version) && item->migration == first->version);
}

/* By table or type, then as facts are listed; of two about the same object, the one that says which migration needs it. */
static int
compare_items(const void *left, const void *right)
{
	const struct predict_item *a = *(const struct predict_item *const *) left;
	const struct predict_item *b = *(const struct predict_item *const *) right;
	size_t		lengths[] = {parent_length(a), parent_length(b)};
	char	   *groups[] = {lengths[0] ? mem_copy(a->name, lengths[0]) : mem_string(a->name),
		lengths[1] ? mem_copy(b->name, lengths[1]) : mem_string(b->name)
	};
	int			order = strcmp(groups[0], groups[1]);

	mem_free(groups[0]);
	mem_free(groups[1]);
	if (order == 0)
		order = fact_order(&(struct fact) {a->fact, a->name, ""}, &(struct fact) {b->fact, b->name, ""});
	if (order == 0)
		order = (b->kind == PREDICT_NEED) - (a->kind == PREDICT_NEED);
	return order ? order : a->migration - b->migration;
}

/* Is an item about the same object as the one before it, or about a part of `whole`, the last table or type? */
static bool
is_implied(const struct predict_item *item, const struct predict_item *before, const struct predict_item *whole)
{
	return (item->fact == before->fact && strcmp(item->name, before->name) == 0)
		|| (whole && fact_is_part(&(struct fact) {item->fact, item->name, ""}, whole->name));
}

/* Does an object belong to the same table or type as the one before it? */
static bool
is_beside(const struct predict_item *one, const struct predict_item *other)
{
	size_t		length = parent_length(one);

	return length > 0 && length == parent_length(other) && strncmp(one->name, other->name, length) == 0;
}

/* Append a text, which is freed. */
static void
append(char **line, char *text)
{
	mem_append(line, "", text);
	mem_free(text);
}

/* A line for the objects from `first` to before `end`, which belong to one table or type, or are one object. */
static char *
make_line(const struct predict_item *const *items, size_t first, size_t end)
{
	size_t		length = parent_length(items[first]);
	char	   *line = length == 0 ? mem_string("")
		: mem_format("%s %.*s: ", fact_kind_word(fact_parent_kind(items[first]->fact)), (int) length,
					 items[first]->name);
	int			needed = 0;

	for (size_t i = first; i < end; i++) {
		const char *own = items[i]->name + (length > 0 ? length + 1 : 0);

		if (i < first + MOST_NAMES)
			append(&line, mem_format("%s%s %s%s", i > first ? ", " : "", fact_kind_word(items[i]->fact), own,
									 items[i]->other ? " (invalid)" : ""));
		if (items[i]->kind == PREDICT_NEED && (needed == 0 || items[i]->migration < needed))
			needed = items[i]->migration;
	}
	if (end > first + MOST_NAMES)
		append(&line, mem_format(" and %zu more", end - first - MOST_NAMES));
	if (needed > 0)
		append(&line, mem_format("; needed by migration %d", needed));
	return line;
}

/* The items in order, without those that follow from others: a new array. */
static const struct predict_item **
collect(const struct prediction *prediction, const struct steps *steps, size_t *kept)
{
	const struct predict_item **items = mem_alloc((prediction->item_count + 1) * sizeof(const struct predict_item *));
	const struct predict_item *item;
	const struct predict_item *whole = NULL;
	size_t		count = 0;

	*kept = 0;
	for (size_t at = 0; (item = predict_next(prediction, steps->steps[0].version - 1, &at));)
		if (missing_is(item, steps))
			items[count++] = item;
	if (count > 0)
		qsort(items, count, sizeof(const struct predict_item *), compare_items);
	for (size_t i = 0; i < count; i++) {
		if (*kept > 0 && is_implied(items[i], items[*kept - 1], whole))
			continue;
		if (parent_length(items[i]) == 0)
			whole = items[i];
		items[(*kept)++] = items[i];
	}
	return items;
}

/* The objects that are in the way; or only those in the place of others that are missing. */
static void
find_taken(struct missing *missing, const struct prediction *prediction, const struct compare_sides *sides,
		   const struct steps *steps, bool in_place)
{
	const struct predict_item *item;

	for (size_t at = 0; (item = taken_next(prediction, sides->history, steps, &at));) {
		char	   *advice;

		if (in_place && !predict_in_place(item))
			continue;
		advice = taken_advice(item, sides->live->owner);
		missing->lines = mem_room(missing->lines, missing->line_count, sizeof(*missing->lines));
		missing->lines[missing->line_count++] = predict_line(item);
		if (!missing->taken)
			advice[0] = (char) (advice[0] - 'a' + 'A');
		/* An object may be in the way twice. */
		if (!missing->taken || !strstr(missing->taken, advice + 1)) {
			mem_append(&missing->taken, "; ", advice);
			missing->count++;
		}
		mem_free(advice);
	}
}

void
missing_find(struct missing *missing, const struct prediction *prediction, const struct compare_sides *sides,
			 const struct steps *steps, bool applied)
{
	const struct steps_item *first = &steps->steps[0];
	size_t		count;
	size_t		end;
	const struct predict_item **items;

	*missing = (struct missing) {.stamp = -1,.back = -1};
	find_taken(missing, prediction, sides, steps, true);
	if (missing->count > 0)
		return;
	items = collect(prediction, steps, &count);
	/* An incomplete down is undone by the whole up. */
	*missing = (struct missing) {.count = count,.version = first->version - 1,.stamp = -1,
		.back = first->done > 0 || first->before == first->version ? first->version - 1 : -1,
		.lines = mem_alloc((count + 1) * sizeof(*missing->lines))
	};
	for (size_t i = 0; i < count; i++)
		if (items[i]->since > missing->version)
			missing->version = items[i]->since;
	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count && is_beside(items[end], items[i]);)
			end++;
		missing->lines[missing->line_count++] = make_line(items, i, end);
	}
	/* An incomplete migration is between two versions. */
	if (count > 0 && first->before == first->version - 1 && first->done == 0) {
		struct better_version better = better_version_find(prediction, sides, first->before, applied);

		missing->stamp = better.stamp;
		missing->wrong = better.wrong;
	}
	if (count == 0)
		find_taken(missing, prediction, sides, steps, false);
	mem_free(items);
}

bool
missing_find_unfit(struct missing *missing, const struct prediction *prediction, const struct compare_sides *sides,
				   const struct steps *steps, unfit_count *count, struct session *session)
{
	struct unfit unfit = {0};
	bool		found;

	if (missing->count > 0)
		return true;
	found = unfit_find(&unfit, prediction, sides, steps, count, session);
	if (found && unfit.count > 0) {
		mem_free(missing->lines);
		missing->unfit = true;
		missing->count = unfit.count;
		missing->lines = unfit.lines;
		missing->line_count = unfit.line_count;
		missing->taken = unfit.advice;
		unfit = (struct unfit) {0};
	}
	unfit_clear(&unfit);
	return found;
}

char *
missing_text(const struct missing *missing)
{
	bool		one = missing->count == 1;

	if (missing->unfit)
		return mem_format("rows or columns contradict %zu change%s of pending migrations", missing->count,
						  one ? "" : "s");
	if (missing->taken)
		return mem_format("%zu object%s in the way of pending migrations", missing->count, one ? " is" : "s are");
	return mem_format("%zu object%s of version %d %s missing, and no pending migration creates %s", missing->count,
					  one ? "" : "s", missing->version, one ? "is" : "are", one ? "it" : "them");
}

char *
missing_advice(const struct missing *missing)
{
	const char *what = missing->count == 1 ? "it" : "them";

	if (missing->taken)
		return mem_format("%s; then run \"" PROGRAM " upgrade\" again.", missing->taken);
	if (missing->back >= 0)
		return mem_format("Migration %d is incomplete. First run \"" PROGRAM " downgrade %d\". Then, to add %s, run \""
						  PROGRAM " upgrade --repair\".", missing->back + 1, missing->back, what);
	if (missing->stamp < 0 && missing->repaired)
		return mem_format("The repair has not added %s. Follow its messages above, then run \"" PROGRAM " upgrade\""
						  " again.", what);
	if (missing->stamp < 0)
		return mem_format("To add %s, run \"" PROGRAM " repair\" or \"" PROGRAM " upgrade --repair\". It reports the"
						  " differences that it cannot repair.", what);
	return mem_format("The schema matches version %d better. Run \"" PROGRAM " stamp %d\", then \"" PROGRAM
					  " upgrade\".%s%s%s", missing->stamp, missing->stamp, missing->wrong ? "" : " Or add ",
					  missing->wrong ? "" : what, missing->wrong ? "" : " with \"" PROGRAM " repair\".");
}

void
missing_clear(struct missing *missing)
{
	for (size_t i = 0; i < missing->line_count; i++)
		mem_free(missing->lines[i]);
	mem_free(missing->lines);
	mem_free(missing->taken);
	*missing = (struct missing) {0};
}
