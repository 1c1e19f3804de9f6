/* Facts as lines of migrations/SCHEMA, and the diagrams drawn from them. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "schema/diagram.h"
#include "schema/diagram_parts.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define FIRST "version 0 base -\n"
#define SECOND "version 1 change -\n"
#define TABLE(t) "+ table " t "\n"
#define COLUMN(t, n, more) "+ column " t "." n "\t" more "\n"
#define LESS(fact) "- " fact "\n"
#define REFERS(t, to) "+ constraint " t "." t "_" to "\tFOREIGN KEY (x) REFERENCES public." to "(id)\n"
#define ENUM(e) "+ type " e "\tenum\n"
#define LABEL(e, n, more) "+ label " e "." n more "\n"

#define ROW(port, color, name, type) \
	"<TR><TD ALIGN=\"LEFT\" PORT=\"c_" port "\" BGCOLOR=\"" color "\">" name \
	" <FONT COLOR=\"#5a6470\">" type "</FONT></TD></TR>\n"

/* Nasty, and still a name for PostgreSQL: as it is in a fact, and in a label. */
#define NASTY "\"a\"\"b<c>&amp;\\\\N\\n:d\\t\xc3\xa9 --\""

static void
parse(struct fact_history *history, const char *text)
{
	unsigned	line;
	char	   *message;

	ck_assert_msg(fact_history_parse(history, text, strlen(text), &line, &message), "line %u: %s", line, message);
	mem_free(message);
}

/* The diagram of the last version; if there are two, of the changes to the last. */
static char *
draw(const char *schema)
{
	struct fact_history history;
	struct fact_set was = {0};
	struct fact_set is;
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	bool		compared;

	parse(&history, schema);
	compared = history.version_count > 1;
	if (compared)
		fact_history_at(&was, &history, 0, FACT_SERVERS_ALL);
	fact_history_at(&is, &history, history.version_count - 1, FACT_SERVERS_ALL);
	diagram_write(stream, "a & b", compared ? &was : NULL, &is);
	mem_stream_close(stream);
	fact_set_clear(&was);
	fact_set_clear(&is);
	fact_history_clear(&history);
	return text;
}

