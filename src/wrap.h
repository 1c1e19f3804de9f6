/*
 * wrap.h - texts on a screen: how wide one is, and lines that do not end in the middle of a word. Pure.
 */
#ifndef WRAP_H
#define WRAP_H

#include <stdio.h>

/* wrap_columns - how many columns a text takes: one for each character of UTF-8. */
int			wrap_columns(const char *text);

/* wrap_bytes - how many of a text's bytes fit into so many columns, without a part of a character. */
int			wrap_bytes(const char *text, int columns);

/* wrap_cut - so many columns of a text, an ellipsis at their end; a new string. */
char	   *wrap_cut(const char *text, int columns);

/*
 * wrap_write - write a paragraph, made printable, in lines of at most `width` columns, as far as its words do; the
 * first is indented less than the others. `width` 0: in one line.
 */
void		wrap_write(FILE *stream, int indent, int width, const char *paragraph);

#endif
