#include "rules.h"

#include "history/destructive.h"

#include "base/banned.h"

#define OWN_SECTION "Put it in a migration whose section says transaction:false."

/* A statement that begins with these words, and what is wrong with it. */
struct rule {
	const char *begins;
	const char *label;
};

static const struct rule transaction_control[] = {
	{"begin", "BEGIN"},
	{"start transaction", "START TRANSACTION"},
	{"commit", "COMMIT"},
	{"end", "END"},
	{"rollback", "ROLLBACK"},
	{"abort", "ABORT"},
	{"savepoint", "SAVEPOINT"},
	{"release", "RELEASE"},
	{"prepare transaction", "PREPARE TRANSACTION"},
	{NULL, NULL}
};

static const struct rule no_transaction[] = {
	{"vacuum", "VACUUM"},
	{"create database", "CREATE DATABASE"},
	{"drop database", "DROP DATABASE"},
	{"create tablespace", "CREATE TABLESPACE"},
	{"drop tablespace", "DROP TABLESPACE"},
	{"create subscription", "CREATE SUBSCRIPTION"},
	{"drop subscription", "DROP SUBSCRIPTION"},
	{"alter system", "ALTER SYSTEM"},
	{NULL, NULL}
};

static const char *
find_rule(const struct rule *rules, const struct sql_lexer_phrase *phrase)
{
	for (; rules->begins; rules++)
		if (phrase_says(phrase, 0, rules->begins) > 0)
			return rules->label;
	return NULL;
}

/* REINDEX of a whole schema or database commits after each table. */
static bool
is_wide_reindex(const struct sql_lexer_phrase *phrase)
{
	size_t		at = phrase_says(phrase, 0, "reindex");

	if (at == 0)
		return false;
	while (at < phrase->count && (phrase->words[at].depth > 0 || phrase->words[at].kind == WORD_SYMBOL))
		at++;
	at += phrase_says(phrase, at, "verbose");
	return phrase_says(phrase, at, "database") || phrase_says(phrase, at, "system") ||
		phrase_says(phrase, at, "schema");
}

/* CLUSTER without a table does all of them, each in a transaction of its own. */
static bool
is_wide_cluster(const struct sql_lexer_phrase *phrase)
{
	size_t		at = phrase_says(phrase, 0, "cluster");

	return at > 0 && at + phrase_says(phrase, at, "verbose") == phrase->count;
}

static bool
adds_value(const struct sql_lexer_phrase *phrase)
{
	size_t		at = phrase_says(phrase, 0, "alter type");

	return at > 0 && phrase_says(phrase, phrase_name_end(phrase, at), "add value") > 0;
}

/* Why it cannot be in a transaction, or NULL. */
static const char *
outside_transactions(const struct sql_lexer_phrase *phrase, const struct statement *statement)
{
	const char *label = find_rule(no_transaction, phrase);

	if (label)
		return label;
	if (statement->concurrent)
		return "CONCURRENTLY";
	if (is_wide_reindex(phrase))
		return "REINDEX of a schema or database";
	if (is_wide_cluster(phrase))
		return "CLUSTER of all tables";
	if (phrase_says(phrase, 0, "alter database") && phrase_find(phrase, 2, "set tablespace", 0) < phrase->count)
		return "ALTER DATABASE ... SET TABLESPACE";
	return NULL;
}

static void
check_transaction_control(const struct input *input, const struct statement *statement,
						  const struct sql_lexer_phrase *phrase)
{
	const char *label = find_rule(transaction_control, phrase);

	if (label)
		source_complain(input, statement->offset, "A section is one transaction by itself; in one marked "
						"transaction:false each statement is.", "transaction control: %s", label);
}

static void
check_session(const struct input *input, const struct statement *statement, const struct sql_lexer_phrase *phrase)
{
	const char *label = NULL;

	if (phrase_says(phrase, 0, "discard all"))
		label = "DISCARD ALL";
	else if (phrase_find(phrase, 0, "pg_advisory_unlock_all", 0) < phrase->count)
		label = "pg_advisory_unlock_all";
	if (label)
		source_complain(input, statement->offset, "The session holds the lock that keeps other upgrades out. It is put "
						"back between migrations anyway.", "%s would give up the upgrade's lock", label);
}

/* Is it named in the statement, its strings included? Comments do not count. */
static bool
names_counts(const struct input *input, const struct sql_lexer_phrase *phrase)
{
	for (size_t i = 0; i < phrase->count; i++)
		if (destructive_names(arena_format(input->arena, "%.*s", (int) phrase->words[i].length,
										   phrase->text + phrase->words[i].offset), "track_counts"))
			return true;
	return false;
}

