/* Catalogs, and the diagrams drawn from them. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "schema/diagram.h"
#include "schema/diagram_groups.h"
#include "schema/diagram_text.h"
#include "unit/gen_run.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define TABLE(n) {.kind = FACT_TABLE,.name = (n),.values = {"table", "fitsdata"}}
#define COLUMN(t, n, type, null, at) \
	{.kind = FACT_COLUMN,.group = (t),.name = (n),.values = {(type), (null)},.position = (at)}
#define CONSTRAINT(t, n, what) {.kind = FACT_CONSTRAINT,.group = (t),.name = (n),.values = {what}}
#define REFERS(t, to) CONSTRAINT(t, t "_" to, "FOREIGN KEY (x) REFERENCES public." to "(id)")
#define ENUM(n) {.kind = FACT_TYPE,.name = (n),.values = {"enum", "fitsdata"}}
#define LABEL(t, n, at) {.kind = FACT_LABEL,.group = (t),.name = (n),.position = (at)}
#define INDEX(t, n) {.kind = FACT_INDEX,.group = (t),.name = (n),.values = {"btree (id)", "valid"}}

#define ROW(port, color, name, type) \
	"<TR><TD ALIGN=\"LEFT\" PORT=\"c_" port "\" BGCOLOR=\"" color "\">" name \
	" <FONT COLOR=\"#5a6470\">" type "</FONT></TD></TR>\n"

/* Nasty, and still a name for PostgreSQL. */
#define NASTY "a\"b<c>&amp;\\N\n:d\t\xc3\xa9 --"

static char *
draw(const struct given_fact *was, const struct given_fact *is)
{
	static const struct given_fact nothing[MOST_GIVEN];
	struct catalog catalogs[2];
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	given_facts_make(&catalogs[0], was ? was : nothing);
	given_facts_make(&catalogs[1], is);
	diagram_write(stream, "a & b", was ? &catalogs[0] : NULL, &catalogs[1]);
	mem_stream_close(stream);
	catalog_clear(&catalogs[0]);
	catalog_clear(&catalogs[1]);
	return text;
}

