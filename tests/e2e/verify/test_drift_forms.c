/*
 * The forms of DDL in forms.sql, each applied to a database at the latest version: the facts differ in what the form
 * changes, and in nothing else, and the comparison that verify makes tells so. The forms run in this process, with the
 * modules that verify uses: in a transaction that is rolled back, or, if they cannot, in a copy of the database. Those
 * that change the archive's own tables also run with the program.
 */
#include <check.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "e2e/verify/forms.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "support/lines.h"
#include "support/live_facts.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define ORIGINAL "tests/e2e/verify/forms_original.sql"
#define ORIGINAL_DATABASE "fitsdata"

enum {
	PARTS = 6					/* tests that share the forms, so that each ends soon and a failure hides no other */
};

static int	version;
static struct lines before;		/* the facts of the database without a change */
static struct fact_history known;	/* the same as the only version of a history */

static void
open_session(struct session *session, struct session_options *options, const char *conninfo)
{
	char	   *message = NULL;

	*options = (struct session_options) {.target.dbname = conninfo};
	ck_assert_msg(session_open(session, options, &message), "%s", message);
}

/* The facts as lines; the form of a line in SCHEMA. */
static void
list_facts(const struct live *live, struct lines *lines)
{
	for (size_t i = 0; i < live->facts.count; i++) {
		const struct fact *fact = &live->facts.facts[i];

		lines_add(lines, mem_format("%s %s%s%s", fact_kind_word(fact->kind), fact->name, *fact->definition ? "\t" : "",
									fact->definition));
	}
	for (size_t i = 0; i < live->uncompared_count; i++)
		lines_add(lines, mem_format("-- not compared: %s", live->uncompared[i]));
	lines_sort(lines);
}

static void
read_before(const char *conninfo)
{
	struct session_options options;
	struct session session;
	struct live live;
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	unsigned	line;
	char	   *message = NULL;

	open_session(&session, &options, conninfo);
	ck_assert(live_read(&live, &session));
	list_facts(&live, &before);
	fputs("version 0 name 00\n", stream);
	for (size_t i = 0; i < live.facts.count; i++) {
		const struct fact *fact = &live.facts.facts[i];

		fprintf(stream, "+ %s %s%s%s\n", fact_kind_word(fact->kind), fact->name, *fact->definition ? "\t" : "",
				fact->definition);
	}
	mem_stream_close(stream);
	ck_assert_msg(fact_history_parse(&known, text, length, &line, &message), "line %u: %s", line, message);
	mem_free(text);
	live_clear(&live);
	session_close(&session);
}

/* The archive's database, and what it has none of; the copies are made of it. */
static void
make_original(void)
{
	char	   *owner = server_database(ORIGINAL_DATABASE);
	char	   *superuser = server_conninfo(server_main(), "postgres", ORIGINAL_DATABASE);
	char	   *directory = server_directory("space");
	char	   *space = mem_format("CREATE TABLESPACE forms_space LOCATION '%s'", directory);
	PGconn	   *connection = sql_connect(superuser);

	version = server_version(server_main());
	tool_must(owner, ARGS("init", "--quiet"));
	sql_exec(connection, space);
	live_facts_run_sections(connection, ORIGINAL, version, version);
	PQfinish(connection);
	read_before(superuser);
	forms_read();
	mem_free(space);
	mem_free(directory);
	mem_free(superuser);
	mem_free(owner);
}

/* What the comparison tells: "note changed column gmos.id: type", "renamed index gmos.ix: other". */
static void
tell(const struct comparison *comparison, struct lines *lines)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_item *item = &comparison->items[i];
		const struct fact *fact = item->should ? item->should : item->is;
		const char *other = item->kind == COMPARE_RENAMED ? compare_name(item->is) : item->label;
		const char *name = fact ? fact->name : item->why;

		lines_add(lines, mem_format("%s%s %s%s%s%s%s", item->note ? "note " : "", compare_word(item),
									fact ? fact_kind_word(fact->kind) : "role", *name ? " " : "", name,
									other ? ": " : "", other ? other : ""));
	}
	lines_sort(lines);
}

