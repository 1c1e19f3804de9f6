/* Whole files. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#include "base/banned.h"

/* Opens regular files only: a pipe could block open() or read() forever. */
static FILE *
open_regular(const char *path)
{
	int			file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	FILE	   *stream;

	if (file < 0)
		return NULL;
	if (fstat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
		close(file);
		errno = EINVAL;
		return NULL;
	}
	stream = fdopen(file, "rb");
	if (!stream)
		close(file);
	return stream;
}

bool
file_read(const char *path, char **bytes, size_t *length)
{
	FILE	   *stream = open_regular(path);
	size_t		room = 16384;
	size_t		part;
	int			fault = 0;

	*bytes = NULL;
	*length = 0;
	if (!stream)
		return false;
	*bytes = mem_grow(NULL, room, 1);
	while ((part = fread(*bytes + *length, 1, room - *length - 1, stream)) > 0) {
		*length += part;
		if (*length + 1 == room) {
			room *= 2;
			*bytes = mem_grow(*bytes, room, 1);
		}
	}
	(*bytes)[*length] = '\0';
	if (ferror(stream)) {
		fault = errno;
		mem_free(*bytes);
		*bytes = NULL;
	}
	fclose(stream);
	errno = fault;
	return *bytes != NULL;
}

static bool
write_whole(const char *path, const char *text, size_t length)
{
	FILE	   *stream;
	bool		good;

	/* A file of that name may be left from an earlier run; opening a pipe would wait for a reader. */
	unlink(path);
	stream = fopen(path, "wbx");
	if (!stream)
		return false;
	good = fwrite(text, 1, length, stream) == length;
	return fclose(stream) == 0 && good;
}

bool
file_replace(const char *path, const char *text, size_t length)
{
	char	   *temporary = mem_format("%s.new", path);
	bool		good = write_whole(temporary, text, length) && rename(temporary, path) == 0;
	int			fault = errno;

	if (!good)
		unlink(temporary);
	mem_free(temporary);
	errno = fault;
	return good;
}
