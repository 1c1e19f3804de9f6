/* The result of a prediction. */
#include <string.h>

#include "base/mem.h"
#include "schema/fact.h"
#include "schema/predict.h"

#include "base/banned.h"

enum predict_effect
predict_effect(const struct predict_item *item)
{
	switch (item->kind) {
		case PREDICT_MISSING:
		case PREDICT_SKIPPED:
			return PREDICT_LEAVES_MISSING;
		case PREDICT_DIFFERENT:
		case PREDICT_REFUSES:
		case PREDICT_STAYS:
			return PREDICT_LEAVES_DIFFERENT;
		case PREDICT_NEED:
		case PREDICT_EXISTS:
		case PREDICT_FOREIGN:
		case PREDICT_TAKEN:
		case PREDICT_USED:
		case PREDICT_OWNED:
		case PREDICT_REMOVED:
		case PREDICT_HIDDEN:
			break;
	}
	return PREDICT_FAILS;
}

const struct fact *
predict_in_place(const struct predict_item *item)
{
	bool		missing = item->kind == PREDICT_MISSING || item->kind == PREDICT_NEED;
	bool		itself = item->other && item->other->kind == item->fact && strcmp(item->other->name, item->name) == 0;

	return missing && !itself ? item->other : NULL;
}

bool
predict_fails(const struct predict_item *item)
{
	return predict_effect(item) == PREDICT_FAILS;
}

bool
predict_complete(const struct prediction *prediction, int version)
{
	return prediction->versions[version].left == 0 && prediction->versions[version].failures == 0;
}

bool
predict_better(const struct predict_version *one, const struct predict_version *other)
{
	size_t		ones = one->differences + one->notes;
	size_t		others = other->differences + other->notes;

	return ones < others || (ones == others && one->differences < other->differences);
}

int
predict_stamp(const struct prediction *prediction, int version)
{
	while (version >= 0 && !predict_complete(prediction, version))
		version--;
	return version;
}

const struct predict_item *
predict_next(const struct prediction *prediction, int version, size_t *at)
{
	while (*at < prediction->item_count) {
		const struct predict_item *item = &prediction->items[(*at)++];

		if (item->first <= version && version <= item->last)
			return item;
	}
	return NULL;
}

char *
predict_line(const struct predict_item *item)
{
	const char *kind = fact_kind_word(item->fact);

	switch (item->kind) {
		case PREDICT_NEED:
			if (item->other)
				return mem_format("migration %d needs %s %s, but %s %s has that name", item->migration, kind, item->name,
								  fact_kind_word(item->other->kind), item->other->name);
			return mem_format("migration %d needs %s %s, which is missing", item->migration, kind, item->name);
		case PREDICT_EXISTS:
			return mem_format("migration %d creates %s %s, which exists", item->migration, kind, item->name);
		case PREDICT_TAKEN:
		case PREDICT_SKIPPED:
			return mem_format("migration %d creates %s %s, but %s %s has that name", item->migration, kind, item->name,
							  fact_kind_word(item->other->kind), item->other->name);
		case PREDICT_FOREIGN:
			return mem_format("migration %d changes the type of %s %s, whose current type occurs in no version",
							  item->migration,
							  kind, item->name);
		case PREDICT_USED:
			return mem_format("migration %d changes or drops %s %s, which %s %s uses", item->migration, kind,
							  item->name,
							  fact_kind_word(item->other->kind), item->other->name);
		case PREDICT_OWNED:
			return mem_format("migration %d drops %s %s, which reads %s %s, and cannot give it back to its owner",
							  item->migration, fact_kind_word(item->other->kind), item->other->name, kind, item->name);
		case PREDICT_REMOVED:
			return mem_format("migration %d renames or drops %s %s, but %s %s has that name", item->migration, kind,
							  item->name, fact_kind_word(item->other->kind), item->other->name);
		case PREDICT_HIDDEN:
			return mem_format("migration %d changes rows of %s %s, and policies may hide some from its owner",
							  item->migration, kind, item->name);
		case PREDICT_REFUSES:
			return mem_format("extra %s %s would remain and refuse rows that the schema allows", kind, item->name);
		case PREDICT_STAYS:
			return mem_format("%s %s is different, and the upgrade would not change it", kind, item->name);
		case PREDICT_MISSING:
			if (predict_in_place(item))
				return mem_format("%s %s would be missing, and %s %s has its name", kind, item->name,
								  fact_kind_word(item->other->kind), item->other->name);
			return mem_format("%s %s would be %s", kind, item->name, item->other ? "invalid" : "missing");
		default:
			return mem_format("%s %s would be different", kind, item->name);
	}
}

void
predict_clear(struct prediction *prediction)
{
	mem_free(prediction->versions);
	mem_free(prediction->items);
	*prediction = (struct prediction) {0};
}
