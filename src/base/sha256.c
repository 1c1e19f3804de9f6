/*
 * SHA-256 in hexadecimal, by OpenSSL.
 *
 * It uses the deprecated interface, which allocates no memory. EVP_Digest allocates, and crashes when memory is
 * exhausted (OpenSSL 3.0: CRYPTO_THREAD_read_lock of a lock that could not be created).
 */
#define OPENSSL_API_COMPAT 0x10101000L

#include "base/sha256.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

void
sha256_hex(const void *data, size_t length, char hex[SHA256_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[SHA256_DIGEST_LENGTH];
	SHA256_CTX	context;

	SHA256_Init(&context);
	SHA256_Update(&context, data, length);
	SHA256_Final(hash, &context);
	for (size_t i = 0; i < sizeof(hash); i++) {
		*hex++ = digits[hash[i] >> 4];
		*hex++ = digits[hash[i] & 15];
	}
	*hex = '\0';
}

void
sha256_history(const char *previous, const char *checksum, char hex[SHA256_SIZE])
{
	char	   *both = mem_format("%s%s", previous, checksum);

	sha256_hex(both, strlen(both), hex);
	mem_free(both);
}
