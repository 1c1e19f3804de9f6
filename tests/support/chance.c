/* Reproducible random numbers. */
#include "support/chance.h"

#include <stdlib.h>

#include "base/banned.h"

/* Numerical Recipes' constants; the low bits of such a generator are no good. */
unsigned
chance_draw(unsigned *state, unsigned below)
{
	*state = *state * 1664525U + 1013904223U;
	return (*state >> 8) % below;
}

unsigned
chance_setting(const char *variable, unsigned usual)
{
	const char *text = getenv(variable);
	unsigned	number = text ? (unsigned) strtoul(text, NULL, 10) : usual;

	return number > 0 ? number : usual;
}
