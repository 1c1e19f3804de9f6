#include "seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "replace.h"
#include "source.h"

#include "base/banned.h"

#define DIGITS (SHA256_SIZE - 1)

/* One line of SHA256SUMS: its sum and its file, which are not terminated by NULs. */
struct seal {
	const char *checksum;
	const char *file;
	size_t		file_length;
};

/* "<64 digits>  name", or " *name" as sha256sum --binary writes it. */
static bool
read_seal(struct arena *arena, const char *line, size_t length, struct seal *seal)
{
	struct folder_entry entry;

	if (length <= DIGITS + 2 || strspn(line, "0123456789abcdef") != DIGITS || line[DIGITS] != ' ' ||
		(line[DIGITS + 1] != ' ' && line[DIGITS + 1] != '*'))
		return false;
	seal->checksum = line;
	seal->file = line + DIGITS + 2;
	seal->file_length = length - DIGITS - 2;
	return folder_entry_parse(arena, arena_copy(arena, seal->file, seal->file_length), &entry);
}

static const struct migration *
find_migration(const struct folder *folder, const struct migration *migrations, const struct seal *seal)
{
	for (size_t i = 0; i < folder->count; i++)
		if (strlen(migrations[i].source.file) == seal->file_length &&
			memcmp(migrations[i].source.file, seal->file, seal->file_length) == 0)
			return &migrations[i];
	return NULL;
}

static bool
check_seal(struct input *input, const struct folder *folder, const struct migration *migrations, const char *line,
		   size_t length)
{
	struct seal seal;
	const struct migration *migration;
	size_t		offset = (size_t) (line - input->text);

	if (!read_seal(input->arena, line, length, &seal)) {
		source_complain(input, offset, "A line is a SHA-256 in lower-case hexadecimal, two spaces and a migration's "
						"file name; make seal writes them.", "malformed line");
		return false;
	}
	migration = find_migration(folder, migrations, &seal);
	if (!migration) {
		source_complain(input, offset, "Databases have run it. Put it back as it was, under its name.",
						"sealed migration %.*s is missing", (int) seal.file_length, seal.file);
		return false;
	}
	if (strncmp(seal.checksum, migration->source.checksum, DIGITS) != 0) {
		complain(input->complaints, folder_path(input->arena, folder, migration->source.file), 1,
				 "Databases have run it as it was. Put it back, and write a new migration for what should change.",
				 "sealed migration changed (" FOLDER_SEALS ", line %u)", source_line(input, offset));
		return false;
	}
	return true;
}

bool
seal_check(struct arena *arena, struct complaints *complaints, const struct folder *folder,
		   const struct migration *migrations)
{
	struct input input = {.arena = arena, .complaints = complaints, .path = folder_path(arena, folder, FOLDER_SEALS)};
	bool		good = true;

	if (!folder->seals)
		return true;
	if (!source_read(&input, FOLDER_SEALS))
		return false;
	for (const char *line = input.text; *line;) {
		size_t		length = strcspn(line, "\n");

		good &= check_seal(&input, folder, migrations, line, length);
		line += length + (line[length] == '\n');
	}
	return good;
}

static int
compare_files(const void *left, const void *right)
{
	const struct source *a = left;
	const struct source *b = right;

	return strcmp(a->file, b->file);
}

/* SHA256SUMS as it is, "" where it is not. */
static const char *
read_seals(struct arena *arena, struct complaints *complaints, const struct folder *folder, const char *path)
{
	struct input input = {.arena = arena, .complaints = complaints, .path = path};

	return folder->seals && source_read(&input, FOLDER_SEALS) ? input.text : "";
}

bool
seal_write(struct arena *arena, struct complaints *complaints, const struct folder *folder,
		   const struct migration *migrations)
{
	const char *path = folder_path(arena, folder, FOLDER_SEALS);
	struct source *sources = arena_alloc(arena, folder->count * sizeof(*sources));
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);
	bool		good;

	for (size_t i = 0; i < folder->count; i++)
		sources[i] = migrations[i].source;
	qsort(sources, folder->count, sizeof(*sources), compare_files);
	for (size_t i = 0; i < folder->count; i++)
		fprintf(stream, "%s  %s\n", sources[i].checksum, sources[i].file);
	mem_stream_close(stream);

	good = strcmp(read_seals(arena, complaints, folder, path), text) == 0 ||
		replace_file(complaints, path, text, length);
	mem_free(text);
	return good;
}
