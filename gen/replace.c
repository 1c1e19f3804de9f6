#include "replace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#include "base/banned.h"

static bool
write_whole(const char *path, const char *text, size_t length)
{
	FILE	   *stream;
	bool		good;

	/* A file of that name may be left from before; opening a pipe would wait for a reader. */
	unlink(path);
	stream = fopen(path, "wbx");
	if (!stream)
		return false;
	good = fwrite(text, 1, length, stream) == length;
	return fclose(stream) == 0 && good;
}

bool
replace_file(struct complaints *complaints, const char *path, const char *text, size_t length)
{
	char	   *temporary = mem_format("%s.new", path);
	bool		good = write_whole(temporary, text, length) && rename(temporary, path) == 0;

	if (!good) {
		complain(complaints, path, 0, "Look whether its folder is there, writable, and not full.",
				 "could not write: %s", strerror(errno));
		unlink(temporary);
	}
	mem_free(temporary);
	return good;
}