static const struct {
	const char *schema;
	const char *has[4];
	const char *lacks;
}			cases[] = {
	/* one schema */
	{FIRST TABLE("t") COLUMN("t", "id", "integer\tnot null") "+ constraint t.t_pkey\tPRIMARY KEY (x, id)\n",
	{"\t\t\"t\" [label=<<TABLE ", ROW("id", "#ffffff", "<U>id</U>", "integer primary key"), "a &#38; b"}, "added"},
	{FIRST TABLE("t") COLUMN("t", "c", "timestamp(0) without time zone\tnot null\tdefault: now()")
	COLUMN("t", "d", "public.obstype\tafter: c") COLUMN("t", "e", "character varying(20)\tafter: d"),
	{ROW("c", "#ffffff", "c", "timestamp(0) not null"), ROW("d", "#ffffff", "d", "obstype"),
	ROW("e", "#ffffff", "e", "varchar(20)")}, "primary key"},
	{FIRST TABLE("t") COLUMN("t", "c", "timestamp with time zone") COLUMN("t", "d", "\"public.character varying\""),
	{"timestamptz", ">public.character varying<"}, NULL},
	{FIRST ENUM("e") LABEL("e", "b", "") LABEL("e", "a", "\tafter: b") LABEL("e", "\"\"", "\tafter: a"),
	{"<B>e</B>", ">b, a, ''<", "<B>enums</B>"}, NULL},
	{FIRST TABLE("s.t") COLUMN("s.t", "c", "integer") "+ view v\t0/0\n" COLUMN("v", "d", "integer")
	"+ type d\tdomain\n", {"\"s.t\" [label=", ">s.t<", "PORT=\"c_c\""}, "c_d"},
	/* the order: that of the table; removed columns where they were; without the first, that of names */
	{FIRST TABLE("t") COLUMN("t", "a", "text\tafter: m") COLUMN("t", "m", "text\tafter: z") COLUMN("t", "z", "text"),
	{ROW("z", "#ffffff", "z", "text") "\t\t\t" ROW("m", "#ffffff", "m", "text") "\t\t\t"
	ROW("a", "#ffffff", "a", "text") "\t\t</TABLE>"}, NULL},
	{FIRST TABLE("t") COLUMN("t", "z", "text") COLUMN("t", "b", "text\tafter: z") COLUMN("t", "a", "text\tafter: b")
		COLUMN("t", "m", "text\tafter: a") SECOND LESS("column t.b") LESS("column t.a") LESS("column t.m")
		COLUMN("t", "m", "text\tafter: z") COLUMN("t", "c", "text\tafter: m"),
	{ROW("z", "#ffffff", "z", "text") "\t\t\t" ROW("b", "#f8dcdc", "- <S>b</S>", "text") "\t\t\t"
		ROW("a", "#f8dcdc", "- <S>a</S>", "text") "\t\t\t" ROW("m", "#ffffff", "m", "text") "\t\t\t"
	ROW("c", "#d9f2d9", "+ <B>c</B>", "text") "\t\t</TABLE>", "<BR/>column: + 1 - 2>"}, NULL},
	{FIRST TABLE("t") COLUMN("t", "a", "text\tafter: x") COLUMN("t", "b", "text\tafter: b") COLUMN("t", "c", "text"),
	{"PORT=\"c_c\"", "PORT=\"c_a\"", "PORT=\"c_b\""}, NULL},
	/* foreign keys: of two columns, to itself, to another schema, to a table that is not there, damaged */
	{FIRST TABLE("a") TABLE("b") COLUMN("a", "x", "integer") COLUMN("b", "id", "integer")
		"+ constraint a.k\tFOREIGN KEY (x, y) REFERENCES public.b(id, z) ON DELETE CASCADE\n",
	{"\t\"a\":\"c_x\":w -> \"b\":\"c_id\":e [color="}, "fontcolor"},
	{FIRST TABLE("a") COLUMN("a", "x", "integer") "+ constraint a.k\tFOREIGN KEY (x) REFERENCES public.a(x)\n",
	{"\t\"a\":\"c_x\":e -> \"a\":\"c_x\":e [color="}, NULL},
	{FIRST TABLE("a") TABLE("b") TABLE("other.b") "+ constraint a.k\tFOREIGN KEY (x) REFERENCES other.b(id)\n",
	{"no foreign keys", "\t\"a\" -> \"other.b\" ["}, " -> \"b"},
	{FIRST TABLE("a") TABLE("b") REFERS("a", "c") "+ constraint a.k\tFOREIGN KEY (\n"
		"+ constraint a.l\tFOREIGN KEY ((\n+ constraint a.m\tFOREIGN KEY (x\tcomment: y\n"
	"+ constraint a.n\tPRIMARY KEY (\"\n+ constraint d.k\tPRIMARY KEY (x)\n", {"no foreign keys"}, "\"b\" -> "},
	/* what has changed: a table, a column, a key, an enum */
	{FIRST TABLE("t") SECOND TABLE("u") COLUMN("u", "c", "integer"),
	{"+ <B>u</B>", ROW("c", "#d9f2d9", "+ <B>c</B>", "integer"), "<BR/>table: + 1<BR/>column: + 1>"}, "+ <B>t</B>"},
	{FIRST TABLE("t") TABLE("u") COLUMN("u", "c", "integer") SECOND LESS("table u") LESS("column u.c")
		COLUMN("t", "d", "integer"),
	{"- <B>u</B>", ROW("c", "#f8dcdc", "- <S>c</S>", "integer"), "~ <B>t</B>", "<BR/>table: - 1<BR/>column: + 1 - 1>"},
	NULL},
	{FIRST TABLE("t") COLUMN("t", "c", "integer\tdefault: 1") SECOND LESS("column t.c")
		COLUMN("t", "c", "bigint\tnot null\tdefault: 2"),
	{"~ <B>t</B>", ROW("c", "#fff3c4", "~ <I>c</I>", "integer default: 1 → bigint not null default: 2"),
	"<BR/>column: ~ 1>"}, "<B>c</B>"},
	{FIRST TABLE("t") COLUMN("t", "c", "integer") SECOND LESS("column t.c") COLUMN("t", "c", "integer\tafter: b"),
	{"\"><B>t</B>", "\"t\" [label="}, "c_c"},
	{FIRST TABLE("t") TABLE("u") SECOND REFERS("t", "u"),
	{"~ <B>t</B>", "\"t\" -> \"u\" [color=\"#1a7f1a\"", "penwidth=2, label=\"added\"]", "<BR/>foreign key: + 1>"},
	"~ <B>u</B>"},
	{FIRST TABLE("t") TABLE("u") REFERS("t", "u") SECOND LESS("constraint t.t_u"),
	{"~ <B>t</B>", "\"t\" -> \"u\" [color=\"#b02020\"", "style=dashed, label=\"removed\"]"}, NULL},
	{FIRST ENUM("e") ENUM("f") LABEL("e", "a", "") SECOND LESS("label e.a") LABEL("e", "a", "\tafter: z")
		LABEL("e", "z", ""), {"~ <B>e</B>", ">+ <B>z</B>, a<", "<BR/>label: + 1>"}, "<B>f</B>"},
	/* of a primary key that is gone, nothing is marked */
	{FIRST TABLE("t") COLUMN("t", "c", "integer") "+ constraint t.p\tPRIMARY KEY (c)\n" SECOND
		LESS("constraint t.p") COLUMN("t", "d", "integer\tafter: c"), {ROW("c", "#ffffff", "c", "integer")}, "<U>"},
	/* what is not drawn is counted */
	{FIRST TABLE("t") SECOND "+ index t.i\tbtree (id)\n+ constraint t.k\tUNIQUE (x)\n",
	{"<BR/>index: + 1 (not drawn)<BR/>constraint: + 1 (not drawn)>"}, "~ <B>t</B>"},
};

