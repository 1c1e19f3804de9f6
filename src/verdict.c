#include "verdict.h"

#include "banned.h"

static const struct {
	const char *word;
	int			status;
}			verdicts[] = {
	[VERDICT_CURRENT] = {"current", 0},
	[VERDICT_BEHIND] = {"behind", 1},
	[VERDICT_AHEAD] = {"ahead", 2},
	[VERDICT_HALF_WAY] = {"half-way", 2},
	[VERDICT_DIFFERS] = {"differs", 2},
};

enum verdict
verdict_of(const struct standing *standing)
{
	if (standing->half_way && !standing->running)
		return VERDICT_HALF_WAY;
	if (standing->version > standing->latest)
		return VERDICT_AHEAD;
	if (standing->differs)
		return VERDICT_DIFFERS;
	if (standing->version < standing->latest)
		return VERDICT_BEHIND;
	return standing->half_way ? VERDICT_BEHIND : VERDICT_CURRENT;
}

const char *
verdict_word(enum verdict verdict)
{
	return verdicts[verdict].word;
}

int
verdict_status(enum verdict verdict)
{
	return verdicts[verdict].status;
}
