/* How long to wait before a retry. */
#include "base/backoff.h"

#include <limits.h>

#include "base/banned.h"

enum {
	FIRST_PAUSE = 500,
	LONGEST_PAUSE = 15000
};

static int
pause_without_jitter(int attempt)
{
	int			pause = FIRST_PAUSE;

	for (int i = 1; i < attempt && pause < LONGEST_PAUSE; i++)
		pause += pause / 2;
	return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

int
backoff_pause(int attempt, unsigned random)
{
	int			usual = pause_without_jitter(attempt);
	int			spread = (int) (random % (unsigned) usual) - usual / 2;
	int			pause = usual + spread;

	return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

int
backoff_total(int retries, int timeout)
{
	long long	total = timeout;

	for (int i = 1; i <= retries; i++)
		total += (long long) timeout + pause_without_jitter(i);
	return total < INT_MAX ? (int) total : INT_MAX;
}
