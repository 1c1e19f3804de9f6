/*
 * printable.h - text from outside (names, queries of other sessions, messages of the server), made fit to print. Pure.
 *
 * Characters that a terminal obeys, or that let a text look like another, are shown as escapes: \n, \r, \t, \x1b for
 * the other control characters and for bytes that are not UTF-8, \u202e for C1 controls, line separators and the
 * controls of bidirectional text. A backslash stays one. Passwords are masked (mask.h), except in printable_sql. Each
 * function is idempotent.
 */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

enum {
	PRINTABLE_ESCAPE = 8		/* bytes of the longest escape, its NUL included */
};

/*
 * printable_next - how many bytes the next character of a text that has not ended takes; `escape` is what to show in
 * its place, "" where it may be shown as it is.
 */
size_t		printable_next(const char *text, char escape[PRINTABLE_ESCAPE]);

/* printable - the text as a single line, a new string. */
char	   *printable(const char *text);

/* printable_lines - the same, but line ends and tabs stay. */
char	   *printable_lines(const char *text);

/* printable_utf8 - escape only what is not UTF-8: for JSON, which has escapes of its own. A new string. */
char	   *printable_utf8(const char *text);

/*
 * printable_sql - SQL to be copied by hand: a quoted identifier with such characters is written as U&"...", which is
 * the same name. Nothing else is changed. A new string.
 *
 * A name that is not UTF-8 cannot be written so: it gets the escapes from above, with a comment before the SQL.
 */
char	   *printable_sql(const char *sql);

#endif
