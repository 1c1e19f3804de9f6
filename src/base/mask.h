/*
 * mask.h - take passwords out of SQL and of messages that quote it. Pure.
 */
#ifndef MASK_H
#define MASK_H

/*
 * mask_passwords - the text with '***' in the place of each string after the word PASSWORD, in all of SQL's ways to
 * write one (also cut off, and inside another string), and with *** in the place of what follows "password=" in a
 * connection string and of the password in a URI. A new string; NULL stays NULL.
 *
 * In doubt more is masked, not less.
 */
char	   *mask_passwords(const char *text);

#endif
