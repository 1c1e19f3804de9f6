/*
 * printable.h - make text from outside (names, queries of other sessions, messages of the server) safe to print. Pure.
 *
 * Escaped are characters that control a terminal or make one text look like another: \n, \r, \t; \x1b for other control
 * characters and for bytes that are not UTF-8; \u202e for C1 controls, line separators and bidirectional controls.
 * Backslashes are not escaped. Passwords are masked (mask.h), except in printable_sql. Each function is idempotent.
 */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

enum {
	PRINTABLE_ESCAPE = 8		/* bytes of the longest escape, including its NUL */
};

/*
 * printable_next - the number of bytes of the first character of `text`, which must not be empty. `escape` receives the
 * text to print instead, or "" if the character is safe.
 */
size_t		printable_next(const char *text, char escape[PRINTABLE_ESCAPE]);

/* printable - the text as a single line, a new string. */
char	   *printable(const char *text);

/* printable_lines - the same, but line ends and tabs are kept. */
char	   *printable_lines(const char *text);

/* printable_utf8 - escape only bytes that are not UTF-8, in a new string: for JSON, which has its own escapes. */
char	   *printable_utf8(const char *text);

/* printable_json - JSON, a new string: what a terminal must not get is written in its own escapes, \u202e. */
char	   *printable_json(const char *json);

/* printable_quoted - a name in double quotation marks, doubled inside it: a new string. */
char	   *printable_quoted(const char *name);

/*
 * printable_sql - SQL to be copied by hand, a new string: a quoted identifier with unsafe characters is written as
 * U&"...", which is the same name. Nothing else is changed.
 *
 * A name that is not UTF-8 cannot be written so. It is escaped as above, and a comment before the SQL says so.
 */
char	   *printable_sql(const char *sql);

#endif
