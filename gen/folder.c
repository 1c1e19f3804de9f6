/* A folder of migrations: which files it has, whether their numbers have gaps, and whether sealed ones changed. */
#include "folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "file.h"
#include "source.h"

#include "base/banned.h"

/* Digits of a migration's number. */
#define NUMBER_MIN 3
#define NUMBER_MAX 6

/* Digits of a checksum. */
#define DIGITS (SHA256_SIZE - 1)

/* One line of SHA256SUMS. The strings are not followed by a NUL. */
struct folder_seal {
	const char *checksum;
	const char *file;
	size_t		file_length;
};

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

	if (digits < NUMBER_MIN || digits > NUMBER_MAX || (digits > NUMBER_MIN && file[0] == '0') || file[digits] != '_')
		return false;
	letters = strspn(file + digits + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (letters == 0 || strcmp(file + digits + 1 + letters, ".sql") != 0)
		return false;

	for (size_t i = 0; i < digits; i++)
		version = version * 10 + (file[i] - '0');
	entry->version = version;
	entry->sealed = false;
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
add_gap_error(struct arena *arena, const struct folder *folder, const struct folder_entry *entry, int first,
			  struct errors *errors)
{
	const char *path = folder_path(arena, folder, entry->file);
	const char *hint = arena_format(arena, "Numbers run from 000 without a gap. Rename this file to %03d_%s.sql, or "
									"restore the missing migrations.", first, entry->name);

	if (first == entry->version - 1)
		errors_add(errors, path, 1, hint, "migration %03d is missing before this one", first);
	else
		errors_add(errors, path, 1, hint, "migrations %03d to %03d are missing before this one", first,
				   entry->version - 1);
}

/* If its number is that of another file: a file that is not sealed is at fault. */
static void
add_duplicate_error(struct arena *arena, const struct folder *folder, const struct folder_entry *entry,
					struct errors *errors)
{
	const struct folder_entry *end = folder->entries + folder->count;
	const struct folder_entry *other = NULL;
	const char *path = folder_path(arena, folder, entry->file);

	for (const struct folder_entry *one = folder->entries; one < end; one++)
		if (one != entry && one->version == entry->version && (!other || (one->sealed && !other->sealed)))
			other = one;
	if (!other || (entry->sealed && !other->sealed))
		return;
	if (other->sealed)
		errors_add(errors, path, 1, entry->sealed ?
				   "Remove the one that has not been released from " FOLDER_SEALS ", and run \"make renumber\"." :
				   "Run \"make renumber\", which gives this file the next free number.",
				   "number %03d is that of the sealed migration %s", entry->version, other->file);
	else
		errors_add(errors, path, 1, "Run \"make renumber\", which gives the next free number to the one that is not in "
				   "the main branch.",
				   "number %03d is also used by %s", entry->version, other->file);
}

static bool
check_numbers(struct arena *arena, const struct folder *folder, struct errors *errors)
{
	size_t		before = errors->count;
	int			next = 0;

	if (folder->count == 0)
		errors_add(errors, folder->path, 0, "Add the first migration, for example 000_base.sql.",
				   "no migration in this folder");
	for (size_t i = 0; i < folder->count; i++) {
		const struct folder_entry *entry = &folder->entries[i];

		add_duplicate_error(arena, folder, entry, errors);
		if (entry->version > next)
			add_gap_error(arena, folder, entry, next, errors);
		next = entry->version + 1;
	}
	return errors->count == before;
}

static bool
add_file(struct arena *arena, struct folder *folder, const char *file, struct errors *errors)
{
	struct folder_entry entry;

	if (file[0] == '.')
		return true;
	if (strcmp(file, FOLDER_GRANTS) == 0)
		folder->grants = true;
	else if (strcmp(file, FOLDER_SEALS) == 0)
		folder->seals = true;
	else if (strcmp(file, FOLDER_SETTINGS) == 0)
		folder->settings = true;
	else if (strcmp(file, FOLDER_ROLES) == 0)
		return true;
	else if (folder_entry_parse(arena, file, &entry)) {
		folder->entries = mem_grow(folder->entries, folder->count + 1, sizeof(*folder->entries));
		folder->entries[folder->count++] = entry;
	} else if (ends_in_sql(file, strcasecmp)) {
		errors_add(errors, folder_path(arena, folder, file), 1,
				   "Use a name such as 017_add_datafile_timestamp.sql: three digits, an underscore, then lower-case "
				   "letters, digits and underscores.", "invalid file name");
		return false;
	}
	return true;
}

/* "<64 digits>  name", or "<64 digits> *name" as sha256sum --binary writes it. */
static bool
read_seal(struct arena *arena, const char *line, size_t length, struct folder_seal *seal)
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

/* Malformed lines are reported by folder_check_seals. */
static void
mark_sealed(struct arena *arena, struct folder *folder)
{
	struct folder_seal seal;
	char	   *text = NULL;
	size_t		length;

	if (!folder->seals || !file_read(folder_path(arena, folder, FOLDER_SEALS), &text, &length))
		return;
	text[source_normalise(text, length)] = '\0';
	for (const char *line = text; *line; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		for (size_t i = 0; i < folder->count && read_seal(arena, line, length, &seal); i++)
			folder->entries[i].sealed |= strlen(folder->entries[i].file) == seal.file_length
				&& memcmp(folder->entries[i].file, seal.file, seal.file_length) == 0;
	}
	mem_free(text);
}

bool
folder_read(struct arena *arena, const char *path, struct folder *folder, struct errors *errors)
{
	DIR		   *directory = opendir(path);
	struct dirent *file;
	struct folder_entry *found;
	bool		good = true;

	*folder = (struct folder) {.path = path};
	if (!directory) {
		errors_add(errors, path, 0, "Give a folder that contains migrations.", "could not open: %s",
				   strerror(errno));
		return false;
	}
	/* cppcheck-suppress readdirCalled; there is one thread, and readdir_r is deprecated */
	while (errno = 0, (file = readdir(directory)) != NULL)
		good &= add_file(arena, folder, file->d_name, errors);
	if (errno != 0) {
		errors_add(errors, path, 0, "Check the disk and the file system for errors.", "could not read: %s",
				   strerror(errno));
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
	mark_sealed(arena, folder);
	return check_numbers(arena, folder, errors) && good;
}

static const struct history_migration *
find_migration(const struct folder *folder, const struct history_migration *migrations, const struct folder_seal *seal)
{
	for (size_t i = 0; i < folder->count; i++)
		if (strlen(migrations[i].source.file) == seal->file_length &&
			memcmp(migrations[i].source.file, seal->file, seal->file_length) == 0)
			return &migrations[i];
	return NULL;
}

static bool
check_seal(struct source_input *input, const struct folder *folder, const struct history_migration *migrations,
		   const char *line, size_t length)
{
	struct folder_seal seal;
	const struct history_migration *migration;
	size_t		offset = (size_t) (line - input->text);

	if (!read_seal(input->arena, line, length, &seal)) {
		source_error(input, offset, "A line has a SHA-256 in lower-case hexadecimal, two spaces and the file name of a "
					 "migration. \"make seal\" writes them.", "malformed line");
		return false;
	}
	migration = find_migration(folder, migrations, &seal);
	if (!migration) {
		source_error(input, offset, "It has been released, and databases may have run it. Restore the file.",
					 "sealed migration %.*s is missing", (int) seal.file_length, seal.file);
		return false;
	}
	if (strncmp(seal.checksum, migration->source.checksum, DIGITS) != 0) {
		errors_add(input->errors, folder_path(input->arena, folder, migration->source.file), 1,
				   "It has been released, and databases may have run it. Restore the file, and write a new migration "
				   "for the change.", "sealed migration changed (" FOLDER_SEALS ", line %u)",
				   source_line(input, offset));
		return false;
	}
	return true;
}

bool
folder_check_seals(struct arena *arena, struct errors *errors, const struct folder *folder,
				   const struct history_migration *migrations)
{
	struct source_input input = {.arena = arena, .errors = errors, .path = folder_path(arena, folder, FOLDER_SEALS)};
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

bool
folder_check_todo(struct arena *arena, struct errors *errors, const struct folder *folder,
				  const struct history_migration *migrations)
{
	size_t		before = errors->count;

	for (size_t i = 0; i < folder->count; i++) {
		const struct history_source *source = &migrations[i].source;
		struct source_input input = {.arena = arena,.errors = errors,.path = folder_path(arena, folder, source->file),
			.text = (const char *) source->text
		};

		for (const char *at = input.text; !folder->entries[i].sealed && (at = strstr(at, "--"));) {
			size_t		offset = (size_t) (at - input.text);

			at += strspn(at, "- \t");
			if (strncmp(at, "TODO", 4) != 0 || isalnum((unsigned char) at[4]))
				continue;
			source_error(&input, offset, "A sealed migration never changes. Complete the TODO, remove the comment, run "
						 "\"make schema check-migration\", and then seal it.", "the migration contains a TODO");
			at += strcspn(at, "\n");
		}
	}
	return errors->count == before;
}

static int
compare_files(const void *left, const void *right)
{
	const struct history_source *a = left;
	const struct history_source *b = right;

	return strcmp(a->file, b->file);
}

/* The text of SHA256SUMS; "" if there is none. */
static const char *
read_seals(struct arena *arena, struct errors *errors, const struct folder *folder, const char *path)
{
	struct source_input input = {.arena = arena, .errors = errors, .path = path};

	return folder->seals && source_read(&input, FOLDER_SEALS) ? input.text : "";
}

bool
folder_write_seals(struct arena *arena, struct errors *errors, const struct folder *folder,
				   const struct history_migration *migrations)
{
	const char *path = folder_path(arena, folder, FOLDER_SEALS);
	struct history_source *sources = arena_alloc(arena, folder->count * sizeof(*sources));
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

	good = strcmp(read_seals(arena, errors, folder, path), text) == 0 ||
		source_replace_file(errors, path, text, length);
	mem_free(text);
	return good;
}
