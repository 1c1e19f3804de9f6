/*
 * text.h - measure, truncate and wrap UTF-8 text, and find positions in it. Pure.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdio.h>

/* text_columns - the width of a text on a screen: one column for each character. */
int			text_columns(const char *text);

/* text_bytes - the number of bytes of the first `columns` characters, or of all if there are fewer. */
int			text_bytes(const char *text, int columns);

/* text_cut - the text truncated to `columns` columns, which include an ellipsis at the end; a new string. */
char	   *text_cut(const char *text, int columns);

/*
 * text_write - write a paragraph, made printable, wrapped at word boundaries to lines of at most `width` columns; a
 * longer word is not broken. The first line is indented by `indent` columns, the others by two more. `width` 0: one
 * line.
 */
void		text_write(FILE *stream, int indent, int width, const char *paragraph);

/* text_compare - compare two strings, given by pointers to them, for qsort and bsearch. */
int			text_compare(const void *left, const void *right);

struct text_position {
	unsigned	line;			/* from 1 */
	unsigned	column;			/* in characters, from 1 */
	size_t		line_start;		/* offset of the line's first byte */
	size_t		line_length;	/* in bytes, without the line end */
};

/*
 * text_position - the position of the character that is `characters` characters after byte `offset`, in `length` bytes
 * of UTF-8. Beyond the end of the text it is the position of the end.
 *
 * PostgreSQL counts positions in characters, not bytes.
 */
struct text_position text_position(const unsigned char *text, size_t length, size_t offset, unsigned characters);

#endif
