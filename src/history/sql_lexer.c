/* Split one SQL statement into words. */
#include "history/sql_lexer.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

#include "base/banned.h"

static bool
starts_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool
in_name(char c)
{
	return starts_name(c) || (c >= '0' && c <= '9') || c == '$';
}

bool
sql_lexer_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* As in the server, a CR ends a line comment too. */
static size_t
skip_line_comment(const char *text, size_t length, size_t at)
{
	while (at < length && text[at] != '\n' && text[at] != '\r')
		at++;
	return at;
}

static bool
text_starts(const char *text, size_t length, size_t at, const char *start)
{
	size_t		size = strlen(start);

	return size <= length - at && memcmp(text + at, start, size) == 0;
}

static size_t
skip_blanks(const char *text, size_t length, size_t at)
{
	while (at < length && sql_lexer_blank(text[at]))
		at++;
	return at;
}

size_t
sql_lexer_skip(const char *text, size_t length, size_t at)
{
	while (at < length) {
		if (sql_lexer_blank(text[at]))
			at = skip_blanks(text, length, at);
		else if (text_starts(text, length, at, "--"))
			at = skip_line_comment(text, length, at);
		else
			break;
	}
	return at;
}

/* The offset after the block comment at `at`; block comments nest. */
static size_t
skip_block_comment(const struct sql_lexer *words, size_t at, bool *open)
{
	unsigned	depth = 0;

	while (at < words->length) {
		if (text_starts(words->text, words->length, at, "/*")) {
			depth++;
			at += 2;
		} else if (text_starts(words->text, words->length, at, "*/")) {
			at += 2;
			if (--depth == 0)
				return at;
		} else
			at++;
	}
	*open = true;
	return at;
}

/* The offset after the closing quote of a string or name opened before `at`; doubled and escaped quotes are skipped. */
static size_t
skip_quoted(const struct sql_lexer *words, size_t at, char quote, bool escapes, bool *open)
{
	while (at < words->length) {
		char		c = words->text[at++];

		if (c == '\\' && escapes && at < words->length)
			at++;
		else if (c == quote) {
			if (at == words->length || words->text[at] != quote)
				return at;
			at++;
		}
	}
	*open = true;
	return at;
}

/* A string continues in the next quotes if only white space with a line end, and comments, are between them. */
static size_t
skip_string(const struct sql_lexer *words, size_t at, bool escapes, bool *open)
{
	for (;;) {
		size_t		end = skip_quoted(words, at, '\'', escapes, open);
		size_t		next = sql_lexer_skip(words->text, words->length, end);
		bool		new_line = false;

		for (size_t i = end; i < next; i++)
			new_line |= words->text[i] == '\n' || words->text[i] == '\r';
		if (*open || !new_line || next == words->length || words->text[next] != '\'')
			return end;
		at = next + 1;
	}
}

/* The length of the delimiter ($$ or $tag$) at `at`; 0: none. */
static size_t
delimiter_length(const struct sql_lexer *words, size_t at)
{
	size_t		end = at + 1;

	if (end < words->length && starts_name(words->text[end]))
		while (end < words->length && in_name(words->text[end]) && words->text[end] != '$')
			end++;
	return end < words->length && words->text[end] == '$' ? end + 1 - at : 0;
}

static size_t
skip_dollar(const struct sql_lexer *words, size_t at, size_t size, bool *open)
{
	const char *start = words->text + at;
	const char *end = memmem(start + size, words->length - at - size, start, size);

	if (end)
		return (size_t) (end - words->text) + size;
	*open = true;
	return words->length;
}

/* The length of a prefix such as E or U& at `at`, before a quote; 0: none. */
static size_t
prefix_length(const struct sql_lexer *words, size_t at, char quote)
{
	const char *text = words->text + at;
	size_t		left = words->length - at;

	if (left >= 2 && quote == '\'' && text[1] == quote && strchr("bBeEnNxX", text[0]))
		return 1;
	if (left >= 3 && (text[0] == 'u' || text[0] == 'U') && text[1] == '&' && text[2] == quote)
		return 2;
	return 0;
}

void
sql_lexer_start(struct sql_lexer *words, const char *text, size_t length)
{
	*words = (struct sql_lexer) {.text = text, .length = length};
}

static size_t
read_symbol(struct sql_lexer *words, struct sql_lexer_word *word)
{
	char		c = words->text[word->offset];

	word->kind = WORD_SYMBOL;
	if (c == '(' || c == '[')
		words->depth++;
	else if ((c == ')' || c == ']') && words->depth > 0)
		word->depth = --words->depth;
	return word->offset + 1;
}

