/*
 * mem.h - memory allocation that never returns NULL.
 *
 * When memory is exhausted, these functions print a message to stderr and end the program with status 2. PostgreSQL
 * then rolls back the open transaction of the lost connection, so the database stays consistent.
 */
#ifndef MEM_H
#define MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* mem_fail - report that memory is exhausted, and exit(2). */
_Noreturn void mem_fail(void);

/* mem_alloc - `size` zeroed bytes; free them with mem_free. */
void	   *mem_alloc(size_t size);

/* mem_grow - resize the array at `old` (or NULL) to `count` items of `size` bytes; new items are not initialized. */
void	   *mem_grow(void *old, size_t count, size_t size);

/* mem_copy - a new string of the `length` bytes at `text`, terminated by a NUL. */
char	   *mem_copy(const void *text, size_t length);

/* mem_string - a copy of `text`; NULL for NULL. */
char	   *mem_string(const char *text);

/* mem_format - a new string, formatted as by printf. */
char	   *mem_format(const char *format,...) __attribute__((format(printf, 1, 2)));

/* mem_format_list - the same for a va_list. */
char	   *mem_format_list(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/*
 * mem_stream_open, mem_stream_close - write a string through a FILE. After mem_stream_close, `*text` is a new string of
 * `*length` bytes, which belongs to the caller.
 */
FILE	   *mem_stream_open(char **text, size_t *length);
void		mem_stream_close(FILE *stream);

/* mem_free - free(); accepts NULL. */
void		mem_free(void *memory);

/*
 * mem_room - room for one more item behind the `count` items of an array that is only made longer in this way; `old`
 * may be NULL. The array doubles where it is full.
 */
void	   *mem_room(void *old, size_t count, size_t size);

/* mem_append - append `more` to *text, a new string or NULL, after the separator unless *text is NULL. */
void		mem_append(char **text, const char *separator, const char *more);

#endif
