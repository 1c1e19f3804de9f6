/* Memory that is freed all at once: a list of blocks, from which pieces are taken one after the other. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

enum {
	ARENA_BLOCK = 16384			/* bytes of a block, unless more are needed */
};

struct arena_block {
	struct arena_block *previous;
	size_t		free;			/* bytes at the end that are not in use */
	size_t		size;
	alignas(max_align_t) char bytes[];
};

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->last;
	size_t		align = alignof(max_align_t);
	char	   *piece;

	if (size > (size_t) -1 / 2)
		mem_fail();
	size = (size + align - 1) / align * align;
	if (!block || block->free < size) {
		size_t		bytes = size > ARENA_BLOCK ? size : ARENA_BLOCK;

		block = mem_alloc(sizeof(*block) + bytes);
		block->previous = arena->last;
		block->free = block->size = bytes;
		arena->last = block;
	}
	piece = block->bytes + (block->size - block->free);
	block->free -= size;
	return piece;
}

char *
arena_copy(struct arena *arena, const void *data, size_t length)
{
	char	   *copy = arena_alloc(arena, length + 1);

	if (length > 0)
		memcpy(copy, data, length);
	return copy;
}

char *
arena_string(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

char *
arena_format(struct arena *arena, const char *format,...)
{
	va_list		args;
	char	   *text = NULL;
	char	   *copy;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		mem_fail();
	va_end(args);
	copy = arena_string(arena, text);
	mem_free(text);
	return copy;
}

void
arena_clear(struct arena *arena)
{
	while (arena->last) {
		struct arena_block *block = arena->last;

		arena->last = block->previous;
		mem_free(block);
	}
}
