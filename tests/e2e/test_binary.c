/*
 * The file itself, and how make keeps it up to date.
 */
#include <check.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "json.h"
#include "mem.h"
#include "process.h"
#include "server.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

#define STRIPPED_LIMIT 7000000

/* Run a program on the executable; what it prints must have `text` in it. */
static void
expect_said(const char *const *argv, const char *text)
{
	struct process process;

	process_run(&process, argv, NULL);
	ck_assert_msg(strstr(process.out, text) || strstr(process.err, text), "%s does not say \"%s\":\n%s%s", argv[0],
				  text, process.out, process.err);
	process_clear(&process);
}

START_TEST(is_static)
{
	char	   *executable = tool_path();
	struct process process;

	process_run(&process, ARGS("readelf", "-W", "-l", "-d", "-h", executable), NULL);
	ck_assert_int_eq(process.status, 0);
	/* Position-independent, hardened, and without a loader or libraries to load. */
	ck_assert_ptr_nonnull(strstr(process.out, "DYN (Position-Independent Executable file)"));
	ck_assert_ptr_nonnull(strstr(process.out, "GNU_RELRO"));
	ck_assert_ptr_nonnull(strstr(process.out, "NOW"));
	ck_assert_ptr_null(strstr(process.out, "INTERP"));
	ck_assert_ptr_null(strstr(process.out, "NEEDED"));
	ck_assert_ptr_null(strstr(process.out, "RWE"));
	process_clear(&process);
	mem_free(executable);
}
END_TEST

START_TEST(ldd_finds_nothing)
{
	char	   *executable = tool_path();

	expect_said(ARGS("ldd", executable), "statically linked");
	mem_free(executable);
}
END_TEST

START_TEST(is_small)
{
	char	   *executable = tool_path();
	char	   *stripped = mem_format("%s/stripped", server_main()->directory);
	struct stat status;

	process_must(ARGS("strip", "-o", stripped, executable), NULL);
	ck_assert_int_eq(stat(stripped, &status), 0);
	ck_assert_int_lt(status.st_size, STRIPPED_LIMIT);
	expect_said(ARGS(stripped, "version"), "39");
	mem_free(stripped);
	mem_free(executable);
}
END_TEST

/* Each once, in order, with a version; tests/libraries.sh holds them against what is linked in. */
START_TEST(says_what_is_linked_in)
{
	json_t	   *json = json_run(NULL, "version", 0);
	const json_t *libraries = json_object_get(json, "libraries");
	const json_t *library;
	const char *last = "";
	size_t		i;

	ck_assert_uint_ge(json_array_size(libraries), 5);
	json_array_foreach(libraries, i, library) {
		const char *name = json_string_value(json_object_get(library, "name"));
		const char *version = json_string_value(json_object_get(library, "version"));

		ck_assert_ptr_nonnull(name);
		ck_assert_str_lt(last, name);
		ck_assert_ptr_nonnull(version);
		ck_assert_ptr_nonnull(strpbrk(version, "0123456789"));
		last = name;
	}
	json_decref(json);
}
END_TEST

/* A folder of migrations to change, and what is built from it. */
struct workshop {
	char	   *folder;
	char	   *migrations;
	char	   *executable;
	int			lock;
};

static void
workshop_open(struct workshop *workshop)
{
	workshop->folder = build_folder("workshop");
	workshop->migrations = mem_format("%s/migrations", workshop->folder);
	workshop->executable = mem_format("%s/fitsdb-schema", workshop->folder);
	workshop->lock = build_lock(workshop->folder);
	process_must(ARGS("rm", "-rf", workshop->migrations), NULL);
	process_must(ARGS("mkdir", "-p", workshop->folder), NULL);
	process_must(ARGS("cp", "-r", "tests/e2e/trouble", workshop->migrations), NULL);
}

static void
workshop_close(struct workshop *workshop)
{
	build_unlock(workshop->lock);
	mem_free(workshop->executable);
	mem_free(workshop->migrations);
	mem_free(workshop->folder);
}

static void
workshop_make(const struct workshop *workshop)
{
	struct process process;

	build_make(&process, workshop->migrations, workshop->folder);
	ck_assert_msg(process.status == 0, "make failed:\n%s%s", process.out, process.err);
	process_clear(&process);
}

