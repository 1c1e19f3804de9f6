/* SCHEMA and SETTINGS in a folder of migrations: what the generator refuses, and what it compiles in. */
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define FINE "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"
#define FINE_SUM "77feb01458ace166fd358f2d713a3d1e4b2634d8d67cf38782857f1c891c83b0"
#define WRONG_SUM "0000000000000000000000000000000000000000000000000000000000000000"
#define VERSION_0 "version 0 a " FINE_SUM "\n"

struct text_case {
	const char *text;
	const char *errors;			/* "": it is taken */
};

static const struct text_case schemas[] = {
	{VERSION_0 "+ table t\n+ column t.a\tinteger\tnot null\n", ""},
	{"-- head\n\n" VERSION_0, ""},
	{VERSION_0 "+10,15 view v\t1/2\n+18 view v\t3/2\n~10 table t\nneeds table x\n", "s:4: this fact exists already\n"},
	{VERSION_0 "+15,18 function f()\tx\n~10 function f()\nleaves label t.a\tafter: b\nrepeatable\n", ""},
	{VERSION_0 "measured 10,15\n!15 2:1 t\tlock: SHARE\n! 2:1 -\tunmeasured\n", ""},
	{VERSION_0 "measured 9\n", "s:2: the servers are not 10, 11, 12, 15 or 18\n"},
	{VERSION_0 "!13 2:1 t\tlock: SHARE\n", "s:2: the servers are not 10, 11, 12, 15 or 18\n"},
	{VERSION_0 "! 2 t\tscanned\n", "s:2: a line \"! LINE:COLUMN TABLE\" is incomplete\n"},
	{VERSION_0 "! 2:1 t\n", "s:2: a line \"! LINE:COLUMN TABLE\" is incomplete\n"},
	{VERSION_0 "! 2:1 t\tlock: WEAK\n", "s:2: these are not effects of a statement\n"},
	{VERSION_0 "! 2:1 t\trenamed: u\n", "s:2: these are not effects of a statement\n"},
	{VERSION_0 "! 2:1 -\tscanned\n", "s:2: these are not effects of a statement\n"},
	{VERSION_0 "! 2:2 t\tscanned\n", "s:2: no statement of 000_a.sql begins at line 2, column 2\n"},
	{VERSION_0 "drops column t.a\ndown empties table t\nrenames table t\tto: u\ndrops unknown\ndown drops unknown\n",
	""},
	{VERSION_0 "+ table t\ndown 1 - table t\ndown 1 + table u\tx\n", ""},
	{VERSION_0 "down 2 - table t\n", "s:2: the down of 000_a.sql has no statement 2\n"},
	{VERSION_0 "down needs table t\n", "s:2: a line of an unknown kind\n"},
	{VERSION_0 "down drops chair t\n", "s:2: this is not a fact\n"},
	{"+ table t\n", "s:1: a line \"version\" is missing before this line\n"},
	{"version 0 a\n", "s:1: a line \"version NUMBER NAME CHECKSUM\" is incomplete\n"},
	{"version 1 a " FINE_SUM "\n", "s:1: the version is not the one after the last\n"},
	{VERSION_0 "+ chair c\n", "s:2: this is not a fact\n"},
	{VERSION_0 "+11 table t\n", "s:2: the servers are not 10, 15 or 18\n"},
	{VERSION_0 "- table t\n", "s:2: this fact does not exist in the version before\n"},
	{VERSION_0 "needs\n", "s:2: a line of an unknown kind\n"},
	{VERSION_0 VERSION_0, "s:3: the version is not the one after the last\n"},
	{VERSION_0 "version 1 b " FINE_SUM "\n", "s:3: there is no migration 1\n"},
	{"version 0 a " WRONG_SUM "\n", "s:1: 000_a.sql was changed after this schema was made\n"},
	{"version 0 b " FINE_SUM "\n", "s:1: 000_a.sql was changed after this schema was made\n"},
	{"grants " FINE_SUM "\n" VERSION_0, "s:1: grants.sql was changed after this schema was made\n"},
	{"-- nothing\n", "s:2: the schema of version 0 is missing\n"},
	{"", "s:1: empty file\n"}
};

START_TEST(a_schema_is_checked)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	char	   *folder = gen_folder_new();
	char	   *output = gen_folder_new();
	char	   *option = mem_format("--schema=%s/s", output);
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &fine);
	gen_folder_schema(output, "s", schemas[_i].text);
	ck_assert_int_eq(gen_generate_with(folder, output, option, &err), schemas[_i].errors[0] ? 1 : 0);
	errors = gen_errors(err, output);
	ck_assert_str_eq(errors, schemas[_i].errors);
	mem_free(errors);
	mem_free(err);
	mem_free(option);
	gen_folder_remove(folder);
	gen_folder_remove(output);
}
END_TEST

