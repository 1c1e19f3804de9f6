/*
 * utf8.h - characters of UTF-8. Pure.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * utf8_character - how many bytes the character at `at` has, of at most `left` > 0; *code, where `code` is not NULL, is
 * its code point. Returns 0 where it is none: cut off, overlong, a surrogate, or too large.
 */
size_t		utf8_character(const void *at, size_t left, unsigned *code);

#endif
