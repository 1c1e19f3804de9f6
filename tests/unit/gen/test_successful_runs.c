/*
 * Successful runs of the generator: the same files make the same bytes; seals; the command line.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define FIRST "-- migrate:up\nCREATE TABLE t (a int);\n\n-- migrate:down\nDROP TABLE t;\n"
#define SECOND "-- migrate:up\nSELECT '\n';\n-- migrate:down\n-- nothing to undo\n"
#define GRANTS "GRANT ALL\nON t TO r;\n"

static const struct gen_file first = {"000_first.sql", FIRST, 0};
static const struct gen_file second = {"001_second.sql", SECOND, 0};
static const struct gen_file grants = {"grants.sql", GRANTS, 0};

/* A file with CRLF for each LF. */
static void
write_crlf(const char *folder, const struct gen_file *file)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (const char *c = file->bytes; *c; c++) {
		if (*c == '\n')
			putc('\r', stream);
		putc(*c, stream);
	}
	mem_stream_close(stream);
	gen_folder_write(folder, &(struct gen_file) {file->name, text, length});
	mem_free(text);
}

static char *
generated(const char *folder, const char *snapshot)
{
	char	   *output = gen_folder_new();
	char	   *text;
	char	   *err;
	int			status = gen_generate(folder, output, snapshot, &err);

	ck_assert_str_eq(err, "");
	ck_assert_int_eq(status, 0);
	text = gen_folder_read(output, "history.c");
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(gen_folder_read(output, "history.c.new"));
	mem_free(err);
	gen_folder_remove(output);
	return text;
}

static char *
arrays(const char *folder)
{
	const char *script = getenv("ARRAYS");
	const char *arguments[] = {script ? script : "gen/arrays.sh", folder, NULL};
	char	   *out;
	char	   *err;

	ck_assert_int_eq(gen_run(arguments, &out, &err), 0);
	ck_assert_str_eq(err, "");
	mem_free(err);
	return out;
}

START_TEST(line_ends_and_folders_do_not_matter)
{
	char	   *folders[] = {gen_folder_new(), gen_folder_new()};
	char	   *histories[2];
	char	   *tables[2];

	gen_folder_write(folders[0], &first);
	gen_folder_write(folders[0], &second);
	gen_folder_write(folders[0], &grants);
	write_crlf(folders[1], &grants);
	write_crlf(folders[1], &second);
	write_crlf(folders[1], &first);
	gen_folder_write(folders[1], &(struct gen_file) {"README", "ignored", 0});
	gen_folder_write(folders[1], &(struct gen_file) {".000_first.sql.swp", "ignored", 0});
	for (size_t i = 0; i < 2; i++) {
		histories[i] = generated(folders[i], NULL);
		tables[i] = arrays(folders[i]);
	}
	ck_assert_str_eq(histories[0], histories[1]);
	ck_assert_str_eq(tables[0], tables[1]);
	ck_assert_ptr_null(strstr(histories[0], folders[0]));
	ck_assert_ptr_null(strstr(tables[0], folders[0]));
	ck_assert_ptr_nonnull(strstr(tables[0], "static const unsigned char sql_001[] = {\n  0x2d, 0x2d, 0x20, 0x6d"));
	ck_assert_ptr_nonnull(strstr(tables[0], "static const unsigned char sql_grants[] = {\n"));
	for (size_t i = 0; i < 2; i++) {
		mem_free(histories[i]);
		mem_free(tables[i]);
		gen_folder_remove(folders[i]);
	}
}
END_TEST

START_TEST(a_snapshot_of_this_history_is_taken)
{
	char	   *folder = gen_folder_new();
	char	   *elsewhere = gen_folder_new();
	char	   *path = mem_format("%s/schema.sql", elsewhere);
	char		sum[SHA256_SIZE];
	char		history_sum[SHA256_SIZE] = "";
	char	   *text;

	gen_folder_write(folder, &first);
	gen_folder_write(folder, &second);
	sha256_hex(FIRST, strlen(FIRST), sum);
	sha256_history(history_sum, sum, history_sum);
	text = mem_format("-- made by hand\n\n-- version: 0\n-- history: %s\nCREATE TABLE t (a int);\n", history_sum);
	gen_folder_write(elsewhere, &(struct gen_file) {"schema.sql", text, 0});
	mem_free(text);

	text = generated(folder, path);
	ck_assert_ptr_nonnull(strstr(text, "\t.snapshot = &snapshot,\n\t.snapshot_version = 0,\n"));
	ck_assert_ptr_nonnull(strstr(text, "\t\t.file = \"schema.sql\",\n"));
	ck_assert_ptr_nonnull(strstr(text, history_sum));
	mem_free(text);
	mem_free(path);
	gen_folder_remove(folder);
	gen_folder_remove(elsewhere);
}
END_TEST

static void
seal(const char *folder, int status, const char *expected_errors)
{
	char	   *err;
	char	   *errors;

	ck_assert_int_eq(gen_seal(folder, &err), status);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, expected_errors);
	mem_free(errors);
	mem_free(err);
}

