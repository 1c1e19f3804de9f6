/* Statements that cannot be repeated, found by their keywords. */
#include "repeat.h"

#include <strings.h>

#include "base/banned.h"

#define CHECK_FIRST "Write a DO block that checks first whether the change has been made."

/* How the CREATE of a kind of object becomes repeatable. */
enum repeat_remedy {
	IF_NOT_EXISTS,
	OR_REPLACE,
	DO_BLOCK
};

struct repeat_kind {
	const char *words;
	enum repeat_remedy remedy;
};

/* If one entry begins with another, the longer one comes first. */
static const struct repeat_kind kinds[] = {
	{"access method", DO_BLOCK},
	{"aggregate", DO_BLOCK},
	{"cast", DO_BLOCK},
	{"collation", IF_NOT_EXISTS},
	{"conversion", DO_BLOCK},
	{"database", DO_BLOCK},
	{"domain", DO_BLOCK},
	{"event trigger", DO_BLOCK},
	{"extension", IF_NOT_EXISTS},
	{"foreign data wrapper", DO_BLOCK},
	{"foreign table", IF_NOT_EXISTS},
	{"function", OR_REPLACE},
	{"group", DO_BLOCK},
	{"index", IF_NOT_EXISTS},
	{"language", OR_REPLACE},
	{"materialized view", IF_NOT_EXISTS},
	{"operator class", DO_BLOCK},
	{"operator family", DO_BLOCK},
	{"operator", DO_BLOCK},
	{"policy", DO_BLOCK},
	{"procedure", OR_REPLACE},
	{"publication", DO_BLOCK},
	{"role", DO_BLOCK},
	{"routine", DO_BLOCK},
	{"rule", OR_REPLACE},
	{"schema", IF_NOT_EXISTS},
	{"sequence", IF_NOT_EXISTS},
	{"server", IF_NOT_EXISTS},
	{"statistics", IF_NOT_EXISTS},
	{"subscription", DO_BLOCK},
	{"table", IF_NOT_EXISTS},
	{"tablespace", DO_BLOCK},
	{"text search configuration", DO_BLOCK},
	{"text search dictionary", DO_BLOCK},
	{"text search parser", DO_BLOCK},
	{"text search template", DO_BLOCK},
	{"transform", OR_REPLACE},
	{"trigger", DO_BLOCK},
	{"type", DO_BLOCK},
	{"user mapping", IF_NOT_EXISTS},
	{"user", DO_BLOCK},
	{"view", OR_REPLACE}
};

/* The statement that is checked. */
struct repeat_statement {
	const struct source_input *input;
	const struct history_statement *statement;
	const struct sql_lexer_phrase *phrase;
	const char *why;
	bool		table;			/* ALTER: the object is a table */
	bool		if_exists;		/* ALTER: IF EXISTS of the object */
};

static bool
add_error(const struct repeat_statement *one, const char *change, const char *remedy)
{
	const struct source_input *input = one->input;

	source_error(input, one->statement->offset, arena_format(input->arena, "%s %s", one->why, remedy),
				 "%s cannot be repeated", change);
	return false;
}

/* Reads the kind of an object and advances `*at` to the word after it. Returns NULL if the kind is unknown. */
static const struct repeat_kind *
read_kind(const struct sql_lexer_phrase *phrase, size_t *at)
{
	static const char *const adjectives[] = {"global", "local", "temp", "temporary", "unlogged", "unique", "recursive",
		"constraint", "default", "trusted", "procedural"};

	for (size_t i = 0; i < sizeof(adjectives) / sizeof(adjectives[0]);) {
		size_t		said = phrase_says(phrase, *at, adjectives[i]);

		*at += said;
		i = said > 0 ? 0 : i + 1;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t		said = phrase_says(phrase, *at, kinds[i].words);

		if (said > 0) {
			*at += said;
			*at += phrase_says(phrase, *at, "concurrently");
			return &kinds[i];
		}
	}
	return NULL;
}

/* The first `count` words of the statement, in capitals. */
static const char *
keywords(const struct repeat_statement *one, size_t count)
{
	const struct sql_lexer_phrase *phrase = one->phrase;
	char	   *text = arena_string(one->input->arena, "");

	for (size_t i = 0; i < count && i < phrase->count; i++)
		text = arena_format(one->input->arena, "%s%s%.*s", text, i > 0 ? " " : "", (int) phrase->words[i].length,
							phrase->text + phrase->words[i].offset);
	for (char *c = text; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char) (*c - 'a' + 'A');
	return text;
}

