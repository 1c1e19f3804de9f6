/* Differences that verify reports, as lines. */
#include "support/differences.h"

#include <check.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static const char *
text(const json_t *difference, const char *key)
{
	const json_t *value = json_object_get(difference, key);

	ck_assert_msg(json_is_string(value) || json_is_null(value), "there is no \"%s\"", key);
	return json_is_null(value) ? NULL : json_string_value(value);
}

/* "t.c", or the one of the two that there is. */
static char *
place(const char *group, const char *name)
{
	return mem_format("%s%s%s", group ? group : "", group && name ? "." : "", name ? name : "");
}

static void
add(struct lines *lines, const char *before, const json_t *difference)
{
	const char *word = json_string_value(json_object_get(difference, "difference"));
	char	   *where = place(text(difference, "of"), text(difference, "name"));
	char	   *what;

	if (!word)
		ck_abort_msg("there is no \"difference\"");
	/* A note about the database itself. */
	if (strcmp(word, "note") == 0) {
		mem_free(where);
		return;
	}
	what = mem_format("%s%s %s %s", before, word, text(difference, "kind"), where);
	ck_assert_str_ne(text(difference, "text"), "");
	if (strcmp(word, "changed") == 0) {
		const char *is = text(difference, "is");
		const char *should = text(difference, "should_be");

		lines_add(lines, mem_format("%s %s: %s -> %s", what, text(difference, "property"), is ? is : "none",
									should ? should : "none"));
	} else if (strcmp(word, "renamed") == 0)
		lines_add(lines, mem_format("%s: %s", what, text(difference, "is")));
	else
		lines_add(lines, mem_string(what));
	mem_free(what);
	mem_free(where);
}

void
differences_read(const json_t *json, struct lines *lines)
{
	const json_t *differences = json_object_get(json, "differences");
	const json_t *notes = json_object_get(json, "notes");
	size_t		count;

	ck_assert(json_is_array(differences) && json_is_array(notes));
	for (size_t i = 0; i < json_array_size(differences); i++)
		add(lines, "", json_array_get(differences, i));
	for (size_t i = 0; i < json_array_size(notes); i++)
		add(lines, "note ", json_array_get(notes, i));
	count = lines->count;
	lines_sort(lines);
	ck_assert_msg(lines->count == count, "something is told twice");
}

void
differences_expect(const struct lines *expected, const json_t *json)
{
	struct lines actual = {0};
	char	   *difference;

	differences_read(json, &actual);
	difference = lines_difference(expected, &actual, NULL, NULL);
	ck_assert_msg(!difference, "the differences are not those that there should be (- missing, + too much):\n%s",
				  difference);
	lines_clear(&actual);
}
