/* Check the live schema before an upgrade and after it. */
#include "migrate/schema_check.h"

#include "history/history.h"
#include "history/steps.h"
#include "pg/session.h"
#include "schema/built_facts.h"
#include "schema/compare.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

#include "base/banned.h"

bool
schema_check_read(struct schema_check *check, struct session *session, const struct steps *steps)
{
	int			target = steps->steps[steps->count - 1].after;
	struct compare_sides sides;

	/* An incomplete down is undone by the whole up. */
	*check = (struct schema_check) {.version = steps->steps[0].version - 1};
	if (!history.schema)
		return true;
	if (!built_facts_load(&check->facts))
		return false;
	if (check->facts.version_count <= target)
		return true;
	if (!live_read(&check->live, session))
		return false;
	sides = built_facts_sides(&check->live, &check->facts);
	predict(&check->prediction, &sides, target, history_rebuilds);
	check->known = true;
	return true;
}

void
schema_check_clear(struct schema_check *check)
{
	predict_clear(&check->prediction);
	live_clear(&check->live);
	fact_history_clear(&check->facts);
	*check = (struct schema_check) {0};
}
