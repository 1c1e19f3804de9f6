#include "ranges.h"

#include <stdlib.h>
#include <string.h>

#include "history/sql_lexer.h"
#include "sections.h"

#include "base/banned.h"

#define SHOWN_MAX 40			/* characters of a bad option that are shown */
#define FORM "Write \"-- migrate:batch table=TABLE key=COLUMN rows=N\"; without rows, N is 20000."

/* Which parameters a statement has. */
struct parameters {
	bool		first;			/* $1 */
	bool		second;			/* $2 */
	size_t		other;			/* where another one is, from 1; 0: nowhere */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct parameters
find_parameters(const struct sql_lexer_phrase *phrase, size_t length)
{
	struct parameters found = {0};

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

/* A name that needs no quotes: so it is the same in the line and in the statement. */
static bool
is_plain(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (name[i] != '_' && !(name[i] >= 'a' && name[i] <= 'z') && (i == 0 || !is_digit(name[i])))
			return false;
	return length > 0;
}

/* The value of the option `key`, in the arena; NULL where that is not what it is. */
static const char *
value_of(const struct input *input, size_t option, size_t length, const char *key)
{
	size_t		name = strlen(key);

	if (length <= name || memcmp(input->text + option, key, name) != 0 || input->text[option + name] != '=')
		return NULL;
	return arena_copy(input->arena, input->text + option + name + 1, length - name - 1);
}

static bool
take_name(const struct input *input, const struct directive *line, const char *what, const char *value, bool dotted,
		  const char **name)
{
	const char *dot = dotted ? strchr(value, '.') : NULL;
	size_t		length = dot ? (size_t) (dot - value) : strlen(value);
	const char *rest = dot ? dot + 1 : value;

	if (*name) {
		source_complain(input, line->offset, FORM, "%s is given twice", what);
		return false;
	}
	if (!is_plain(value, length) || !is_plain(rest, strlen(rest))) {
		source_complain(input, line->offset, "Of names, those in lower-case letters, digits and underscores can be "
						"given, as they need no quotes.", "bad %s \"%.*s\"", what, SHOWN_MAX, value);
		return false;
	}
	*name = value;
	return true;
}

static bool
take_rows(const struct input *input, const struct directive *line, const char *value, int *rows)
{
	char	   *end;
	long		number = strtol(value, &end, 10);

	if (!is_digit(value[0]) || *end || number < 1 || number > RANGES_ROWS_MAX) {
		source_complain(input, line->offset, "From 1 to 1000000; what takes about a second is a good number.",
						"bad number of rows \"%.*s\"", SHOWN_MAX, value);
		return false;
	}
	if (*rows > 0) {
		source_complain(input, line->offset, FORM, "rows is given twice");
		return false;
	}
	*rows = (int) number;
	return true;
}

static bool
read_options(const struct input *input, const struct directive *line, struct batch *batch)
{
	struct directive rest = *line;
	size_t		option;
	size_t		length;
	bool		good = true;

	while (sections_next_option(input, &rest, &option, &length)) {
		const char *value;

		if ((value = value_of(input, option, length, "table")) != NULL)
			good &= take_name(input, line, "table", value, true, &batch->table);
		else if ((value = value_of(input, option, length, "key")) != NULL)
			good &= take_name(input, line, "key", value, false, &batch->key);
		else if ((value = value_of(input, option, length, "rows")) != NULL)
			good &= take_rows(input, line, value, &batch->rows);
		else {
			source_complain(input, option, FORM, "unknown option \"%.*s\" of migrate:batch",
							length < SHOWN_MAX ? (int) length : SHOWN_MAX, input->text + option);
			good = false;
		}
	}
	if (good && (!batch->table || !batch->key)) {
		source_complain(input, line->offset, FORM, "migrate:batch without %s", batch->table ? "key" : "table");
		good = false;
	}
	if (batch->rows == 0)
		batch->rows = RANGES_ROWS;
	return good;
}

/* Is it an UPDATE, a DELETE or an INSERT, perhaps behind a WITH? */
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
check_statement(const struct input *input, const struct statement *statement)
{
	struct sql_lexer_phrase phrase;
	struct parameters found;
	bool		changes;

	phrase_read(&phrase, input->text + statement->offset, statement->length);
	found = find_parameters(&phrase, statement->length);
	changes = changes_rows(&phrase);
	phrase_clear(&phrase);
	if (!changes)
		source_complain(input, statement->offset, "What is run in ranges of keys is an UPDATE, a DELETE or an INSERT.",
						"this statement cannot be run in batches");
	else if (!found.first || !found.second)
		source_complain(input, statement->offset, "Say of which rows it is by the key of the batch: WHERE key >= $1 "
						"AND key < $2.", "a batched statement without $%d", found.first ? 2 : 1);
	else if (found.other > 0)
		source_complain(input, statement->offset + found.other - 1, "There are $1, the least key of a range, and $2, "
						"the least one behind it.", "a batched statement has another parameter than $1 and $2");
	else
		return true;
	return false;
}

/* A line that was overlooked, as it does not begin with the directive, shows in what its statement says. */
static bool
check_unbatched(const struct input *input, const struct statement *statement)
{
	struct sql_lexer_phrase phrase;
	struct parameters found;
	bool		own;

	phrase_read(&phrase, input->text + statement->offset, statement->length);
	found = find_parameters(&phrase, statement->length);
	own = phrase_says(&phrase, 0, "prepare") || phrase_says(&phrase, 0, "create");
	phrase_clear(&phrase);
	if (own || (!found.first && !found.second && found.other == 0))
		return true;
	source_complain(input, statement->offset, "Only a statement behind a line \"-- migrate:batch table=TABLE "
					"key=COLUMN rows=N\" has parameters.", "parameters in a statement that is not run in batches");
	return false;
}

/* The statement that the line is about; NULL, and complained of, where there is none. */
static struct statement *
find_statement(const struct input *input, const struct section *section, struct statement *statements,
			   const struct directive *line)
{
	size_t		next = 0;

	while (next < section->count && statements[next].offset + statements[next].length <= line->offset)
		next++;
	if (next < section->count && statements[next].offset < line->offset)
		source_complain(input, line->offset, "Write it on a line before the whole statement.",
						"\"migrate:batch\" inside a statement");
	else if (next == section->count)
		source_complain(input, line->offset, "It is about the statement that follows it.",
						"\"migrate:batch\" stands before no statement");
	else if (statements[next].batch)
		source_complain(input, line->offset, "A statement has one.", "second \"migrate:batch\" before a statement");
	else if (section->transactional)
		source_complain(input, line->offset, "Each range is a transaction of its own: put it in a section that says "
						"transaction:false.", "\"migrate:batch\" in a section that is one transaction");
	else
		return &statements[next];
	return NULL;
}

bool
ranges_read(const struct input *input, struct section *section)
{
	struct statement *statements = arena_alloc(input->arena, section->count * sizeof(*statements));
	size_t		before = input->complaints->count;
	size_t		at = section->offset;
	struct directive line;

	if (section->count > 0)
		memcpy(statements, section->statements, section->count * sizeof(*statements));
	while (sections_next_batch(input, &at, section->offset + section->length, &line)) {
		struct statement *statement = find_statement(input, section, statements, &line);
		struct batch *batch = arena_alloc(input->arena, sizeof(*batch));

		if (!statement)
			continue;
		statement->batch = batch;
		if (read_options(input, &line, batch))
			check_statement(input, statement);
	}
	/* Where a line is at fault, whatever its statement says comes from that. */
	for (size_t i = 0; i < section->count && input->complaints->count == before; i++)
		if (!statements[i].batch)
			check_unbatched(input, &statements[i]);
	section->statements = statements;
	return input->complaints->count == before;
}
