/* The names of migrations' files. test_refused_folders.c tests folders. */
#include <string.h>

#include "folder.h"
#include "unit/suites.h"

#include "base/banned.h"

/* Folders themselves are in test_refused_folders.c; this is about names alone. */
struct name_case {
	const char *file;
	int			version;		/* -1: not a migration's name */
	const char *name;
};

static const struct name_case cases[] = {
	{"000_base.sql", 0, "base"},
	{"017_add_datafile_timestamp.sql", 17, "add_datafile_timestamp"},
	{"999_9.sql", 999, "9"},
	{"1000_a.sql", 1000, "a"},
	{"123456__.sql", 123456, "_"},
	{"17_a.sql", -1, NULL},
	{"0017_a.sql", -1, NULL},
	{"1234567_a.sql", -1, NULL},
	{"017.sql", -1, NULL},
	{"017_.sql", -1, NULL},
	{"017_A.sql", -1, NULL},
	{"017_a b.sql", -1, NULL},
	{"017_a-b.sql", -1, NULL},
	{"017-a.sql", -1, NULL},
	{"017_a.SQL", -1, NULL},
	{"017_a.sql.sql", -1, NULL},
	{"017_a", -1, NULL},
	{"a.sql", -1, NULL},
	{".sql", -1, NULL},
	{"", -1, NULL}
};

START_TEST(names_are_parsed)
{
	const struct name_case *one = &cases[_i];
	struct folder_entry entry;
	struct arena arena = {0};

	ck_assert_int_eq(folder_entry_parse(&arena, one->file, &entry), one->version >= 0);
	if (one->version >= 0) {
		ck_assert_int_eq(entry.version, one->version);
		ck_assert_str_eq(entry.name, one->name);
		ck_assert_str_eq(entry.file, one->file);
	}
	arena_clear(&arena);
}
END_TEST

Suite *
gen_folder_suite(void)
{
	Suite	   *suite = suite_create("gen_folder");
	TCase	   *tcase = tcase_create("folder");

	tcase_add_loop_test(tcase, names_are_parsed, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
