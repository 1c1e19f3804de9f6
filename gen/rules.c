/* Statements that are not allowed in migrations, found by their first words. */
#include "rules.h"

#include "history/destructive.h"

#include "base/banned.h"

#define OTHER_SECTION "Begin the section with \"-- migrate:up transaction:false\", or down."

/* A statement that begins with these words, and its name in a message. */
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

/* REINDEX of a schema or a database commits after each table. */
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

/* CLUSTER without a table clusters every table in a transaction of its own. */
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

/* The name of a statement that cannot run in a transaction; NULL if it can. */
static const char *
name_if_outside(const struct sql_lexer_phrase *phrase, const struct history_statement *statement)
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
check_transaction_control(const struct source_input *input, const struct history_statement *statement,
						  const struct sql_lexer_phrase *phrase)
{
	const char *label = find_rule(transaction_control, phrase);

	if (label)
		source_error(input, statement->offset, "Remove it: a section is one transaction. In a section with "
					 "transaction:false, each statement is one.", "transaction control: %s", label);
}

static void
check_session(const struct source_input *input, const struct history_statement *statement,
			  const struct sql_lexer_phrase *phrase)
{
	const char *label = NULL;

	if (phrase_says(phrase, 0, "discard all"))
		label = "DISCARD ALL";
	else if (phrase_find(phrase, 0, "pg_advisory_unlock_all", 0) < phrase->count)
		label = "pg_advisory_unlock_all";
	if (label)
		source_error(input, statement->offset, "Remove it: the session holds the advisory lock that prevents "
					 "concurrent upgrades. The session is reset between migrations.",
					 "%s would release the advisory lock", label);
}

/* Is track_counts named in the statement, its strings included? Comments do not count. */
static bool
names_counts(const struct source_input *input, const struct sql_lexer_phrase *phrase)
{
	for (size_t i = 0; i < phrase->count; i++)
		if (destructive_names(arena_format(input->arena, "%.*s", (int) phrase->words[i].length,
										   phrase->text + phrase->words[i].offset), "track_counts"))
			return true;
	return false;
}

static void
check_counts(const struct source_input *input, const struct history_statement *statement,
			 const struct sql_lexer_phrase *phrase)
{
	if (names_counts(input, phrase))
		source_error(input, statement->offset, "The check before each COMMIT needs it: while it is off, the server "
						"does not count deleted rows.", "a migration must not change track_counts");
}

static void
check_copy(const struct source_input *input, const struct history_statement *statement,
		   const struct sql_lexer_phrase *phrase)
{
	if (phrase_says(phrase, 0, "copy") == 0)
		return;
	if (phrase_find(phrase, 1, "from stdin", 0) < phrase->count)
		source_error(input, statement->offset, "Write INSERT statements.", "COPY FROM STDIN is not supported");
	else if (phrase_find(phrase, 1, "to stdout", 0) < phrase->count)
		source_error(input, statement->offset, "Remove it: a migration has no output. Read the data with psql.",
					 "COPY TO STDOUT is not supported");
}

/* Does it create a trigger in a form that PostgreSQL 10 does not know? */
static bool
executes_function(const struct sql_lexer_phrase *phrase)
{
	size_t		at = phrase_says(phrase, 0, "create");

	at += phrase_says(phrase, at, "or replace");
	at += phrase_says(phrase, at, "constraint") + phrase_says(phrase, at, "event");
	return at > 0 && phrase_says(phrase, at, "trigger")
		&& phrase_find(phrase, at, "execute function", 0) < phrase->count;
}

static void
check_kind(const struct source_input *input, const struct history_section *section,
		   const struct history_statement *statement,
		   const struct sql_lexer_phrase *phrase)
{
	const char *label = name_if_outside(phrase, statement);

	if (section->transactional && label)
		source_error(input, statement->offset, OTHER_SECTION, "%s cannot run inside a transaction", label);
	if (section->transactional && adds_value(phrase))
		source_error(input, statement->offset, "Before PostgreSQL 12 it cannot run in a transaction, and in no "
					 "version can the same transaction use the new value. " OTHER_SECTION,
					 "ADD VALUE inside a transaction");
	if (executes_function(phrase))
		source_error(input, statement->offset, "Write EXECUTE PROCEDURE, which means the same in every version.",
					 "PostgreSQL 10 does not have EXECUTE FUNCTION");
	if (phrase_says(phrase, 0, "alter type") && phrase_find(phrase, 2, "drop value", 0) < phrase->count)
		source_error(input, statement->offset, "Remove the statement: the value remains. If the down section is then "
					 "empty, add a comment that gives this reason.", "PostgreSQL cannot drop an enum value");
	if (statement->concurrent && phrase_says(phrase, 0, "create") && !statement->index)
		source_error(input, statement->offset, "Name the index: if the build fails, the invalid index is found "
					 "and dropped by its name.", "CREATE INDEX CONCURRENTLY without a name");
}

bool
rules_statement(const struct source_input *input, const struct history_section *section,
				const struct history_statement *statement,
				const struct sql_lexer_phrase *phrase)
{
	size_t		before = input->errors->count;

	check_transaction_control(input, statement, phrase);
	check_session(input, statement, phrase);
	check_counts(input, statement, phrase);
	check_copy(input, statement, phrase);
	check_kind(input, section, statement, phrase);
	return input->errors->count == before;
}

bool
rules_grants(const struct source_input *input, const struct history_section *body)
{
	static const struct rule allowed[] = {
		{"grant", "GRANT"},
		{"revoke", "REVOKE"},
		{"alter default privileges", "ALTER DEFAULT PRIVILEGES"},
		{"do", "DO"},
		{NULL, NULL}
	};
	size_t		before = input->errors->count;

	for (size_t i = 0; i < body->count; i++) {
		const struct history_statement *one = &body->statements[i];
		struct sql_lexer_phrase phrase;

		phrase_read(&phrase, input->text + one->offset, one->length);
		if (!find_rule(allowed, &phrase))
			source_error(input, one->offset, "Move it to a migration: only GRANT, REVOKE, ALTER DEFAULT PRIVILEGES "
						 "and DO are allowed here.", "this statement does not set privileges");
		else if (destructive_of(input->text + one->offset, one->length) != DESTRUCTIVE_NONE)
			source_error(input, one->offset,
							"This file runs after every change, without a question. Move it to a migration.",
						 "this statement may destroy data");
		phrase_clear(&phrase);
	}
	return input->errors->count == before;
}

static const struct history_statement *
find_concurrent(const struct history_section *section)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->statements[i].concurrent)
			return &section->statements[i];
	return NULL;
}

static bool
check_alone(const struct source_input *input, const struct history_section *section)
{
	const struct history_statement *one = find_concurrent(section);

	if (!one || section->count == 1)
		return true;
	source_error(input, one->offset, "Move it to a migration of its own: it waits for other transactions, and the "
				 "other statements would wait too.", "CONCURRENTLY is not the only statement in its section");
	return false;
}

static bool
check_other(const struct source_input *input, const struct history_section *section,
			const struct history_section *other)
{
	if (!find_concurrent(section) || other->count == 0 || find_concurrent(other))
		return true;
	source_error(input, other->statements[0].offset, "If a section uses CONCURRENTLY, the other section has one such "
				 "statement, or none.", "only the other section of the migration uses CONCURRENTLY");
	return false;
}

bool
rules_alone(const struct source_input *input, const struct history_section *up, const struct history_section *down)
{
	bool		good = check_alone(input, up);

	good &= check_alone(input, down);
	good &= check_other(input, up, down);
	good &= check_other(input, down, up);
	return good;
}
