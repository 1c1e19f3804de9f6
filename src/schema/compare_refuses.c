/* Find extra constraints that refuse rows. */
#include "schema/compare_refuses.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_pairs.h"

#include "base/banned.h"

static bool
begins(const char *definition, const char *word)
{
	return strncmp(definition, word, strlen(word)) == 0;
}

/* The list of columns, from its parenthesis on, of a unique constraint or index; NULL: it is none. */
static const char *
unique_columns(enum fact_kind kind, const char *definition)
{
	bool		unique = kind == FACT_CONSTRAINT ? begins(definition, "UNIQUE") || begins(definition, "PRIMARY KEY")
		: kind == FACT_INDEX && begins(definition, "unique ");

	return unique ? strchr(definition, '(') : NULL;
}

/* The next column of a list, from *at on, which is at its parenthesis first; its length, or 0: none, or an expression. */
static size_t
next_column(const char **at, const char **column)
{
	size_t		length;

	if (**at != '(' && **at != ',')
		return 0;
	*column = *at + 1 + strspn(*at + 1, " ");
	length = compare_name_length(*column);
	/* Of an expression, nothing is known. An order or an operator class may follow a name. */
	if ((*column)[length] == '(')
		length = 0;
	*at = *column + length + strcspn(*column + length, ",()\t");
	return length;
}

static bool
has_column(const char *list, const char *column, size_t length)
{
	const char *other;
	size_t		other_length;

	while ((other_length = next_column(&list, &other)))
		if (other_length == length && memcmp(other, column, length) == 0)
			return true;
	return false;
}

/* Are all columns of a list in another one? */
static bool
is_within(const char *list, const char *other)
{
	const char *column;
	size_t		length;

	while ((length = next_column(&list, &column)))
		if (!has_column(other, column, length))
			return false;
	return *list == ')';
}

/* Are the table and the columns in the version? */
static bool
is_known(const struct fact_history *known, const struct fact *extra, const char *list, int version)
{
	char	   *table = mem_copy(extra->name, fact_parent(extra));
	bool		there = fact_history_run(known, FACT_TABLE, table, version);
	const char *column;
	size_t		length;

	while (there && list && (length = next_column(&list, &column))) {
		char	   *name = mem_format("%s.%.*s", table, (int) length, column);

		there = fact_history_run(known, FACT_COLUMN, name, version);
		mem_free(name);
	}
	mem_free(table);
	return there;
}

bool
compare_refuses(const struct fact_history *known, const struct fact *extra, int version)
{
	const char *list = unique_columns(extra->kind, extra->definition);
	size_t		parent = fact_parent(extra);
	bool		excludes = extra->kind == FACT_CONSTRAINT && begins(extra->definition, "EXCLUDE");

	if ((!list && !excludes) || !is_known(known, extra, list, version))
		return false;
	for (size_t i = 0; list && i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];
		const char *definition = run->texts[0].definition;
		const char *own = run->from <= version && version < run->to ? unique_columns(run->kind, definition) : NULL;

		if (run->from > version && run->kind == extra->kind && strcmp(run->name, extra->name) == 0)
			return false;
		if (own && !strstr(definition, "\twhere: ") && strncmp(run->name, extra->name, parent + 1) == 0
			&& is_within(own, list))
			return false;
	}
	return true;
}
