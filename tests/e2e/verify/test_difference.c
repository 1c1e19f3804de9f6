/*
 * Migrations that are written from a database lead to its schema, and back.
 *
 * LINEAGES=1 in the environment tests them for each version of the archive, LINEAGES=20 for one in 20; the default is
 * one in 8. MUTATIONS=100 for so many random changes; the default is 12. MUTATION_SEED=17 begins with that change.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/lack.h"
#include "support/lineage.h"
#include "support/mutation.h"
#include "support/process.h"
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

/* --- what it says --- */

/* Run the program with an option (NULL: none) and arguments; it must end with this status, and say this on stderr. */
static void
expect_said(const char *option, const char *conninfo, const char *folder, int status, const char *said)
{
	char	   *difference = written_program();
	struct process process;

	if (option)
		process_run(&process, ARGS(difference, option, conninfo, folder), NULL);
	else
		process_run(&process, ARGS(difference, conninfo, folder), NULL);
	ck_assert_msg(process.status == status && strstr(process.err, said), "%d, not %d:\n%s", process.status, status,
				  process.err);
	process_clear(&process);
	mem_free(difference);
}

static char *
path_of(const char *folder, int version, const char *name)
{
	return mem_format("%s/%03d_%s.sql", folder, version, name);
}

/* The text of the file that it has written as the `number`th. */
static char *
file_at(const char *folder, int number, const char *name)
{
	char	   *path = path_of(folder, lack_latest() + number, name);
	char	   *text = sql_file(path);

	unlink(path);
	mem_free(path);
	return text;
}

/* The same of the only one. */
static char *
file_of(const char *folder, const char *name)
{
	return file_at(folder, 1, name);
}

/* Give the only file another version. */
static void
renumber(const char *folder, const char *name, int version)
{
	char	   *from = path_of(folder, lack_latest() + 1, name);
	char	   *to = path_of(folder, version, name);

	ck_assert_msg(rename(from, to) == 0, "there is no %s", from);
	mem_free(from);
	mem_free(to);
}

/* Each way has its lines as comments, and none of them is SQL. */
static void
expect_question(const char *text, const char *const *lines)
{
	for (; *lines; lines++)
		ck_assert_msg(strstr(text, *lines), "no line \"%s\" in\n%s", *lines, text);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		ck_assert_msg(strchr("\n-", *line), "%s", line);
}

START_TEST(what_may_be_renamed_is_asked)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("asked");
	char	   *text;

	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN user_admin TO admin");
	expect_said(NULL, owner, folder, 0, "");
	text = file_of(folder, "answer_change_users_admin");
	expect_question(text, ARGS("-- TODO: Was column users.user_admin renamed to admin?",
							   "--   ALTER TABLE users RENAME COLUMN user_admin TO admin;\n",
							   "--   ALTER TABLE users ADD COLUMN IF NOT EXISTS admin boolean;\n",
							   "--   ALTER TABLE users DROP COLUMN IF EXISTS user_admin;\n",
							   "--   ALTER TABLE users RENAME COLUMN admin TO user_admin;\n",
							   "--   ALTER TABLE users DROP COLUMN IF EXISTS admin;\n"));
	ck_assert_msg(strstr(text, "\n-- migrate:up\n") != NULL, "%s", text);
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN admin TO user_admin;"
				   " ALTER TABLE semester RENAME TO outline");
	expect_said(NULL, owner, folder, 0, "");
	text = file_of(folder, "answer_change_outline");
	expect_question(text, ARGS("-- TODO: Was table semester renamed to outline? Both have the same columns.\n",
							   "--   ALTER TABLE semester RENAME TO outline;\n",
							   "--   DROP TABLE IF EXISTS semester;\n",
							   "--   CREATE TABLE IF NOT EXISTS outline (\n", "--   DROP TABLE IF EXISTS outline;\n"));
	mem_free(text);
	/* A table that cannot be written is not taken for the renamed one. */
	server_execute("fitsdata", "ALTER TABLE outline REPLICA IDENTITY FULL");
	expect_said("--name=semester", owner, folder, 0, "warning: not written: table outline\n");
	text = file_of(folder, "semester");
	ck_assert_msg(strstr(text, "\nDROP TABLE IF EXISTS semester;\n") != NULL, "%s", text);
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE outline RENAME TO semester;"
				   " ALTER TABLE semester REPLICA IDENTITY DEFAULT;"
				   " ALTER TABLE glacier RENAME COLUMN md5 TO sum");
	expect_said(NULL, owner, folder, 0, "");
	text = file_at(folder, 2, "answer_change_glacier_sum");
	expect_question(text, ARGS("\n-- migrate:up\n", "\n-- migrate:down\n",
							   "-- If it was not renamed, with \"transaction:false\" at the end of the line that begins"
							   " this section:\n"));
	mem_free(text);
	mem_free(folder);
	mem_free(owner);
}
END_TEST

