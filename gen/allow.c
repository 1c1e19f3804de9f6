/* "-- lint:allow" lines, among the comments of a migration. */
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

/* A part of a file that is being read, and its allows so far, in the order of their statements. */
struct allow_reader {
	const struct source_input *input;
	const char *refused;		/* if the part may have none: its name in a message; else NULL */
	bool		down;			/* the part is a down section, which may have only those of its rule */
	bool		head;			/* the part before the sections, without statements */
	size_t		head_count;		/* the allows of the head, while a section is read */
	const struct history_allow *head_allows;
	struct history_statement *statements;
	size_t		statement_count;
	size_t		next;			/* the first statement that ends after the text that was read */
	struct history_allow *allows;
	size_t		count;
};

/* How much of the word a message quotes. */
static int
quoted(const char *word)
{
	return source_quoted(strcspn(word, BLANKS LINE_ENDS));
}

/* Does the comment at offset `comment` begin with "lint:"? Sets `name` to the offset of that. */
static bool
is_directive(const struct source_input *input, size_t comment, size_t *name)
{
	*name = comment + 2 + strspn(input->text + comment + 2, BLANKS);
	return strncasecmp(input->text + *name, "lint:", strlen("lint:")) == 0;
}

static bool
is_own_line(const struct source_input *input, size_t comment)
{
	if (input->text[comment] != '-')
		return false;
	while (comment > 0 && strchr(BLANKS, input->text[comment - 1]))
		comment--;
	return comment == 0 || input->text[comment - 1] == '\n';
}

/* Is it an allow of the rule about downs? */
static bool
is_of_down(const char *word)
{
	const char *rule = word + strlen("lint:allow");

	rule += strspn(rule, BLANKS);
	return strncmp(word, "lint:allow", strlen("lint:allow")) == 0
		&& lint_rule_find(rule, strcspn(rule, ":" BLANKS LINE_ENDS)) == LINT_HIDDEN_DROP;
}

static bool
check_place(struct allow_reader *reader, size_t comment, size_t name)
{
	const struct source_input *input = reader->input;
	const char *word = input->text + name;
	const struct history_statement *next;

	while (reader->next < reader->statement_count &&
		   reader->statements[reader->next].offset + reader->statements[reader->next].length <= comment)
		reader->next++;
	next = reader->next < reader->statement_count ? &reader->statements[reader->next] : NULL;
	if (reader->refused || (reader->down && !is_of_down(word)))
		source_error(input, comment, "Remove it: only the up sections of migrations are linted.",
					 "\"%.*s\" in %s", quoted(word), word, reader->down ? "the down section" : reader->refused);
	else if (!reader->down && is_of_down(word))
		source_error(input, comment, "Move it to a line before a statement of the down section.",
					 "%s is a rule for down sections", lint_rule_name(LINT_HIDDEN_DROP));
	else if (next && next->offset < comment)
		source_error(input, comment, "Move it to a line before the statement.",
					 "\"%.*s\" inside a statement", quoted(word), word);
	else if (!is_own_line(input, comment))
		source_error(input, comment, "Move it to a line of its own before the statement.",
					 "\"%.*s\" is not on a line of its own", quoted(word), word);
	else if (!next && !reader->head)
		source_error(input, comment, "Move it to a line before the statement that it applies to.",
					 "\"%.*s\" is not followed by a statement", quoted(word), word);
	else
		return true;
	return false;
}

/* "The rules are: locked-scan, ..." */
static const char *
rules_hint(const struct source_input *input)
{
	const char *hint = "The rules are:";

	for (enum lint_rule rule = 0; rule < LINT_RULE_COUNT; rule++)
		hint = arena_format(input->arena, "%s %s%s", hint, lint_rule_name(rule),
							rule + 1 < LINT_RULE_COUNT ? "," : ".");
	return hint;
}