START_TEST(test_drawn)
{
	char	   *text = draw(cases[_i].schema);

	for (int i = 0; i < 4 && cases[_i].has[i]; i++)
		ck_assert_msg(strstr(text, cases[_i].has[i]) != NULL, "there is no %s in %s", cases[_i].has[i], text);
	if (cases[_i].lacks)
		ck_assert_msg(strstr(text, cases[_i].lacks) == NULL, "there is %s in %s", cases[_i].lacks, text);
	mem_free(text);
}
END_TEST

/* A name in a fact; in a label, as a node, as a port. */
static const struct {
	const char *name;
	const char *parts[3];
}			texts[] = {
	{"gmos_1", {">gmos_1<", "\"gmos_1\"", "\"c_gmos_1\""}},
	{"\"a\"\"b\"", {">a&#34;b<", "\"\\\"a\\\"\\\"b\\\"\"", "\"c_a%22%22b\""}},
	{"\"<a>&b;\"", {">&#60;a&#62;&#38;b;<", "\"\\\"<a>&b;\\\"\"", "\"c_%3ca%3e%26b%3b\""}},
	{"\"a\\\\\"", {">a&#92;&#8288;&#92;&#8288;<", "\"\\\"a\\\\\\\"\"", "\"c_a%5c%5c\""}},
	{"\"a\\nb\x01\x7f\"", {">a&#92;&#8288;nb&#92;&#8288;x01&#92;&#8288;x7f<", "\"\\\"a\\nb\\x01\\x7f\\\"\"",
	"\"c_a%5cnb%01%7f\""}},
	{"\"\xc3\xa9:w\"", {">\xc3\xa9:w<", "\"\\\"\xc3\xa9:w\\\"\"", "\"c_%c3%a9%3aw\""}},
};

START_TEST(test_text)
{
	char	   *schema = mem_format(FIRST "+ table %s\n+ column %s.%s\tinteger\n", texts[_i].name, texts[_i].name,
									texts[_i].name);
	char	   *text = draw(schema);

	for (int i = 0; i < 3; i++)
		ck_assert_msg(strstr(text, texts[_i].parts[i]) != NULL, "there is no %s in %s", texts[_i].parts[i], text);
	mem_free(text);
	mem_free(schema);
}
END_TEST

static const char *const nasty[] = {
	FIRST TABLE(NASTY) TABLE("\"t\\\\\"") COLUMN(NASTY, NASTY, NASTY)
	COLUMN("\"t\\\\\"", "\"\"\"\"", "integer\tnot null")
	"+ constraint \"t\\\\\".k\tFOREIGN KEY (\"\"\"\", z) REFERENCES public." NASTY "(" NASTY ")\n"
	"+ constraint " NASTY ".p\tPRIMARY KEY (id, " NASTY ")\n" ENUM("\"\\\\\"") ENUM("f")
	LABEL("\"\\\\\"", NASTY, ""),
	FIRST SECOND TABLE(NASTY) COLUMN(NASTY, NASTY, NASTY) ENUM("\"\\\\\"") LABEL("\"\\\\\"", NASTY, ""),
};

