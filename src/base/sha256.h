/*
 * sha256.h - SHA-256 in hexadecimal, by OpenSSL. The generator and the executable both use it.
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>

#define SHA256_SIZE 65			/* 64 hexadecimal digits and the NUL */

/* sha256_hex - write the SHA-256 of `length` bytes at `data` to `hex`. Cannot fail. */
void		sha256_hex(const void *data, size_t length, char hex[SHA256_SIZE]);

/*
 * sha256_history - write the history checksum to `hex`: of `previous`, the history checksum so far ("" at the start),
 * and `checksum`, that of the next migration. `hex` may be the same storage as `previous`.
 */
void		sha256_history(const char *previous, const char *checksum, char hex[SHA256_SIZE]);

#endif
