#include "risk.h"

#include <string.h>
#include <strings.h>

#include "banned.h"

/* What can be dropped without a row or a column going with it. A type can, unless columns go with it by CASCADE. */
static const char *const harmless[] = {
	"INDEX", "CONSTRAINT", "NOT", "TRIGGER", "RULE", "POLICY", "VIEW", "MATERIALIZED", "FUNCTION", "PROCEDURE",
	"ROUTINE", "AGGREGATE", "OPERATOR", "STATISTICS", "ROLE", "TYPE", "DOMAIN"
};

/* What takes tables along that are not named. */
static const char *const sweeping[] = {"SCHEMA", "OWNED", "EXTENSION", "DATABASE", "SERVER", "FOREIGN"};

struct word {
	const char *at;
	size_t		length;
};

static bool
in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$'
		|| (unsigned char) c >= 0x80;
}

/* The next word from *sql on, which is moved behind it; an empty one at the end. */
static struct word
next_word(const char **sql)
{
	struct word word;

	while (**sql && !in_word(**sql))
		(*sql)++;
	word = (struct word) {.at = *sql};
	while (in_word(**sql))
		(*sql)++;
	word.length = (size_t) (*sql - word.at);
	return word;
}

static bool
is(struct word word, const char *text)
{
	return word.length == strlen(text) && strncasecmp(word.at, text, word.length) == 0;
}

static bool
is_any(struct word word, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is(word, texts[i]))
			return true;
	return false;
}

static bool
has_word(const char *sql, const char *text)
{
	for (struct word word = next_word(&sql); word.length > 0; word = next_word(&sql))
		if (is(word, text))
			return true;
	return false;
}

/* Does nothing follow? Then the word behind DROP is itself the name, of a column that is called "type", say. */
static bool
is_last(const char *sql)
{
	sql += strspn(sql, " \t\r\n\f\v");
	return strchr(",;)", *sql) != NULL;
}

/* Can what is dropped go without a row or a column going with it? */
static bool
is_harmless(const char *sql, struct word what, const char *behind)
{
	if (is(what, "DEFAULT") || is(what, "IDENTITY") || is(what, "EXPRESSION"))
		return true;
	if (!is_any(what, harmless, sizeof(harmless) / sizeof(harmless[0])) || is_last(behind))
		return false;
	return !(is(what, "TYPE") || is(what, "DOMAIN")) || !has_word(sql, "CASCADE");
}

enum risk
risk_of(const char *sql)
{
	bool		cascade = has_word(sql, "CASCADE") || has_word(sql, "EXECUTE");
	struct word before = {0};
	const char *rest = sql;

	for (struct word word = next_word(&rest); word.length > 0; word = next_word(&rest)) {
		const char *ahead = rest;
		struct word what = next_word(&ahead);
		bool		drops = is(word, "DROP") && !is(before, "COMMIT");

		if (drops && is_any(what, sweeping, sizeof(sweeping) / sizeof(sweeping[0])))
			return RISK_ANY;
		drops = drops && !is_harmless(sql, what, ahead);
		if (drops || is(word, "TRUNCATE") || (is(word, "DELETE") && !is(before, "ON")))
			return cascade ? RISK_ANY : RISK_NAMED;
		before = word;
	}
	return RISK_NONE;
}

bool
risk_names(const char *sql, const char *name)
{
	size_t		length = strlen(name);

	for (const char *at = sql; length > 0 && (at = strcasestr(at, name)) != NULL; at++)
		if ((at == sql || !in_word(at[-1])) && !in_word(at[length]))
			return true;
	return false;
}

bool
risk_renames(const char *sql)
{
	bool		table = false;	/* what is altered */

	for (struct word word = next_word(&sql); word.length > 0; word = next_word(&sql)) {
		const char *ahead = sql;
		struct word what = next_word(&ahead);

		if (is(word, "ALTER"))
			table = is(what, "TABLE");
		else if (table && is(word, "RENAME") && is(what, "TO"))
			return true;
	}
	return false;
}
