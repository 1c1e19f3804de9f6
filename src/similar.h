/*
 * similar.h - which word was meant, where a misspelt one was given? Pure.
 */
#ifndef SIMILAR_H
#define SIMILAR_H

#include <stddef.h>

/* Begin with the misspelt word, of `length` bytes, and nothing else set. */
struct similar {
	const char *word;
	size_t		length;
	const char *best;			/* the nearest of those tried; NULL: none was near */
	int			distance;		/* how many letters are wrong, too much, missing or swapped then */
};

/* similar_try - take `candidate` for the best, where it is near, and nearer than those before; it must stay valid. */
void		similar_try(struct similar *similar, const char *candidate);

#endif
