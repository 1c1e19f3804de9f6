#include "history/destructive.h"

#include <string.h>

#include "history/sql_lexer.h"

#include "base/banned.h"

/* What can be dropped without a row or a column going with it, and what only without CASCADE. */
static const char *const of_column[] = {"not null", "default", "identity", "expression"};
static const char *const harmless[] = {
	"index", "constraint", "trigger", "event trigger", "rule", "policy", "statistics", "view", "materialized view",
	"role", "user", "group", "publication", "subscription"
};
static const char *const harmless_alone[] = {
	"function", "procedure", "routine", "aggregate", "operator", "type", "domain", "sequence", "cast", "collation",
	"conversion", "access method", "language", "transform", "text search"
};

/* What takes tables along that are not named. */
static const char *const sweeping[] = {"schema", "owned", "extension", "database", "server", "foreign"};

/* A CREATE of these runs nothing of what it says. */
static const char *const inert[] = {
	"function", "procedure", "rule", "trigger", "constraint trigger", "event trigger", "policy", "view"
};

/* What the words of a statement say. */
struct said {
	bool		drops;
	bool		deletes;
	bool		sweeps;			/* of any table */
	bool		renames;		/* a table */
	bool		updates;		/* rows */
};

static void read_text(struct said *said, const char *text, size_t length, bool code);

/* How many words it is that `at` begins with: one of those texts; 0 where it is none. */
static size_t
says_any(const struct sql_lexer_phrase *phrase, size_t at, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t		said = phrase_says(phrase, at, texts[i]);

		if (said > 0)
			return said;
	}
	return 0;
}

#define SAYS_ANY(phrase, at, texts) says_any(phrase, at, texts, sizeof(texts) / sizeof((texts)[0]))

/* Where the statement that has `at` in it ends: in code, there are several. */
static size_t
statement_end(const struct sql_lexer_phrase *phrase, size_t at)
{
	while (at < phrase->count && !phrase_symbol(phrase, at, ';'))
		at++;
	return at;
}

static bool
cascades(const struct sql_lexer_phrase *phrase, size_t at)
{
	return phrase_find(phrase, at, "cascade", ~0U) < statement_end(phrase, at);
}

/* Does a statement, or an item of a list, end here? */
static bool
ends(const struct sql_lexer_phrase *phrase, size_t at)
{
	return at >= phrase->count || phrase_symbol(phrase, at, ',') || phrase_symbol(phrase, at, ';')
		|| phrase_symbol(phrase, at, ')');
}

static bool
begins_statement(const struct sql_lexer_phrase *phrase, size_t at)
{
	static const char *const before[] = {"begin", "then", "else", "loop"};

	return at == 0 || phrase_symbol(phrase, at - 1, ';') || SAYS_ANY(phrase, at - 1, before) > 0;
}

/* Does the statement only say what others may do, or what is to be run later? */
static bool
is_inert(const struct sql_lexer_phrase *phrase, size_t at)
{
	size_t		create = phrase_says(phrase, at, "create");

	if (phrase_says(phrase, at, "grant") || phrase_says(phrase, at, "revoke"))
		return true;
	if (create == 0)
		return false;
	at += create;
	at += phrase_says(phrase, at, "or replace");
	return SAYS_ANY(phrase, at, inert) > 0;
}

static void
read_drop(struct said *said, const struct sql_lexer_phrase *phrase, size_t at)
{
	bool		cascade = cascades(phrase, at);
	size_t		kind;

	if ((at > 0 && phrase_says(phrase, at - 1, "commit")) || SAYS_ANY(phrase, at + 1, of_column) > 0)
		return;
	kind = SAYS_ANY(phrase, at + 1, harmless);
	if (kind == 0 && !cascade)
		kind = SAYS_ANY(phrase, at + 1, harmless_alone);
	/* Where nothing follows, it is itself the name, of a column that is called "role", say. */
	if (kind > 0 && !ends(phrase, at + 1 + kind))
		return;
	said->drops = true;
	said->sweeps |= SAYS_ANY(phrase, at + 1, sweeping) > 0 || cascade;
}

/*
 * ALTER TABLE, from behind these words on: among its actions, does one drop a column? DROP behind ALTER COLUMN drops
 * something of the column. The table's name may be still to be put in.
 */
static void
read_alter_table(struct said *said, const struct sql_lexer_phrase *phrase, size_t at, size_t end)
{
	static const char *const others[] = {"alter", "add", "set", "rename", "attach", "detach", "enable", "disable"};
	unsigned	depth = at < phrase->count ? phrase->words[at].depth : 0;
	bool		other = false;	/* the action is known, and drops nothing */

	at += phrase_says(phrase, at, "if exists");
	at += phrase_says(phrase, at, "only");
	at = phrase_name_end(phrase, at);
	said->renames |= phrase_find(phrase, at, "rename to", ~0U) < end;
	for (; at < end; at++) {
		if (phrase_symbol(phrase, at, ',') && phrase->words[at].depth == depth)
			other = false;
		else if (!other && phrase_says(phrase, at, "drop")) {
			said->drops |= phrase_says(phrase, at + 1, "constraint") == 0;
			other = true;
		} else if (SAYS_ANY(phrase, at, others) > 0)
			other = true;
	}
}