static const struct {
	struct given_fact was[MOST_GIVEN];
	struct given_fact is[MOST_GIVEN];
	bool		compared;
	const char *has[4];
	const char *lacks;
}			cases[] = {
	/* one schema */
	{{{0}}, {TABLE("t"), COLUMN("t", "id", "integer", "NOT NULL", 1), CONSTRAINT("t", "t_pkey", "PRIMARY KEY (x, id)")},
	false, {"\t\t\"t\" [label=<<TABLE ", ROW("id", "#ffffff", "<U>id</U>", "integer primary key"), "a &#38; b"},
	"added"},
	{{{0}}, {TABLE("t"), COLUMN("t", "c", "timestamp(0) without time zone", "NOT NULL", 1),
			COLUMN("t", "d", "public.obstype", "NULL", 2), COLUMN("t", "e", "character varying(20)", "NULL", 3)}, false,
	{ROW("c", "#ffffff", "c", "timestamp(0) not null"), ROW("d", "#ffffff", "d", "obstype"),
	ROW("e", "#ffffff", "e", "varchar(20)")}, "primary key"},
	{{{0}}, {ENUM("e"), LABEL("e", "b", 1), LABEL("e", "a", 2), LABEL("e", "", 3)}, false, {"<B>e</B>", ">b, a, ''<"},
	NULL},
	/* foreign keys: of two columns, to itself, to another schema */
	{{{0}}, {TABLE("a"), TABLE("b"), COLUMN("a", "x", "integer", "NULL", 1), COLUMN("b", "id", "integer", "NULL", 1),
			CONSTRAINT("a", "k", "FOREIGN KEY (x, y) REFERENCES public.b(id, z) ON DELETE CASCADE")}, false,
	{"\t\"a\":\"c_x\":w -> \"b\":\"c_id\":e [color="}, "fontcolor"},
	{{{0}}, {TABLE("a"), COLUMN("a", "x", "integer", "NULL", 1),
			CONSTRAINT("a", "k", "FOREIGN KEY (x) REFERENCES public.a(x)")}, false,
	{"\t\"a\":\"c_x\":e -> \"a\":\"c_x\":e [color="}, NULL},
	{{{0}}, {TABLE("a"), TABLE("b"), REFERS("a", "c"), CONSTRAINT("a", "k", "FOREIGN KEY (x) REFERENCES other.b(id)")},
	false,
	{"no foreign keys", "\"a\" [", "\"b\" ["}, " -> \"b"},
	/* what has changed: a table, a column, a key, an enum */
	{{TABLE("t")}, {TABLE("t"), TABLE("u"), COLUMN("u", "c", "integer", "NULL", 1)}, true,
	{"+ <B>u</B>", ROW("c", "#d9f2d9", "+ <B>c</B>", "integer"), "<BR/>table: + 1<BR/>column: + 1>"}, "+ <B>t</B>"},
	{{TABLE("t"), TABLE("u"), COLUMN("u", "c", "integer", "NULL", 1)},
		{TABLE("t"), COLUMN("t", "d", "integer", "NULL", 1)}, true,
	{"- <B>u</B>", ROW("c", "#f8dcdc", "- <S>c</S>", "integer"), "~ <B>t</B>", "<BR/>table: - 1<BR/>column: + 1 - 1>"},
	NULL},
	{{TABLE("t"), COLUMN("t", "c", "integer", "NULL", 1)}, {TABLE("t"), COLUMN("t", "c", "bigint", "NOT NULL", 4)},
	true,
	{"~ <B>t</B>", ROW("c", "#fff3c4", "~ <I>c</I>", "integer → bigint, NULL → NOT NULL"), "<BR/>column: ~ 1>"},
	"<B>c</B>"},
	{{TABLE("t"), COLUMN("t", "c", "integer", "NULL", 1)}, {TABLE("t"), COLUMN("t", "c", "integer", "NULL", 4)}, true,
	{"\"><B>t</B>", "\"t\" [label="}, "c_c"},
	{{TABLE("t"), TABLE("u")}, {TABLE("t"), TABLE("u"), REFERS("t", "u")}, true,
	{"~ <B>t</B>", "\"t\" -> \"u\" [color=\"#1a7f1a\"", "penwidth=2, label=\"added\"]", "<BR/>foreign key: + 1>"},
	"~ <B>u</B>"},
	{{TABLE("t"), TABLE("u"), REFERS("t", "u")}, {TABLE("t"), TABLE("u")}, true,
	{"~ <B>t</B>", "\"t\" -> \"u\" [color=\"#b02020\"", "style=dashed, label=\"removed\"]"}, NULL},
	{{ENUM("e"), ENUM("f"), LABEL("e", "a", 1)}, {ENUM("e"), ENUM("f"), LABEL("e", "z", 1), LABEL("e", "a", 2)}, true,
	{"~ <B>e</B>", ">+ <B>z</B>, a<", "<BR/>label: + 1>"}, "<B>f</B>"},
	/* what is not drawn is counted */
	{{TABLE("t")}, {TABLE("t"), INDEX("t", "i"), CONSTRAINT("t", "k", "UNIQUE (x)")}, true,
	{"<BR/>index: + 1 (not drawn)<BR/>other constraint: + 1 (not drawn)>"}, "~ <B>t</B>"},
};

START_TEST(test_drawn)
{
	char	   *text = draw(cases[_i].compared ? cases[_i].was : NULL, cases[_i].is);

	for (int i = 0; i < 4 && cases[_i].has[i]; i++)
		ck_assert_msg(strstr(text, cases[_i].has[i]) != NULL, "there is no %s in %s", cases[_i].has[i], text);
	if (cases[_i].lacks)
		ck_assert_msg(strstr(text, cases[_i].lacks) == NULL, "there is %s in %s", cases[_i].lacks, text);
	mem_free(text);
}
END_TEST