static bool
check_create(const struct repeat_statement *one)
{
	struct arena *arena = one->input->arena;
	const struct repeat_kind *kind;
	const char *said;
	size_t		at = 1;

	if (phrase_says(one->phrase, at, "or replace"))
		return true;
	kind = read_kind(one->phrase, &at);
	if (!kind)
		return add_error(one, "this CREATE", CHECK_FIRST);
	if (phrase_says(one->phrase, at, "if not exists"))
		return true;
	said = keywords(one, at);
	switch (kind->remedy) {
		case IF_NOT_EXISTS:
			return add_error(one, arena_format(arena, "%s without IF NOT EXISTS", said),
							 arena_format(arena, "Write %s IF NOT EXISTS.", said));
		case OR_REPLACE:
			return add_error(one, arena_format(arena, "%s without OR REPLACE", said),
							 arena_format(arena, "Write CREATE OR REPLACE %s.", said + sizeof("CREATE")));
		case DO_BLOCK:
			break;
	}
	return add_error(one, said, CHECK_FIRST);
}

static bool
check_drop(const struct repeat_statement *one)
{
	struct arena *arena = one->input->arena;
	size_t		at = 1;
	const char *said;

	if (phrase_says(one->phrase, at, "owned by"))
		return true;
	if (!read_kind(one->phrase, &at))
		return add_error(one, "this DROP", CHECK_FIRST);
	if (phrase_says(one->phrase, at, "if exists"))
		return true;
	said = keywords(one, at);
	return add_error(one, arena_format(arena, "%s without IF EXISTS", said),
					 arena_format(arena, "Write %s IF EXISTS.", said));
}

/* Does the statement drop the constraint, whose name is at `at`, before it adds it? The server drops first. */
static bool
drops_before(const struct repeat_statement *one, size_t at)
{
	static const char dropped[] = "drop constraint if exists";
	const struct sql_lexer_phrase *phrase = one->phrase;

	for (size_t i = 0; one->table && at < phrase->count && i < phrase->count; i++) {
		size_t		name = i + phrase_says(phrase, i, dropped);

		if (name > i && name < phrase->count && phrase->words[i].depth == 0
			&& phrase->words[name].length == phrase->words[at].length
			&& strncasecmp(phrase->text + phrase->words[name].offset, phrase->text + phrase->words[at].offset,
						   phrase->words[at].length) == 0)
			return true;
	}
	return false;
}

/* ADD in an ALTER; `at` is the word after it. */
static bool
check_add(const struct repeat_statement *one, size_t at)
{
	static const char *const constraints[] = {"constraint", "primary key", "unique", "check", "foreign key",
		"exclude using"};
	const struct sql_lexer_phrase *phrase = one->phrase;

	if (!one->table && phrase_says(phrase, at, "value"))
		return phrase_says(phrase, at, "value if not exists") ||
			add_error(one, "ADD VALUE without IF NOT EXISTS", "Write ADD VALUE IF NOT EXISTS.");
	for (size_t i = 0; i < sizeof(constraints) / sizeof(constraints[0]); i++)
		if (phrase_says(phrase, at, constraints[i]))
			return (i == 0 && drops_before(one, at + 1)) ||
				add_error(one, "ADD CONSTRAINT", "Drop it in the same statement: DROP CONSTRAINT IF EXISTS c, ADD"
						  " CONSTRAINT c. Or add it in a transactional migration of its own before this one.");
	if (!one->table)
		return add_error(one, "ADD", CHECK_FIRST);
	at += phrase_says(phrase, at, "column");
	return phrase_says(phrase, at, "if not exists") ||
		add_error(one, "ADD COLUMN without IF NOT EXISTS", "Write ADD COLUMN IF NOT EXISTS.");
}

/* DROP in an ALTER; `at` is the word after it. */
static bool
check_drop_part(const struct repeat_statement *one, size_t at)
{
	static const char *const parts[] = {"COLUMN", "CONSTRAINT", "ATTRIBUTE", "IDENTITY", "EXPRESSION"};
	const struct sql_lexer_phrase *phrase = one->phrase;
	const char *part = one->table ? parts[0] : NULL;

	/* No server knows DROP VALUE: rules.c. */
	if (phrase_says(phrase, at, "default") || phrase_says(phrase, at, "not null") || phrase_says(phrase, at, "value"))
		return true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (phrase_says(phrase, at, parts[i])) {
			part = parts[i];
			at++;
			break;
		}
	if (phrase_says(phrase, at, "if exists"))
		return true;
	if (!part)
		return add_error(one, "DROP", CHECK_FIRST);
	return add_error(one, arena_format(one->input->arena, "DROP %s without IF EXISTS", part),
					 arena_format(one->input->arena, "Write DROP %s IF EXISTS.", part));
}

