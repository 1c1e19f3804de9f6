/*
 * The statements of a down are split so that each drops one object (gen/parts.h): the parts do what the whole does. Of
 * our migrations, and of random statements, which are run in both forms.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "parts.h"
#include "support/facts.h"
#include "support/lack.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define ROUNDS 1000
#define MOST_ITEMS 6

/* All the way down: each section as it is written, and the downgrade. */
START_TEST(a_downgrade_does_what_the_file_says)
{
	char	   *conninfo = lineage_current("fitsdata", lack_latest());

	for (int version = lack_latest(); version > 0; version--) {
		char	   *number = mem_format("%d", version);
		char	   *target = mem_format("%d", version - 1);
		char	   *whole = server_copy("whole", "fitsdata");
		PGconn	   *connection = sql_connect(whole);
		struct process show;
		struct lines expected = {0};

		tool_run(&show, NULL, ARGS("show", "--down", number));
		sql_exec(connection, show.out);
		tool_ended(&show, 0);
		facts_read(connection, &expected);
		PQfinish(connection);
		tool_must(conninfo, ARGS("downgrade", target, "--yes"));
		connection = sql_connect(conninfo);
		facts_expect(connection, &expected);
		PQfinish(connection);
		lines_clear(&expected);
		mem_free(whole);
		mem_free(target);
		mem_free(number);
	}
	mem_free(conninfo);
}
END_TEST

static const char objects[] =
	"CREATE TYPE e0 AS ENUM ('a'); CREATE TYPE e1 AS ENUM ('a'); CREATE TYPE e2 AS (a0 int, a1 int, a2 int);"
	" CREATE SEQUENCE s0; CREATE SEQUENCE s1;"
	" CREATE TABLE t0 (c0 int NOT NULL, c1 int DEFAULT 1, c2 bigint, c3 e0, c4 int CONSTRAINT k0 CHECK (c4 > 0),"
	" CONSTRAINT k1 UNIQUE (c0, c1), CONSTRAINT k2 CHECK (c1 > c2));"
	" CREATE TABLE t1 (LIKE t0 INCLUDING ALL); CREATE TABLE \"T,2\" (c0 int, c1 int);"
	" ALTER TABLE t1 ADD CONSTRAINT k3 FOREIGN KEY (c0, c1) REFERENCES t0 (c0, c1);"
	" CREATE INDEX i0 ON t0 (c2); CREATE INDEX i1 ON t1 (c3); CREATE VIEW v0 AS SELECT c2 FROM t0;"
	" CREATE VIEW v1 AS SELECT 1 AS x; INSERT INTO t0 VALUES (1, 2, 1, 'a', 4)";

/* What remains, in words that tell more than facts_read. */
static const char remains[] =
	"SELECT coalesce(string_agg(o, E'\\n' ORDER BY o COLLATE \"C\"), '') FROM ("
	"SELECT concat_ws(' ', c.oid::regclass, c.relkind) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
	" UNION ALL SELECT concat_ws(' ', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),"
	" a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attribute a"
	" JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)"
	" WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped"
	" UNION ALL SELECT concat_ws(' ', n.conrelid::regclass, n.conname, pg_get_constraintdef(n.oid))"
	" FROM pg_constraint n WHERE n.connamespace = 'public'::regnamespace"
	" UNION ALL SELECT t.oid::regtype::text FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace) x (o)";

static unsigned
draw(unsigned count)
{
	return (unsigned) random() % count;
}

static char *
draw_alter(void)
{
	static const char *const tables[] = {"t0", "if exists only t1\n\t", "\"T,2\" /* , */", "IF EXISTS t9", "public.t0 *"};
	static const char *const actions[] = {
		"DROP c%u", "DROP COLUMN IF EXISTS c%u", "DROP COLUMN c%u CASCADE", "drop column if exists c%u restrict",
		"DROP CONSTRAINT IF EXISTS k%u", "DROP CONSTRAINT k%u", "DROP /* a, b */ CONSTRAINT IF EXISTS k%u CASCADE",
		"DROP -- a, b\n IF EXISTS \"c%u\"", "ADD COLUMN n%u text", "ADD CONSTRAINT k%u CHECK (c1 IN (1, 2))",
		"ADD CONSTRAINT k%u UNIQUE (c2, c0)", "ALTER c%u TYPE numeric(3, 0)", "ALTER COLUMN c%u DROP NOT NULL",
		"ALTER c%u SET DEFAULT 2", "ALTER c%u TYPE bigint USING c1 + 1"
	};
	const unsigned mostly_drops = draw(2) ? 8 : sizeof(actions) / sizeof(actions[0]);
	char	   *text = mem_format("ALTER TABLE %s ", tables[draw(sizeof(tables) / sizeof(tables[0]))]);

	for (unsigned i = 0, count = draw(MOST_ITEMS) + 1; i < count; i++) {
		const char *action = actions[draw(mostly_drops)];
		size_t		before = (size_t) (strchr(action, '%') - action);
		char	   *item = mem_format("%.*s%u%s", (int) before, action, draw(5), action + before + 2);

		mem_append(&text, i > 0 ? ", " : "", item);
		mem_free(item);
	}
	return text;
}

