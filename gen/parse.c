/* From a folder of migrations to the history that is compiled in: the files of one run, one after the other. */
#include "parse.h"

#include <string.h>

#include "base/sha256.h"
#include "history/sql_lexer.h"
#include "allow.h"
#include "batch_directive.h"
#include "folder_settings.h"
#include "parts.h"
#include "repeat.h"
#include "rules.h"
#include "schema_file.h"
#include "sections.h"
#include "split.h"

#include "base/banned.h"

#define VERSION_MAX 999999

/* The comments at the top of a snapshot. */
struct parse_snapshot_header {
	int			version;
	char		checksum[SHA256_SIZE];	/* the history checksum up to that version */
	unsigned	version_line;	/* 0: missing */
	unsigned	checksum_line;
};

static bool
check_statements(const struct source_input *input, const struct history_section *section, const char *why)
{
	bool		good = true;

	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *one = &section->statements[i];
		struct sql_lexer_phrase phrase;

		phrase_read(&phrase, input->text + one->offset, one->length);
		good &= rules_statement(input, section, one, &phrase);
		if (why)
			good &= repeat_check(input, one, &phrase, why);
		phrase_clear(&phrase);
	}
	return good;
}

/* A down section without statements must have a comment that explains why. */
static bool
check_presence(const struct source_input *input, const struct history_section *up, const struct history_section *down)
{
	size_t		before = input->errors->count;
	const char *todo = up->count == 0 ? strstr(input->text + up->offset, "-- TODO") : NULL;

	if (todo && todo < input->text + up->offset + up->length)
		source_error(input, (size_t) (todo - input->text), "Replace this TODO by statements. If it is a question, keep "
					 "one of its ways, without the \"--\".", "no statement in the up section");
	else if (up->count == 0)
		source_error(input, up->offset - 1, "Write at least one statement. To keep a number that is no longer needed, "
					 "write \"SELECT 1;\".", "no statement in the up section");
	if (down->count == 0 && !sections_has_comment(input, down))
		source_error(input, down->offset - 1, "Write the statements that revert the up section, or a comment that "
					 "explains why there are none.", "empty down section without a reason");
	return input->errors->count == before;
}

static bool
parse_sections(const struct source_input *input, struct history_migration *migration)
{
	struct history_section *up = &migration->up;
	struct history_section *down = &migration->down;
	const char *why = NULL;
	bool		complete;
	bool		good;

	if (!sections_find(input, up, down))
		return false;
	if (!up->transactional || !down->transactional)
		why = "The migration has a transaction:false section, so its statements can run again after an interruption.";
	complete = split_section(input, up);
	complete &= split_section(input, down);
	good = check_statements(input, up, why);
	good &= check_statements(input, down, why);
	/* If some statements could not be split, these would report errors that are not there. */
	if (complete) {
		good &= allow_read(input, migration);
		good &= batch_directive_read(input, up);
		good &= batch_directive_read(input, down);
	}
	good = complete && check_presence(input, up, down) && rules_alone(input, up, down) && good;
	if (good)
		parts_split(input, down);
	return good;
}

bool
parse_migration(struct arena *arena, struct errors *errors, const char *path, const struct folder_entry *entry,
				struct history_migration *migration)
{
	struct source_input input = {.arena = arena, .errors = errors, .path = path};
	bool		good = source_read(&input, entry->file);

	*migration = (struct history_migration) {.version = entry->version, .name = entry->name, .source = input.source};
	if (!good || !parse_sections(&input, migration))
		return false;
	if (entry->version == 0 && !migration->up.transactional)
		source_error(&input, migration->up.offset - 1, "Remove transaction:false: progress can only be recorded in a "
					 "database that has version 0.", "version 0 must be one transaction");
	return entry->version > 0 || migration->up.transactional;
}

bool
parse_script(struct source_input *input, const char *file, const char *why, struct history_script *script)
{
	bool		good = source_read(input, file);

	*script = (struct history_script) {.source = input->source};
	if (!good || !sections_none(input, &script->body))
		return false;
	good = split_section(input, &script->body);
	good &= allow_refuse(input, &script->body);
	if (good && script->body.count == 0)
		source_error(input, 0, "Write at least one statement, or delete the file.", "no statement in this file");
	return check_statements(input, &script->body, why) && good && script->body.count > 0;
}

/* The hint of every error in a snapshot. */
static const char remake_hint[] = "Run \"make schema\", which writes it.";

static bool
parse_version(const char *value, size_t length, int *version)
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
parse_checksum(const char *value, size_t length, char checksum[SHA256_SIZE])
{
	if (length != SHA256_SIZE - 1 || strspn(value, "0123456789abcdef") < length)
		return false;
	memcpy(checksum, value, length);
	checksum[length] = '\0';
	return true;
}

/* Comment lines with another key are text for readers. */
static bool
read_header_line(const struct source_input *input, size_t start, size_t end, unsigned number,
				 struct parse_snapshot_header *header)
{
	static const char version_key[] = "-- version: ";
	static const char checksum_key[] = "-- history: ";
	const char *line = input->text + start;
	const char *value = line + sizeof(version_key) - 1;
	size_t		length = end - start < sizeof(version_key) - 1 ? 0 : end - start - (sizeof(version_key) - 1);
	bool		good = true;

