#include "allow.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "history/lint_rule.h"
#include "history/sql_lexer.h"

#include "base/banned.h"

#define BLANKS " \t\f\v"
#define LINE_ENDS "\r\n"
#define SHOWN_MAX 40			/* characters of a bad directive or rule that are shown */

/* A part of a file that is being read, and its allows so far, which are in the order of their statements. */
struct reader {
	const struct input *input;
	const char *refused;		/* the part that may have none, as a message names it; else NULL */
	bool		head;			/* before the sections, where there are no statements */
	size_t		head_count;		/* the head's, while a section is read */
	const struct allow *head_allows;
	struct statement *statements;
	size_t		statement_count;
	size_t		next;			/* the first statement that ends behind what was read */
	struct allow *allows;
	size_t		count;
};

/* What a word of the file looks like in a message. */
static int
shown(const char *word)
{
	size_t		length = strcspn(word, BLANKS LINE_ENDS);

	return length < SHOWN_MAX ? (int) length : SHOWN_MAX;
}

/* Does the comment at `comment` begin with "lint:"? `name` is then where. */
static bool
is_directive(const struct input *input, size_t comment, size_t *name)
{
	*name = comment + 2 + strspn(input->text + comment + 2, BLANKS);
	return strncasecmp(input->text + *name, "lint:", strlen("lint:")) == 0;
}

static bool
is_own_line(const struct input *input, size_t comment)
{
	if (input->text[comment] != '-')
		return false;
	while (comment > 0 && strchr(BLANKS, input->text[comment - 1]))
		comment--;
	return comment == 0 || input->text[comment - 1] == '\n';
}

static bool
check_place(struct reader *reader, size_t comment, size_t name)
{
	const struct input *input = reader->input;
	const char *word = input->text + name;
	const struct statement *next;

	while (reader->next < reader->statement_count &&
		   reader->statements[reader->next].offset + reader->statements[reader->next].length <= comment)
		reader->next++;
	next = reader->next < reader->statement_count ? &reader->statements[reader->next] : NULL;
	if (reader->refused)
		source_complain(input, comment, "Only the up sections of migrations are linted. Take it away.",
						"\"%.*s\" in %s", shown(word), word, reader->refused);
	else if (next && next->offset < comment)
		source_complain(input, comment, "Write it on a line before the whole statement.",
						"\"%.*s\" inside a statement", shown(word), word);
	else if (!is_own_line(input, comment))
		source_complain(input, comment, "Write it on a line before the statement, with nothing else on that line.",
						"\"%.*s\" is not a line of its own", shown(word), word);
	else if (!next && !reader->head)
		source_complain(input, comment, "It is about the statement that follows it.",
						"\"%.*s\" stands before no statement", shown(word), word);
	else
		return true;
	return false;
}

/* "The rules are: locked-scan, ..." */
static const char *
rules_hint(const struct input *input)
{
	const char *hint = "The rules are:";

	for (enum lint_rule rule = 0; rule < LINT_RULE_COUNT; rule++)
		hint = arena_format(input->arena, "%s %s%s", hint, lint_rule_name(rule),
							rule + 1 < LINT_RULE_COUNT ? "," : ".");
	return hint;
}

/* The text from `at` to the end of its line, without blanks around it; NULL where it has no word. */
static const char *
read_reason(const struct input *input, size_t at)
{
	const char *start = input->text + at + strspn(input->text + at, BLANKS);
	size_t		length = strcspn(start, LINE_ENDS);

	while (length > 0 && strchr(BLANKS, start[length - 1]))
		length--;
	for (size_t i = 0; i < length; i++)
		if (isalnum((unsigned char) start[i]) || (unsigned char) start[i] >= 0x80)
			return arena_copy(input->arena, start, length);
	return NULL;
}

static bool
parse(const struct input *input, size_t name, struct allow *allow)
{
	static const char allow_name[] = "lint:allow";
	size_t		name_length = strcspn(input->text + name, BLANKS LINE_ENDS);
	const char *word = input->text + name + name_length + strspn(input->text + name + name_length, BLANKS);
	size_t		length = strcspn(word, ":" BLANKS LINE_ENDS);
	enum lint_rule rule = lint_rule_find(word, length);

	if (name_length != strlen(allow_name) || memcmp(input->text + name, allow_name, name_length) != 0) {
		source_complain(input, name, "There is one: \"-- lint:allow RULE: reason\".",
						"unknown directive \"%.*s\"", shown(input->text + name), input->text + name);
		return false;
	}
	if (rule == LINT_RULE_COUNT) {
		source_complain(input, name, rules_hint(input), "unknown rule \"%.*s\"",
						length < SHOWN_MAX ? (int) length : SHOWN_MAX, word);
		return false;
	}
	*allow = (struct allow) {.rule = lint_rule_name(rule), .line = source_line(input, name)};
	if (word[length] == ':')
		allow->reason = read_reason(input, (size_t) (word + length + 1 - input->text));
	if (!allow->reason)
		source_complain(input, name, arena_format(input->arena, "Write \"-- lint:allow %s: \", and behind it why it "
						"does no harm here.", allow->rule), "%s is allowed without a reason", allow->rule);
	return allow->reason != NULL;
}