/* What differs: facts, and what the comparison tells. */
static void
find_differences(const struct live *live, struct lines *facts, struct lines *told)
{
	struct comparison comparison;
	struct lines after = {0};

	list_facts(live, &after);
	forms_compare_facts(&before, &after, facts);
	compare(&comparison, &(struct compare_sides) {.live = live,.history = &known}, 0);
	tell(&comparison, told);
	compare_clear(&comparison);
	lines_clear(&after);
}

/* Apply a form to a copy of the database, and read it. */
static void
read_copy(const struct form *form, const char *database, struct live *live)
{
	char	   *owner = server_copy(database, ORIGINAL_DATABASE);
	char	   *conninfo = server_conninfo(server_main(), "postgres", database);
	PGconn	   *connection = sql_connect(conninfo);
	PGresult   *result = PQexec(connection, form->sql);
	struct session_options options;
	struct session session;

	ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "form \"%s\": %s", form->name,
				  PQerrorMessage(connection));
	PQclear(result);
	PQfinish(connection);
	open_session(&session, &options, conninfo);
	ck_assert(live_read(live, &session));
	session_close(&session);
	mem_free(conninfo);
	mem_free(owner);
}

/* Apply a form in a transaction of the session, read, and roll back. */
static void
read_within(const struct form *form, struct session *session, struct live *live)
{
	struct pipeline begin = {0};
	struct pipeline roll_back = {0};
	char	   *sql = form_statements(form, ORIGINAL_DATABASE);
	/* A pipeline takes one statement; this one can have several in a string. */
	char	   *block = mem_format("DO $block$ BEGIN EXECUTE $form$%s$form$; END $block$", sql);

	pipeline_add(&begin, "BEGIN", 0);
	pipeline_add(&begin, block, 0);
	ck_assert_msg(pipeline_run(session->connection, &begin), "form \"%s\": %s", form->name,
				  pipeline_failed(&begin)->error.message);
	ck_assert_msg(live_read_within(live, session), "form \"%s\"", form->name);
	pipeline_add(&roll_back, "ROLLBACK", 0);
	ck_assert(pipeline_run(session->connection, &roll_back));
	pipeline_clear(&roll_back);
	pipeline_clear(&begin);
	mem_free(block);
	mem_free(sql);
}

static bool
try(const struct form *form, struct session *session, const char *copy)
{
	struct live live;
	struct lines facts = {0};
	struct lines told = {0};
	bool		right;

	if (session)
		read_within(form, session, &live);
	else
		read_copy(form, copy, &live);
	find_differences(&live, &facts, &told);
	right = form_check(form, "facts", &form->facts, &facts);
	right &= form_check(form, "told", &form->told, &told);
	lines_clear(&told);
	lines_clear(&facts);
	live_clear(&live);
	return right;
}

/* Each test tries every sixth form. */
START_TEST(found_and_nothing_else)
{
	char	   *conninfo = server_conninfo(server_main(), "postgres", ORIGINAL_DATABASE);
	struct session_options options;
	struct session session;
	int			failed = 0;

	/* Copies first: nobody may be connected to their original. */
	for (int i = _i; i < forms_count; i += PARTS)
		if (form_applies(&forms[i], version) && form_must_commit(&forms[i]))
			failed += !try(&forms[i], NULL, "forms_copy");
	open_session(&session, &options, conninfo);
	for (int i = _i; i < forms_count; i += PARTS)
		if (form_applies(&forms[i], version) && !form_must_commit(&forms[i]))
			failed += !try(&forms[i], &session, NULL);
	session_close(&session);
	ck_assert_msg(failed == 0, "%d of the forms are not told right: see above", failed);
	mem_free(conninfo);
}
END_TEST

static const char *
text_of(const json_t *item, const char *key)
{
	const char *text = json_string_value(json_object_get(item, key));

	return text ? text : "";
}

