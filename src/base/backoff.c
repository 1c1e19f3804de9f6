#include "base/backoff.h"

#include <limits.h>

#include "base/banned.h"

enum {
	FIRST_PAUSE = 500,
	LONGEST_PAUSE = 15000
};

static int
usual_pause(int attempt)
{
	int			pause = FIRST_PAUSE;

	for (int i = 1; i < attempt && pause < LONGEST_PAUSE; i++)
		pause += pause / 2;
	return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

int
backoff_pause(int attempt, unsigned random)
{
	int			usual = usual_pause(attempt);
	int			spread = (int) (random % (unsigned) usual) - usual / 2;
	int			pause = usual + spread;

	return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

int
backoff_total(int retries, int timeout)
{
	long long	patience = timeout;

	for (int i = 1; i <= retries; i++)
		patience += (long long) timeout + usual_pause(i);
	return patience < INT_MAX ? (int) patience : INT_MAX;
}
