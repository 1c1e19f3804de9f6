/*
 * arena.h - memory of one run of the generator, freed all at once.
 *
 * What is parsed points into each other and is constant afterwards; nothing of it is freed by itself.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* All zero is an empty arena. */
struct arena {
	struct arena_block *last;
};

/* arena_alloc - `size` bytes, all zero, that live as long as the arena. */
void	   *arena_alloc(struct arena *arena, size_t size);

/* arena_copy - a copy of the `length` bytes at `data`, with a NUL behind it. */
char	   *arena_copy(struct arena *arena, const void *data, size_t length);

/* arena_string - a copy of a string. */
char	   *arena_string(struct arena *arena, const char *text);

/* arena_format - a new string in the arena, by printf's rules. */
char	   *arena_format(struct arena *arena, const char *format,...) __attribute__((format(printf, 2, 3)));

/* arena_clear - free everything; the arena is empty and can be used again. */
void		arena_clear(struct arena *arena);

#endif
