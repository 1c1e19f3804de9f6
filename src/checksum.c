#include "checksum.h"

#include <openssl/evp.h>
#include <string.h>

#include "mem.h"

#include "banned.h"

void
checksum_bytes(const void *data, size_t length, char hex[CHECKSUM_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	if (EVP_Digest(data, length, hash, &size, EVP_sha256(), NULL) != 1)
		mem_fail();
	for (unsigned int i = 0; i < size; i++) {
		*hex++ = digits[hash[i] >> 4];
		*hex++ = digits[hash[i] & 15];
	}
	*hex = '\0';
}

void
checksum_chain(const char *previous, const char *checksum, char hex[CHECKSUM_SIZE])
{
	char	   *both = mem_format("%s%s", previous, checksum);

	checksum_bytes(both, strlen(both), hex);
	mem_free(both);
}
