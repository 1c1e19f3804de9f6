/*
 * did_you_mean.h - which word was meant, where a misspelt one was given? Pure.
 */
#ifndef DID_YOU_MEAN_H
#define DID_YOU_MEAN_H

#include <stddef.h>

/* Begin with the misspelt word, of `length` bytes, and nothing else set. */
struct did_you_mean {
	const char *word;
	size_t		length;
	const char *best;			/* the nearest of those tried; NULL: none was near */
	int			distance;		/* how many letters are wrong, too much, missing or swapped then */
};

/*
 * did_you_mean_try - take `candidate` for the best, where it is near, and nearer than those before; it must stay valid.
 */
void		did_you_mean_try(struct did_you_mean *similar, const char *candidate);

#endif
