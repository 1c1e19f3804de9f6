/*
 * Migrations that are written from a database lead to its schema, and back.
 *
 * LINEAGES=1 in the environment tests them for each version of the archive, LINEAGES=20 for one in 20; the default is
 * one in 8. MUTATIONS=100 for so many random changes; the default is 12. MUTATION_SEED=17 begins with that change.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/lack.h"
#include "support/lineage.h"
#include "support/mutation.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"
#include "support/written.h"

#include "base/banned.h"

enum {
	SAMPLE = 8,					/* one version in so many */
	MANY = 12,					/* random changes */
	ALL = 100					/* so many of them: all of the last kind, too */
};

/* Schema retired is not compared: SETTINGS. */
static bool
is_retired(const char *line, bool missing, const void *context)
{
	(void) missing;
	(void) context;
	return strstr(line, " retired") != NULL;
}

/* The facts of a database must be these. */
static void
expect_facts(const char *conninfo, const struct lines *expected, const char *title)
{
	struct lines actual;
	char	   *difference;

	written_facts(conninfo, &actual);
	difference = lines_difference(expected, &actual, is_retired, NULL);
	ck_assert_msg(!difference, "%s:\n%s", title, difference);
	lines_clear(&actual);
}

/* From a database at `base`, which is changed, to the schema of the other one, and back. */
static void
expect_both_ways(int base, const char *conninfo, const char *other, const char *title)
{
	struct written written;
	struct lines before;
	struct lines after;
	char	   *up = mem_format("%s, up", title);
	char	   *down = mem_format("%s, down", title);

	written_facts(conninfo, &before);
	written_facts(other, &after);
	written_make(&written, base, other, title);
	written_run(&written, conninfo, true, up);
	expect_facts(conninfo, &after, up);
	written_run(&written, conninfo, false, down);
	expect_facts(conninfo, &before, down);
	written_clear(&written);
	lines_clear(&before);
	lines_clear(&after);
	mem_free(up);
	mem_free(down);
}

START_TEST(from_each_version_to_the_next)
{
	int			each = (int) chance_setting("LINEAGES", SAMPLE);
	char	   *lower = lineage_current("lower", 0);
	int			at = 0;

	for (int base = each > 1 ? 2 : 0; base < lack_latest(); base += each) {
		char	   *versions[] = {mem_format("%d", base), mem_format("%d", base + 1)};
		char	   *title = mem_format("from %d to %d", base, base + 1);
		char	   *upper;

		if (at < base)
			tool_must(lower, ARGS("upgrade", versions[0]));
		at = base;
		upper = server_copy("upper", "lower");
		tool_must(upper, ARGS("upgrade", versions[1]));
		{
			char	   *copy = server_copy("copy", "lower");

			expect_both_ways(base, copy, upper, title);
			mem_free(copy);
		}
		mem_free(upper);
		mem_free(title);
		mem_free(versions[0]);
		mem_free(versions[1]);
	}
	mem_free(lower);
}
END_TEST

#define ANNEX "tests/e2e/verify/annex.sql"

/* Left out: what outlives the database, and what SETTINGS excludes. */
static bool
is_tested(const char *statement)
{
	static const char *const words[] = {"CREATE ROLE", "MATERIALIZED", "annex_store"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(statement, words[i]))
			return false;
	return true;
}

static void
expect_mutation(const struct mutation *mutation, unsigned seed)
{
	char	   *title = mem_format("MUTATION_SEED=%u MUTATIONS=1: %s: %s", seed, mutation->kind, mutation->statement);
	char	   *other = server_copy("mutated", strstr(mutation->statement, "annex") ? "annexed" : "fitsdata");
	char	   *copy;

	server_execute("mutated", mutation->statement);
	copy = server_copy("copy", "fitsdata");
	expect_both_ways(LATEST, copy, other, title);
	mem_free(copy);
	mem_free(other);
	mem_free(title);
}

/* Objects that the archive has none of are to be created, too. */
static void
create_annexed(void)
{
	char	   *conninfo = server_copy("annexed", "fitsdata");
	char	   *annex = sql_file(ANNEX);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, annex);
	sql_exec(connection, "DROP MATERIALIZED VIEW annex_store");
	PQfinish(connection);
	mem_free(annex);
	mem_free(conninfo);
}

