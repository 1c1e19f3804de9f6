#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "banned.h"

void
mem_fail(void)
{
	static const char message[] = "fitsdb-schema: error: out of memory\n";
	ssize_t		written = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void) written;
	exit(2);
}

void *
mem_alloc(size_t size)
{
	void	   *memory = calloc(1, size ? size : 1);

	if (!memory)
		mem_fail();
	return memory;
}

void *
mem_grow(void *old, size_t count, size_t size)
{
	void	   *memory = reallocarray(old, count ? count : 1, size ? size : 1);

	if (!memory)
		mem_fail();
	return memory;
}

char *
mem_copy(const void *text, size_t length)
{
	char	   *copy = mem_alloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *
mem_string(const char *text)
{
	return text ? mem_copy(text, strlen(text)) : NULL;
}

char *
mem_format_list(const char *format, va_list args)
{
	char	   *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		mem_fail();
	return text;
}

char *
mem_format(const char *format,...)
{
	va_list		args;
	char	   *text;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	return text;
}

FILE *
mem_stream_open(char **text, size_t *length)
{
	FILE	   *stream = open_memstream(text, length);

	if (!stream)
		mem_fail();
	return stream;
}

void
mem_stream_close(FILE *stream)
{
	if (fclose(stream) != 0)
		mem_fail();
}

void
mem_free(void *memory)
{
	free(memory);
}
