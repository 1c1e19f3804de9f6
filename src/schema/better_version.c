/* Compare the recorded version with the others. */
#include "schema/better_version.h"

#include <string.h>

#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/predict.h"

#include "base/banned.h"

enum {
	MUCH = 8,					/* differences are many */
	FAR = 4						/* of them another version has less than one in so many, if it matches far better */
};

/* Is an object there in another form than the version has, or is it one of another version? */
static bool
is_of_another(const struct compare_item *item, const struct fact_history *known)
{
	if (item->note || compare_is_uncompared(item) || !item->is || item->kind == COMPARE_RENAMED
		|| !compare_is_shape(item->is->kind, item->label, item->label ? strlen(item->label) : 0))
		return false;
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].kind == item->is->kind && strcmp(known->runs[i].name, item->is->name) == 0)
			return true;
	return false;
}

/* Has the database something of another version, so that it is not only one with missing objects? */
static bool
has_another_form(const struct compare_sides *sides, int version)
{
	struct comparison comparison;
	bool		found = false;

	compare(&comparison, sides, version);
	for (size_t i = 0; i < comparison.count && !found; i++)
		found = is_of_another(&comparison.items[i], sides->history);
	compare_clear(&comparison);
	return found;
}

/* A lower version from which an upgrade ends complete, if it matches better; otherwise the one that matches. */
static int
find_stamp(const struct prediction *prediction, const struct better_version *better, int version)
{
	if (better->lower >= 0 && predict_better(&prediction->versions[better->lower], &prediction->versions[version]))
		return better->lower;
	return better->wrong ? better->version : -1;
}

struct better_version
better_version_find(const struct prediction *prediction, const struct compare_sides *sides, int version, bool applied)
{
	struct better_version better = {.version = -1};
	const struct predict_version *here = &prediction->versions[version];
	const struct predict_version *best = here;

	for (int other = 0; other <= prediction->target; other++) {
		const struct predict_version *its = &prediction->versions[other];

		if (its->differences < here->differences
			&& (best == here || its->differences + its->notes < best->differences + best->notes)) {
			best = its;
			better.version = other;
		}
	}
	better.here = here->differences;
	better.differences = best->differences;
	better.far = best != here && (best->differences == 0 || (here->differences >= MUCH
															 && FAR * best->differences <= here->differences));
	/* An upgrade that ends complete shows that the version may be right, whatever else is there. */
	better.wrong = better.far && !applied && here->differences >= MUCH && !predict_complete(prediction, version)
		&& has_another_form(sides, version);
	better.lower = predict_stamp(prediction, version);
	if (better.lower == version)
		better.lower = -1;
	better.stamp = find_stamp(prediction, &better, version);
	better.exact = better.stamp >= 0 && prediction->versions[better.stamp].differences == 0;
	return better;
}
