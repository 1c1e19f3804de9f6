/* Classify an SQL statement by its text: may it destroy rows, columns or tables? */
#include "history/destructive.h"

#include <string.h>

#include "history/sql_lexer.h"

#include "base/banned.h"

/* Objects whose DROP destroys no row and no column: always, and only without CASCADE. */
static const char *const of_column[] = {"not null", "default", "identity", "expression"};
static const char *const harmless[] = {
	"index", "constraint", "trigger", "event trigger", "rule", "policy", "statistics", "view", "materialized view",
	"role", "user", "group", "publication", "subscription"
};
static const char *const harmless_alone[] = {
	"function", "procedure", "routine", "aggregate", "operator", "type", "domain", "sequence", "cast", "collation",
	"conversion", "access method", "language", "transform", "text search"
};

/* A DROP of these also drops tables that it does not name. */
static const char *const sweeping[] = {"schema", "owned", "extension", "database", "server", "foreign"};

/* A CREATE of these does not run the SQL that it contains. */
static const char *const inert[] = {
	"function", "procedure", "rule", "trigger", "constraint trigger", "event trigger", "policy", "view"
};

/* The effects of a statement, as far as its words show them. */
struct destructive_effects {
	bool		drops;
	bool		deletes;
	bool		sweeps;			/* of any table */
	bool		renames;		/* a table */
	bool		updates;		/* rows */
};

static void read_text(struct destructive_effects *effects, const char *text, size_t length, bool code);

/* The number of words at `at` that match one of the texts; 0: none matches. */
static size_t
match_any(const struct sql_lexer_phrase *phrase, size_t at, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t		said = phrase_says(phrase, at, texts[i]);

		if (said > 0)
			return said;
	}
	return 0;
}

#define MATCH_ANY(phrase, at, texts) match_any(phrase, at, texts, sizeof(texts) / sizeof((texts)[0]))

/* The end of the statement that contains `at`; code may have several statements. */
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

	return at == 0 || phrase_symbol(phrase, at - 1, ';') || MATCH_ANY(phrase, at - 1, before) > 0;
}

/* Does the statement only change privileges, or only store SQL to be run later? */
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
	return MATCH_ANY(phrase, at, inert) > 0;
}

static void
read_drop(struct destructive_effects *effects, const struct sql_lexer_phrase *phrase, size_t at)
{
	bool		cascade = cascades(phrase, at);
	size_t		kind;

	if ((at > 0 && phrase_says(phrase, at - 1, "commit")) || MATCH_ANY(phrase, at + 1, of_column) > 0)
		return;
	kind = MATCH_ANY(phrase, at + 1, harmless);
	if (kind == 0 && !cascade)
		kind = MATCH_ANY(phrase, at + 1, harmless_alone);
	/* At the end, the word is itself a name, for example of a column called "role". */
	if (kind > 0 && !ends(phrase, at + 1 + kind))
		return;
	effects->drops = true;
	effects->sweeps |= MATCH_ANY(phrase, at + 1, sweeping) > 0 || cascade;
}

/*
 * The part of ALTER TABLE after these two words: does one of its actions drop a column? DROP after ALTER COLUMN drops
 * only a property of the column. The table's name may be missing, if code inserts it later.
 */
static void
read_alter_table(struct destructive_effects *effects, const struct sql_lexer_phrase *phrase, size_t at, size_t end)
{
	static const char *const others[] = {"alter", "add", "set", "rename", "attach", "detach", "enable", "disable"};
	unsigned	depth = at < phrase->count ? phrase->words[at].depth : 0;
	bool		other = false;	/* the kind of the action is known, and it drops nothing */

	at += phrase_says(phrase, at, "if exists");
	at += phrase_says(phrase, at, "only");
	at = phrase_name_end(phrase, at);
	effects->renames |= phrase_find(phrase, at, "rename to", ~0U) < end;
	for (; at < end; at++) {
		if (phrase_symbol(phrase, at, ',') && phrase->words[at].depth == depth)
			other = false;
		else if (!other && phrase_says(phrase, at, "drop")) {
			effects->drops |= phrase_says(phrase, at + 1, "constraint") == 0;
			other = true;
		} else if (MATCH_ANY(phrase, at, others) > 0)
			other = true;
	}
}

/* Read one or more words from `at` on; returns how many. */
static size_t
read_words(struct destructive_effects *effects, const struct sql_lexer_phrase *phrase, size_t at)
{
	bool		begins = begins_statement(phrase, at);

	if (begins && is_inert(phrase, at))
		return statement_end(phrase, at) - at + 1;
	if (phrase_says(phrase, at, "alter table") || (begins && phrase_says(phrase, at, "alter"))) {
		size_t		end = statement_end(phrase, at);

		if (phrase_says(phrase, at, "alter table"))
			read_alter_table(effects, phrase, at + 2, end);
		else
			effects->drops |= phrase_find(phrase, at, "drop attribute", ~0U) < end;
		return end - at + 1;
	}
	if ((begins || phrase_symbol(phrase, at - 1, '(')) && (phrase_says(phrase, at, "update")
															|| phrase_says(phrase, at, "merge into")))
		effects->updates = true;
	if (phrase_says(phrase, at, "drop"))
		read_drop(effects, phrase, at);
	else if (phrase_says(phrase, at, "truncate") || phrase_says(phrase, at, "delete from") ||
			 phrase_says(phrase, at, "then delete") || (at + 1 == phrase->count && phrase_says(phrase, at, "delete"))) {
		effects->deletes = true;
		effects->sweeps |= cascades(phrase, at);
	}
	return 1;
}

/* Is the string a single word in an ARRAY[], such as the name of a privilege? */
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

/* Scan the strings of a statement as code. */
static void
read_strings(struct destructive_effects *effects, const struct sql_lexer_phrase *phrase)
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
			read_text(effects, text + quote, word->length - quote - 1, true);
	}
}

static void
read_text(struct destructive_effects *effects, const char *text, size_t length, bool code)
{
	struct sql_lexer_phrase phrase;

	phrase_read(&phrase, text, length);
	if (phrase_says(&phrase, 0, "do"))
		read_strings(effects, &phrase);
	else if (code || !is_inert(&phrase, 0)) {
		for (size_t at = 0; at < phrase.count;)
			at += read_words(effects, &phrase, at);
		if (code && phrase_find(&phrase, 0, "execute", ~0U) < phrase.count) {
			effects->sweeps = true;
			read_strings(effects, &phrase);
		}
	}
	phrase_clear(&phrase);
}

static struct destructive_effects
read_statement(const char *sql, size_t length)
{
	struct destructive_effects effects = {0};

	read_text(&effects, sql, length, false);
	return effects;
}

enum destructive
destructive_of(const char *sql, size_t length)
{
	struct destructive_effects effects = read_statement(sql, length);

	if (!effects.drops && !effects.deletes)
		return DESTRUCTIVE_NONE;
	return effects.sweeps ? DESTRUCTIVE_ANY : DESTRUCTIVE_NAMED;
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
	is_code = MATCH_ANY(&phrase, 0, begins) > 0;
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