START_TEST(test_nasty_names)
{
	char	   *text = draw(nasty[0]);

	ck_assert_ptr_nonnull(strstr(text, "\t\"\\\"t\\\\\\\"\":\"c_%22%22\":w -> \"\\\"a\\\"\\\"b<c>&amp;\\\\N\\n"
								 ":d\\t\xc3\xa9 --\\\"\":\"c_a%22%22b"));
	ck_assert_ptr_nonnull(strstr(text, "primary key"));
	mem_free(text);
}
END_TEST

/* Graphviz itself checks the language, if it is installed. */
START_TEST(test_understood)
{
	char	   *text = draw(nasty[_i]);
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
		ck_assert_msg(strstr(out, ">a&quot;b&lt;c&gt;&amp;amp;\\\xe2\x81\xa0\\\xe2\x81\xa0N"
							 "\\\xe2\x81\xa0n:d\\\xe2\x81\xa0t\xc3\xa9 ") != NULL, "%s", out);
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
	const char *schema;
	size_t		height;
	const char *leaders;
	const char *distances;
}			groups[] = {
	{FIRST TABLE("a") TABLE("b"), 9, "- -", ""},
	{FIRST TABLE("a") REFERS("a", "a"), 9, "-", "1 "},
	/* a chain is led by what refers to nothing */
	{FIRST TABLE("a") TABLE("b") TABLE("c") REFERS("a", "b") REFERS("b", "c"), 9, "c c c", "1 1 "},
	/* d is a hub: its own begin a group, and what only it refers to is with it */
	{FIRST TABLE("a") TABLE("b") TABLE("c") TABLE("d") REFERS("a", "d") REFERS("b", "d") REFERS("d", "c"), 9,
	"d d d d", "1 1 1 "},
	/* two hubs, of which one refers to the other */
	{FIRST TABLE("a") TABLE("b") TABLE("c") TABLE("d") TABLE("e") REFERS("b", "a") REFERS("c", "a") REFERS("d", "b")
	REFERS("e", "b"), 9, "a b a b b", "1 1 1 1 "},
	/* what refers to two hubs is with the first */
	{FIRST TABLE("a") TABLE("b") TABLE("c") TABLE("d") TABLE("e") REFERS("c", "a") REFERS("c", "b") REFERS("d", "a")
	REFERS("e", "b"), 9, "a b a a b", "1 1 1 1 "},
	/* what refers to a hub stands in columns */
	{FIRST TABLE("a") TABLE("b") TABLE("c") TABLE("d") REFERS("b", "a") REFERS("c", "a") REFERS("d", "a"), 4,
	"a a a a", "1 1 2 "},
	/* two that refer to each other */
	{FIRST TABLE("a") TABLE("b") REFERS("a", "b") REFERS("b", "a"), 9, "a a", "1 1 "},
};

START_TEST(test_groups)
{
	struct fact_history history;
	struct fact_set set;
	struct diagram_parts parts;
	char	   *leaders;
	char	   *distances;
	size_t		length;
	FILE	   *stream = mem_stream_open(&leaders, &length);

	parse(&history, groups[_i].schema);
	fact_history_at(&set, &history, 0, FACT_SERVERS_ALL);
	diagram_parts_find(&parts, NULL, &set, groups[_i].height);
	for (size_t i = 0; i < parts.box_count; i++)
		fprintf(stream, "%s%s", i > 0 ? " " : "", parts.boxes[i].group ? parts.boxes[i].group->part->name : "-");
	mem_stream_close(stream);
	ck_assert_str_eq(leaders, groups[_i].leaders);

	stream = mem_stream_open(&distances, &length);
	for (size_t i = 0; i < parts.key_count; i++)
		fprintf(stream, "%d ", parts.keys[i].distance);
	mem_stream_close(stream);
	ck_assert_str_eq(distances, groups[_i].distances);
	mem_free(leaders);
	mem_free(distances);
	diagram_parts_clear(&parts);
	fact_set_clear(&set);
	fact_history_clear(&history);
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
