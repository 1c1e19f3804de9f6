/* Which migrations lead from one version to another. */
#include "history/steps.h"

#include "base/mem.h"
#include "base/report.h"

#include "base/banned.h"

static void
add_step(struct steps *plan, struct steps_item step)
{
	plan->steps = mem_grow(plan->steps, plan->count + 1, sizeof(*plan->steps));
	plan->steps[plan->count++] = step;
}

enum steps_verdict
steps_upgrade(struct steps *plan, int latest, int current, int target, const struct steps_incomplete *incomplete)
{
	int			next;

	*plan = (struct steps) {0};
	if (target < 0 || target > latest)
		return STEPS_UNKNOWN_TARGET;
	if (current > latest)
		return STEPS_AHEAD;
	if (target < current)
		return STEPS_BACKWARD;
	if (incomplete->there && incomplete->version > latest)
		return STEPS_INCOMPLETE_AHEAD;

	next = current + 1;
	if (incomplete->there && incomplete->up && incomplete->version <= target) {
		add_step(plan, (struct steps_item) {
			.version = next,.up = true,.before = current,.after = next,.done = incomplete->statements
		});
		next++;
	} else if (incomplete->there && !incomplete->up)
		add_step(plan, (struct steps_item) {
			.version = incomplete->version,.up = true,.before = current,.after = current
		});
	for (; next <= target; next++)
		add_step(plan, (struct steps_item) {.version = next,.up = true,.before = next - 1,.after = next});
	return plan->count > 0 ? STEPS_PENDING : STEPS_NONE;
}

enum steps_verdict
steps_downgrade(struct steps *plan, int current, int target, const struct steps_incomplete *incomplete)
{
	int			next = current;

	*plan = (struct steps) {0};
	if (target < 0)
		return STEPS_UNKNOWN_TARGET;
	if (target > current)
		return STEPS_FORWARD;

	if (incomplete->there && incomplete->up)
		add_step(plan, (struct steps_item) {.version = incomplete->version,.before = current,.after = current});
	else if (incomplete->there && current > target) {
		add_step(plan, (struct steps_item) {
			.version = next,.before = next,.after = next - 1,.done = incomplete->statements
		});
		next--;
	}
	for (; next > target; next--)
		add_step(plan, (struct steps_item) {.version = next,.before = next,.after = next - 1});
	return plan->count > 0 ? STEPS_PENDING : STEPS_NONE;
}

char *
steps_advice(const struct steps_incomplete *incomplete, int latest)
{
	char	   *down = mem_format("run \"" PROGRAM " downgrade %d\"", incomplete->version - 1);
	char	   *up = incomplete->version > latest ? mem_string("use the newer build")
		: mem_format("run \"" PROGRAM " upgrade %d\"", incomplete->version);
	char	   *advice = mem_format("To finish it, %s; to %s, %s.", incomplete->up ? up : down,
									incomplete->up ? "revert it" : "run its up section again",
									incomplete->up ? down : up);

	mem_free(down);
	mem_free(up);
	return advice;
}

void
steps_clear(struct steps *plan)
{
	mem_free(plan->steps);
	*plan = (struct steps) {0};
}
