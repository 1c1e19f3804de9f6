/*
 * mem.h - allocation that does not return without memory.
 *
 * Where there is none left, these print a message to stderr and end the program with status 2: PostgreSQL rolls back
 * what the lost connection had open, so nothing is half-done.
 */
#ifndef MEM_H
#define MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* mem_fail - say that memory is exhausted and exit(2). */
_Noreturn void mem_fail(void);

/* mem_alloc - `size` bytes, all zero; free with mem_free. */
void	   *mem_alloc(size_t size);

/* mem_grow - make room for `count` items of `size` bytes each where `old` points; what is new is not set. */
void	   *mem_grow(void *old, size_t count, size_t size);

/* mem_copy - a string of the `length` bytes at `text`, with a NUL behind it. */
char	   *mem_copy(const void *text, size_t length);

/* mem_string - a copy of `text`; NULL stays NULL. */
char	   *mem_string(const char *text);

/* mem_format - a new string, by printf's rules. */
char	   *mem_format(const char *format,...) __attribute__((format(printf, 1, 2)));

/* mem_format_list - the same for a list of arguments. */
char	   *mem_format_list(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/*
 * mem_stream_open, mem_stream_close - write to `*text` through a FILE; closing it makes `*text` a string of the
 * caller's.
 */
FILE	   *mem_stream_open(char **text, size_t *length);
void		mem_stream_close(FILE *stream);

/* mem_free - free(); accepts NULL. */
void		mem_free(void *memory);

#endif
