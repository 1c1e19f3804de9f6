/*
 * checksum.h - SHA-256 in hexadecimal, by OpenSSL. Used by the generator and by the executable alike.
 */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>

#define CHECKSUM_SIZE 65		/* 64 hexadecimal digits and the NUL */

/* checksum_bytes - write the SHA-256 of `length` bytes at `data` to `hex`; cannot fail. */
void		checksum_bytes(const void *data, size_t length, char hex[CHECKSUM_SIZE]);

/*
 * checksum_chain - the checksum of a history: of `previous`, the chain so far ("" at the start), and of the next
 * migration's `checksum`.
 *
 * `hex` may be the same storage as `previous`.
 */
void		checksum_chain(const char *previous, const char *checksum, char hex[CHECKSUM_SIZE]);

#endif