/* What the words from `at` on say, as far as they are read; returns how many these are. */
static size_t
read_words(struct said *said, const struct sql_lexer_phrase *phrase, size_t at)
{
	bool		begins = begins_statement(phrase, at);

	if (begins && is_inert(phrase, at))
		return statement_end(phrase, at) - at + 1;
	if (phrase_says(phrase, at, "alter table") || (begins && phrase_says(phrase, at, "alter"))) {
		size_t		end = statement_end(phrase, at);

		if (phrase_says(phrase, at, "alter table"))
			read_alter_table(said, phrase, at + 2, end);
		else
			said->drops |= phrase_find(phrase, at, "drop attribute", ~0U) < end;
		return end - at + 1;
	}
	if ((begins || phrase_symbol(phrase, at - 1, '(')) && (phrase_says(phrase, at, "update")
															|| phrase_says(phrase, at, "merge into")))
		said->updates = true;
	if (phrase_says(phrase, at, "drop"))
		read_drop(said, phrase, at);
	else if (phrase_says(phrase, at, "truncate") || phrase_says(phrase, at, "delete from") ||
			 phrase_says(phrase, at, "then delete") || (at + 1 == phrase->count && phrase_says(phrase, at, "delete"))) {
		said->deletes = true;
		said->sweeps |= cascades(phrase, at);
	}
	return 1;
}

/* Is it one word in an ARRAY[], as the names of privileges are in a list? */
static bool
is_listed(const struct sql_lexer_phrase *phrase, size_t at)
{
	const struct sql_lexer_word *word = &phrase->words[at];
	size_t		before = at;

	while (before > 0 && phrase->words[before].depth >= word->depth)
		before--;
	for (size_t i = 0; i < word->length; i++)
		if (sql_lexer_blank(phrase->text[word->offset + i]))
			return false;
	return before < at && phrase_symbol(phrase, before, '[');
}

/* The strings of a statement are code. */
static void
read_strings(struct said *said, const struct sql_lexer_phrase *phrase)
{
	for (size_t i = 0; i < phrase->count; i++) {
		const struct sql_lexer_word *word = &phrase->words[i];
		const char *text = phrase->text + word->offset;
		size_t		quote = 0;

		if (word->kind == WORD_DOLLAR)
			quote = (size_t) ((const char *) memchr(text + 1, '$', word->length - 1) - text) + 1;
		else if (word->kind == WORD_STRING)
			quote = (size_t) ((const char *) memchr(text, '\'', word->length) - text) + 1;
		if (quote > 0 && word->length >= 2 * quote && !is_listed(phrase, i))
			read_text(said, text + quote, word->length - quote - 1, true);
	}
}

static void
read_text(struct said *said, const char *text, size_t length, bool code)
{
	struct sql_lexer_phrase phrase;

	phrase_read(&phrase, text, length);
	if (phrase_says(&phrase, 0, "do"))
		read_strings(said, &phrase);
	else if (code || !is_inert(&phrase, 0)) {
		for (size_t at = 0; at < phrase.count;)
			at += read_words(said, &phrase, at);
		if (code && phrase_find(&phrase, 0, "execute", ~0U) < phrase.count) {
			said->sweeps = true;
			read_strings(said, &phrase);
		}
	}
	phrase_clear(&phrase);
}

static struct said
read_statement(const char *sql, size_t length)
{
	struct said said = {0};

	read_text(&said, sql, length, false);
	return said;
}

enum destructive
destructive_of(const char *sql, size_t length)
{
	struct said said = read_statement(sql, length);

	if (!said.drops && !said.deletes)
		return DESTRUCTIVE_NONE;
	return said.sweeps ? DESTRUCTIVE_ANY : DESTRUCTIVE_NAMED;
}

bool
destructive_deletes(const char *sql)
{
	return read_statement(sql, strlen(sql)).deletes;
}

bool
destructive_updates(const char *sql)
{
	return read_statement(sql, strlen(sql)).updates;
}

bool
destructive_renames(const char *sql)
{
	return read_statement(sql, strlen(sql)).renames;
}

bool
destructive_is_code(const char *sql)
{
	static const char *const begins[] = {"do", "call", "select", "with", "values", "execute", "explain"};
	struct sql_lexer_phrase phrase;
	bool		is_code;

	phrase_read(&phrase, sql, strlen(sql));
	is_code = SAYS_ANY(&phrase, 0, begins) > 0;
	phrase_clear(&phrase);
	return is_code;
}

static bool
in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$'
		|| (unsigned char) c >= 0x80;
}

bool
destructive_names(const char *sql, const char *name)
{
	size_t		length = strlen(name);

	for (const char *at = sql; length > 0 && (at = strcasestr(at, name)) != NULL; at++)
		if ((at == sql || !in_word(at[-1])) && !in_word(at[length]))
			return true;
	return false;
}
