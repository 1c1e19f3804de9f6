/*
 * Folders that the generator refuses: numbers, names, bytes, sections, quotes, seals and snapshots. Refused statements
 * are in test_rules.c.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define UP "-- migrate:up\n"
#define DOWN "-- migrate:down\n"
#define FINE UP "SELECT 1;\n" DOWN "SELECT 2;\n"
#define FINE_SUM "77feb01458ace166fd358f2d713a3d1e4b2634d8d67cf38782857f1c891c83b0"
#define WRONG_SUM "0000000000000000000000000000000000000000000000000000000000000000"
#define FILES_MAX 6

struct refusal {
	struct gen_file files[FILES_MAX];
	const char *errors;			/* all of them */
};

/* One file, 000_a.sql. */
#define ONE(text, errors) {{{"000_a.sql", text, sizeof(text) - 1}}, errors}

static const struct refusal refusals[] = {
	/* names and numbers */
	{{{NULL}}, ": no migration in this folder\n"},
	{{{"README", "x", 0}, {".hidden.sql", "x", 0}}, ": no migration in this folder\n"},
	{{{"001_a.sql", FINE, 0}}, "001_a.sql:1: migration 000 is missing before this one\n"},
	{{{"000_a.sql", FINE, 0}, {"002_b.sql", FINE, 0}, {"006_c.sql", FINE, 0}},
	"002_b.sql:1: migration 001 is missing before this one\n"
	"006_c.sql:1: migrations 003 to 005 are missing before this one\n"},
	{{{"000_a.sql", FINE, 0}, {"001_b.sql", FINE, 0}, {"001_c.sql", FINE, 0}, {"002_d.sql", FINE, 0}},
	"001_b.sql:1: number 001 is also used by 001_c.sql\n001_c.sql:1: number 001 is also used by 001_b.sql\n"},
	{{{"000_a.sql", FINE, 0}, {"001_b.sql", FINE, 0}, {"001_c.sql", FINE, 0}, {"001_d.sql", FINE, 0},
	{"SHA256SUMS", FINE_SUM "  000_a.sql\r\n" FINE_SUM "  001_c.sql\r\n", 0}},
	"001_b.sql:1: number 001 is that of the sealed migration 001_c.sql\n"
	"001_d.sql:1: number 001 is that of the sealed migration 001_c.sql\n"},
	{{{"000_a.sql", FINE, 0}, {"000_b.sql", FINE, 0},
	{"SHA256SUMS", FINE_SUM "  000_a.sql\n" FINE_SUM "  000_b.sql\n", 0}},
	"000_a.sql:1: number 000 is that of the sealed migration 000_b.sql\n"
	"000_b.sql:1: number 000 is that of the sealed migration 000_a.sql\n"},
	{{{"000_a.sql", FINE, 0}, {"01_b.sql", FINE, 0}, {"1_B.SQL", FINE, 0}, {"001 b.sql", FINE, 0}, {"x.sql", FINE, 0}},
	"001 b.sql:1: invalid file name\n01_b.sql:1: invalid file name\n"
	"1_B.SQL:1: invalid file name\nx.sql:1: invalid file name\n"},

	/* bytes */
	{{{"000_a.sql", FINE, 0}, {"001_a.sql", "\r", 0}}, "001_a.sql:1: empty file\n"},
	ONE("\xef\xbb\xbf" FINE, "000_a.sql:1: byte order mark\n"),
	ONE(UP "SELECT 1;\n-- a\0b\n" DOWN "-- none\n", "000_a.sql:3: NUL byte\n"),
	ONE(UP "SELECT 1;\n-- \xe9t\xe9\n" DOWN "-- none\n", "000_a.sql:3: invalid UTF-8 (byte 0xe9)\n"),

	/* a merge */
	{{{"000_a.sql", FINE, 0}, {"SHA256SUMS", "<<<<<<< HEAD\n" FINE_SUM "  000_a.sql\n=======\n>>>>>>> add_note\n", 0}},
	"SHA256SUMS:1: conflict marker of a merge\n"},

	/* sections */
	ONE("SELECT 1;\n", "000_a.sql:1: text before the first section\n000_a.sql:1: no \"migrate:up\" section\n"
	"000_a.sql:1: no \"migrate:down\" section\n"),
	ONE("-- why\nSELECT 0;\n" FINE, "000_a.sql:2: text before the first section\n"),
	ONE(DOWN "SELECT 1;\n", "000_a.sql:1: \"migrate:down\" before \"migrate:up\"\n"
	"000_a.sql:1: no \"migrate:up\" section\n"),
	ONE(UP "SELECT 1;\n", "000_a.sql:2: no \"migrate:down\" section\n"),
	ONE(UP "SELECT 1;\n" UP "SELECT 2;\n" DOWN "-- none\n", "000_a.sql:3: second \"migrate:up\"\n"),
	ONE(FINE DOWN "-- none\n", "000_a.sql:5: second \"migrate:down\"\n"),
	ONE(UP "-- migrate:both table=t key=id\nSELECT 1;\n" DOWN "-- none\n",
	"000_a.sql:2: unknown directive \"migrate:both\"\n"),
	ONE("-- migrate:up transaction:no\nSELECT 1;\n" DOWN "-- none\n",
	"000_a.sql:1: unknown option \"transaction:no\"\n"),
	ONE(UP "-- nothing\n" DOWN "-- TODO\n", "000_a.sql:1: no statement in the up section\n"),
	ONE(UP "-- nothing\n-- TODO: Was it?\n" DOWN "-- none\n", "000_a.sql:3: no statement in the up section\n"),
	ONE("-- migrate:up transaction:false\nSELECT 1;\n" DOWN "-- none\n", "000_a.sql:1: version 0 must be one"
		" transaction\n"),
	ONE(UP "SELECT 1;\n\n" DOWN "\n--\n", "000_a.sql:4: empty down section without a reason\n"),

	/* what does not end */
	ONE(UP "SELECT 1;\nSELECT 'a;\n" DOWN "-- none\n", "000_a.sql:3: unterminated quoted string\n"),
	ONE(UP "SELECT \"a;\n" DOWN "-- none\n", "000_a.sql:2: unterminated quoted identifier\n"),
	ONE(UP "SELECT 1; /* a /* b */\n" DOWN "-- none\n", "000_a.sql:2: unterminated comment\n"),
	ONE(UP "DO\n$x$ BEGIN END $$;\n" DOWN "-- none\n", "000_a.sql:3: unterminated dollar-quoted string\n"),
	ONE(UP "SELECT '\n" DOWN "';\n" DOWN "-- none\n", "000_a.sql:5: second \"migrate:down\"\n"),
	ONE(UP "SELECT '\n" DOWN "';\n", "000_a.sql:2: unterminated quoted string\n"
	"000_a.sql:4: unterminated quoted string\n"),
	ONE(UP "SELECT (1;\n" DOWN "SELECT 1);\n", "000_a.sql:2: unclosed parenthesis\n"
	"000_a.sql:4: unmatched closing parenthesis\n"),
	ONE(UP "SELECT 1;\nSELECT\n2\n" DOWN "SELECT 3\n", "000_a.sql:3: the last statement has no semicolon\n"
	"000_a.sql:6: the last statement has no semicolon\n"),
	ONE(UP "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\n" DOWN "-- none\n",
	"000_a.sql:2: unterminated statement\n"),
	ONE(UP "SELECT 1; -- track_counts\nSET LOCAL Track_Counts = off;\nSELECT set_config('track_counts', 'off', true);\n"
	"SET \"track_counts\" TO on;\nDO $$\nBEGIN\n\tRESET track_counts;\nEND\n$$;\n"
	"CREATE TABLE track_counts_of (a int);\n" DOWN "-- none\n",
		"000_a.sql:3: a migration must not change track_counts\n000_a.sql:4: a migration must not change track_counts\n"
	"000_a.sql:5: a migration must not change track_counts\n000_a.sql:6: a migration must not change track_counts\n"),
	ONE(UP "SELECT 1;\n\\echo x\n" DOWN "SELECT 1 \\gexec\n", "000_a.sql:3: psql meta-command \"\\echo\"\n"
	"000_a.sql:5: psql meta-command \"\\gexec\"\n"),

	/* files without sections */
	{{{"000_a.sql", FINE, 0}, {"grants.sql", "-- nothing\n", 0}}, "grants.sql:1: no statement in this file\n"},
	{{{"000_a.sql", FINE, 0}, {"grants.sql", UP "SELECT 1;\n", 0}},
	"grants.sql:1: directive \"migrate:up\" in a file without sections\n"},
	{{{"000_a.sql", FINE, 0}, {"grants.sql", "GRANT a TO b;\nCOMMIT;\n", 0}},
	"grants.sql:2: transaction control: COMMIT\n"},
	{{{"000_a.sql", FINE, 0}, {"grants.sql", "\nCREATE ROLE r;\n", 0}},
	"grants.sql:2: CREATE ROLE cannot be repeated\n"},
	{{{"000_a.sql", FINE, 0}, {"grants.sql", "GRANT a TO b;\nSELECT f();\nSET a = b;\nDELETE FROM a;\n", 0}},
	"grants.sql:2: this statement does not set privileges\ngrants.sql:3: this statement does not set privileges\n"
	"grants.sql:4: this statement does not set privileges\n"},
	{{{"000_a.sql", FINE, 0}, {"grants.sql", "REVOKE a FROM b;\nALTER DEFAULT PRIVILEGES GRANT DELETE ON TABLES TO b;\n"
	"DO $$\nBEGIN\n\tEXECUTE 'REVOKE TRUNCATE ON a FROM b CASCADE';\nEND\n$$;\nDO $$ BEGIN TRUNCATE a; END $$;\n"
	"DO $$ BEGIN EXECUTE 'DROP OWNED BY ' || b; END $$;\n", 0}},
	"grants.sql:8: this statement may destroy data\ngrants.sql:9: this statement may destroy data\n"},

	/* seals */
	{{{"000_a.sql", FINE, 0}, {"SHA256SUMS", WRONG_SUM "  000_a.sql\n", 0}},
	"000_a.sql:1: sealed migration changed (SHA256SUMS, line 1)\n"},
	{{{"000_a.sql", FINE, 0}, {"SHA256SUMS", FINE_SUM "  000_a.sql\n" FINE_SUM "  001_b.sql\n", 0}},
	"SHA256SUMS:2: sealed migration 001_b.sql is missing\n"},
	{{{"000_a.sql", FINE, 0}, {"SHA256SUMS", FINE_SUM " 000_a.sql\n\n" FINE_SUM "  ../a\nx\n", 0}},
	"SHA256SUMS:1: malformed line\nSHA256SUMS:2: malformed line\nSHA256SUMS:3: malformed line\n"
	"SHA256SUMS:4: malformed line\n"},
	{{{"000_a.sql", FINE, 0}, {"SHA256SUMS", "", 0}}, "SHA256SUMS:1: empty file\n"},

	/* more than one file at fault: each is reported */
	{{{"000_a.sql", UP "BEGIN;\n" DOWN, 0}, {"001_b.sql", UP "SELECT 'x\n" DOWN "-- none\n", 0}, {"003_c.sql", "x", 0}},
	"000_a.sql:2: transaction control: BEGIN\n000_a.sql:3: empty down section without a reason\n"
	"001_b.sql:2: unterminated quoted string\n003_c.sql:1: migration 002 is missing before this one\n"
	"003_c.sql:1: text before the first section\n003_c.sql:1: no \"migrate:up\" section\n"
	"003_c.sql:1: no \"migrate:down\" section\n"}
};

