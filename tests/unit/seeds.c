#include "seeds.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "checksum.h"
#include "mem.h"

#include "banned.h"

void
seeds_keep(const char *text, size_t length)
{
	const char *folder = getenv("FUZZ_SEEDS");
	char		name[CHECKSUM_SIZE];
	char	   *path;
	FILE	   *stream;

	if (!folder)
		return;
	checksum_bytes(text, length, name);
	path = mem_format("%s/%s", folder, name);
	stream = fopen(path, "wb");
	ck_assert_ptr_nonnull(stream);
	ck_assert_uint_eq(fwrite(text, 1, length, stream), length);
	ck_assert_int_eq(fclose(stream), 0);
	mem_free(path);
}
