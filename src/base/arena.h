/*
 * arena.h - memory that is freed all at once.
 *
 * For structures that point to each other and do not change once they are built, so none of them is freed by itself. All
 * functions end the program if memory is exhausted (base/mem.h).
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* An all-zero struct is an empty arena. */
struct arena {
	struct arena_block *last;
};

/* arena_alloc - return `size` bytes, all zero, that live as long as the arena. */
void	   *arena_alloc(struct arena *arena, size_t size);

/* arena_copy - return a copy of the `length` bytes at `data`, followed by a NUL. */
char	   *arena_copy(struct arena *arena, const void *data, size_t length);

/* arena_string - return a copy of a string. */
char	   *arena_string(struct arena *arena, const char *text);

/* arena_format - return a new string, formatted as printf does. */
char	   *arena_format(struct arena *arena, const char *format,...) __attribute__((format(printf, 2, 3)));

/* arena_clear - free all memory. The arena is then empty and can be used again. */
void		arena_clear(struct arena *arena);

#endif
