/*
 * text.h - texts on a screen: how wide one is, and lines that do not end in the middle of a word. Pure.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdio.h>

/* text_columns - how many columns a text takes: one for each character of UTF-8. */
int			text_columns(const char *text);

/* text_bytes - how many of a text's bytes fit into so many columns, without a part of a character. */
int			text_bytes(const char *text, int columns);

/* text_cut - so many columns of a text, an ellipsis at their end; a new string. */
char	   *text_cut(const char *text, int columns);

/*
 * text_write - write a paragraph, made printable, in lines of at most `width` columns, as far as its words do; the
 * first is indented less than the others. `width` 0: in one line.
 */
void		text_write(FILE *stream, int indent, int width, const char *paragraph);

struct text_position {
	unsigned	line;			/* from 1 */
	unsigned	column;			/* in characters, from 1 */
	size_t		line_start;		/* the line's first byte */
	size_t		line_length;	/* in bytes, without its end */
};

/*
 * text_position - the place of the character that is `characters` behind byte `offset`, in `length` bytes of UTF-8.
 *
 * PostgreSQL's positions count characters, not bytes. Behind the text's end is its last place.
 */
struct text_position text_position(const unsigned char *text, size_t length, size_t offset, unsigned characters);

#endif
