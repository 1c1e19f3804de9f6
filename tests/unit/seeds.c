/* Keeps inputs as seeds for the fuzzer. */
#include "unit/seeds.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sha256.h"

#include "base/banned.h"

void
seeds_keep(const char *text, size_t length)
{
	const char *folder = getenv("FUZZ_SEEDS");
	char		name[SHA256_SIZE];
	char	   *path;
	FILE	   *stream;

	if (!folder)
		return;
	sha256_hex(text, length, name);
	path = mem_format("%s/%s", folder, name);
	stream = fopen(path, "wb");
	ck_assert_ptr_nonnull(stream);
	ck_assert_uint_eq(fwrite(text, 1, length, stream), length);
	ck_assert_int_eq(fclose(stream), 0);
	mem_free(path);
}