START_TEST(folders_are_refused)
{
	const struct refusal *one = &refusals[_i];
	char	   *folder = gen_folder_new();
	char	   *output = gen_folder_new();
	char	   *err;
	char	   *errors;

	for (size_t i = 0; i < FILES_MAX && one->files[i].name; i++)
		gen_folder_write(folder, &one->files[i]);
	ck_assert_int_eq(gen_generate(folder, output, NULL, &err), 1);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, one->errors);
	ck_assert_ptr_null(gen_folder_read(output, "history.c"));
	ck_assert_ptr_null(gen_folder_read(output, "history.c.new"));
	mem_free(errors);
	mem_free(err);
	gen_folder_remove(folder);
	gen_folder_remove(output);
}
END_TEST

struct snapshot_case {
	const char *text;
	const char *errors;
};

static const struct snapshot_case snapshots[] = {
	{"SELECT 1;\n", "s.sql:1: no \"-- version: N\" at the top of the snapshot\n"
	"s.sql:1: no \"-- history: CHECKSUM\" at the top of the snapshot\n"},
	{"-- version: 0\nSELECT 1;\n-- history: " WRONG_SUM "\n",
	"s.sql:1: no \"-- history: CHECKSUM\" at the top of the snapshot\n"},
	{"-- version: x\n-- history: 12\nSELECT 1;\n", "s.sql:1: invalid value in the header of the snapshot\n"
	"s.sql:2: invalid value in the header of the snapshot\n"},
	{"-- version: 1\n-- history: " WRONG_SUM "\nSELECT 1;\n",
	"s.sql:1: the snapshot is of version 1, but the last migration is 0\n"},
	{"-- version: 0\n-- history: " WRONG_SUM "\nSELECT 1;\n",
	"s.sql:2: the snapshot was made from different migrations\n"},
	{"-- version: 0\n-- history: " WRONG_SUM "\nSELECT 1;\nBEGIN;\n",
	"s.sql:2: the snapshot was made from different migrations\ns.sql:4: transaction control: BEGIN\n"},
	{"", "s.sql:1: empty file\n"},
	{"--\n<<<<<<< HEAD\n-- version: 0\n=======\n-- version: 1\n>>>>>>> add_note\nSELECT 1;\n",
	"s.sql:2: conflict marker of a merge\n"}
};

