/* The monotonic clock. */
#include "base/clock.h"

#include <time.h>

#include "base/banned.h"

long
clock_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}
