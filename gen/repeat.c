#include "repeat.h"

#include "base/banned.h"

#define LOOK_FIRST "Write a DO block that looks whether it is done already."

/* How a CREATE of this kind of object is made repeatable. */
enum remedy {
	IF_NOT_EXISTS,
	OR_REPLACE,
	DO_BLOCK
};

struct kind {
	const char *words;
	enum remedy remedy;
};

/* Of two that begin alike the longer comes first. */
static const struct kind kinds[] = {
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

/* What is refused, with where it is said and what to do. */
struct judge {
	const struct input *input;
	const struct statement *statement;
	const struct sql_lexer_phrase *phrase;
	const char *why;
	bool		table;			/* ALTER: its object is a table */
	bool		if_exists;		/* ALTER: it says IF EXISTS of its object */
};

static bool
refuse(const struct judge *judge, const char *what, const char *remedy)
{
	const struct input *input = judge->input;

	source_complain(input, judge->statement->offset, arena_format(input->arena, "%s %s", judge->why, remedy),
					"%s cannot be repeated", what);
	return false;
}

/* The kind of object that is named from `*at` on, which is moved behind it; NULL where it is none that is known. */
static const struct kind *
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

/* The first `count` words of the statement in capitals, as a message shows keywords. */
static const char *
keywords(const struct judge *judge, size_t count)
{
	const struct sql_lexer_phrase *phrase = judge->phrase;
	char	   *text = arena_string(judge->input->arena, "");

	for (size_t i = 0; i < count && i < phrase->count; i++)
		text = arena_format(judge->input->arena, "%s%s%.*s", text, i > 0 ? " " : "", (int) phrase->words[i].length,
							phrase->text + phrase->words[i].offset);
	for (char *c = text; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char) (*c - 'a' + 'A');
	return text;
}

static bool
check_create(const struct judge *judge)
{
	struct arena *arena = judge->input->arena;
	const struct kind *kind;
	const char *said;
	size_t		at = 1;

	if (phrase_says(judge->phrase, at, "or replace"))
		return true;
	kind = read_kind(judge->phrase, &at);
	if (!kind)
		return refuse(judge, "this CREATE", LOOK_FIRST);
	if (phrase_says(judge->phrase, at, "if not exists"))
		return true;
	said = keywords(judge, at);
	switch (kind->remedy) {
		case IF_NOT_EXISTS:
			return refuse(judge, arena_format(arena, "%s without IF NOT EXISTS", said),
						  arena_format(arena, "Write %s IF NOT EXISTS.", said));
		case OR_REPLACE:
			return refuse(judge, arena_format(arena, "%s without OR REPLACE", said),
						  arena_format(arena, "Write CREATE OR REPLACE %s.", said + sizeof("CREATE")));
		case DO_BLOCK:
			break;
	}
	return refuse(judge, said, LOOK_FIRST);
}

static bool
check_drop(const struct judge *judge)
{
	struct arena *arena = judge->input->arena;
	size_t		at = 1;
	const char *said;

	if (phrase_says(judge->phrase, at, "owned by"))
		return true;
	if (!read_kind(judge->phrase, &at))
		return refuse(judge, "this DROP", LOOK_FIRST);
	if (phrase_says(judge->phrase, at, "if exists"))
		return true;
	said = keywords(judge, at);
	return refuse(judge, arena_format(arena, "%s without IF EXISTS", said),
				  arena_format(arena, "Write %s IF EXISTS.", said));
}

/* ADD, behind the word itself. */
static bool
check_add(const struct judge *judge, size_t at)
{
	static const char *const constraints[] = {"constraint", "primary key", "unique", "check", "foreign key",
		"exclude using"};
	const struct sql_lexer_phrase *phrase = judge->phrase;

	if (!judge->table && phrase_says(phrase, at, "value"))
		return phrase_says(phrase, at, "value if not exists") ||
			refuse(judge, "ADD VALUE without IF NOT EXISTS", "Write ADD VALUE IF NOT EXISTS.");
	for (size_t i = 0; i < sizeof(constraints) / sizeof(constraints[0]); i++)
		if (phrase_says(phrase, at, constraints[i]))
			return refuse(judge, "ADD CONSTRAINT", LOOK_FIRST);
	if (!judge->table)
		return refuse(judge, "ADD", LOOK_FIRST);
	at += phrase_says(phrase, at, "column");
	return phrase_says(phrase, at, "if not exists") ||
		refuse(judge, "ADD COLUMN without IF NOT EXISTS", "Write ADD COLUMN IF NOT EXISTS.");
}

/* DROP as a part of ALTER, behind the word itself. */
static bool
check_drop_part(const struct judge *judge, size_t at)
{
	static const char *const parts[] = {"COLUMN", "CONSTRAINT", "ATTRIBUTE", "IDENTITY", "EXPRESSION"};
	const struct sql_lexer_phrase *phrase = judge->phrase;
	const char *part = judge->table ? parts[0] : NULL;

	if (phrase_says(phrase, at, "default") || phrase_says(phrase, at, "not null"))
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
		return refuse(judge, "DROP", LOOK_FIRST);
	return refuse(judge, arena_format(judge->input->arena, "DROP %s without IF EXISTS", part),
				  arena_format(judge->input->arena, "Write DROP %s IF EXISTS.", part));
}

/* ALTER COLUMN, behind ALTER. */
static bool
check_column(const struct judge *judge, size_t at)
{
	at += phrase_says(judge->phrase, at, "column") + 1;
	if (phrase_says(judge->phrase, at, "add"))
		return refuse(judge, "ADD GENERATED", LOOK_FIRST);
	return phrase_says(judge->phrase, at, "drop") == 0 || check_drop_part(judge, at + 1);
}

/* One action of an ALTER: what stands between two commas. */
static bool
check_action(const struct judge *judge, size_t at)
{
	static const char *const never[] = {"attach partition", "detach partition", "inherit", "no inherit"};
	const struct sql_lexer_phrase *phrase = judge->phrase;

	if (phrase_says(phrase, at, "add"))
		return check_add(judge, at + 1);
	if (phrase_says(phrase, at, "drop"))
		return check_drop_part(judge, at + 1);
	if (phrase_says(phrase, at, "alter"))
		return check_column(judge, at + 1);
	if (phrase_says(phrase, at, "rename") || phrase_says(phrase, at, "set schema"))
		return (judge->if_exists && (phrase_says(phrase, at, "rename to") || phrase_says(phrase, at, "set schema"))) ||
			refuse(judge, phrase_says(phrase, at, "rename") ? "RENAME" : "SET SCHEMA", LOOK_FIRST);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (phrase_says(phrase, at, never[i]))
			return refuse(judge, "a change of partitions or parents", LOOK_FIRST);
	return true;
}

static bool
check_alter(struct judge *judge)
{
	const struct sql_lexer_phrase *phrase = judge->phrase;
	size_t		at = 1;
	const struct kind *kind = read_kind(phrase, &at);
	bool		good = true;

	judge->table = kind && (phrase_says(phrase, at - 1, "table") > 0);
	judge->if_exists = phrase_says(phrase, at, "if exists") > 0;
	at += phrase_says(phrase, at, "if exists");
	at += phrase_says(phrase, at, "only");
	at = phrase_name_end(phrase, at);
	if (phrase_symbol(phrase, at, '*'))
		at++;
	if (phrase_symbol(phrase, at, '('))		/* a function's arguments */
		while (at < phrase->count && !(phrase_symbol(phrase, at++, ')') && phrase->words[at - 1].depth == 0))
			;
	good &= check_action(judge, at);
	for (; at < phrase->count; at++)
		if (phrase_symbol(phrase, at, ',') && phrase->words[at].depth == 0)
			good &= check_action(judge, at + 1);
	return good;
}

static bool
check_insert(const struct judge *judge)
{
	const struct sql_lexer_phrase *phrase = judge->phrase;

	return phrase_find(phrase, 1, "on conflict", (unsigned) -1) < phrase->count ||
		phrase_find(phrase, 1, "not exists", (unsigned) -1) < phrase->count ||
		refuse(judge, "INSERT without ON CONFLICT or NOT EXISTS",
			   "Write INSERT ... ON CONFLICT DO NOTHING, or INSERT ... SELECT ... WHERE NOT EXISTS (...).");
}

bool
repeat_check(const struct input *input, const struct statement *statement, const struct sql_lexer_phrase *phrase,
			 const char *why)
{
	struct judge judge = {.input = input, .statement = statement, .phrase = phrase, .why = why};

	if (phrase_says(phrase, 0, "create"))
		return check_create(&judge);
	if (phrase_says(phrase, 0, "drop"))
		return check_drop(&judge);
	if (phrase_says(phrase, 0, "alter"))
		return check_alter(&judge);
	if (phrase_says(phrase, 0, "insert") ||
		(phrase_says(phrase, 0, "with") && phrase_find(phrase, 1, "insert into", (unsigned) -1) < phrase->count))
		return check_insert(&judge);
	if (phrase_says(phrase, 0, "copy") && phrase_find(phrase, 1, "from", 0) < phrase->count &&
		phrase_find(phrase, 1, "from stdin", 0) == phrase->count)
		return refuse(&judge, "COPY FROM",
					  "Copy into a temporary table, and INSERT ... ON CONFLICT DO NOTHING from it.");
	return true;
}