static size_t
read_name(const struct sql_lexer *words, struct sql_lexer_word *word)
{
	size_t		end = word->offset;

	word->kind = WORD_NAME;
	while (end < words->length && in_name(words->text[end]))
		end++;
	return end;
}

/* Read the word at word->offset; returns the offset after it. */
static size_t
read_word(struct sql_lexer *words, struct sql_lexer_word *word)
{
	size_t		at = word->offset;
	char		c = words->text[at];
	size_t		string = prefix_length(words, at, '\'');
	size_t		quoted = prefix_length(words, at, '"');
	size_t		dollar = c == '$' ? delimiter_length(words, at) : 0;

	if (c == '\'' || string > 0) {
		word->kind = WORD_STRING;
		return skip_string(words, at + string + 1, string == 1 && (c == 'e' || c == 'E'), &word->open);
	}
	if (c == '"' || quoted > 0) {
		word->kind = WORD_QUOTED;
		return skip_quoted(words, at + quoted + 1, '"', false, &word->open);
	}
	if (dollar > 0) {
		word->kind = WORD_DOLLAR;
		return skip_dollar(words, at, dollar, &word->open);
	}
	if (starts_name(c))
		return read_name(words, word);
	return read_symbol(words, word);
}

bool
sql_lexer_next(struct sql_lexer *words, struct sql_lexer_word *word)
{
	*word = (struct sql_lexer_word) {.kind = WORD_COMMENT, .depth = words->depth};
	for (;;) {
		words->at = words->comments ? skip_blanks(words->text, words->length, words->at) :
			sql_lexer_skip(words->text, words->length, words->at);
		if (words->at == words->length)
			return false;
		word->offset = words->at;
		if (text_starts(words->text, words->length, words->at, "--")) {
			words->at = skip_line_comment(words->text, words->length, words->at);
			break;
		}
		if (!text_starts(words->text, words->length, words->at, "/*")) {
			words->at = read_word(words, word);
			break;
		}
		words->at = skip_block_comment(words, words->at, &word->open);
		if (word->open || words->comments)
			break;
	}
	word->length = words->at - word->offset;
	return true;
}

void
phrase_read(struct sql_lexer_phrase *phrase, const char *text, size_t length)
{
	struct sql_lexer words;
	struct sql_lexer_word word;
	size_t		room = 0;

	*phrase = (struct sql_lexer_phrase) {.text = text};
	sql_lexer_start(&words, text, length);
	while (sql_lexer_next(&words, &word)) {
		if (phrase->count == room) {
			room = room ? 2 * room : 32;
			phrase->words = mem_grow(phrase->words, room, sizeof(word));
		}
		phrase->words[phrase->count++] = word;
	}
}

void
phrase_clear(struct sql_lexer_phrase *phrase)
{
	mem_free(phrase->words);
	*phrase = (struct sql_lexer_phrase) {0};
}

size_t
phrase_says(const struct sql_lexer_phrase *phrase, size_t at, const char *keywords)
{
	size_t		said = 0;

	while (*keywords) {
		size_t		length = strcspn(keywords, " ");
		const struct sql_lexer_word *word;

		if (at + said >= phrase->count)
			return 0;
		word = &phrase->words[at + said];
		if (word->kind != WORD_NAME || word->length != length ||
			strncasecmp(phrase->text + word->offset, keywords, length) != 0)
			return 0;
		said++;
		keywords += length;
		keywords += strspn(keywords, " ");
	}
	return said;
}

bool
phrase_symbol(const struct sql_lexer_phrase *phrase, size_t at, char symbol)
{
	return at < phrase->count && phrase->words[at].kind == WORD_SYMBOL &&
		phrase->text[phrase->words[at].offset] == symbol;
}

size_t
phrase_find(const struct sql_lexer_phrase *phrase, size_t at, const char *keywords, unsigned depth)
{
	while (at < phrase->count && (phrase->words[at].depth > depth || phrase_says(phrase, at, keywords) == 0))
		at++;
	return at < phrase->count ? at : phrase->count;
}

static bool
is_name(const struct sql_lexer_phrase *phrase, size_t at)
{
	return at < phrase->count && (phrase->words[at].kind == WORD_NAME || phrase->words[at].kind == WORD_QUOTED);
}

size_t
phrase_name_end(const struct sql_lexer_phrase *phrase, size_t at)
{
	if (!is_name(phrase, at))
		return at;
	while (phrase_symbol(phrase, at + 1, '.') && is_name(phrase, at + 2))
		at += 2;
	return at + 1;
}