START_TEST(snapshots_are_refused)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	const struct gen_file snapshot = {"s.sql", snapshots[_i].text, 0};
	char	   *folder = gen_folder_new();
	char	   *output = gen_folder_new();
	char	   *path = mem_format("%s/%s", output, snapshot.name);
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &fine);
	gen_folder_write(output, &snapshot);
	ck_assert_int_eq(gen_generate(folder, output, path, &err), 1);
	errors = gen_errors(err, output);
	ck_assert_str_eq(errors, snapshots[_i].errors);
	/* What writes it. */
	ck_assert(!strstr(errors, "the snapshot") || strstr(err, "Run \"make schema\""));
	ck_assert_ptr_null(gen_folder_read(output, "history.c"));
	mem_free(errors);
	mem_free(err);
	mem_free(path);
	gen_folder_remove(folder);
	gen_folder_remove(output);
}
END_TEST

START_TEST(missing_files_are_refused)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	char	   *folder = gen_folder_new();
	char	   *missing = mem_format("%s/none", folder);
	char	   *err;
	char	   *errors;

	ck_assert_int_eq(gen_generate(missing, folder, NULL, &err), 1);
	ck_assert_ptr_nonnull(strstr(err, "/none: error: could not open: No such file or directory\n"));
	mem_free(err);

	gen_folder_write(folder, &fine);
	ck_assert_int_eq(gen_generate(folder, folder, missing, &err), 1);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, "none: could not read: No such file or directory\n");
	mem_free(errors);
	mem_free(err);

	ck_assert_int_eq(gen_generate(folder, missing, NULL, &err), 1);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, "none/history.c: could not write: No such file or directory\n");
	mem_free(errors);
	mem_free(err);
	mem_free(missing);
	gen_folder_remove(folder);
}
END_TEST

