#include "plan_steps.h"

#include "mem.h"

#include "banned.h"

static void
add(struct plan *plan, struct step step)
{
	plan->steps = mem_grow(plan->steps, plan->count + 1, sizeof(*plan->steps));
	plan->steps[plan->count++] = step;
}

enum plan_verdict
plan_upgrade(struct plan *plan, int latest, int current, int target, const struct partial *partial)
{
	int			next;

	*plan = (struct plan) {0};
	if (target < 0 || target > latest)
		return PLAN_UNKNOWN_TARGET;
	if (current > latest)
		return PLAN_AHEAD;
	if (target < current)
		return PLAN_BACKWARD;
	if (partial->there && partial->version > latest)
		return PLAN_PARTIAL_AHEAD;

	next = current + 1;
	if (partial->there && partial->up && partial->version <= target) {
		add(plan, (struct step) {
			.version = next,.up = true,.before = current,.after = next,.done = partial->statements
		});
		next++;
	} else if (partial->there && !partial->up)
		add(plan, (struct step) {.version = partial->version,.up = true,.before = current,.after = current});
	for (; next <= target; next++)
		add(plan, (struct step) {.version = next,.up = true,.before = next - 1,.after = next});
	return plan->count > 0 ? PLAN_STEPS : PLAN_NOTHING;
}

enum plan_verdict
plan_downgrade(struct plan *plan, int current, int target, const struct partial *partial)
{
	int			next = current;

	*plan = (struct plan) {0};
	if (target < 0)
		return PLAN_UNKNOWN_TARGET;
	if (target > current)
		return PLAN_FORWARD;

	if (partial->there && partial->up)
		add(plan, (struct step) {.version = partial->version,.before = current,.after = current});
	else if (partial->there && current > target) {
		add(plan, (struct step) {.version = next,.before = next,.after = next - 1,.done = partial->statements});
		next--;
	}
	for (; next > target; next--)
		add(plan, (struct step) {.version = next,.before = next,.after = next - 1});
	return plan->count > 0 ? PLAN_STEPS : PLAN_NOTHING;
}

void
plan_clear(struct plan *plan)
{
	mem_free(plan->steps);
	*plan = (struct plan) {0};
}
