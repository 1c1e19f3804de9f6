#include "snapshot.h"

#include <string.h>

#include "base/sha256.h"

#include "base/banned.h"

#define VERSION_MAX 999999

_Static_assert(sizeof(((struct snapshot_header *) NULL)->history) == SHA256_SIZE, "room for a checksum");

static const char *
make_again(const struct input *input)
{
	return arena_format(input->arena, "Run \"make %s\".", input->source.file);
}

static bool
read_version(const char *value, size_t length, int *version)
{
	*version = 0;
	for (size_t i = 0; i < length; i++) {
		if (value[i] < '0' || value[i] > '9' || *version > VERSION_MAX)
			return false;
		*version = *version * 10 + (value[i] - '0');
	}
	return length > 0;
}

static bool
read_history(const char *value, size_t length, char digits[SHA256_SIZE])
{
	if (length != SHA256_SIZE - 1 || strspn(value, "0123456789abcdef") < length)
		return false;
	memcpy(digits, value, length);
	digits[length] = '\0';
	return true;
}

/* A comment line of the header; others than the two are for readers. */
static bool
read_line(const struct input *input, size_t start, size_t end, unsigned number, struct snapshot_header *header)
{
	static const char version_key[] = "-- version: ";
	static const char history_key[] = "-- history: ";
	const char *line = input->text + start;
	const char *value = line + sizeof(version_key) - 1;
	size_t		length = end - start < sizeof(version_key) - 1 ? 0 : end - start - (sizeof(version_key) - 1);
	bool		good = true;

	_Static_assert(sizeof(version_key) == sizeof(history_key), "one offset for both values");
	if (length > 0 && memcmp(line, version_key, sizeof(version_key) - 1) == 0) {
		header->version_line = number;
		good = read_version(value, length, &header->version);
	} else if (length > 0 && memcmp(line, history_key, sizeof(history_key) - 1) == 0) {
		header->history_line = number;
		good = read_history(value, length, header->history);
	}
	if (!good)
		source_complain(input, start, make_again(input), "bad value in the snapshot's header");
	return good;
}

bool
snapshot_read_header(const struct input *input, struct snapshot_header *header)
{
	size_t		length = input->source.length;
	unsigned	number = 1;
	bool		good = true;

	*header = (struct snapshot_header) {0};
	for (size_t at = 0; at < length; number++) {
		const char *feed = memchr(input->text + at, '\n', length - at);
		size_t		end = feed ? (size_t) (feed - input->text) : length;

		if (end > at && input->text[at] != '-')
			break;
		good &= read_line(input, at, end, number, header);
		at = end + 1;
	}
	if (header->version_line == 0)
		source_complain(input, 0, make_again(input), "no \"-- version: N\" at the top of the snapshot");
	if (header->history_line == 0)
		source_complain(input, 0, make_again(input), "no \"-- history: CHECKSUM\" at the top of the snapshot");
	return good && header->version_line > 0 && header->history_line > 0;
}

bool
snapshot_check(const struct input *input, const struct snapshot_header *header, const struct whole *whole)
{
	if (header->version > whole->history.latest) {
		complain(input->complaints, input->path, header->version_line, make_again(input),
				 "the snapshot is of version %d, and the last migration is %d", header->version, whole->history.latest);
		return false;
	}
	if (strcmp(header->history, whole->chain[header->version]) != 0) {
		complain(input->complaints, input->path, header->history_line, make_again(input),
				 "the snapshot was made from other migrations than these");
		return false;
	}
	return true;
}