static void
check_seals(const char *folder, const char *expected)
{
	char	   *text = gen_folder_read(folder, "SHA256SUMS");

	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, expected);
	mem_free(text);
}

/* Seal 000_first.sql with this text. */
static void
seal_first(const char *folder, const char *text)
{
	char		sum[SHA256_SIZE];
	char	   *line;

	sha256_hex(text, strlen(text), sum);
	line = mem_format("%s  000_first.sql\n", sum);
	gen_folder_write(folder, &(struct gen_file) {"SHA256SUMS", line, 0});
	mem_free(line);
}

START_TEST(seals_are_added_and_kept)
{
	char	   *folder = gen_folder_new();
	char		sums[2][SHA256_SIZE];
	char	   *one;
	char	   *both;

	sha256_hex(FIRST, strlen(FIRST), sums[0]);
	sha256_hex(SECOND, strlen(SECOND), sums[1]);
	one = mem_format("%s  000_first.sql\n", sums[0]);
	both = mem_format("%s%s  001_second.sql\n", one, sums[1]);

	write_crlf(folder, &first);
	gen_folder_write(folder, &grants);
	seal(folder, 0, "");
	check_seals(folder, one);
	gen_folder_write(folder, &first);
	gen_folder_write(folder, &second);
	seal(folder, 0, "");
	check_seals(folder, both);
	seal(folder, 0, "");
	check_seals(folder, both);
	mem_free(generated(folder, NULL));

	gen_folder_write(folder, &(struct gen_file) {"000_first.sql", FIRST "\n", 0});
	gen_folder_write(folder, &(struct gen_file) {"002_third.sql", SECOND, 0});
	seal(folder, 1, "000_first.sql:1: sealed migration changed (SHA256SUMS, line 1)\n");
	check_seals(folder, both);

	gen_folder_write(folder, &first);
	gen_folder_write(folder, &(struct gen_file) {"002_third.sql", "SELECT", 0});
	seal(folder, 1, "002_third.sql:1: text before the first section\n002_third.sql:1: no \"migrate:up\" section\n"
		 "002_third.sql:1: no \"migrate:down\" section\n");
	check_seals(folder, both);
	ck_assert_ptr_null(gen_folder_read(folder, "SHA256SUMS.new"));
	mem_free(one);
	mem_free(both);
	gen_folder_remove(folder);
}
END_TEST

START_TEST(what_is_to_be_done_is_not_sealed)
{
	static const char text[] = "-- TODO: why\n\n-- migrate:up\nSELECT '--', 'TODO';\n"
		"DO $$ BEGIN\n\tNULL; --TODO\nEND $$; -- TODOS, -- to do\n\n-- migrate:down\n--- TODO. And -- TODO\nSELECT 1;\n";
	char	   *folder = gen_folder_new();
	char	   *err;

	gen_folder_write(folder, &first);
	seal(folder, 0, "");
	gen_folder_write(folder, &(struct gen_file) {"001_second.sql", text, 0});
	mem_free(generated(folder, NULL));
	seal(folder, 1, "001_second.sql:1: the migration contains a TODO\n001_second.sql:6: the migration contains a TODO\n"
		 "001_second.sql:10: the migration contains a TODO\n");
	ck_assert_int_eq(gen_seal(folder, &err), 1);
	ck_assert_ptr_nonnull(strstr(err, "remove the comment"));
	mem_free(err);

	/* A sealed one can no longer be changed. */
	gen_folder_write(folder, &(struct gen_file) {"000_first.sql", text, 0});
	gen_folder_write(folder, &second);
	seal_first(folder, text);
	seal(folder, 0, "");
	gen_folder_remove(folder);
}
END_TEST

START_TEST(the_command_line_is_checked)
{
	const char *program = getenv("GENERATE") ? getenv("GENERATE") : "build/gen/generate";
	const char *const lines[][4] = {
		{program, NULL}, {program, "--output=x", "folder", NULL}, {program, "--seal", NULL},
		{program, "--what", "folder", NULL}, {program, "--help", NULL}
	};
	char	   *out;
	char	   *err;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		bool		help = i == 4;

		ck_assert_int_eq(gen_run(lines[i], &out, &err), help ? 0 : 2);
		ck_assert_ptr_nonnull(strstr(help ? out : err, "Usage:\n"));
		ck_assert_str_eq(help ? err : out, "");
		mem_free(out);
		mem_free(err);
	}
}
END_TEST

Suite *
gen_successful_runs_suite(void)
{
	Suite	   *suite = suite_create("gen_successful_runs");
	TCase	   *tcase = tcase_create("runs");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, line_ends_and_folders_do_not_matter);
	tcase_add_test(tcase, a_snapshot_of_this_history_is_taken);
	tcase_add_test(tcase, seals_are_added_and_kept);
	tcase_add_test(tcase, what_is_to_be_done_is_not_sealed);
	tcase_add_test(tcase, the_command_line_is_checked);
	suite_add_tcase(suite, tcase);
	return suite;
}
