#include "cli/better_version.h"

#include "history/history.h"
#include "schema/predict.h"

#include "base/banned.h"

/* Another version matches far better if of at least BETTER_VERSION_MUCH differences it has one in FAR. */
enum {
	FAR = 4
};

struct better_version
better_version_find(const struct compare_sides *sides, int version)
{
	struct better_version better = {.version = -1};
	struct prediction prediction;
	const struct predict_version *here;
	const struct predict_version *best;

	predict(&prediction, sides, history.latest, history_rebuilds);
	here = best = &prediction.versions[version];
	for (int other = 0; other <= history.latest; other++) {
		const struct predict_version *its = &prediction.versions[other];

		if (its->differences < here->differences
			&& (best == here || its->differences + its->notes < best->differences + best->notes)) {
			best = its;
			better.version = other;
		}
	}
	better.here = here->differences;
	better.differences = best->differences;
	better.far = best != here && (best->differences == 0 || (here->differences >= BETTER_VERSION_MUCH
															 && FAR * best->differences <= here->differences));
	predict_clear(&prediction);
	return better;
}