static const struct {
	const char *text;
	const char *label;
	const char *name;
	const char *port;
}			texts[] = {
	{"gmos_1", "gmos_1", "\"gmos_1\"", "c_gmos_1"},
	{"", "''", "\"\"", "c_"},
	{"a\"b", "a&#34;b", "\"a\\\"b\"", "c_a%22b"},
	{"<a>&b;", "&#60;a&#62;&#38;b;", "\"<a>&b;\"", "c_%3ca%3e%26b%3b"},
	{"a\\", "a&#92;&#8288;", "\"a\\\\\"", "c_a%5c"},
	{"a\\\"", "a&#92;&#8288;&#34;", "\"a\\\\\\\"\"", "c_a%5c%22"},
	{"a\nb\x01\x7f", "a\\nb\\x01\\x7f", "\"a\\nb\\x01\\x7f\"", "c_a%0ab%01%7f"},
	{"a\\nb", "a&#92;&#8288;nb", "\"a\\\\nb\"", "c_a%5cnb"},
	{"\xc3\xa9:w", "\xc3\xa9:w", "\"\xc3\xa9:w\"", "c_%c3%a9%3aw"},
};

static void
expect_text(void (*write) (FILE *stream, const char *text), const char *text, const char *expected)
{
	char	   *written;
	size_t		length;
	FILE	   *stream = mem_stream_open(&written, &length);

	write(stream, text);
	mem_stream_close(stream);
	ck_assert_str_eq(written, expected);
	mem_free(written);
}

START_TEST(test_text)
{
	expect_text(diagram_text_label, texts[_i].text, texts[_i].label);
	expect_text(diagram_text_name, texts[_i].text, texts[_i].name);
	expect_text(diagram_text_port, texts[_i].text, texts[_i].port);
}
END_TEST

static const struct given_fact nasty[MOST_GIVEN] = {
	TABLE(NASTY), TABLE("t\\"), COLUMN(NASTY, NASTY, NASTY, "NULL", 1), COLUMN("t\\", "\"", "integer", "NOT NULL", 1),
	CONSTRAINT("t\\", "k", "FOREIGN KEY (\"\"\"\", z) REFERENCES public.\"a\"\"b<c>&amp;\\N\n:d\t\xc3\xa9 --\""
			   "(\"a\"\"b<c>&amp;\\N\n:d\t\xc3\xa9 --\")"),
	CONSTRAINT(NASTY, "p", "PRIMARY KEY (id, \"a\"\"b<c>&amp;\\N\n:d\t\xc3\xa9 --\")"), ENUM("\\"),
	LABEL("\\", NASTY, 1)
};

START_TEST(test_nasty_names)
{
	char	   *text = draw(NULL, nasty);

	ck_assert_ptr_nonnull(strstr(text, "\t\"t\\\\\":\"c_%22\":w -> \"a\\\"b<c>&amp;\\\\N\\n"
								 ":d\\t\xc3\xa9 --\":\"c_a%22b"));
	ck_assert_ptr_nonnull(strstr(text, "primary key"));
	mem_free(text);
}
END_TEST

/* Graphviz itself checks the language, if it is installed. */
START_TEST(test_understood)
{
	static const struct given_fact nothing[MOST_GIVEN];
	char	   *text = draw(_i == 0 ? NULL : nothing, nasty);
	struct gen_file file = {.name = "nasty.dot",.bytes = text};
	char	   *folder = gen_folder_new();
	char	   *path = mem_format("%s/%s", folder, file.name);
	char	   *out;
	char	   *err;
	int			status;

	gen_folder_write(folder, &file);
	status = gen_run((const char *const[]) {"/usr/bin/env", "dot", "-Tsvg", path, NULL}, &out, &err);
	if (status != 127) {
		ck_assert_msg(status == 0 && err[0] == '\0', "%s", err);
		ck_assert_msg(strstr(out, ">a&quot;b&lt;c&gt;&amp;amp;\\\xe2\x81\xa0N\\n:d\\t\xc3\xa9 ") != NULL, "%s", out);
	}
	mem_free(out);
	mem_free(err);
	mem_free(path);
	mem_free(text);
	gen_folder_remove(folder);
}
END_TEST

