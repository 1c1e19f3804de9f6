/* The checksums in SCHEMA. */
#include "schema_sum.h"

#include <string.h>

#include "base/banned.h"

void
schema_sum(const char *before, const char *text, size_t length, char sum[SHA256_SIZE])
{
	char		own[SHA256_SIZE];

	sha256_hex(text, length, own);
	sha256_history(before, own, sum);
}

int
schema_sum_wrong(const struct fact_history *facts, const char *text, bool complete)
{
	const char *before = "";

	for (int i = 0; i < facts->version_count; i++) {
		const struct fact_version *version = &facts->versions[i];

		if (version->sum) {
			char		sum[SHA256_SIZE];

			schema_sum(before, text + version->begin, version->sum_begin - version->begin, sum);
			if (strcmp(sum, version->sum) != 0)
				return i;
		} else if (complete)
			return i;
		before = version->sum ? version->sum : "";
	}
	return facts->version_count;
}
