#include <string.h>

#include "base/mem.h"
#include "emit.h"
#include "suites.h"

#include "base/banned.h"

struct string_case {
	const char *text;
	const char *literal;
};

static const struct string_case strings[] = {
	{NULL, "NULL"},
	{"", "\"\""},
	{"plain", "\"plain\""},
	{"a\"b\\c", "\"a\\\"b\\\\c\""},
	{"\t\n\1" "7\x7f", "\"\\011\\012\\0017\\177\""},
	{"\303\251" "9", "\"\\303\\2519\""},
	{"?" "?=", "\"\\?\\?=\""}
};

START_TEST(strings_are_escaped)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	emit_string(stream, strings[_i].text);
	mem_stream_close(stream);
	ck_assert_str_eq(text, strings[_i].literal);
	mem_free(text);
}
END_TEST

static const struct allow allows[] = {
	{.rule = "rewrite", .reason = "it is \"small\"", .line = 1},
	{.rule = "truncate", .reason = "why", .line = 2}
};
static const struct statement up_statements[] = {
	{.offset = 14, .length = 8, .line = 2, .batch = &(const struct batch) {.table = "a.t", .key = "id", .rows = 5}},
	{.offset = 24, .length = 9, .line = 3, .concurrent = true, .risk = 2, .index = "\"I x\"", .allow_count = 2,
	.allows = allows}
};
static const struct migration small[] = {{
	.version = 0,
	.name = "base",
	.source = {.file = "000_base.sql", .length = 60, .checksum = "ab"},
	.allow_count = 1,
	.allows = allows,
	.up = {.offset = 14, .length = 20, .transactional = false, .count = 2, .statements = up_statements},
	.down = {.offset = 50, .length = 10, .transactional = true},
}};
static const char *const small_chain[] = {"cd"};
static const struct script small_grants = {
	.source = {.file = "grants.sql", .length = 9, .checksum = "ef"},
	.body = {.length = 9, .transactional = true, .count = 1, .statements = up_statements},
};

static const char expected[] =
	"/*\n"
	" * Made by gen/generate from migrations 0 to 0, grants. Do not edit: change those and run make.\n"
	" */\n"
	"#include \"history/history_tables.h\"\n"
	"\n"
	"#include \"arrays.h\"\n"
	"\n"
	"_Static_assert(sizeof(sql_000) == 60, \"000_base.sql\" \" changed while it was read\");\n"
	"\n"
	"static const struct allow allows_000[] = {\n"
	"\t{.rule = \"rewrite\", .reason = \"it is \\\"small\\\"\", .line = 1},\n"
	"};\n"
	"\n"
	"static const struct allow up_000_allows_1[] = {\n"
	"\t{.rule = \"rewrite\", .reason = \"it is \\\"small\\\"\", .line = 1},\n"
	"\t{.rule = \"truncate\", .reason = \"why\", .line = 2},\n"
	"};\n"
	"\n"
	"static const struct statement up_000[] = {\n"
	"\t{.offset = 14, .length = 8, .line = 2, .batch = &(const struct batch) {.table = \"a.t\", .key = \"id\", "
	".rows = 5}},\n"
	"\t{.offset = 24, .length = 9, .line = 3, .concurrent = true, .risk = 2, "
	".index = \"\\\"I x\\\"\", .allow_count = 2, "
	".allows = up_000_allows_1},\n"
	"};\n"
	"\n"
	"#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	"static const char strings[] =\n"
	"\t\"base\\0\" \"000_base.sql\\0\" \"ab\\0\" \"cd\\0\";\n"
	"\n"
	"static const struct packed_migration packed[] = {\n"
	"\t{\n"
	"\t\t.name = 0, .file = 5, .checksum = 18, .chain = 21, .length = sizeof(sql_000),\n"
	"\t\t.allow_count = 1,\n"
	"\t\t.up = {.offset = 14, .length = 20, .count = 2, .transactional = false},\n"
	"\t\t.down = {.offset = 50, .length = 10, .count = 0, .transactional = true},\n"
	"\t},\n"
	"};\n"
	"\n"
	"static const unsigned char *const texts[] = {\n"
	"\tsql_000,\n"
	"};\n"
	"\n"
	"static const struct statement *const ups[] = {\n"
	"\tup_000,\n"
	"};\n"
	"\n"
	"static const struct statement *const downs[] = {\n"
	"\tNULL,\n"
	"};\n"
	"\n"
	"static const struct allow *const allows[] = {\n"
	"\tallows_000,\n"
	"};\n"
	"\n"
	"static struct migration unpacked[1];\n"
	"\n"
	"const struct history_tables history_tables = {strings, packed, texts, ups, downs, allows, unpacked};\n"
	"\n"
	"_Static_assert(sizeof(sql_grants) == 9, \"grants.sql\" \" changed while it was read\");\n"
	"\n"
	"static const struct statement grants_statements[] = {\n"
	"\t{.offset = 14, .length = 8, .line = 2, .batch = &(const struct batch) {.table = \"a.t\", .key = \"id\", "
	".rows = 5}},\n"
	"};\n"
	"\n"
	"static const struct script grants = {\n"
	"\t.source = {\n"
	"\t\t.file = \"grants.sql\",\n"
	"\t\t.text = sql_grants,\n"
	"\t\t.length = sizeof(sql_grants),\n"
	"\t\t.checksum = \"ef\",\n"
	"\t},\n"
	"\t.body = {.offset = 0, .length = 9, .transactional = true, .count = 1, .statements = grants_statements},\n"
	"};\n"
	"\n"
	"const struct history history = {\n"
	"\t.build = \"1\",\n"
	"\t.database = \"d\",\n"
	"\t.repository_id = \"r\",\n"
	"\t.repository_path = \"p\",\n"
	"\t.folder = \"m\",\n"
	"\t.latest = 0,\n"
	"\t.grants = &grants,\n"
	"\t.snapshot = NULL,\n"
	"\t.snapshot_version = 0,\n"
	"};\n";

START_TEST(a_history_becomes_c)
{
	const struct whole whole = {
		.history = {.build = "1", .database = "d", .repository_id = "r", .repository_path = "p", .folder = "m",
			.grants = &small_grants},
		.migrations = small, .chain = small_chain,
	};
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	emit_history(stream, &whole);
	mem_stream_close(stream);
	ck_assert_str_eq(text, expected);
	mem_free(text);
}
END_TEST

Suite *
gen_emit_suite(void)
{
	Suite	   *suite = suite_create("gen_emit");
	TCase	   *tcase = tcase_create("emit");

	tcase_add_loop_test(tcase, strings_are_escaped, 0, (int) (sizeof(strings) / sizeof(strings[0])));
	tcase_add_test(tcase, a_history_becomes_c);
	suite_add_tcase(suite, tcase);
	return suite;
}
