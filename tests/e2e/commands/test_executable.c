/*
 * The file: static, hardened and small. tests/make.sh tests the build.
 */
#include <check.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/json.h"
#include "support/latest.h"
#include "support/process.h"
#include "support/server.h"
#include "support/tool.h"

#include "base/banned.h"

#define STRIPPED_LIMIT 7500000

/* Run a program on the executable; its output must contain `text`. */
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

/* It creates no database; a hint for people has the words. */
START_TEST(creates_no_database)
{
	char	   *executable = tool_path();
	struct process process;

	process_run(&process, ARGS("grep", "-a", "-o", "CREATE DATABASE.\\{0,12\\}", executable), NULL);
	ck_assert_str_eq(process.out, "CREATE DATABASE %I OWNER %I\n");
	process_clear(&process);
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
	expect_said(ARGS(stripped, "version"), latest_number());
	mem_free(stripped);
	mem_free(executable);
}
END_TEST

/* Each once, in order, with a version. tests/libraries.sh compares them with the link. */
START_TEST(prints_the_linked_libraries)
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

Suite *
executable_suite(void)
{
	Suite	   *suite = suite_create("executable");
	TCase	   *file = tcase_create("file");

	/* Not for instrumented builds, such as "make asan". */
	tcase_add_unchecked_fixture(file, server_setup, NULL);
	tcase_set_tags(file, "static");
	tcase_add_test(file, is_static);
	tcase_add_test(file, ldd_finds_nothing);
	tcase_add_test(file, creates_no_database);
	tcase_add_test(file, is_small);
	tcase_add_test(file, prints_the_linked_libraries);
	suite_add_tcase(suite, file);
	return suite;
}