/* ALTER COLUMN in an ALTER; `at` is the word after the second ALTER. */
static bool
check_column(const struct repeat_statement *one, size_t at)
{
	at += phrase_says(one->phrase, at, "column") + 1;
	if (phrase_says(one->phrase, at, "add"))
		return add_error(one, "ADD GENERATED", CHECK_FIRST);
	return phrase_says(one->phrase, at, "drop") == 0 || check_drop_part(one, at + 1);
}

/* One action of an ALTER, which begins at `at`; commas separate the actions. */
static bool
check_action(const struct repeat_statement *one, size_t at)
{
	static const char *const never[] = {"attach partition", "detach partition", "inherit", "no inherit"};
	const struct sql_lexer_phrase *phrase = one->phrase;

	if (phrase_says(phrase, at, "add"))
		return check_add(one, at + 1);
	if (phrase_says(phrase, at, "drop"))
		return check_drop_part(one, at + 1);
	if (phrase_says(phrase, at, "alter"))
		return check_column(one, at + 1);
	if (phrase_says(phrase, at, "rename") || phrase_says(phrase, at, "set schema"))
		return (one->if_exists && (phrase_says(phrase, at, "rename to") || phrase_says(phrase, at, "set schema"))) ||
			add_error(one, phrase_says(phrase, at, "rename") ? "RENAME" : "SET SCHEMA", CHECK_FIRST);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (phrase_says(phrase, at, never[i]))
			return add_error(one, "a change of partitions or parents", CHECK_FIRST);
	return true;
}

static bool
check_alter(struct repeat_statement *one)
{
	const struct sql_lexer_phrase *phrase = one->phrase;
	size_t		at = 1;
	const struct repeat_kind *kind = read_kind(phrase, &at);
	bool		good = true;

	one->table = kind && (phrase_says(phrase, at - 1, "table") > 0);
	one->if_exists = phrase_says(phrase, at, "if exists") > 0;
	at += phrase_says(phrase, at, "if exists");
	at += phrase_says(phrase, at, "only");
	at = phrase_name_end(phrase, at);
	if (phrase_symbol(phrase, at, '*'))
		at++;
	if (phrase_symbol(phrase, at, '('))		/* a function's arguments */
		while (at < phrase->count && !(phrase_symbol(phrase, at++, ')') && phrase->words[at - 1].depth == 0))
			;
	good &= check_action(one, at);
	for (; at < phrase->count; at++)
		if (phrase_symbol(phrase, at, ',') && phrase->words[at].depth == 0)
			good &= check_action(one, at + 1);
	return good;
}

static bool
check_insert(const struct repeat_statement *one)
{
	const struct sql_lexer_phrase *phrase = one->phrase;

	return phrase_find(phrase, 1, "on conflict", (unsigned) -1) < phrase->count ||
		phrase_find(phrase, 1, "not exists", (unsigned) -1) < phrase->count ||
		add_error(one, "INSERT without ON CONFLICT or NOT EXISTS",
				  "Write INSERT ... ON CONFLICT DO NOTHING, or INSERT ... SELECT ... WHERE NOT EXISTS (...).");
}

bool
repeat_check(const struct source_input *input, const struct history_statement *statement,
			 const struct sql_lexer_phrase *phrase,
			 const char *why)
{
	struct repeat_statement one = {.input = input, .statement = statement, .phrase = phrase, .why = why};

	if (phrase_says(phrase, 0, "create"))
		return check_create(&one);
	if (phrase_says(phrase, 0, "drop"))
		return check_drop(&one);
	if (phrase_says(phrase, 0, "alter"))
		return check_alter(&one);
	if (phrase_says(phrase, 0, "insert") ||
		(phrase_says(phrase, 0, "with") && phrase_find(phrase, 1, "insert into", (unsigned) -1) < phrase->count))
		return check_insert(&one);
	if (phrase_says(phrase, 0, "copy") && phrase_find(phrase, 1, "from", 0) < phrase->count &&
		phrase_find(phrase, 1, "from stdin", 0) == phrase->count)
		return add_error(&one, "COPY FROM",
						 "Copy to a temporary table, then INSERT from it with ON CONFLICT DO NOTHING.");
	return true;
}
