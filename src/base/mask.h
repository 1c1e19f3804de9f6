/*
 * mask.h - remove passwords from SQL and from messages that quote it. Pure.
 */
#ifndef MASK_H
#define MASK_H

/*
 * mask_passwords - a copy of the text without passwords, as a new string; NULL for NULL.
 *
 * Replaced by *** are: each SQL string after the word PASSWORD, in every form that SQL has (also a truncated string,
 * and a string inside another one); the value after "password=" in a connection string; the password in a URI. In case
 * of doubt it masks too much rather than too little.
 */
char	   *mask_passwords(const char *text);

#endif
