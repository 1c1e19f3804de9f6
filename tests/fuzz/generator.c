/*
 * The generator's reader: an input is the text of a file. It is read as each kind of file in a folder of migrations,
 * through the functions that gen/main.c uses; its first line is also taken for a file's name.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "history/lint_rule.h"
#include "history/sql_lexer.h"
#include "emit.h"
#include "folder.h"
#include "fuzz.h"
#include "parse.h"

#include "base/banned.h"

/* A folder whose SHA256SUMS is the input, which is also at `path`. */
static struct {
	int			file;
	char	   *path;
	char	   *folder;
	char	   *seals;
}			input_file;

static void
remove_folder(void)
{
	unlink(input_file.seals);
	rmdir(input_file.folder);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *base = getenv("TMPDIR");

	(void) argc;
	(void) argv;
	input_file.file = memfd_create("input", MFD_CLOEXEC);
	input_file.path = mem_format("/proc/self/fd/%d", input_file.file);
	input_file.folder = mem_format("%s/fuzz-XXXXXX", base ? base : "/tmp");
	must(mkdtemp(input_file.folder) != NULL);
	input_file.seals = mem_format("%s/" FOLDER_SEALS, input_file.folder);
	must(symlink(input_file.path, input_file.seals) == 0);
	atexit(remove_folder);
	return 0;
}

static void
set_file(const uint8_t *data, size_t size)
{
	must(ftruncate(input_file.file, 0) == 0);
	must(pwrite(input_file.file, data, size, 0) == (ssize_t) size);
}

/* Errors are reported if and only if it is not good; with a hint, and in a line that the file has. */
static void
check_errors(struct errors *errors, bool good, const uint8_t *data, size_t size)
{
	unsigned	lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	must(good == (errors->count == 0));
	for (size_t i = 0; i < errors->count; i++) {
		must(errors->list[i].error[0] != '\0' && errors->list[i].hint[0] != '\0');
		must(errors->list[i].line >= 1 && errors->list[i].line <= lines);
	}
}

/* Nothing but blanks, comments and semicolons is between statements, or is left at the end. */
static void
check_between(const struct history_source *source, size_t from, size_t to)
{
	struct sql_lexer between;
	struct sql_lexer_word word;

	must(from <= to && to <= source->length);
	sql_lexer_start(&between, (const char *) source->text + from, to - from);
	while (sql_lexer_next(&between, &word))
		must(source->text[from + word.offset] == ';');
}

static void
check_allows(const struct history_source *source, size_t count, const struct history_allow *allows, size_t end)
{
	unsigned	lines = 1;

	for (size_t at = 0; at < end; at++)
		lines += source->text[at] == '\n';
	for (size_t i = 0; i < count; i++) {
		must(lint_rule_find(allows[i].rule, strlen(allows[i].rule)) < LINT_RULE_COUNT);
		must(allows[i].reason[0] != '\0' && allows[i].line >= 1 && allows[i].line <= lines);
	}
}

static void
check_section(const struct history_source *source, const struct history_section *section)
{
	size_t		end = section->offset;
	bool		parts = false;

	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *one = &section->statements[i];
		unsigned	line = 1;

		/* Before and after a part there are the words that it shares with others. */
		parts |= one->text != NULL;
		must(!one->text || one->lead < strlen(one->text));
		if (!parts)
			check_between(source, end, one->offset);
		end = one->offset + one->length;
		must(one->offset >= section->offset && one->length > 0 && end <= section->offset + section->length);
		must(!sql_lexer_blank((char) source->text[one->offset]) && !sql_lexer_blank((char) source->text[end - 1]));
		for (size_t at = 0; at < one->offset; at++)
			line += source->text[at] == '\n';
		must(one->line == line);
		must(!one->index || one->concurrent);
		check_allows(source, one->allow_count, one->allows, one->offset);
	}
	if (!parts)
		check_between(source, end, section->offset + section->length);
}

static void
check_history(const struct parse_result *result)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	emit_history(stream, result);
	mem_stream_close(stream);
	must(length > 0 && strlen(text) == length);
	mem_free(text);
}

static void
try_migration(int version, const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct errors errors = {0};
	struct folder_entry entry = {.version = version,.file = "001_x.sql",.name = "x"};
	struct history_migration migration;
	bool		good = parse_migration(&arena, &errors, input_file.path, &entry, &migration);

	check_errors(&errors, good, data, size);
	if (good) {
		const char *checksum = migration.source.checksum;

		must(migration.up.count > 0 && migration.up.offset + migration.up.length <= migration.down.offset);
		check_allows(&migration.source, migration.allow_count, migration.allows, migration.up.offset);
		check_section(&migration.source, &migration.up);
		check_section(&migration.source, &migration.down);
		check_history(&(struct parse_result) {
			.history = {.build = "1", .database = "d", .repository_id = "i", .repository_path = "p", .folder = "f"},
			.migrations = &migration, .checksums = &checksum
		});
	}
	errors_clear(&errors);
	arena_clear(&arena);
}

static void
try_script(const char *why, const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct errors errors = {0};
	struct source_input input = {.arena = &arena,.errors = &errors,.path = input_file.path};
	struct history_script script;
	bool		good = parse_script(&input, FOLDER_GRANTS, why, &script);

	check_errors(&errors, good, data, size);
	if (good) {
		must(script.body.count > 0);
		check_section(&script.source, &script.body);
	}
	errors_clear(&errors);
	arena_clear(&arena);
}

static void
try_snapshot(const uint8_t *data, size_t size)
{
	static const char digits[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct arena arena = {0};
	struct errors errors = {0};
	struct parse_result result = {.history = {.latest = 1},.checksums = (const char *const[]) {digits, digits}};
	bool		good = parse_snapshot(&arena, &errors, input_file.path, true, &result);

	check_errors(&errors, good, data, size);
	must(!good || (result.history.snapshot->body.count > 0 && result.history.snapshot_version <= 1));
	errors_clear(&errors);
	arena_clear(&arena);
}

/* None of the sealed files exists, except an empty 000_x.sql. */
static void
try_seals(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct errors errors = {0};
	struct folder folder = {.path = input_file.folder,.count = 1,.seals = true};
	char		checksum[SHA256_SIZE];
	struct history_migration migration = {.source = {.file = "000_x.sql",.checksum = checksum}};
	bool		good;

	sha256_hex("", 0, checksum);
	good = folder_check_seals(&arena, &errors, &folder, &migration);
	check_errors(&errors, good, data, size);
	errors_clear(&errors);
	arena_clear(&arena);
}

static void
try_name(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	const uint8_t *feed = size > 0 ? memchr(data, '\n', size) : NULL;
	const char *name = arena_copy(&arena, data, feed ? (size_t) (feed - data) : size);
	struct folder_entry entry;

	if (folder_entry_parse(&arena, name, &entry)) {
		char	   *again = mem_format("%03d_%s.sql", entry.version, entry.name);

		must(strcmp(again, name) == 0 && strcmp(entry.file, name) == 0);
		mem_free(again);
	}
	arena_clear(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	set_file(data, size);
	try_migration(0, data, size);
	try_migration(1, data, size);
	try_script("Why.", data, size);
	try_script(NULL, data, size);
	try_snapshot(data, size);
	try_seals(data, size);
	try_name(data, size);
	return 0;
}
