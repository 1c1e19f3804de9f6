/*
 * normal.h - definitions as hashes, and in a form in which servers of different versions print them alike. Pure.
 *
 * PostgreSQL prints a view as it was parsed, and newer versions leave out parentheses and the names of tables where
 * older ones write them. The normal form has none of them, so it tells two definitions apart less strictly.
 */
#ifndef NORMAL_H
#define NORMAL_H

#define NORMAL_HASH_SIZE 17		/* 16 hexadecimal digits and the NUL */
#define NORMAL_PAIR_SIZE (2 * NORMAL_HASH_SIZE)	/* two hashes, with a slash in between */

/* normal_hash - write the 64-bit hash of a text: the first digits of its SHA-256. */
void		normal_hash(const char *text, char hash[NORMAL_HASH_SIZE]);

/*
 * normal_form - a definition without white space, parentheses and qualifiers ("name."), outside literals; a new string.
 * Quoted identifiers keep their quotes.
 */
char	   *normal_form(const char *definition);

/* normal_pair - write "HASH/NORMALHASH" of a definition: its own hash, and that of its normal form. */
void		normal_pair(const char *definition, char pair[NORMAL_PAIR_SIZE]);

#endif
