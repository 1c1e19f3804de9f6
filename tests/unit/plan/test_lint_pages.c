/*
 * docs/lint and its examples: each rule has a page, a migration that breaks it and migrations that do not. The SQL on
 * the page is the SQL of the migrations.
 */
#include <string.h>

#include "base/mem.h"
#include "history/lint_rule.h"
#include "parse.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define BAD "tests/histories/lint_bad"
#define GOOD "tests/histories/lint_good"
#define FENCE "\n```sql\n"

static void
check_gathered(struct arena *arena, const char *path)
{
	const struct parse_paths paths = {.folder = path};
	struct errors errors = {0};
	struct folder folder;
	struct parse_result result;

	ck_assert_msg(parse_folder(arena, &errors, &paths, &folder, &result), "%s: %s", path,
				  errors.count > 0 ? errors.list[0].error : "");
	errors_clear(&errors);
}

START_TEST(the_generator_takes_the_examples)
{
	struct arena arena = {0};

	check_gathered(&arena, BAD);
	check_gathered(&arena, GOOD);
	arena_clear(&arena);
}
END_TEST

/* Is it an example of the rule: "set_not_null", or with `more`, a name that begins so? */
static bool
is_example(const char *name, const char *rule, bool more)
{
	size_t		length = strlen(rule);

	if (strlen(name) < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (name[i] != (rule[i] == '-' ? '_' : rule[i]))
			return false;
	return name[length] == '\0' || (more && name[length] == '_');
}

/* The texts of the rule's examples in the folder at `path`, one after the other; `*count` becomes their number. */
static const char *
read_examples(struct arena *arena, const char *path, const char *rule, bool more, int *count)
{
	struct errors errors = {0};
	struct folder folder;
	const char *texts = "";

	*count = 0;
	ck_assert(folder_read(arena, path, &folder, &errors));
	for (size_t i = 0; i < folder.count; i++)
		if (is_example(folder.entries[i].name, rule, more)) {
			char	   *text = gen_folder_read(path, folder.entries[i].file);

			ck_assert_ptr_nonnull(text);
			texts = arena_format(arena, "%s\n%s", texts, text);
			mem_free(text);
			(*count)++;
		}
	errors_clear(&errors);
	return texts;
}

/* The block of SQL after `*at`, as lines of a file; NULL: none. `*at` is moved behind the block. */
static const char *
next_block(struct arena *arena, const char **at)
{
	const char *start = strstr(*at, FENCE);
	const char *end = start ? strstr(start + 1, "\n```\n") : NULL;

	if (!end)
		return NULL;
	*at = end + strlen("\n```");
	start += strlen(FENCE) - 1;
	return arena_format(arena, "%.*s\n", (int) (end - start), start);
}

/* The first block of a page is the bad example; the others are good. */
START_TEST(a_page_shows_the_examples)
{
	struct arena arena = {0};
	const char *rule = lint_rule_name((enum lint_rule) _i);
	char	   *page = gen_folder_read("docs/lint", arena_format(&arena, "%s.md", rule));
	char	   *contents = gen_folder_read("docs/lint", "README.md");
	int			bad_count;
	int			good_count;
	const char *bad = read_examples(&arena, BAD, rule, false, &bad_count);
	const char *good = read_examples(&arena, GOOD, rule, true, &good_count);
	const char *at = page;
	const char *block;
	int			shown = 0;

	ck_assert_msg(page && contents, "no page on %s", rule);
	ck_assert_int_eq(strncmp(page, arena_format(&arena, "# %s\n\n", rule), strlen(rule) + 4), 0);
	ck_assert_ptr_nonnull(strstr(contents, arena_format(&arena, "\n| [%s](%s.md) | ", rule, rule)));
	ck_assert_int_eq(bad_count, 1);
	ck_assert_int_ge(good_count, 1);
	for (; (block = next_block(&arena, &at)) != NULL; shown++)
		ck_assert_msg(strstr(shown == 0 ? bad : good, block), "%s: not in its migration:%s", rule, block);
	ck_assert_int_eq(shown, 1 + good_count);
	mem_free(page);
	mem_free(contents);
	arena_clear(&arena);
}
END_TEST

Suite *
lint_pages_suite(void)
{
	Suite	   *suite = suite_create("lint_pages");
	TCase	   *tcase = tcase_create("pages");

	tcase_add_test(tcase, the_generator_takes_the_examples);
	tcase_add_loop_test(tcase, a_page_shows_the_examples, 0, LINT_RULE_COUNT);
	suite_add_tcase(suite, tcase);
	return suite;
}
