#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#include "base/banned.h"

#define DIGITS_MIN 3
#define DIGITS_MAX 6

static bool
ends_in_sql(const char *file, int (*compare) (const char *, const char *))
{
	size_t		length = strlen(file);

	return length >= 4 && compare(file + length - 4, ".sql") == 0;
}

bool
folder_entry_parse(struct arena *arena, const char *file, struct folder_entry *entry)
{
	size_t		digits = strspn(file, "0123456789");
	size_t		letters;
	int			version = 0;

	if (digits < DIGITS_MIN || digits > DIGITS_MAX || (digits > DIGITS_MIN && file[0] == '0') || file[digits] != '_')
		return false;
	letters = strspn(file + digits + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (letters == 0 || strcmp(file + digits + 1 + letters, ".sql") != 0)
		return false;

	for (size_t i = 0; i < digits; i++)
		version = version * 10 + (file[i] - '0');
	entry->version = version;
	entry->file = arena_string(arena, file);
	entry->name = arena_copy(arena, file + digits + 1, letters);
	return true;
}

const char *
folder_path(struct arena *arena, const struct folder *folder, const char *file)
{
	return arena_format(arena, "%s/%s", folder->path, file);
}

static int
compare_entries(const void *left, const void *right)
{
	const struct folder_entry *a = left;
	const struct folder_entry *b = right;

	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	return strcmp(a->file, b->file);
}

static void
complain_of_gap(struct arena *arena, const struct folder *folder, const struct folder_entry *entry, int first,
				struct complaints *complaints)
{
	const char *path = folder_path(arena, folder, entry->file);
	const char *hint = arena_format(arena, "Numbers run from 000 without a gap. Rename this file to %03d_%s.sql, or "
									"put back what is missing.", first, entry->name);

	if (first == entry->version - 1)
		complain(complaints, path, 1, hint, "migration %03d is missing before this one", first);
	else
		complain(complaints, path, 1, hint, "migrations %03d to %03d are missing before this one", first,
				 entry->version - 1);
}

static bool
check_numbers(struct arena *arena, const struct folder *folder, struct complaints *complaints)
{
	size_t		before = complaints->count;
	int			next = 0;

	if (folder->count == 0)
		complain(complaints, folder->path, 0, "The first one is named 000_base.sql, or the like.",
				 "no migration in this folder");
	for (size_t i = 0; i < folder->count; i++) {
		const struct folder_entry *entry = &folder->entries[i];

		if (i > 0 && entry->version == entry[-1].version)
			complain(complaints, folder_path(arena, folder, entry->file), 1,
					 arena_format(arena, "Give it the next free number: %03d.",
								  folder->entries[folder->count - 1].version + 1),
					 "number %03d is taken by %s", entry->version, entry[-1].file);
		else if (entry->version > next)
			complain_of_gap(arena, folder, entry, next, complaints);
		next = entry->version + 1;
	}
	return complaints->count == before;
}

static bool
take_file(struct arena *arena, struct folder *folder, const char *file, struct complaints *complaints)
{
	struct folder_entry entry;

	if (file[0] == '.')
		return true;
	if (strcmp(file, FOLDER_GRANTS) == 0)
		folder->grants = true;
	else if (strcmp(file, FOLDER_SEALS) == 0)
		folder->seals = true;
	else if (folder_entry_parse(arena, file, &entry)) {
		folder->entries = mem_grow(folder->entries, folder->count + 1, sizeof(*folder->entries));
		folder->entries[folder->count++] = entry;
	} else if (ends_in_sql(file, strcasecmp)) {
		complain(complaints, folder_path(arena, folder, file), 1,
				 "A migration is named like 017_add_datafile_timestamp.sql: three digits, and lower-case letters, "
				 "digits and underscores.", "bad file name");
		return false;
	}
	return true;
}

bool
folder_read(struct arena *arena, const char *path, struct folder *folder, struct complaints *complaints)
{
	DIR		   *directory = opendir(path);
	struct dirent *file;
	struct folder_entry *found;
	bool		good = true;

	*folder = (struct folder) {.path = path};
	if (!directory) {
		complain(complaints, path, 0, "Name a folder that has migrations in it.", "could not open: %s",
				 strerror(errno));
		return false;
	}
	/* cppcheck-suppress readdirCalled; there is one thread, and readdir_r is deprecated */
	while (errno = 0, (file = readdir(directory)) != NULL)
		good &= take_file(arena, folder, file->d_name, complaints);
	if (errno != 0) {
		complain(complaints, path, 0, "Look whether the disk is well.", "could not read: %s", strerror(errno));
		good = false;
	}
	closedir(directory);

	found = folder->entries;
	folder->entries = arena_alloc(arena, folder->count * sizeof(*found));
	if (folder->count > 0) {
		memcpy(folder->entries, found, folder->count * sizeof(*found));
		qsort(folder->entries, folder->count, sizeof(*found), compare_entries);
	}
	mem_free(found);
	return check_numbers(arena, folder, complaints) && good;
}