/* Lines that are taken out of a SCHEMA by hand, changed, moved or added. */
#define SUMMED VERSION_0 "+ table t\nmeasured\nversion 1 b " FINE_SUM "\n+ table u\nmeasured\n! 2:1 t\ttruncated\n"

static const struct {
	const char *line;			/* it is looked for, and */
	const char *by;				/* replaced */
	const char *errors;
}			edits[] = {
	{"! 2:1 t\ttruncated\n", "", "SCHEMA:5: the lines of version 1 were changed by hand or by a merge\n"},
	{"+ table t\n", "", "SCHEMA:1: the lines of version 0 were changed by hand or by a merge\n"},
	{"+ table u\n", "+ table v\n", "SCHEMA:5: the lines of version 1 were changed by hand or by a merge\n"},
	{"+ table u\n", "+ table u\n-- a comment\n",
	"SCHEMA:5: the lines of version 1 were changed by hand or by a merge\n"},
	{"checksum ", "-- ", "SCHEMA:1: version 0 has no checksum\n"},
	{"checksum ", "checksum 1", "SCHEMA:1: the lines of version 0 were changed by hand or by a merge\n"},
	{"version 1", "+ table v\nversion 1", "SCHEMA:5: a line follows the checksum of its version\n"},
	{"version 1", "\n-- head\n\nversion 1", "001_b.sql:2: truncate: t is truncated\n"}
};

START_TEST(edited_lines_are_noticed)
{
	const struct gen_file files[] = {{"000_a.sql", FINE, 0}, {"001_b.sql", FINE, 0}};
	char	   *folder = gen_folder_new();
	char	   *option = mem_format("--schema=%s/SCHEMA", folder);
	char	   *text;
	char	   *at;
	char	   *edited;
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &files[0]);
	gen_folder_write(folder, &files[1]);
	gen_folder_schema(folder, "SCHEMA", SUMMED);
	text = gen_folder_read(folder, "SCHEMA");
	at = strstr(text, edits[_i].line);
	edited = mem_format("%.*s%s%s", (int) (at - text), text, edits[_i].by,
						at + strlen(edits[_i].line));
	gen_folder_write(folder, &(struct gen_file) {"SCHEMA", edited, 0});
	ck_assert_int_eq(gen_generate_with(folder, folder, option, &err), 1);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, edits[_i].errors);
	mem_free(errors);
	mem_free(err);
	mem_free(edited);
	mem_free(text);
	mem_free(option);
	gen_folder_remove(folder);
}
END_TEST

/* The name of a table, as SCHEMA has it and as JSON and C have it: "a\b" with a tab and a control character. */
#define DROPS \
	VERSION_0 "needs table x\ndrops column t.a\nrenames table \"a\\\\b\\t\1\"\tto: u\nleaves label t.x\n" \
	"down drops table t\ndown empties table u\n"

static const struct text_case drops[] = {
	{VERSION_0, "\n\t\"[]\\0\"\n\t\"[]\\0\";\n"},
	{DROPS, "\n\t\"[\\\"drops column t.a\\\","
	"\\\"renames table \\\\\\\"a\\\\\\\\\\\\\\\\b\\\\\\\\t\\\\u0001\\\\\\\"\\\\tto: u\\\"]\\0\"\n"
	"\t\"[\\\"drops table t\\\",\\\"empties table u\\\"]\\0\";\n"},
	{DROPS "drops unknown\n", ".up_drops = 0, .down_drops = 142, "},
	{DROPS "drops unknown\ndown drops unknown\n", ".up_drops = 0, .down_drops = 0, "}
};

/* What is dropped is compiled in, unless it is not known. */
START_TEST(drops_are_compiled_in)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	char	   *folder = gen_folder_new();
	char	   *option = mem_format("--schema=%s/SCHEMA", folder);
	char	   *err;
	char	   *text;

	gen_folder_write(folder, &fine);
	gen_folder_schema(folder, "SCHEMA", drops[_i].text);
	ck_assert_int_eq(gen_generate_with(folder, folder, option, &err), 0);
	text = gen_folder_read(folder, "history.c");
	ck_assert_msg(strstr(text, drops[_i].errors) != NULL, "%s", text);
	mem_free(text);
	mem_free(err);
	mem_free(option);
	gen_folder_remove(folder);
}
END_TEST

