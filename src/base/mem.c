/* Memory allocation that never returns NULL. */
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

void
mem_fail(void)
{
	static const char message[] = "fitsdb-schema: error: out of memory\n"
		"fitsdb-schema: hint: The server rolls back uncommitted changes. To see the state of the database, run"
		" \"fitsdb-schema status\".\n";
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

/* The target of a stream. open_memstream is not used: when memory is exhausted, it may lose the text silently. */
struct mem_sink {
	char	  **text;
	size_t	   *length;
	size_t		room;
};

static ssize_t
sink_write(void *cookie, const char *data, size_t size)
{
	struct mem_sink *sink = cookie;

	if (*sink->length + size >= sink->room) {
		size_t		room = 2 * (*sink->length + size + 1);
		char	   *text = realloc(*sink->text, room);

		/* exit() would flush this stream and call this function again. */
		if (!text)
			return 0;
		*sink->text = text;
		sink->room = room;
	}
	memcpy(*sink->text + *sink->length, data, size);
	*sink->length += size;
	(*sink->text)[*sink->length] = '\0';
	return (ssize_t) size;
}

static int
sink_close(void *cookie)
{
	free(cookie);
	return 0;
}

FILE *
mem_stream_open(char **text, size_t *length)
{
	const cookie_io_functions_t functions = {.write = sink_write,.close = sink_close};
	struct mem_sink *sink = mem_alloc(sizeof(*sink));
	FILE	   *stream = fopencookie(sink, "w", functions);

	if (!stream)
		mem_fail();
	*text = mem_alloc(1);
	*length = 0;
	*sink = (struct mem_sink) {.text = text,.length = length,.room = 1};
	return stream;
}

void
mem_stream_close(FILE *stream)
{
	bool		failed = fflush(stream) != 0 || ferror(stream);

	if (fclose(stream) != 0 || failed)
		mem_fail();
}

void
mem_free(void *memory)
{
	free(memory);
}

void *
mem_room(void *old, size_t count, size_t size)
{
	return (count & (count - 1)) == 0 ? mem_grow(old, count ? 2 * count : 1, size) : old;
}

void
mem_append(char **text, const char *separator, const char *more)
{
	char	   *joined = mem_format("%s%s%s", *text ? *text : "", *text ? separator : "", more);

	mem_free(*text);
	*text = joined;
}