static void
workshop_expect(const struct workshop *workshop, const char *command, const char *argument, int status, const char *out)
{
	struct process process;

	workshop_make(workshop);
	tool_run_with(&process, workshop->executable, NULL, ARGS(command, argument), NULL);
	tool_wrote(&process, status, out, status == 0 ? NULL : "error: ");
	process_clear(&process);
}

static void
workshop_move(const struct workshop *workshop, const char *from, const char *to)
{
	char	   *old = mem_format("%s/%s", workshop->migrations, from);
	char	   *new = mem_format("%s/%s", workshop->migrations, to);

	process_must(ARGS("mv", old, new), NULL);
	mem_free(new);
	mem_free(old);
}

START_TEST(make_notices_changes)
{
	struct workshop workshop;
	char	   *file;

	workshop_open(&workshop);
	workshop_expect(&workshop, "version", NULL, 0, "10");
	workshop_expect(&workshop, "show", "11", 3, NULL);

	file = mem_format("%s/011_add_more.sql", workshop.migrations);
	process_must(ARGS("cp", "tests/e2e/trouble/001_add_size.sql", file), NULL);
	workshop_expect(&workshop, "show", "11", 0, "ADD COLUMN IF NOT EXISTS size integer");

	process_must(ARGS("sed", "-i", "s/size integer/size bigint/", file), NULL);
	workshop_expect(&workshop, "show", "11", 0, "ADD COLUMN IF NOT EXISTS size bigint");

	workshop_move(&workshop, "011_add_more.sql", "011_add_even_more.sql");
	workshop_expect(&workshop, "show", "11", 0, "size bigint");

	workshop_move(&workshop, "011_add_even_more.sql", "../011.sql");
	workshop_expect(&workshop, "show", "11", 3, NULL);
	workshop_expect(&workshop, "show", "10", 0, "pg_sleep");
	mem_free(file);
	workshop_close(&workshop);
}
END_TEST

START_TEST(second_make_does_nothing)
{
	struct workshop workshop;
	struct process process;
	struct stat before;
	struct stat after;

	workshop_open(&workshop);
	workshop_make(&workshop);
	ck_assert_int_eq(stat(workshop.executable, &before), 0);
	build_make(&process, workshop.migrations, workshop.folder);
	ck_assert_int_eq(process.status, 0);
	ck_assert_msg(strstr(process.out, "Nothing to be done") || *process.out == '\0', "make did something:\n%s",
				  process.out);
	process_clear(&process);
	ck_assert_int_eq(stat(workshop.executable, &after), 0);
	ck_assert(before.st_mtim.tv_sec == after.st_mtim.tv_sec && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	workshop_close(&workshop);
}
END_TEST

START_TEST(bad_migration_fails_the_build)
{
	struct workshop workshop;
	struct process process;

	workshop_open(&workshop);
	workshop_move(&workshop, "002_add_colours.sql", "012_add_colours.sql");
	build_make(&process, workshop.migrations, workshop.folder);
	ck_assert_int_ne(process.status, 0);
	ck_assert_ptr_nonnull(strstr(process.err, "003_add_name_index.sql"));
	process_clear(&process);
	/* Nor does the next make take what the failed one has left. */
	build_make(&process, workshop.migrations, workshop.folder);
	ck_assert_int_ne(process.status, 0);
	process_clear(&process);
	workshop_close(&workshop);
}
END_TEST

Suite *
binary_suite(void)
{
	Suite	   *suite = suite_create("binary");
	TCase	   *file = tcase_create("file");
	TCase	   *tcase = tcase_create("make");

	/* Other builds, as "make asan" has them, are not so. */
	tcase_add_unchecked_fixture(file, server_setup, NULL);
	tcase_set_tags(file, "static");
	tcase_add_test(file, is_static);
	tcase_add_test(file, ldd_finds_nothing);
	tcase_add_test(file, is_small);
	tcase_add_test(file, says_what_is_linked_in);
	suite_add_tcase(suite, file);
	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, second_make_does_nothing);
	tcase_add_test(tcase, make_notices_changes);
	tcase_add_test(tcase, bad_migration_fails_the_build);
	suite_add_tcase(suite, tcase);
	return suite;
}