/* What depends on something comes before it, so that each can be dropped by itself. */
static char *
draw_drop(void)
{
	static const char *const kinds[][5] = {
		{"TABLE", "t1", "\"T,2\"", "t9", "public.t0"}, {"VIEW", "v1", "v9", "v0", "t0"}, {"TYPE", "e1", "e2", "e9", "e0"},
		{"INDEX", "i0", "i1", "i9", "k1"}, {"SEQUENCE", "s0", "public . s1", "s9", "v1"}
	};
	static const char *const tails[] = {"", "", " CASCADE", "\nrestrict"};
	const char *const *kind = kinds[draw(sizeof(kinds) / sizeof(kinds[0]))];
	char	   *text = mem_format("DROP %s %s", kind[0], draw(2) ? "IF EXISTS " : "");
	const char *separator = "";

	for (unsigned i = 1; i < 5; i++)
		if (draw(3) > 0 || (i == 4 && !*separator)) {
			mem_append(&text, separator, kind[i]);
			separator = " /* , */, ";
		}
	mem_append(&text, tails[draw(sizeof(tails) / sizeof(tails[0]))], "");
	return text;
}

/* Run the statements in a transaction that is rolled back. What remains; or "failed". To be freed. */
static char *
outcome(PGconn *connection, char *const *statements, size_t count)
{
	char	   *text = NULL;
	bool		good = true;

	sql_exec(connection, "BEGIN");
	for (size_t i = 0; good && i < count; i++) {
		PGresult   *result = PQexec(connection, statements[i]);

		good = PQresultStatus(result) == PGRES_COMMAND_OK;
		PQclear(result);
	}
	text = good ? sql_lines(connection, remains) : mem_string("failed");
	sql_exec(connection, "ROLLBACK");
	return text;
}

/* The statement as a whole, and in parts. Returns the number of parts; 0 if it fails, in both forms. */
static size_t
try_both(PGconn *connection, char *statement)
{
	struct arena arena = {0};
	size_t		length = strlen(statement);
	const struct history_statement whole = {.length = length};
	struct source_input input = {.arena = &arena,.text = statement,.source = {.length = length}};
	struct history_section section = {.length = length,.transactional = true,.count = 1,.statements = &whole};
	char	   *texts[MOST_ITEMS + 1];
	char	   *expected = outcome(connection, &statement, 1);
	char	   *found;
	bool		good = strcmp(expected, "failed") != 0;
	size_t		count;

	parts_split(&input, &section);
	count = section.count;
	for (size_t i = 0; i < count; i++)
		texts[i] = mem_string(section.statements[i].text ? section.statements[i].text : statement);
	found = outcome(connection, texts, count);
	ck_assert_msg(strcmp(found, expected) == 0, "%s\nas a whole:\n%s\nin %zu parts:\n%s", statement, expected, count,
				  found);
	for (size_t i = 0; i < count; i++)
		mem_free(texts[i]);
	mem_free(found);
	mem_free(expected);
	arena_clear(&arena);
	return good ? count : 0;
}

START_TEST(parts_do_what_the_whole_does)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	unsigned	done[MOST_ITEMS + 2] = {0};

	sql_exec(connection, objects);
	srandom(17);
	for (unsigned round = 0; round < ROUNDS; round++) {
		char	   *statement = draw(3) > 0 ? draw_alter() : draw_drop();

		done[try_both(connection, statement)]++;
		mem_free(statement);
	}
	/* Many succeed, and many of them are split. */
	ck_assert_uint_gt(done[1] + done[2] + done[3] + done[4], ROUNDS / 5);
	ck_assert_uint_gt(done[2], ROUNDS / 20);
	ck_assert_uint_gt(done[3], ROUNDS / 50);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
down_parts_suite(void)
{
	Suite	   *suite = suite_create("down_parts");
	TCase	   *tcase = tcase_create("parts");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_downgrade_does_what_the_file_says);
	tcase_add_test(tcase, parts_do_what_the_whole_does);
	suite_add_tcase(suite, tcase);
	return suite;
}