/* A carriage return ends a comment of SQL, and "migrate:up" would begin a section. */
START_TEST(no_name_or_text_ends_a_comment)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("strange");
	char	   *text;

	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN user_admin TO"
				   " U&\"x\\000DGRANT ALL ON file TO apache;\\000Amigrate:up\"");
	expect_said(NULL, owner, folder, 0, "");
	text = file_of(folder, "answer_change_users_x_rgrant_all_on_file_to_apache_nmigra");
	ck_assert_msg(!strchr(text, '\r'), "%s", text);
	expect_question(text, ARGS("U&\"x\\000dGRANT ALL ON file TO apache;\\000amigrate:up\" TO user_admin;\n"));
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN U&\"x\\000DGRANT ALL ON file TO apache;"
				   "\\000Amigrate:up\" TO user_admin; ALTER TABLE gmos ADD COLUMN note text;"
				   " CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS E'SELECT 1\\n--  migrate:down\\n'");
	expect_said("--name=f", owner, folder, 0,
				"warning: not written: function f(): a line of its text is like a directive");
	text = file_of(folder, "f");
	ck_assert_msg(strstr(text, "-- TODO: These differences are not written here:\n--   function f(): a line of"),
				  "%s", text);
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE gmos DROP COLUMN note; DROP FUNCTION f(); ALTER TABLE gmos"
				   " ADD CONSTRAINT c CHECK (disperser <> '$$; GRANT ALL ON file TO apache; --$do1$')");
	expect_said("--name=c", owner, folder, 0, "");
	text = file_of(folder, "c");
	ck_assert_msg(strstr(text, "DO $do2$\nBEGIN\n") && strstr(text, "\nEND\n$do2$;\n"), "%s", text);
	mem_free(text);
	mem_free(folder);
	mem_free(owner);
}
END_TEST

START_TEST(labels_keep_their_places)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("labels");
	char	   *text;

	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "UPDATE pg_enum SET enumsortorder = enumsortorder + 100 WHERE enumlabel = 'NOPASS'");
	expect_said(NULL, owner, folder, 1, "not written: order of the labels of type mdstatus\n");
	server_execute("fitsdata", "UPDATE pg_enum SET enumsortorder = enumsortorder - 100 WHERE enumlabel = 'NOPASS'");
	server_execute("fitsdata", "ALTER TYPE mdstatus ADD VALUE 'Z' BEFORE 'NODATE'");
	server_execute("fitsdata", "ALTER TYPE mdstatus ADD VALUE 'Y' BEFORE 'NODATE'");
	server_execute("fitsdata", "ALTER TYPE mdstatus ADD VALUE 'X'");
	expect_said("--name=labels", owner, folder, 0, "");
	text = file_of(folder, "labels");
	ck_assert_msg(strstr(text, "'Z' BEFORE 'NODATE';\n"
						 "ALTER TYPE mdstatus ADD VALUE IF NOT EXISTS 'Y' BEFORE 'NODATE';\n"
						 "ALTER TYPE mdstatus ADD VALUE IF NOT EXISTS 'X';\n") != NULL
				  && !strstr(text, "not written here"), "%s", text);
	mem_free(text);
	server_execute("fitsdata", "UPDATE pg_enum SET enumsortorder = 100 WHERE enumlabel = 'NOPASS'");
	expect_said("--name=labels", owner, folder, 0, "not written: order of the labels of type mdstatus\n");
	mem_free(folder);
	mem_free(owner);
}
END_TEST

START_TEST(faults_are_named)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("faults");
	char	   *none = mem_format("%s dbname=none", owner);

	tool_must(owner, ARGS("init"));
	expect_said(NULL, owner, folder, 1, "error: the database has the schema of version ");
	expect_said(NULL, none, folder, 1, "database \"none\" does not exist");
	expect_said("--base=9999", owner, folder, 2, "error: this build has the versions 0 to ");
	expect_said("--name=New-one", owner, folder, 2, "error: invalid name: use lower-case letters");
	server_execute("fitsdata", "ALTER TABLE gmos ADD COLUMN note text; CREATE COLLATION mine FROM \"C\"");
	expect_said(NULL, owner, "/nowhere", 1, "error: could not write /nowhere/");
	expect_said("--name=note", owner, folder, 0, "warning: not written: collation mine\n");
	expect_said("--name=other", owner, folder, 1, "which this build does not know\nfitsdb-schema: hint: ");
	/* No two migrations have the same name. "add_note" and "note" are different names. */
	renumber(folder, "note", 1);
	expect_said("--name=note", owner, folder, 0, "");
	mem_free(file_of(folder, "note_2"));
	expect_said("--name=add_note_2", owner, folder, 0, "");
	renumber(folder, "add_note_2", 2);
	expect_said("--name=note", owner, folder, 0, "");
	mem_free(file_of(folder, "note_2"));
	mem_free(none);
	mem_free(folder);
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
	tcase_add_test(tcase, what_may_be_renamed_is_asked);
	tcase_add_test(tcase, no_name_or_text_ends_a_comment);
	tcase_add_test(tcase, labels_keep_their_places);
	tcase_add_test(tcase, faults_are_named);
	suite_add_tcase(suite, tcase);
	return suite;
}