/* The line in which one of these allows the rule; 0 where none does. */
static unsigned
find_line(const struct allow *allows, size_t count, const char *rule)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(allows[i].rule, rule) == 0)
			return allows[i].line;
	return 0;
}

static bool
add(struct reader *reader, size_t name, const struct allow *allow)
{
	struct statement *statement = reader->head ? NULL : &reader->statements[reader->next];
	size_t		own = statement ? statement->allow_count : reader->count;
	unsigned	line = find_line(reader->head_allows, reader->head_count, allow->rule);

	if (line == 0 && own > 0)
		line = find_line(reader->allows + reader->count - own, own, allow->rule);
	if (line > 0) {
		source_complain(reader->input, name, "Once is enough: one in the head is for every statement. Take one of them "
						"away.", "%s is allowed already (line %u)", allow->rule, line);
		return false;
	}
	reader->allows = mem_grow(reader->allows, reader->count + 1, sizeof(*reader->allows));
	reader->allows[reader->count++] = *allow;
	if (statement)
		statement->allow_count++;
	return true;
}

static bool
read_comment(struct reader *reader, size_t comment)
{
	size_t		name;
	struct allow allow;

	if (!is_directive(reader->input, comment, &name))
		return true;
	return check_place(reader, comment, name) && parse(reader->input, name, &allow) && add(reader, name, &allow);
}

/* The lines of a dollar-quoted string, which may be code with comments. */
static bool
read_body(struct reader *reader, size_t at, size_t length)
{
	const char *text = reader->input->text;
	const char *end = text + at + length;
	bool		good = true;

	for (const char *line = text + at; (line = memchr(line, '\n', (size_t) (end - line))) != NULL;) {
		line++;
		line += strspn(line, BLANKS);
		if (strncmp(line, "--", 2) == 0)
			good &= read_comment(reader, (size_t) (line - text));
	}
	return good;
}

static bool
read_part(struct reader *reader, size_t offset, size_t length)
{
	struct sql_lexer words;
	struct sql_lexer_word word;
	bool		good = true;

	sql_lexer_start(&words, reader->input->text + offset, length);
	words.comments = true;
	while (sql_lexer_next(&words, &word)) {
		if (word.kind == WORD_COMMENT)
			good &= read_comment(reader, offset + word.offset);
		else if (word.kind == WORD_DOLLAR)
			good &= read_body(reader, offset + word.offset, word.length);
	}
	return good;
}

/* The reader's allows, in the arena. */
static const struct allow *
keep(struct reader *reader)
{
	struct allow *kept = arena_alloc(reader->input->arena, reader->count * sizeof(*kept));

	if (reader->count > 0)
		memcpy(kept, reader->allows, reader->count * sizeof(*kept));
	mem_free(reader->allows);
	return kept;
}

static bool
read_head(const struct input *input, struct migration *migration)
{
	struct reader reader = {.input = input, .head = true};
	bool		good = read_part(&reader, 0, migration->up.offset);

	migration->allow_count = reader.count;
	migration->allows = keep(&reader);
	return good;
}

static bool
read_up(const struct input *input, struct migration *migration)
{
	struct section *up = &migration->up;
	struct statement *statements = arena_alloc(input->arena, up->count * sizeof(*statements));
	struct reader reader = {
		.input = input,
		.head_count = migration->allow_count,
		.head_allows = migration->allows,
		.statements = statements,
		.statement_count = up->count,
	};
	const struct allow *allows;
	bool		good;

	if (up->count > 0)
		memcpy(statements, up->statements, up->count * sizeof(*statements));
	good = read_part(&reader, up->offset, up->length);
	allows = keep(&reader);
	for (size_t i = 0; i < up->count; i++)
		if (statements[i].allow_count > 0) {
			statements[i].allows = allows;
			allows += statements[i].allow_count;
		}
	up->statements = statements;
	return good;
}

static bool
read_none(const struct input *input, const struct section *section, const char *name)
{
	struct reader reader = {.input = input, .refused = name};

	return read_part(&reader, section->offset, section->length);
}

bool
allow_read(const struct input *input, struct migration *migration)
{
	bool		good = read_head(input, migration);

	good &= read_up(input, migration);
	good &= read_none(input, &migration->down, "the down section");
	return good;
}

bool
allow_none(const struct input *input, const struct section *body)
{
	return read_none(input, body, "a file without sections");
}
