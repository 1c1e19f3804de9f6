/* What migrations drop: in the record, and of this build's migrations. */
#include <check.h>
#include <jansson.h>
#include <string.h>

#include "base/mem.h"
#include "history/drops.h"
#include "history/history.h"
#include "unit/suites.h"

#include "base/banned.h"

static const char *const kinds[] = {"table", "column", "rows", "rewritten", "table renamed", "column renamed"};

static char *
render(const struct drops *drops)
{
	char	   *text = mem_string("");

	for (size_t i = 0; i < drops->count; i++) {
		const struct drops_item *item = &drops->items[i];
		char	   *line = mem_format("%s %s%s%s;", kinds[item->kind], item->name, item->to ? " -> " : "",
									  item->to ? item->to : "");

		mem_append(&text, "", line);
		mem_free(line);
	}
	return text;
}

static const struct {
	const char *json;
	const char *drops;			/* NULL: it is not known */
}			records[] = {
	{NULL, NULL},
	{"[]", ""},
	{"[\"drops table t\",\"drops column other.t.\\\"a b\\\"\",\"empties table u\",\"rewrites table v\"]",
	"table t;column other.t.\"a b\";rows u;rewritten v;"},
	{"[\"renames table t\\tto: other.t\",\"renames column t.a\\tto: b\"]",
	"table renamed t -> other.t;column renamed t.a -> b;"},
	{"[\"drops table t\",\"burns table u\"]", NULL},
	{"[\"renames table t\"]", NULL},
	{"[\"drops table t\\tto: u\"]", NULL},
	/* What is no name goes into no SQL. */
	{"[\"renames table t\\tto: t, public.evil\"]", NULL},
	{"[\"renames table t\\tto: \"]", NULL},
	{"[\"renames table t\\tto: a.b.c\"]", NULL},
	{"[\"renames column t.a\\tto: t.b\"]", NULL},
	{"[\"renames column t.a\\tto: \\\"b\"]", NULL},
	{"[\"renames column t.a\\tto: \\\"b\\\" \"]", NULL},
	{"[\"renames column t.a\\tto: \\\"\\\"\"]", NULL},
	{"[\"renames column t.a\\tto: \\\"b\\\\\"]", NULL},
	{"[\"renames column t.a\\tto: \\\"b\\\\x\\\"\"]", NULL},
	{"[\"drops table T\"]", NULL},
	{"[\"drops table 1t\"]", NULL},
	{"[\"drops table .t\"]", NULL},
	{"[\"drops table t.\"]", NULL},
	{"[\"drops table \"]", NULL},
	{"[\"drops column \"]", NULL},
	{"[\"drops column t\"]", NULL},
	{"[\"drops column s.t.a.b\"]", NULL},
	{"[\"empties table t;\"]", NULL},
	{"[\"renames column t.a\\tto: \\\"a \\\"\\\".b\\\\n\\\\\\\\\\\"\"]",
	"column renamed t.a -> \"a \"\".b\\n\\\\\";"},
	{"[1]", NULL}, {"{}", NULL}, {"[", NULL}, {"null", NULL}, {"", NULL}
};

START_TEST(record_is_read)
{
	struct drops drops;
	bool		known = drops_from_json(&drops, records[_i].json);
	char	   *text = render(&drops);

	ck_assert_int_eq(known, records[_i].drops != NULL);
	ck_assert_str_eq(text, records[_i].drops ? records[_i].drops : "");
	mem_free(text);
	drops_clear(&drops);
}
END_TEST

/* The lines of SCHEMA about what downs drop; a new string. */
static char *
lines_of_schema(void)
{
	static const char *const words[] = {"down drops ", "down empties ", "down rewrites ", "down renames "};
	char	   *text = mem_copy((const char *) history.schema->text, history.schema->length);
	char	   *found = mem_string("");

	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strncmp(line, words[i], strlen(words[i])) == 0)
				mem_append(&found, "\n", line + strlen("down "));
	mem_free(text);
	return found;
}

/* What is written to the record is what SCHEMA says. */
START_TEST(record_says_what_schema_says)
{
	char	   *should = lines_of_schema();
	char	   *lines = mem_string("");
	size_t		total = 0;

	for (int version = 0; version <= history.latest; version++) {
		char	   *json;
		json_t	   *recorded;
		struct drops here;
		struct drops there;
		char	   *a;
		char	   *b;

		ck_assert_msg(drops_of_migration(&here, version, false), "it is not known what the down of migration %d drops",
					  version);
		json = drops_to_json(&here);
		ck_assert(drops_from_json(&there, json));
		a = render(&here);
		b = render(&there);
		ck_assert_str_eq(a, b);
		recorded = json_loads(json, 0, NULL);
		for (size_t i = 0; i < json_array_size(recorded); i++)
			mem_append(&lines, "\n", json_string_value(json_array_get(recorded, i)));
		json_decref(recorded);
		total += here.count;
		mem_free(b);
		mem_free(a);
		drops_clear(&there);
		drops_clear(&here);
		mem_free(json);
	}
	ck_assert_uint_gt(total, 20);
	ck_assert(strcmp(lines, should) == 0);
	mem_free(lines);
	mem_free(should);
}
END_TEST

START_TEST(migrations_that_are_not_there)
{
	struct drops drops;

	ck_assert(!drops_of_migration(&drops, history.latest + 1, false));
	ck_assert(!drops_of_migration(&drops, -1, true));
}
END_TEST

Suite *
drops_suite(void)
{
	Suite	   *suite = suite_create("drops");
	TCase	   *tcase = tcase_create("drops");

	tcase_add_loop_test(tcase, record_is_read, 0, (int) (sizeof(records) / sizeof(records[0])));
	tcase_add_test(tcase, record_says_what_schema_says);
	tcase_add_test(tcase, migrations_that_are_not_there);
	suite_add_tcase(suite, tcase);
	return suite;
}