static const struct text_case settings[] = {
	{"-- a comment\n\nrelease 2020-02: 0\nignore from 7 * old.*: made and moved away\n"
	"ignore * retired.*: moved away\nrelease 3.0: 0, runs on 0 to 1\n"
	"ignore materialized view usage_*: statistics\nrelease v3.1_b: 1\n"
	"rewrite 1: 4.2 us a row: a \"small\" machine\n", ""},
	{"rewrite 0: 19\n", "SETTINGS:1: not the form of a rewrite\n"},
	{"rewrite 0: us a row: here\n", "SETTINGS:1: not the form of a rewrite\n"},
	{"rewrite 0: 1.2 us a row: \n", "SETTINGS:1: not the form of a rewrite\n"},
	{"rewrite 0: -1 us a row: here\n", "SETTINGS:1: not the form of a rewrite\n"},
	{"rewrite 0: 1e7 us a row: here\n", "SETTINGS:1: not the form of a rewrite\n"},
	{"rewrite 2: 1 us a row: here\n", "SETTINGS:1: there is no version 2\n"},
	{"rewrite 1: 1 us a row: here\nrewrite 1: 2 us a row: here\n",
	"SETTINGS:2: the rewrite of version 1 is named twice\n"},
	{"ignore from 0 * x.*: why\n", "SETTINGS:1: unknown kind of object\n"},
	{"ignore from x * x.*: why\n", "SETTINGS:1: unknown kind of object\n"},
	{"ignore * x\n", "SETTINGS:1: an ignored object without a reason\n"},
	{"ignore * x: \n", "SETTINGS:1: an ignored object without a reason\n"},
	{"ignore * *: all\n", "SETTINGS:1: this would ignore every object\n"},
	{"ignore table *: why\nignore type a[A-Z]\"B\": why\nignore table My_Notes: why\n",
	"SETTINGS:3: a capital letter without quotes matches no object\n"},
	{"ignore chair x: why\n", "SETTINGS:1: unknown kind of object\n"},
	{"\nforget * x: why\n", "SETTINGS:2: unknown setting\n"},
	{"release 3.0 54\n", "SETTINGS:1: not the form of a release\n"},
	{"release : 0\n", "SETTINGS:1: not the form of a release\n"},
	{"release 3.0:\n", "SETTINGS:1: not the form of a release\n"},
	{"release 3.0: x\n", "SETTINGS:1: not the form of a release\n"},
	{"release 3.0: 0 1\n", "SETTINGS:1: not the form of a release\n"},
	{"release 3.0: 0, runs on 0\n", "SETTINGS:1: not the form of a release\n"},
	{"release 3.0: 0, runs on 0 to 1 or so\n", "SETTINGS:1: not the form of a release\n"},
	{"release 30: 0\n", "SETTINGS:1: \"30\" cannot be the name of a release\n"},
	{"release latest: 0\n", "SETTINGS:1: \"latest\" cannot be the name of a release\n"},
	{"release -3.0: 0\n", "SETTINGS:1: \"-3.0\" cannot be the name of a release\n"},
	{"release 3:0: 0\n", "SETTINGS:1: \"3:0\" cannot be the name of a release\n"},
	{"release 3.0: 2\n", "SETTINGS:1: there is no version 2\n"},
	{"release 3.0: 99999999999999999999\n", "SETTINGS:1: not the form of a release\n"},
	{"release 3.0: 0, runs on 0 to 2\n", "SETTINGS:1: there is no version 2\n"},
	{"release 3.0: 0, runs on 1 to 1\n", "SETTINGS:1: version 0 is not among those that release 3.0 runs on\n"},
	{"release 3.0: 1, runs on 0 to 0\n", "SETTINGS:1: version 1 is not among those that release 3.0 runs on\n"},
	{"release 3.0: 1\n\nrelease 3.0: 1\n", "SETTINGS:3: release 3.0 is named twice\n"},
	{"release 3.0: 1\nrelease 3.1: 0\n", "SETTINGS:2: release 3.1 has a lower version than release 3.0\n"}
};

