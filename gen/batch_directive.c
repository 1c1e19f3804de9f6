/* "-- migrate:batch" lines: their options, and the statements that they apply to. */
#include "batch_directive.h"

#include <stdlib.h>
#include <string.h>

#include "history/sql_lexer.h"
#include "sections.h"

#include "base/banned.h"

#define FORM "Write \"-- migrate:batch table=TABLE key=COLUMN rows=N\". rows is optional; its default is 20000."

/* The parameters of a statement. */
struct batch_directive_parameters {
	bool		first;			/* $1 */
	bool		second;			/* $2 */
	size_t		other;			/* the place of another one, from 1; 0: there is none */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct batch_directive_parameters
find_parameters(const struct sql_lexer_phrase *phrase, size_t length)
{
	struct batch_directive_parameters found = {0};

	for (size_t i = 0; i + 1 < phrase->count; i++) {
		size_t		at = phrase->words[i].offset + 1;
		bool		alone = at + 1 == length || !is_digit(phrase->text[at + 1]);

		if (!phrase_symbol(phrase, i, '$') || phrase->words[i + 1].offset != at || !is_digit(phrase->text[at]))
			continue;
		if (alone && phrase->text[at] == '1')
			found.first = true;
		else if (alone && phrase->text[at] == '2')
			found.second = true;
		else if (found.other == 0)
			found.other = at;
	}
	return found;
}

/* A name that needs no quotes, so that it is the same in the line and in the statement. */
static bool
is_plain(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (name[i] != '_' && !(name[i] >= 'a' && name[i] <= 'z') && (i == 0 || !is_digit(name[i])))
			return false;
	return length > 0;
}

/* The value of the option, in the arena; NULL if the option is not `key`. */
static const char *
value_of(const struct source_input *input, size_t option, size_t length, const char *key)
{
	size_t		name = strlen(key);

	if (length <= name || memcmp(input->text + option, key, name) != 0 || input->text[option + name] != '=')
		return NULL;
	return arena_copy(input->arena, input->text + option + name + 1, length - name - 1);
}

static bool
set_name(const struct source_input *input, const struct sections_directive *line, const char *key, const char *value,
		 bool dotted, const char **name)
{
	const char *dot = dotted ? strchr(value, '.') : NULL;
	size_t		length = dot ? (size_t) (dot - value) : strlen(value);
	const char *rest = dot ? dot + 1 : value;

	if (*name) {
		source_error(input, line->offset, FORM, "%s is given twice", key);
		return false;
	}
	if (!is_plain(value, length) || !is_plain(rest, strlen(rest))) {
		source_error(input, line->offset, "Use a name of lower-case letters, digits and underscores: it needs no "
					 "quotes.", "invalid %s \"%.*s\"", key, SOURCE_QUOTED_MAX, value);
		return false;
	}
	*name = value;
	return true;
}

static bool
set_rows(const struct source_input *input, const struct sections_directive *line, const char *value, int *rows)
{
	char	   *end;
	long		number = strtol(value, &end, 10);

	if (!is_digit(value[0]) || *end || number < 1 || number > BATCH_DIRECTIVE_ROWS_MAX) {
		source_error(input, line->offset, "Give a number from 1 to 1000000. A batch should take about a second.",
					 "invalid number of rows \"%.*s\"", SOURCE_QUOTED_MAX, value);
		return false;
	}
	if (*rows > 0) {
		source_error(input, line->offset, FORM, "rows is given twice");
		return false;
	}
	*rows = (int) number;
	return true;
}

static bool
read_options(const struct source_input *input, const struct sections_directive *line, struct history_batch *batch)
{
	struct sections_directive rest = *line;
	size_t		option;
	size_t		length;
	bool		good = true;

	while (sections_next_option(input, &rest, &option, &length)) {
		const char *value;

		if ((value = value_of(input, option, length, "table")) != NULL)
			good &= set_name(input, line, "table", value, true, &batch->table);
		else if ((value = value_of(input, option, length, "key")) != NULL)
			good &= set_name(input, line, "key", value, false, &batch->key);
		else if ((value = value_of(input, option, length, "rows")) != NULL)
			good &= set_rows(input, line, value, &batch->rows);
		else {
			source_error(input, option, FORM, "unknown option \"%.*s\" of migrate:batch",
						 source_quoted(length), input->text + option);
			good = false;
		}
	}
	if (good && (!batch->table || !batch->key)) {
		source_error(input, line->offset, FORM, "migrate:batch without %s", batch->table ? "key" : "table");
		good = false;
	}
	if (batch->rows == 0)
		batch->rows = BATCH_DIRECTIVE_ROWS;
	return good;
}

/* Is it an UPDATE, a DELETE or an INSERT, with or without WITH? */
static bool
changes_rows(const struct sql_lexer_phrase *phrase)
{
	static const char *const verbs[] = {"update", "delete from", "insert into"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (phrase_says(phrase, 0, verbs[i]) ||
			(phrase_says(phrase, 0, "with") && phrase_find(phrase, 1, verbs[i], (unsigned) -1) < phrase->count))
			return true;
	return false;
}

static bool
check_statement(const struct source_input *input, const struct history_statement *statement)
{
	struct sql_lexer_phrase phrase;
	struct batch_directive_parameters found;
	bool		changes;

	phrase_read(&phrase, input->text + statement->offset, statement->length);
	found = find_parameters(&phrase, statement->length);
	changes = changes_rows(&phrase);
	phrase_clear(&phrase);
	if (!changes)
		source_error(input, statement->offset, "Only an UPDATE, a DELETE or an INSERT can be batched.",
					 "this statement cannot be batched");
	else if (!found.first || !found.second)
		source_error(input, statement->offset, "Restrict the statement to the keys of one batch: WHERE key >= $1 "
					 "AND key < $2.", "batched statement without $%d", found.first ? 2 : 1);
	else if (found.other > 0)
		source_error(input, statement->offset + found.other - 1, "Use only $1, the first key of a batch, and $2, "
					 "the first key after it.", "batched statement with a parameter other than $1 and $2");
	else
		return true;
	return false;
}

/* Parameters show that a directive was not found, because it is not at the start of its line. */
static bool
check_unbatched(const struct source_input *input, const struct history_statement *statement)
{
	struct sql_lexer_phrase phrase;
	struct batch_directive_parameters found;
	bool		own;

	phrase_read(&phrase, input->text + statement->offset, statement->length);
	found = find_parameters(&phrase, statement->length);
	own = phrase_says(&phrase, 0, "prepare") || phrase_says(&phrase, 0, "create");
	phrase_clear(&phrase);
	if (own || (!found.first && !found.second && found.other == 0))
		return true;
	source_error(input, statement->offset, "Only a statement after a line \"-- migrate:batch table=TABLE "
				 "key=COLUMN rows=N\" has parameters.", "parameters in a statement that is not batched");
	return false;
}

/* The statement that the line applies to. If there is none, adds an error and returns NULL. */
static struct history_statement *
find_statement(const struct source_input *input, const struct history_section *section,
			   struct history_statement *statements,
			   const struct sections_directive *line)
{
	size_t		next = 0;

	while (next < section->count && statements[next].offset + statements[next].length <= line->offset)
		next++;
	if (next < section->count && statements[next].offset < line->offset)
		source_error(input, line->offset, "Move it to a line before the statement.",
					 "\"migrate:batch\" inside a statement");
	else if (next == section->count)
		source_error(input, line->offset, "Move it to a line before the statement that it applies to.",
					 "\"migrate:batch\" is not followed by a statement");
	else if (statements[next].batch)
		source_error(input, line->offset, "Remove one of them.", "second \"migrate:batch\" before a statement");
	else if (section->transactional)
		source_error(input, line->offset, "Each batch is a transaction of its own. Move the statement to a section "
					 "with transaction:false.", "\"migrate:batch\" in a section that is one transaction");
	else
		return &statements[next];
	return NULL;
}

bool
batch_directive_read(const struct source_input *input, struct history_section *section)
{
	struct history_statement *statements = arena_alloc(input->arena, section->count * sizeof(*statements));
	size_t		before = input->errors->count;
	size_t		at = section->offset;
	struct sections_directive line;

	if (section->count > 0)
		memcpy(statements, section->statements, section->count * sizeof(*statements));
	while (sections_next_batch(input, &at, section->offset + section->length, &line)) {
		struct history_statement *statement = find_statement(input, section, statements, &line);
		struct history_batch *batch = arena_alloc(input->arena, sizeof(*batch));

		if (!statement)
			continue;
		statement->batch = batch;
		if (read_options(input, &line, batch))
			check_statement(input, statement);
	}
	/* After an error in a line, the parameters of its statement would be reported as well. */
	for (size_t i = 0; i < section->count && input->errors->count == before; i++)
		if (!statements[i].batch)
			check_unbatched(input, &statements[i]);
	section->statements = statements;
	return input->errors->count == before;
}