/* What the program tells, as lines like those of the forms. It does not say of what kind a privilege's object is. */
static void
add_told(struct lines *lines, const json_t *items, const char *note)
{
	size_t		i;
	const json_t *item;

	json_array_foreach(items, i, item) {
		const char *word = text_of(item, "difference");
		const char *kind = text_of(item, "kind");
		const char *of = text_of(item, "of");
		const char *name = text_of(item, "name");
		const char *property = text_of(item, "property");
		bool		privilege = strcmp(kind, "privilege") == 0;
		const char *between = privilege ? "* to " : *of && *name ? "." : "";

		/* That PUBLIC may create objects in schema public is told of servers before 15. */
		if (strcmp(word, "note") == 0)
			continue;
		lines_add(lines, mem_format("%s%s %s%s%s%s%s%s%s%s", note, word, kind,
									*of || *name ? " " : "", privilege ? "*" : "", of, between, name,
									*property ? ": " : "", property));
	}
}

static bool
try_program(const struct form *form)
{
	char	   *owner = server_copy("forms_program", "plain");
	char	   *conninfo = server_conninfo(server_main(), "postgres", "forms_program");
	char	   *sql = form_statements(form, "forms_program");
	struct process process;
	struct lines told = {0};
	json_t	   *json;
	bool		right;

	server_execute("forms_program", sql);
	tool_run(&process, conninfo, ARGS("verify", "--json"));
	json = json_loads(process.out, 0, NULL);
	ck_assert_msg(json != NULL, "form \"%s\": %s%s", form->name, process.out, process.err);
	add_told(&told, json_object_get(json, "differences"), "");
	add_told(&told, json_object_get(json, "notes"), "note ");
	lines_sort(&told);
	/* The patterns are here what is told. */
	right = form_check(form, "- program, + expected", &told, &form->told);
	json_decref(json);
	process_clear(&process);
	lines_clear(&told);
	mem_free(sql);
	mem_free(conninfo);
	mem_free(owner);
	return right;
}

START_TEST(the_program_tells_the_same)
{
	char	   *owner = server_database("plain");
	int			failed = 0;

	tool_must(owner, ARGS("init", "--quiet"));
	for (int i = 0; i < forms_count; i++)
		if (form_applies(&forms[i], version) && form_is_of_archive(&forms[i]))
			failed += !try_program(&forms[i]);
	ck_assert_msg(failed == 0, "%d of the forms are not told right: see above", failed);
	mem_free(owner);
}
END_TEST

/* They come and go, and can be locked for long. */
START_TEST(temporary_tables_of_others)
{
	char	   *owner = server_database("temporary");
	PGconn	   *connection;

	tool_must(owner, ARGS("init", "--quiet"));
	connection = sql_connect(owner);
	sql_exec(connection, "CREATE TEMP TABLE t (id integer PRIMARY KEY DEFAULT 3 CHECK (id > 0), note text UNIQUE);"
			 " CREATE INDEX ON t ((id + 1)) WHERE id > 2; CREATE STATISTICS pg_temp.s ON id, note FROM t;"
			 " CREATE POLICY p ON t USING (id > 1); CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING;"
			 " CREATE VIEW pg_temp.v AS SELECT id FROM t; CREATE TEMP TABLE child () INHERITS (header);"
			 " CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.id > 1)"
			 " EXECUTE PROCEDURE suppress_redundant_updates_trigger()");
	sql_exec(connection, "BEGIN; LOCK t");
	tool_expect(owner, ARGS("verify"), 0, "same: database temporary matches version 39", "");
	PQfinish(connection);
	mem_free(owner);
}
END_TEST

Suite *
drift_forms_suite(void)
{
	Suite	   *suite = suite_create("drift_forms");
	TCase	   *tcase = tcase_create("drift_forms");

	tcase_add_unchecked_fixture(tcase, make_original, NULL);
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, found_and_nothing_else, 0, PARTS);
	tcase_add_test(tcase, the_program_tells_the_same);
	tcase_add_test(tcase, temporary_tables_of_others);
	suite_add_tcase(suite, tcase);
	return suite;
}
