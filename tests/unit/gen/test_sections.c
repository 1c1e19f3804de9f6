/* The sections of a migration. */
#include <string.h>

#include "sections.h"
#include "unit/gen_input.h"
#include "unit/suites.h"

#include "base/banned.h"

struct sections_case {
	const char *text;
	const char *up;				/* the section's text, NULL where the file is refused */
	const char *down;
	bool		up_transactional;
	bool		down_transactional;
	const char *errors;
};

static const struct sections_case cases[] = {
	{"-- migrate:up\na\n-- migrate:down\nb\n", "a\n", "b\n", true, true, ""},
	{"--migrate:up\na\n--\tmigrate:down\nb", "a\n", "b", true, true, ""},
	{"\n-- why\n  -- not a marker: migrate:up\n \t\n-- migrate:up\n-- migrate:down\n", "", "", true, true, ""},
	{"-- migrate:up transaction:false\na\n-- migrate:down", "a\n", "", false, true, ""},
	{"-- migrate:up transaction:true  \na\n-- migrate:down\ttransaction:false\nb", "a\n", "b", true, false, ""},
	{"-- migrate:up\n-- see migrate:down\n'\n-- migrate:down\n'\n", "-- see migrate:down\n'\n", "'\n", true, true, ""},
	{"-- migrate:up\r\na\r\n-- migrate:down\r\nb\r\n", "a\n", "b\n", true, true, ""},

	{"SELECT 1;\n", NULL, NULL, true, true, "1: text before the first section\n1: no \"migrate:up\" section\n"
	"1: no \"migrate:down\" section\n"},
	{"-- only\n-- migrate:up\na\n", NULL, NULL, true, true, "3: no \"migrate:down\" section\n"},
	{"-- migrate:down\na\n", NULL, NULL, true, true, "1: \"migrate:down\" before \"migrate:up\"\n"
	"1: no \"migrate:up\" section\n"},
	{"-- migrate:down\na\n-- migrate:up\nb\n", NULL, NULL, true, true, "1: \"migrate:down\" before \"migrate:up\"\n"},
	{"-- migrate:up\na\n-- migrate:up\nb\n-- migrate:down\n", NULL, NULL, true, true, "3: second \"migrate:up\"\n"},
	{"-- migrate:up\n-- migrate:down\n-- migrate:down\n-- migrate:up\n", NULL, NULL, true, true,
	"3: second \"migrate:down\"\n4: second \"migrate:up\"\n"},
	{"/* no */\n-- migrate:up\n-- migrate:down\n", NULL, NULL, true, true, "1: text before the first section\n"},
	{"-- migrate:up fast:true transaction:no\n-- migrate:down x\n", NULL, NULL, true, true,
	"1: unknown option \"fast:true\"\n1: unknown option \"transaction:no\"\n2: unknown option \"x\"\n"},
	{"-- migrate:up\n-- migrate:batch table=t\na\n-- migrate:down\n", "-- migrate:batch table=t\na\n", "", true, true,
	""},
	{"-- migrate:batch table=t\n-- migrate:up\n-- migrate:down\n", NULL, NULL, true, true,
	"1: \"migrate:batch\" before the first section\n"},
	{"-- migrate:up\n-- migrate:both table=t\na\n-- migrate:down\n", NULL, NULL, true, true,
	"2: unknown directive \"migrate:both\"\n"},
	{"-- migrate:up\n-- migrate:\n-- Migrate:Up\n-- migrate:down\n-- migrate:upp", NULL, NULL, true, true,
	"2: unknown directive \"migrate:\"\n3: unknown directive \"Migrate:Up\"\n5: unknown directive \"migrate:upp\"\n"},
	{"-- migrate:up\na\n  -- migrate:down\n-- migrate:down\n", NULL, NULL, true, true,
	"3: directive \"migrate:down\" is not at the start of its line\n"}
};

static void
check_section(const struct source_input *input, const struct history_section *section, const char *text, bool transactional)
{
	ck_assert_uint_eq(section->length, strlen(text));
	ck_assert_uint_le(section->offset + section->length, input->source.length);
	ck_assert_mem_eq(input->text + section->offset, text, section->length);
	ck_assert_int_eq(section->transactional, transactional);
}

START_TEST(sections_are_found)
{
	const struct sections_case *one = &cases[_i];
	struct gen_input it;
	struct history_section up;
	struct history_section down;

	gen_input_start(&it, one->text, strlen(one->text));
	ck_assert_int_eq(sections_find(&it.input, &up, &down), one->up != NULL);
	ck_assert_str_eq(gen_input_errors(&it), one->errors);
	if (one->up) {
		check_section(&it.input, &up, one->up, one->up_transactional);
		check_section(&it.input, &down, one->down, one->down_transactional);
	}
	gen_input_stop(&it);
}
END_TEST

START_TEST(a_script_has_no_sections)
{
	struct gen_input it;
	struct history_section body;

	gen_input_start(&it, "a\nb", 3);
	ck_assert(sections_none(&it.input, &body));
	check_section(&it.input, &body, "a\nb", true);
	gen_input_stop(&it);

	gen_input_start(&it, "a\n-- migrate:up\n", 16);
	ck_assert(!sections_none(&it.input, &body));
	ck_assert_str_eq(gen_input_errors(&it), "2: directive \"migrate:up\" in a file without sections\n");
	gen_input_stop(&it);
}
END_TEST

START_TEST(an_explanation_has_a_word)
{
	static const char *const texts[] = {"\n--\n/* */ ;\n", "-- why\n", "/* \303\251 */", "-- 24"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct gen_input it;
		struct history_section body;

		gen_input_start(&it, texts[i], strlen(texts[i]));
		ck_assert(sections_none(&it.input, &body));
		ck_assert_int_eq(sections_has_comment(&it.input, &body), i > 0);
		gen_input_stop(&it);
	}
}
END_TEST

Suite *
gen_sections_suite(void)
{
	Suite	   *suite = suite_create("gen_sections");
	TCase	   *tcase = tcase_create("sections");

	tcase_add_loop_test(tcase, sections_are_found, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tcase, a_script_has_no_sections);
	tcase_add_test(tcase, an_explanation_has_a_word);
	suite_add_tcase(suite, tcase);
	return suite;
}
