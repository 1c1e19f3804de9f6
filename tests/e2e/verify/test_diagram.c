/* The schema as a picture, without a server: it is complete, changes are marked, and the picture in docs is current. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/csv.h"
#include "support/process.h"
#include "support/tool.h"

#include "base/banned.h"

/* A picture, and the number of expected parts. */
struct seen {
	const char *text;
	const char *table;			/* the start of the last column's part */
	size_t		count;
};

static size_t
count(const char *text, const char *part)
{
	size_t		found = 0;

	while ((text = strstr(text, part)) != NULL) {
		found++;
		text += strlen(part);
	}
	return found;
}

static void
expect_text(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "there is no %s in %s", part, text);
}

static void
find_column(const char *const field[CSV_FIELDS], void *context)
{
	struct seen *seen = context;
	char	   *table = mem_format("\t\t\"%s\" [label=<<TABLE ", field[0]);
	char	   *port = mem_format(" PORT=\"c_%s\" ", field[2]);
	char	   *name = mem_format(">%s</U> ", field[2]);
	const char *begin = strstr(seen->text, table);
	const char *column = begin ? strstr(begin, port) : NULL;
	const char *end = begin ? strstr(begin, "</TABLE>>];") : NULL;
	const char *row_end = column ? strstr(column, "</TD></TR>") : NULL;
	const char *rule = column ? strstr(column, " not null<") : NULL;
	const char *primary = column ? strstr(column, name) : NULL;

	ck_assert_msg(column && column < end, "there is no %s.%s", field[0], field[2]);
	/* Columns of the primary key need not be marked NOT NULL. */
	if (!primary || primary > row_end)
		ck_assert_msg((rule && rule < row_end) == (strcmp(field[4], "no") == 0), "%s.%s", field[0], field[2]);
	seen->count += begin != seen->table;
	seen->table = begin;
	mem_free(table);
	mem_free(port);
	mem_free(name);
}

static void
find_key(const char *const field[CSV_FIELDS], void *context)
{
	struct seen *seen = context;
	bool		own = strcmp(field[0], field[4]) == 0;
	char	   *arrow = mem_format("\t\"%s\":\"c_%s\":%s -> \"%s\":\"c_%s\":e [color=", field[0], field[3],
								   own ? "e" : "w", field[4], field[5]);

	if (strcmp(field[2], "foreign key") == 0) {
		expect_text(seen->text, arrow);
		seen->count++;
	}
	mem_free(arrow);
}

static void
find_primary(const char *const field[CSV_FIELDS], void *context)
{
	struct seen *seen = context;

	if (strcmp(field[2], "primary key") == 0)
		seen->count += 1 + count(field[3], ",");
}

static void
find_label(const char *const field[CSV_FIELDS], void *context)
{
	struct seen *seen = context;
	char	   *name = mem_format("\t\t\"%s\" [label=<<TABLE ", field[0]);
	const char *begin = strstr(seen->text, name);
	const char *label = begin ? strstr(begin, field[1]) : NULL;
	const char *end = begin ? strstr(begin, "</TABLE>>];") : NULL;

	ck_assert_msg(label && label < end, "there is no %s.%s", field[0], field[1]);
	seen->count += begin != seen->table;
	seen->table = begin;
	mem_free(name);
}

/* Graphviz accepts it without a message, if it is installed. */
static void
expect_understood(const char *text)
{
	struct process process;

	process_run(&process, (const char *const[]) {"env", "dot", "-Tsvg", NULL},
				&(struct process_options) {.input = text});
	if (process.status != 127) {
		ck_assert_msg(process.status == 0 && process.err[0] == '\0', "%d: %s", process.status, process.err);
		expect_text(process.out, "</svg>");
		expect_text(process.out, ">diskfile<");
	}
	process_clear(&process);
}

START_TEST(all_is_there)
{
	struct process process;
	struct seen tables;
	struct seen keys;
	struct seen primary = {0};
	struct seen enums;

	tool_run(&process, NULL, ARGS("diagram", "37"));
	tool_wrote(&process, 0, "digraph schema {\nfitsdata, schema version 37", NULL);
	tables = keys = enums = (struct seen) {.text = process.out};
	csv_read("tests/facts/v037/columns.csv", 6, find_column, &tables);
	csv_read("tests/facts/v037/constraints.csv", 6, find_key, &keys);
	csv_read("tests/facts/v037/constraints.csv", 6, find_primary, &primary);
	csv_read("tests/facts/v037/enums.csv", 3, find_label, &enums);
	ck_assert_uint_gt(tables.count, 50);
	ck_assert_uint_eq(count(process.out, "\" [label=<<TABLE "), tables.count + enums.count);
	ck_assert_uint_gt(enums.count, 20);
	ck_assert_uint_gt(keys.count, 40);
	ck_assert_uint_eq(count(process.out, " -> ") - count(process.out, "[style=invis]"), keys.count);
	ck_assert_uint_eq(count(process.out, " primary key</FONT>"), primary.count);
	expect_text(process.out, "<B>telescope</B></TD></TR>\n"
				"\t\t\t<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\">Gemini-North, Gemini-South</TD></TR>");
	expect_understood(process.out);
	process_clear(&process);
}
END_TEST

