/* Describe a difference in words. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/printable.h"
#include "schema/catalog.h"
#include "schema/diff.h"

#include "base/banned.h"

enum {
	MAX_VALUE = 200				/* bytes of a value in a line */
};

const char *
diff_group(const struct diff_item *difference)
{
	const struct catalog_fact *fact = difference->is ? difference->is : difference->should;

	return fact->group[0] ? fact->group : fact->name;
}

const char *
diff_word(const struct diff_item *difference)
{
	static const char *const words[] = {
		[DIFF_MISSING] = "missing",[DIFF_EXTRA] = "extra",[DIFF_CHANGED] = "changed",
		[DIFF_RENAMED] = "renamed",[DIFF_ORDER] = "order",
	};

	return words[difference->kind];
}

char *
diff_name(const struct catalog_fact *fact)
{
	/* The name of a function includes its arguments, and the server has quoted it. */
	return fact->kind == FACT_FUNCTION ? mem_string(fact->name) : printable_name(fact->name);
}

/* A value in one line, cut at MAX_VALUE bytes. */
static char *
in_line(const char *value)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (!value)
		value = "none";
	for (const char *c = value; *c; c++) {
		/* Not within a multibyte character. */
		if (c - value >= MAX_VALUE && ((unsigned char) *c & 0xc0) != 0x80) {
			fputs("...", stream);
			break;
		}
		if (!strchr(" \t\r\n", *c))
			fputc(*c, stream);
		else if (c[1] && !strchr(" \t\r\n", c[1]))
			fputc(' ', stream);
	}
	mem_stream_close(stream);
	return text;
}

/* The details of a missing object; "" if the name says enough. */
static char *
describe(const struct catalog_fact *fact)
{
	const char *const *value = (const char *const *) fact->values;

	switch (fact->kind) {
		case FACT_COLUMN:
			return mem_format(": %s%s%s%s", value[0], strcmp(value[1], "NULL") == 0 ? "" : " NOT NULL",
							  value[2] ? " DEFAULT " : "", value[2] ? value[2] : "");
		case FACT_INDEX:
		case FACT_CONSTRAINT:
		case FACT_TRIGGER:
			return mem_format(": %s", value[0]);
		case FACT_SEQUENCE:
			return mem_format(": %s", value[1]);
		default:
			return mem_string("");
	}
}

static char *
text_one_sided(const struct catalog_fact *fact, const char *what)
{
	char	   *description = fact->kind == FACT_PRIVILEGE ? mem_format(": %s", fact->values[0]) : describe(fact);
	char	   *line = in_line(description);
	char	   *name = diff_name(fact);
	char	   *text = mem_format("%s%s%s %s%s", fact->kind == FACT_PRIVILEGE ? "" : catalog_kind(fact->kind),
								  fact->kind == FACT_PRIVILEGE ? "" : " ", name, what, line);

	mem_free(name);
	mem_free(line);
	mem_free(description);
	return text;
}

static char *
text_changed(const struct catalog_fact *is, const struct catalog_fact *should, int property)
{
	char	   *was = in_line(is->values[property]);
	char	   *wanted = in_line(should->values[property]);
	char	   *name = diff_name(is);
	char	   *text;

	if (is->kind == FACT_PRIVILEGE)
		text = mem_format("%s has %s, should have %s", name, was, wanted);
	else
		text = mem_format("%s %s: %s is %s, should be %s", catalog_kind(is->kind), name,
						  catalog_property(is->kind, property), was, wanted);
	mem_free(name);
	mem_free(was);
	mem_free(wanted);
	return text;
}

static char *
text_missing(const struct catalog_fact *should)
{
	return text_one_sided(should, should->kind == FACT_PRIVILEGE ? "has no privileges, should have" : "is missing");
}

static char *
text_extra(const struct catalog_fact *is, bool note)
{
	if (note) {
		char	   *name = diff_name(is);
		char	   *text = mem_format("label %s is of a later version; PostgreSQL cannot drop it", name);

		mem_free(name);
		return text;
	}
	return text_one_sided(is, is->kind == FACT_PRIVILEGE ? "has privileges, should have none" : "should not be there");
}

static char *
text_renamed(const struct catalog_fact *is, const struct catalog_fact *should)
{
	char	   *name = diff_name(is);
	char	   *wanted = diff_name(should);
	char	   *text = mem_format("%s %s is called %s, and is the same otherwise", catalog_kind(is->kind), wanted,
								  name);

	mem_free(wanted);
	mem_free(name);
	return text;
}

char *
diff_text(const struct diff_item *difference)
{
	const struct catalog_fact *is = difference->is;
	const struct catalog_fact *should = difference->should;

	if (!is)
		return should ? text_missing(should) : mem_string("");
	if (!should)
		return text_extra(is, difference->note);
	switch (difference->kind) {
		case DIFF_RENAMED:
			return text_renamed(is, should);
		case DIFF_ORDER:
			return mem_format("the %ss are in another order", catalog_kind(is->kind));
		default:
			return text_changed(is, should, difference->property);
	}
}