START_TEST(from_the_latest_to_random_changes)
{
	char	   *owner = server_database("fitsdata");
	unsigned	seed = chance_setting("MUTATION_SEED", 1);
	unsigned	count = chance_setting("MUTATIONS", MANY);
	struct mutation mutation;

	/* From 40 on, no role has privileges that are facts. */
	tool_use_archive(true);
	tool_must(owner, ARGS("init"));
	tool_use_archive(false);
	create_annexed();
	mutation_find("annexed");
	/* The last kind has but a few ways, each another. */
	for (int number = 0; count >= ALL && mutation_last(number, &mutation); number++)
		if (is_tested(mutation.statement))
			expect_mutation(&mutation, 0);
	for (; count > 0; seed++) {
		mutation = mutation_draw(seed);
		if (!is_tested(mutation.statement))
			continue;
		expect_mutation(&mutation, seed);
		count--;
	}
	mutation_forget();
	mem_free(owner);
}
END_TEST

/* --- what depends on something else --- */

static const char *const dependent[] = {
	"ALTER TABLE gmos DROP CONSTRAINT gmos_pkey; ALTER TABLE gmos ADD CONSTRAINT gmos_pkey PRIMARY KEY (id, header_id)",
	"ALTER TABLE gmos DROP CONSTRAINT gmos_pkey",
	"CREATE TABLE one (id integer PRIMARY KEY, other integer); CREATE TABLE two (id integer PRIMARY KEY,"
	" one integer REFERENCES one); ALTER TABLE one ADD FOREIGN KEY (other) REFERENCES two",
	"CREATE VIEW b AS SELECT id FROM gmos; CREATE VIEW a AS SELECT id FROM b; COMMENT ON VIEW b IS 'its';"
	" CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
	" CREATE TRIGGER stop INSTEAD OF INSERT ON b FOR EACH ROW EXECUTE PROCEDURE stop()",
	"CREATE TABLE z (id integer); CREATE FUNCTION a() RETURNS SETOF z LANGUAGE sql AS 'SELECT * FROM z';"
	" CREATE VIEW b AS SELECT id FROM a()",
	"ALTER TABLE gmos ADD COLUMN note text;"
	" CREATE FUNCTION a() RETURNS text LANGUAGE sql AS 'SELECT max(note) FROM gmos'",
	"CREATE DOMAIN z AS text; CREATE TYPE y AS (a z); CREATE TYPE x AS (b y)",
	"CREATE TABLE z (id integer); ALTER TABLE z ENABLE ROW LEVEL SECURITY; ALTER TABLE z FORCE ROW LEVEL SECURITY;"
	" CREATE POLICY p ON z TO CURRENT_USER USING (true)",
	"CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';"
	" CREATE TABLE z (a text DEFAULT public.lower('X'), CHECK (public.lower(a) <> lower(a)))",
	"CREATE TABLE z (id integer); ALTER TABLE z ADD CHECK (id > 0); COMMENT ON TABLE z IS E'a\\r-- migrate\\rb'",
	"ALTER TABLE gmos ADD COLUMN U&\"x\\000DDROP TABLE gmos; --\" integer NOT NULL",
	"CREATE TABLE z (id integer); ALTER TABLE z ADD COLUMN b integer; CREATE INDEX i ON z (b);"
	" COMMENT ON INDEX i IS 'c'",
	"CREATE TABLE z (id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 5 CACHE 3));"
	" ALTER TABLE gmos ADD COLUMN n integer GENERATED BY DEFAULT AS IDENTITY"
	" (SEQUENCE NAME numbers MAXVALUE 900 CYCLE)",
	"ALTER TABLE gmos ADD COLUMN must integer NOT NULL, DROP CONSTRAINT gmos_pkey, ADD COLUMN k bigint PRIMARY KEY"
};

START_TEST(what_depends_on_something_else)
{
	char	   *owner = server_database("fitsdata");
	char	   *statements = mem_format("SET ROLE fitsdata; %s", dependent[_i]);
	char	   *other;
	char	   *copy;

	tool_must(owner, ARGS("init"));
	other = server_copy("changed", "fitsdata");
	server_execute("changed", statements);
	copy = server_copy("copy", "fitsdata");
	expect_both_ways(lack_latest(), copy, other, dependent[_i]);
	mem_free(statements);
	mem_free(copy);
	mem_free(other);
	mem_free(owner);
}
END_TEST

Suite *
difference_suite(void)
{
	Suite	   *suite = suite_create("difference");
	TCase	   *tcase = tcase_create("difference");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 3600);
	tcase_add_test(tcase, from_each_version_to_the_next);
	tcase_add_test(tcase, from_the_latest_to_random_changes);
	tcase_add_loop_test(tcase, what_depends_on_something_else, 0,
						 (int) (sizeof(dependent) / sizeof(*dependent)));
	suite_add_tcase(suite, tcase);
	return suite;
}
