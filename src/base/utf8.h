/*
 * utf8.h - decode UTF-8. Pure.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * utf8_character - the number of bytes of the character at `at`, of which `left` > 0 bytes are there. Stores its code
 * point in *code, unless `code` is NULL. Returns 0 if it is invalid: truncated, overlong, a surrogate, or too large.
 */
size_t		utf8_character(const void *at, size_t left, unsigned *code);

#endif