/* Nothing writes to the pipe, so a reader waits. */
static void
make_pipe(const char *folder, const char *name)
{
	char	   *path = mem_format("%s/%s", folder, name);

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	mem_free(path);
}

static const char *const pipes[] = {"001_b.sql", "grants.sql", "SHA256SUMS", "s.sql"};

START_TEST(pipes_are_refused)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	char	   *folder = gen_folder_new();
	char	   *output = gen_folder_new();
	bool		snapshot = strcmp(pipes[_i], "s.sql") == 0;
	char	   *path = mem_format("%s/s.sql", output);
	char	   *expected = mem_format("%s: not a regular file\n", pipes[_i]);
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &fine);
	make_pipe(snapshot ? output : folder, pipes[_i]);
	ck_assert_int_eq(gen_generate(folder, output, snapshot ? path : NULL, &err), 1);
	errors = gen_errors(err, snapshot ? output : folder);
	ck_assert_str_eq(errors, expected);
	mem_free(errors);
	mem_free(err);
	if (!snapshot) {
		ck_assert_int_eq(gen_seal(folder, &err), 1);
		ck_assert_ptr_nonnull(strstr(err, ": error: not a regular file\n"));
		mem_free(err);
	}
	mem_free(expected);
	mem_free(path);
	gen_folder_remove(folder);
	gen_folder_remove(output);
}
END_TEST

/* Where the output is written before it is moved. */
START_TEST(a_pipe_in_the_way_is_replaced)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	char	   *folder = gen_folder_new();
	char	   *output = gen_folder_new();
	char	   *err;

	gen_folder_write(folder, &fine);
	make_pipe(output, "history.c.new");
	ck_assert_int_eq(gen_generate(folder, output, NULL, &err), 0);
	ck_assert_str_eq(err, "");
	mem_free(err);
	gen_folder_remove(folder);
	gen_folder_remove(output);
}
END_TEST

Suite *
gen_refused_folders_suite(void)
{
	Suite	   *suite = suite_create("gen_refused_folders");
	TCase	   *tcase = tcase_create("refusals");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, folders_are_refused, 0, (int) (sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_loop_test(tcase, snapshots_are_refused, 0, (int) (sizeof(snapshots) / sizeof(snapshots[0])));
	tcase_add_test(tcase, missing_files_are_refused);
	tcase_add_loop_test(tcase, pipes_are_refused, 0, (int) (sizeof(pipes) / sizeof(pipes[0])));
	tcase_add_test(tcase, a_pipe_in_the_way_is_replaced);
	suite_add_tcase(suite, tcase);
	return suite;
}