static const struct {
	const char *from;
	const char *to;
	const char *says;
}			changes[] = {
	{"36", "37", "from schema version 36 to 37\n<BR/>column: + 8 ~ 2<\n(not drawn)\n~ <B>exportqueue</B>\n"
	"+ <B>md5_before_header</B> \n~ <I>data_size</I> <FONT COLOR=\"#5a6470\">integer → bigint<\n"
	"\t\t\t<TR><TD BGCOLOR=\"#d8e2ec\"><B>header</B></TD></TR>\n\t\t</TABLE>"},
	{"32", "33", "<BR/>label: + 2>;\n~ <B>caltype</B>\n+ <B>bpm</B>,\n+ <B>processed_bpm</B>"},
	{"29", "30", "+ <B>ghost</B>\n+ <B><U>id</U></B> \n\"ghost\":\"c_header_id\":w -> \"header\" [\nlabel=\"added\"\n"
	"<BR/>table: + 1<\n<BR/>foreign key: + 1<\n+ <B>ghost_resolution</B>"},
	{"30", "29", "- <B>ghost</B>\n- <S><U>id</U></S> \n\"ghost\":\"c_header_id\":w -> \"header\" [\nlabel=\"removed\"\n"
	"<BR/>table: - 1<\n<BR/>foreign key: - 1<\n- <B>ghost_resolution</B>"},
	{"37", "39", "from schema version 37 to 39: no differences</FONT><BR/>+ added, - removed, ~ changed>;"},
};

START_TEST(changes_are_marked)
{
	struct process process;

	tool_run(&process, NULL, ARGS("diagram", changes[_i].from, changes[_i].to));
	tool_wrote(&process, 0, changes[_i].says, NULL);
	expect_understood(process.out);
	process_clear(&process);
}
END_TEST

static const struct {
	const char *arguments[5];
	const char *says;
}			mistakes[] = {
	{{"diagram", "x"}, "error: \"x\" is not a schema version"},
	{{"diagram", "40"}, "error: there is no version 40 in this build\nhint: It has versions 0 to 39, and releases: 2023-01."},
	{{"diagram", "1", "40"}, "error: there is no version 40 in this build"},
	{{"diagram", "33", "-x"}, "error: unknown option: -x"},
	{{"diagram", "33", "x"}, "error: \"x\" is not a schema version"},
	{{"diagram", "33", "33"}, "error: the two versions are the same: 33\nhint: Give one version"},
	{{"diagram", "1", "2", "3"}, "error: command \"diagram\" takes no argument \"3\""},
	{{"diagram", "--json"}, "error: command \"diagram\" takes no option --json"},
	{{"diagram", "--shadow=x"}, "error: unknown option: --shadow"},
	{{"diagram", "1", "postgresql:///x"}, "error: command \"diagram\" takes no option --dbname"},
};

START_TEST(mistakes_are_reported)
{
	tool_expect(NULL, mistakes[_i].arguments, 3, NULL, mistakes[_i].says);
}
END_TEST

/* The test's own histories have no SCHEMA. */
START_TEST(schema_is_not_known)
{
	build_run("steps");
	tool_expect(NULL, ARGS("diagram"), 3, NULL, "error: this build does not have the schemas of its versions\n"
				"hint: In the source tree, run \"make schema\", then build again.");
	build_end();
}
END_TEST

static char *
read_file(const char *path)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	FILE	   *file = fopen(path, "r");

	ck_assert_msg(file != NULL, "%s cannot be read", path);
	for (int c; (c = getc(file)) != EOF;)
		putc(c, stream);
	fclose(file);
	mem_stream_close(stream);
	return text;
}

START_TEST(docs_have_the_current_one)
{
	struct process process;
	char	   *picture = read_file("docs/schema.svg");
	char	   *build = tool_beside("fitsdb-schema");
	char		sum[SHA256_SIZE];

	tool_run_with(&process, build, NULL, ARGS("diagram"), NULL);
	tool_wrote(&process, 0, "", NULL);
	sha256_hex(process.out, strlen(process.out), sum);
	ck_assert_msg(strstr(picture, sum) != NULL, "docs/schema.svg is out of date: run \"make docs\"");
	process_clear(&process);
	mem_free(build);
	mem_free(picture);
}
END_TEST

Suite *
diagram_suite(void)
{
	Suite	   *suite = suite_create("diagram");
	TCase	   *tcase = tcase_create("diagram");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, all_is_there);
	tcase_add_loop_test(tcase, changes_are_marked, 0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_loop_test(tcase, mistakes_are_reported, 0, sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(tcase, schema_is_not_known);
	tcase_add_test(tcase, docs_have_the_current_one);
	suite_add_tcase(suite, tcase);
	return suite;
}