static void
check_counts(const struct input *input, const struct statement *statement, const struct sql_lexer_phrase *phrase)
{
	if (names_counts(input, phrase))
		source_complain(input, statement->offset, "The check before each commit relies on it: while it is off, the "
						"server does not count the rows that are deleted.", "track_counts must stay on");
}

static void
check_copy(const struct input *input, const struct statement *statement, const struct sql_lexer_phrase *phrase)
{
	if (phrase_says(phrase, 0, "copy") == 0)
		return;
	if (phrase_find(phrase, 1, "from stdin", 0) < phrase->count)
		source_complain(input, statement->offset, "Write INSERT statements.", "COPY FROM STDIN");
	else if (phrase_find(phrase, 1, "to stdout", 0) < phrase->count)
		source_complain(input, statement->offset, "A migration has no output; read the data with psql.",
						"COPY TO STDOUT");
}

static void
check_kind(const struct input *input, const struct section *section, const struct statement *statement,
		   const struct sql_lexer_phrase *phrase)
{
	const char *label = outside_transactions(phrase, statement);

	if (section->transactional && label)
		source_complain(input, statement->offset, OWN_SECTION, "%s cannot run inside a transaction", label);
	if (section->transactional && adds_value(phrase))
		source_complain(input, statement->offset, "Before PostgreSQL 12 it cannot be in one, and no version lets the "
						"value be used in it. " OWN_SECTION, "ADD VALUE inside a transaction");
	if (statement->concurrent && phrase_says(phrase, 0, "create") && !statement->index)
		source_complain(input, statement->offset, "Name it: where the build fails, the name is how the half-built "
						"index is found and dropped.", "CREATE INDEX CONCURRENTLY without a name");
}

bool
rules_statement(const struct input *input, const struct section *section, const struct statement *statement,
				const struct sql_lexer_phrase *phrase)
{
	size_t		before = input->complaints->count;

	check_transaction_control(input, statement, phrase);
	check_session(input, statement, phrase);
	check_counts(input, statement, phrase);
	check_copy(input, statement, phrase);
	check_kind(input, section, statement, phrase);
	return input->complaints->count == before;
}

bool
rules_grants(const struct input *input, const struct section *body)
{
	static const struct rule allowed[] = {
		{"grant", "GRANT"},
		{"revoke", "REVOKE"},
		{"alter default privileges", "ALTER DEFAULT PRIVILEGES"},
		{"do", "DO"},
		{NULL, NULL}
	};
	size_t		before = input->complaints->count;

	for (size_t i = 0; i < body->count; i++) {
		const struct statement *one = &body->statements[i];
		struct sql_lexer_phrase phrase;

		phrase_read(&phrase, input->text + one->offset, one->length);
		if (!find_rule(allowed, &phrase))
			source_complain(input, one->offset, "Put it in a migration; GRANT, REVOKE, ALTER DEFAULT PRIVILEGES and DO "
							"may be here.", "not a statement about privileges");
		else if (one->risk != DESTRUCTIVE_NONE)
			source_complain(input, one->offset,
							"It runs after every change, and nobody is asked. Put it in a migration.",
							"this may destroy data");
		phrase_clear(&phrase);
	}
	return input->complaints->count == before;
}

static const struct statement *
find_concurrent(const struct section *section)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->statements[i].concurrent)
			return &section->statements[i];
	return NULL;
}

static bool
alone_in(const struct input *input, const struct section *section)
{
	const struct statement *one = find_concurrent(section);

	if (!one || section->count == 1)
		return true;
	source_complain(input, one->offset, "Give it a migration of its own: waiting is all that it does, and the others "
					"should not wait with it.", "CONCURRENTLY does not stand alone in its section");
	return false;
}

static bool
alone_beside(const struct input *input, const struct section *section, const struct section *other)
{
	if (!find_concurrent(section) || other->count == 0 || find_concurrent(other))
		return true;
	source_complain(input, other->statements[0].offset, "A migration with CONCURRENTLY has one such statement in a "
					"section, or none.", "another kind of statement beside the CONCURRENTLY of its migration");
	return false;
}

bool
rules_alone(const struct input *input, const struct section *up, const struct section *down)
{
	bool		good = alone_in(input, up);

	good &= alone_in(input, down);
	good &= alone_beside(input, up, down);
	good &= alone_beside(input, down, up);
	return good;
}
