/* Forms of DDL. */
#include "e2e/verify/forms.h"

#include <check.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/fact.h"
#include "support/live_facts.h"
#include "support/sql.h"

#include "base/banned.h"

#define FORMS "tests/e2e/verify/forms.sql"
#define TITLE "-- form: "
#define FACTS "--> "
#define TOLD "--=> "

enum {
	MOST_FORMS = 600
};

struct form forms[MOST_FORMS];
int			forms_count;

/* The number after a word at the end of a title, which is cut off there. */
static int
take_version(char *title, const char *word, int otherwise)
{
	size_t		length = strlen(word);

	for (char *found = title; (found = strstr(found, word)); found += length)
		if (found[length] >= '0' && found[length] <= '9') {
			*found = '\0';
			return (int) strtol(found + length, NULL, 10);
		}
	return otherwise;
}

/* The lines of a form that begin so. */
static void
take_lines(struct lines *lines, const char *text, const char *beginning)
{
	size_t		length = strlen(beginning);

	for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
		if (strncmp(line, beginning, length) == 0)
			lines_add(lines, mem_copy(line + length, strcspn(line, "\n") - length));
	lines_sort(lines);
}

/* What the comparison tells is the same as the differences of the facts, unless the form says otherwise. */
static void
copy_lines(struct lines *to, const struct lines *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (!strstr(from->items[i], " -- "))
			lines_add(to, mem_string(from->items[i]));
}

/* One form: its title, statements, and expected lines. */
static void
read_form(const char *text, size_t length)
{
	struct form *form = &forms[forms_count++];
	char	   *copy = mem_copy(text, length);
	size_t		title = strcspn(copy, "\n");

	ck_assert_int_lt(forms_count, MOST_FORMS);
	form->name = mem_copy(copy, title);
	form->newest = take_version(form->name, " until ", 99);
	form->oldest = take_version(form->name, " from ", 10);
	take_lines(&form->facts, copy, FACTS);
	take_lines(&form->told, copy, TOLD);
	if (!strstr(copy, "\n" TOLD))
		copy_lines(&form->told, &form->facts);
	form->sql = mem_string(copy + title);
	mem_free(copy);
}

void
forms_read(void)
{
	char	   *text = sql_file(FORMS);
	const char *at = strstr(text, "\n" TITLE);

	while (at) {
		const char *start = at + strlen("\n" TITLE);
		const char *next = strstr(start, "\n" TITLE);

		read_form(start, next ? (size_t) (next - start) : strlen(start));
		at = next;
	}
	mem_free(text);
}

bool
form_applies(const struct form *form, int version)
{
	return form->oldest <= version && version <= form->newest;
}

bool
form_must_commit(const struct form *form)
{
	return strstr(form->sql, "VACUUM") || strstr(form->sql, "CONCURRENTLY") || strstr(form->sql, "ADD VALUE");
}

bool
form_is_of_archive(const struct form *form)
{
	static const char *const others[] = {
		"annex", "a_server", "a_wrapper", "a_publication", "an_event_trigger", "hstore", "forms_", "Forms Role",
		"SUBSCRIPTION", "pg_subscription"
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strstr(form->sql, others[i]))
			return false;
	return true;
}

/* "[database]" is the copy. */
char *
form_statements(const struct form *form, const char *database)
{
	static const char place[] = "[database]";
	const char *found = strstr(form->sql, place);
	char	   *text = mem_string(form->sql);

	while (found) {
		char	   *at = strstr(text, place);
		char	   *longer = mem_format("%.*s%s%s", (int) (at - text), text, database, at + strlen(place));

		mem_free(text);
		text = longer;
		found = strstr(text, place);
	}
	return text;
}

/* What is written of a difference: "changed column gmos.id: type". */
static void
add_difference(struct lines *lines, const char *word, const char *fact, const char *label, size_t label_length)
{
	int			length = (int) live_facts_key(fact);

	/* The name of the database's own fact is empty. */
	if (length > 0 && fact[length - 1] == ' ')
		length--;
	lines_add(lines, mem_format("%s %.*s%s%.*s", word, length, fact, label ? ": " : "", (int) label_length,
								label ? label : ""));
}

/* The properties of one fact that the other has not, or not so. */
static void
add_properties(struct lines *lines, const char *fact, const struct fact *left, const struct fact *right, bool both)
{
	const char *at = left->definition;
	struct fact_property property;

	while (fact_next_property(left, &at, &property)) {
		char	   *label = mem_copy(property.label, property.label_length);
		struct fact_property other;
		bool		has = fact_property(right, label, &other);

		if (!has || (both && (property.value_length != other.value_length
							  || memcmp(property.value, other.value, other.value_length) != 0)))
			add_difference(lines, "changed", fact, label, strlen(label));
		mem_free(label);
	}
}

static void
add_changes(struct lines *lines, const char *from, const char *to)
{
	char	   *left_text = mem_string(from);
	char	   *right_text = mem_string(to);
	struct fact left;
	struct fact right;

	ck_assert_msg(fact_parse(left_text, &left) && fact_parse(right_text, &right), "not facts:\n%s\n%s", from, to);
	add_properties(lines, from, &left, &right, true);
	add_properties(lines, from, &right, &left, false);
	mem_free(left_text);
	mem_free(right_text);
}

void
forms_compare_facts(const struct lines *from, const struct lines *to, struct lines *differences)
{
	for (size_t i = 0; i < from->count; i++) {
		const char *fact = from->items[i] ? from->items[i] : "";
		const char *other = lines_have(to, fact) ? fact : live_facts_find(to, fact, live_facts_key(fact));

		if (!other)
			add_difference(differences, strncmp(fact, "--", 2) == 0 ? "no longer" : "missing", fact, NULL, 0);
		else if (other != fact)
			add_changes(differences, fact, other);
	}
	for (size_t i = 0; i < to->count; i++) {
		const char *fact = to->items[i];

		if (!lines_have(from, fact) && !live_facts_find(from, fact, live_facts_key(fact)))
			add_difference(differences, strncmp(fact, "--", 2) == 0 ? "noted" : "extra", fact, NULL, 0);
	}
	lines_sort(differences);
}

struct line_pair {
	const struct lines *expected;
	const struct lines *actual;
};

/* An expected line with "*" is a pattern of several lines. */
static bool
is_expected(const char *line, bool missing, const void *context)
{
	const struct line_pair *pair = context;
	const struct lines *others = missing ? pair->actual : pair->expected;

	for (size_t i = 0; i < others->count; i++) {
		const char *pattern = missing ? line : others->items[i];

		if (strchr(pattern, '*') && fnmatch(pattern, missing ? others->items[i] : line, 0) == 0)
			return true;
	}
	return false;
}

bool
form_check(const struct form *form, const char *what, const struct lines *expected, const struct lines *actual)
{
	char	   *text = lines_difference(expected, actual, is_expected, &(struct line_pair) {expected, actual});

	if (!text)
		return true;
	printf("form \"%s\", %s:\n%s", form->name, what, text);
	fflush(stdout);
	mem_free(text);
	return false;
}