	_Static_assert(sizeof(version_key) == sizeof(checksum_key), "one offset for both values");
	if (length > 0 && memcmp(line, version_key, sizeof(version_key) - 1) == 0) {
		header->version_line = number;
		good = parse_version(value, length, &header->version);
	} else if (length > 0 && memcmp(line, checksum_key, sizeof(checksum_key) - 1) == 0) {
		header->checksum_line = number;
		good = parse_checksum(value, length, header->checksum);
	}
	if (!good)
		source_error(input, start, remake_hint, "invalid value in the header of the snapshot");
	return good;
}

static bool
read_header(const struct source_input *input, struct parse_snapshot_header *header)
{
	size_t		length = input->source.length;
	unsigned	number = 1;
	bool		good = true;

	*header = (struct parse_snapshot_header) {0};
	for (size_t at = 0; at < length; number++) {
		const char *feed = memchr(input->text + at, '\n', length - at);
		size_t		end = feed ? (size_t) (feed - input->text) : length;

		if (end > at && input->text[at] != '-')
			break;
		good &= read_header_line(input, at, end, number, header);
		at = end + 1;
	}
	if (header->version_line == 0)
		source_error(input, 0, remake_hint, "no \"-- version: N\" at the top of the snapshot");
	if (header->checksum_line == 0)
		source_error(input, 0, remake_hint, "no \"-- history: CHECKSUM\" at the top of the snapshot");
	return good && header->version_line > 0 && header->checksum_line > 0;
}

static bool
check_header(const struct source_input *input, const struct parse_snapshot_header *header,
			 const struct parse_result *result)
{
	if (header->version > result->history.latest) {
		errors_add(input->errors, input->path, header->version_line, remake_hint,
				   "the snapshot is of version %d, but the last migration is %d", header->version,
				   result->history.latest);
		return false;
	}
	if (strcmp(header->checksum, result->checksums[header->version]) != 0) {
		errors_add(input->errors, input->path, header->checksum_line, remake_hint,
				   "the snapshot was made from different migrations");
		return false;
	}
	return true;
}

bool
parse_snapshot(struct arena *arena, struct errors *errors, const char *path, bool comparable,
			   struct parse_result *result)
{
	struct source_input input = {.arena = arena, .errors = errors, .path = path};
	struct history_script *script = arena_alloc(arena, sizeof(*script));
	const char *slash = strrchr(path, '/');
	bool		good = parse_script(&input, slash ? slash + 1 : path, NULL, script);
	struct parse_snapshot_header header;

	/* Of a file that could not be read, or is no text, the header is of no interest. */
	if (script->body.count == 0 || !read_header(&input, &header))
		return false;
	result->history.snapshot = script;
	result->history.snapshot_version = header.version;
	return (!comparable || check_header(&input, &header, result)) && good;
}

static bool
parse_migrations(struct arena *arena, struct errors *errors, const struct folder *folder,
				 struct parse_result *result)
{
	struct history_migration *migrations = arena_alloc(arena, folder->count * sizeof(*migrations));
	const char **checksums = arena_alloc(arena, folder->count * sizeof(*checksums));
	char		sum[SHA256_SIZE] = "";
	bool		good = true;

	for (size_t i = 0; i < folder->count; i++) {
		const struct folder_entry *entry = &folder->entries[i];

		good &= parse_migration(arena, errors, folder_path(arena, folder, entry->file), entry, &migrations[i]);
		sha256_history(sum, migrations[i].source.checksum, sum);
		checksums[i] = arena_string(arena, sum);
	}
	result->history.latest = (int) folder->count - 1;
	result->migrations = migrations;
	result->checksums = checksums;
	return folder_check_seals(arena, errors, folder, migrations) && good;
}

static bool
parse_grants(struct arena *arena, struct errors *errors, const struct folder *folder, struct parse_result *result)
{
	struct source_input input = {.arena = arena, .errors = errors, .path = folder_path(arena, folder, FOLDER_GRANTS)};
	struct history_script *script = arena_alloc(arena, sizeof(*script));

	if (!folder->grants)
		return true;
	result->history.grants = script;
	return parse_script(&input, FOLDER_GRANTS, "This file runs after every change.", script)
		&& rules_grants(&input, &script->body);
}

bool
parse_folder(struct arena *arena, struct errors *errors, const struct parse_paths *paths, struct folder *folder,
			 struct parse_result *result)
{
	bool		good = folder_read(arena, paths->folder, folder, errors);

	*result = (struct parse_result) {0};
	good &= parse_migrations(arena, errors, folder, result);
	good &= parse_grants(arena, errors, folder, result);
	good &= folder_settings_read(arena, errors, folder, &result->history);
	if (paths->snapshot)
		good &= parse_snapshot(arena, errors, paths->snapshot, good, result);
	/* The schema of migrations that are wrong is of no interest. */
	if (paths->schema && good)
		good = schema_file_read(arena, errors, folder, paths, result);
	return good;
}