/* "a b": the group of the first table, of the second, and so on; "-": none. */
static const struct {
	struct given_fact is[MOST_GIVEN];
	size_t		height;
	const char *leaders;
	const char *distances;
}			groups[] = {
	{{TABLE("a"), TABLE("b")}, 9, "- -", ""},
	{{TABLE("a"), REFERS("a", "a")}, 9, "-", "1 "},
	/* a chain is led by what refers to nothing */
	{{TABLE("a"), TABLE("b"), TABLE("c"), REFERS("a", "b"), REFERS("b", "c")}, 9, "c c c", "1 1 "},
	/* d is a hub: its own begin a group, and what only it refers to is with it */
	{{TABLE("a"), TABLE("b"), TABLE("c"), TABLE("d"), REFERS("a", "d"), REFERS("b", "d"), REFERS("d", "c")}, 9,
	"d d d d", "1 1 1 "},
	/* two hubs, of which one refers to the other */
	{{TABLE("a"), TABLE("b"), TABLE("c"), TABLE("d"), TABLE("e"), REFERS("b", "a"), REFERS("c", "a"), REFERS("d", "b"),
			REFERS("e", "b")}, 9, "a b a b b", "1 1 1 1 "},
	/* what refers to two hubs is with the first */
	{{TABLE("a"), TABLE("b"), TABLE("c"), TABLE("d"), TABLE("e"), REFERS("c", "a"), REFERS("c", "b"), REFERS("d", "a"),
			REFERS("e", "b")}, 9, "a b a a b", "1 1 1 1 "},
	/* what refers to a hub stands in columns */
	{{TABLE("a"), TABLE("b"), TABLE("c"), TABLE("d"), REFERS("b", "a"), REFERS("c", "a"), REFERS("d", "a")}, 4,
	"a a a a", "1 1 2 "},
};

START_TEST(test_groups)
{
	static const size_t heights[MOST_GIVEN] = {2, 2, 2, 2, 2, 2, 2, 2};
	struct catalog catalog;
	struct diagram_parts parts;
	struct diagram_groups found;
	char	   *leaders;
	char	   *distances;
	size_t		length;
	FILE	   *stream = mem_stream_open(&leaders, &length);

	given_facts_make(&catalog, groups[_i].is);
	diagram_parts_find(&parts, NULL, &catalog);
	diagram_groups_find(&found, &parts, heights, groups[_i].height);
	for (size_t i = 0; i < parts.table_count; i++)
		fprintf(stream, "%s%s", i > 0 ? " " : "",
				found.leaders[i] == DIAGRAM_GROUPS_ALONE ? "-" : parts.tables[found.leaders[i]].part.fact->name);
	mem_stream_close(stream);
	ck_assert_str_eq(leaders, groups[_i].leaders);

	stream = mem_stream_open(&distances, &length);
	for (size_t i = 0; i < parts.key_count; i++)
		fprintf(stream, "%d ", found.distances[i]);
	mem_stream_close(stream);
	ck_assert_str_eq(distances, groups[_i].distances);
	mem_free(leaders);
	mem_free(distances);
	diagram_groups_clear(&found);
	diagram_parts_clear(&parts);
	catalog_clear(&catalog);
}
END_TEST

Suite *
diagram_suite(void)
{
	Suite	   *suite = suite_create("diagram");
	TCase	   *tcase = tcase_create("diagram");

	tcase_add_loop_test(tcase, test_drawn, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_text, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(tcase, test_nasty_names);
	tcase_add_loop_test(tcase, test_understood, 0, 2);
	tcase_add_loop_test(tcase, test_groups, 0, sizeof(groups) / sizeof(groups[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