START_TEST(settings_are_checked)
{
	const struct gen_file files[] = {{"000_a.sql", FINE, 0}, {"001_b.sql", FINE, 0}, {"SETTINGS", settings[_i].text, 0}};
	char	   *folder = gen_folder_new();
	char	   *err;
	char	   *errors;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		gen_folder_write(folder, &files[i]);
	ck_assert_int_eq(gen_generate(folder, folder, NULL, &err), settings[_i].errors[0] ? 1 : 0);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, settings[_i].errors);
	if (!settings[_i].errors[0]) {
		char	   *text = gen_folder_read(folder, "history.c");

		ck_assert_ptr_nonnull(strstr(text, "\t{.kind = \"*\", .name = \"retired.*\", .reason = \"moved away\"},\n"
									 "\t{.kind = \"materialized view\", .name = \"usage_*\", .reason = "));
		ck_assert_ptr_nonnull(strstr(text, "\t{.name = \"2020-02\", .version = 0, .first = 0, .last = 0},\n"
									 "\t{.name = \"3.0\", .version = 0, .first = 0, .last = 1},\n"
									 "\t{.name = \"v3.1_b\", .version = 1, .first = 1, .last = 1},\n"));
		ck_assert_ptr_nonnull(strstr(text, "\t{.version = 1, .microseconds = 4.2, .where = \"a \\\"small\\\" machine\"},"));
		mem_free(text);
	}
	mem_free(errors);
	mem_free(err);
	gen_folder_remove(folder);
}
END_TEST

#define IGNORED VERSION_0 "+ table t\n+ column t.a\tinteger\n"

/* What the schema has cannot be ignored. */
static const struct text_case ignored[] = {
	{"ignore table u: why\n", ""},
	{"ignore view t: why\n", ""},
	{"-- why\nignore table u: why\n\nignore table [t] : why\n",
	"SETTINGS:4: this would ignore table t of the schema\n"},
	{"ignore * t.*: why\n", "SETTINGS:1: this would ignore column t.a of the schema\n"},
	{"ignore from 1 * t.*: why\n", "SETTINGS:1: this would ignore column t.a of the schema\n"}
};

START_TEST(the_schema_is_not_ignored)
{
	const struct gen_file files[] = {{"000_a.sql", FINE, 0}, {"SETTINGS", ignored[_i].text, 0}};
	char	   *folder = gen_folder_new();
	char	   *option = mem_format("--schema=%s/SCHEMA", folder);
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &files[0]);
	gen_folder_write(folder, &files[1]);
	gen_folder_schema(folder, "SCHEMA", IGNORED);
	ck_assert_int_eq(gen_generate_with(folder, folder, option, &err), ignored[_i].errors[0] ? 1 : 0);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, ignored[_i].errors);
	mem_free(errors);
	mem_free(err);
	mem_free(option);
	gen_folder_remove(folder);
}
END_TEST

/* Sealed is only what is known of all servers. */
static const struct text_case known[] = {
	{VERSION_0 "+ table t\n+10,15 view v\t1/2\n+18 view v\t3/2\n+15,18 table u\n~10 table u\n", ""},
	{VERSION_0 "+ table t\n+15 view v\t1/2\n", "SCHEMA:3: it is not known how all servers print this\n"}
};

START_TEST(seals_need_all_servers)
{
	static const struct gen_file fine = {"000_a.sql", FINE, 0};
	char	   *folder = gen_folder_new();
	char	   *option = mem_format("--schema=%s/SCHEMA", folder);
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &fine);
	gen_folder_schema(folder, "SCHEMA", known[_i].text);
	ck_assert_int_eq(gen_seal_with(folder, option, &err), known[_i].errors[0] ? 1 : 0);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, known[_i].errors);
	mem_free(errors);
	errors = gen_folder_read(folder, "SHA256SUMS");
	ck_assert_int_eq(!errors, known[_i].errors[0] != '\0');
	mem_free(errors);
	mem_free(err);
	mem_free(option);
	gen_folder_remove(folder);
}
END_TEST

Suite *
gen_schema_file_suite(void)
{
	Suite	   *suite = suite_create("gen_schema_file");
	TCase	   *tcase = tcase_create("files");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_schema_is_checked, 0, (int) (sizeof(schemas) / sizeof(schemas[0])));
	tcase_add_loop_test(tcase, edited_lines_are_noticed, 0, (int) (sizeof(edits) / sizeof(edits[0])));
	tcase_add_loop_test(tcase, drops_are_compiled_in, 0, (int) (sizeof(drops) / sizeof(drops[0])));
	tcase_add_loop_test(tcase, settings_are_checked, 0, (int) (sizeof(settings) / sizeof(settings[0])));
	tcase_add_loop_test(tcase, the_schema_is_not_ignored, 0, (int) (sizeof(ignored) / sizeof(ignored[0])));
	tcase_add_loop_test(tcase, seals_need_all_servers, 0, (int) (sizeof(known) / sizeof(known[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