/* The text from `at` to the end of the line, without blanks around it; NULL if it has no word. */
static const char *
read_reason(const struct source_input *input, size_t at)
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
parse_allow(const struct source_input *input, size_t name, struct history_allow *allow)
{
	static const char allow_name[] = "lint:allow";
	size_t		name_length = strcspn(input->text + name, BLANKS LINE_ENDS);
	const char *word = input->text + name + name_length + strspn(input->text + name + name_length, BLANKS);
	size_t		length = strcspn(word, ":" BLANKS LINE_ENDS);
	enum lint_rule rule = lint_rule_find(word, length);

	if (name_length != strlen(allow_name) || memcmp(input->text + name, allow_name, name_length) != 0) {
		source_error(input, name, "The only lint directive is \"-- lint:allow RULE: reason\".",
					 "unknown directive \"%.*s\"", quoted(input->text + name), input->text + name);
		return false;
	}
	if (rule == LINT_RULE_COUNT) {
		source_error(input, name, rules_hint(input), "unknown rule \"%.*s\"",
					 source_quoted(length), word);
		return false;
	}
	*allow = (struct history_allow) {.rule = lint_rule_name(rule), .line = source_line(input, name)};
	if (word[length] == ':')
		allow->reason = read_reason(input, (size_t) (word + length + 1 - input->text));
	if (!allow->reason)
		source_error(input, name,
					 arena_format(input->arena, "Write \"-- lint:allow %s: \", followed by the reason.", allow->rule),
					 "%s is allowed without a reason", allow->rule);
	return allow->reason != NULL;
}

/* The line of the allow of this rule; 0 if there is none. */
static unsigned
find_line(const struct history_allow *allows, size_t count, const char *rule)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(allows[i].rule, rule) == 0)
			return allows[i].line;
	return 0;
}

static bool
add_allow(struct allow_reader *reader, size_t name, const struct history_allow *allow)
{
	struct history_statement *statement = reader->head ? NULL : &reader->statements[reader->next];
	size_t		own = statement ? statement->allow_count : reader->count;
	unsigned	line = find_line(reader->head_allows, reader->head_count, allow->rule);

	if (line == 0 && own > 0)
		line = find_line(reader->allows + reader->count - own, own, allow->rule);
	if (line > 0) {
		source_error(reader->input, name, "Remove one of them. One in the head of the file applies to every statement.",
					 "%s is already allowed (line %u)", allow->rule, line);
		return false;
	}
	reader->allows = mem_grow(reader->allows, reader->count + 1, sizeof(*reader->allows));
	reader->allows[reader->count++] = *allow;
	if (statement)
		statement->allow_count++;
	return true;
}

static bool
read_comment(struct allow_reader *reader, size_t comment)
{
	size_t		name;
	struct history_allow allow;

	if (!is_directive(reader->input, comment, &name))
		return true;
	return check_place(reader, comment, name) && parse_allow(reader->input, name, &allow) &&
		add_allow(reader, name, &allow);
}

/* The lines of a dollar-quoted string: it may be code with comments. */
static bool
read_body(struct allow_reader *reader, size_t at, size_t length)
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
read_part(struct allow_reader *reader, size_t offset, size_t length)
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

/* Moves the allows that were read to the arena. */
static const struct history_allow *
move_allows(struct allow_reader *reader)
{
	struct history_allow *kept = arena_alloc(reader->input->arena, reader->count * sizeof(*kept));

	if (reader->count > 0)
		memcpy(kept, reader->allows, reader->count * sizeof(*kept));
	mem_free(reader->allows);
	return kept;
}

static bool
read_head(const struct source_input *input, struct history_migration *migration)
{
	struct allow_reader reader = {.input = input, .head = true};
	bool		good = read_part(&reader, 0, migration->up.offset);

	migration->allow_count = reader.count;
	migration->allows = move_allows(&reader);
	return good;
}

static bool
read_section(const struct source_input *input, const struct history_migration *migration,
			 struct history_section *section, bool is_down)
{
	struct history_statement *statements = arena_alloc(input->arena, section->count * sizeof(*statements));
	struct allow_reader reader = {
		.input = input,
		.down = is_down,
		.head_count = migration->allow_count,
		.head_allows = migration->allows,
		.statements = statements,
		.statement_count = section->count,
	};
	const struct history_allow *allows;
	bool		good;

	if (section->count > 0)
		memcpy(statements, section->statements, section->count * sizeof(*statements));
	good = read_part(&reader, section->offset, section->length);
	allows = move_allows(&reader);
	for (size_t i = 0; i < section->count; i++)
		if (statements[i].allow_count > 0) {
			statements[i].allows = allows;
			allows += statements[i].allow_count;
		}
	section->statements = statements;
	return good;
}

static bool
refuse_part(const struct source_input *input, const struct history_section *section, const char *name)
{
	struct allow_reader reader = {.input = input, .refused = name};

	return read_part(&reader, section->offset, section->length);
}

bool
allow_read(const struct source_input *input, struct history_migration *migration)
{
	bool		good = read_head(input, migration);

	good &= read_section(input, migration, &migration->up, false);
	good &= read_section(input, migration, &migration->down, true);
	return good;
}

bool
allow_refuse(const struct source_input *input, const struct history_section *body)
{
	return refuse_part(input, body, "a file without sections");
}
