/*
 * position.h - where in a text something is. Pure.
 */
#ifndef POSITION_H
#define POSITION_H

#include <stddef.h>

struct position {
	unsigned	line;			/* from 1 */
	unsigned	column;			/* in characters, from 1 */
	size_t		line_start;		/* the line's first byte */
	size_t		line_length;	/* in bytes, without its end */
};

/*
 * position_find - the place of the character that is `characters` behind byte `offset`, in `length` bytes of UTF-8.
 *
 * PostgreSQL's positions count characters, not bytes. Behind the text's end is its last place.
 */
struct position position_find(const unsigned char *text, size_t length, size_t offset, unsigned characters);

#endif
