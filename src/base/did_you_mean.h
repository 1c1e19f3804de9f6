/*
 * did_you_mean.h - find the word that was probably meant by a misspelt one. Pure.
 */
#ifndef DID_YOU_MEAN_H
#define DID_YOU_MEAN_H

#include <stddef.h>

/* Set `word` and `length`, and nothing else, before the first did_you_mean_try. */
struct did_you_mean {
	const char *word;			/* the misspelt word, borrowed; it need not end with a NUL */
	size_t		length;			/* in bytes */
	const char *best;			/* the nearest candidate so far, borrowed; NULL: no candidate was near */
	int			distance;		/* of the best one: number of wrong, extra, missing or swapped letters */
};

/*
 * did_you_mean_try - if `candidate` is near the word, and nearer than all candidates before it, make it the best one.
 * The candidate is borrowed.
 */
void		did_you_mean_try(struct did_you_mean *guess, const char *candidate);

#endif
