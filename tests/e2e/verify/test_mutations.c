/*
 * Random changes of the schema, drawn from mutations.sql: verify finds the change, and nothing else. A thousand run in
 * this process, with the modules that verify uses; a few run with the program.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pg/session.h"
#include "schema/compare.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/repair_sql.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/differences.h"
#include "support/json.h"
#include "support/lines.h"
#include "support/mutation.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define ANNEX "tests/e2e/verify/annex.sql"

enum {
	MANY = 100,					/* $MUTATIONS: so many in this process */
	FEW = 10					/* and with the program */
};

/* The name without that of the table; of a privilege, the role. */
static const char *
name_of(const struct fact *fact)
{
	const char *name = compare_name(fact);

	if (fact->kind == FACT_PRIVILEGE)
		for (const char *at = name; (at = strstr(at, " to ")); at++)
			name = at + 4;
	return name;
}

/* The kind and name of what differs; a new string. */
static char *
what_differs(const struct compare_item *item)
{
	const struct fact *fact = item->should ? item->should : item->is;
	bool		order = item->kind == COMPARE_ORDER;
	bool		child = fact && item->group[0] && strcmp(item->group, fact->name) != 0;
	const char *name = order ? "" : fact ? name_of(fact) : item->why;

	return mem_format("%s%s %s %s%s%s", item->note ? "note " : "", compare_word(item),
					  fact ? fact_kind_word(fact->kind) : "role", child ? item->group : "",
					  child && !order ? "." : "", name);
}

/* As differences.h has them. */
static void
tell(const struct comparison *comparison, const struct compare_sides *sides, struct lines *lines)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_item *item = &comparison->items[i];
		char	   *text = compare_line(item, sides->live->server);
		char	   *sql = repair_sql(item, sides);
		char	   *what = what_differs(item);

		ck_assert_msg(*text && !strchr(text, '\n'), "%s: \"%s\"", what, text);
		if (item->label)
			lines_add(lines, mem_format("%s %s: %s -> %s", what, item->label, item->is_value ? item->is_value : "none",
										item->should_value ? item->should_value : "none"));
		else if (item->kind == COMPARE_RENAMED)
			lines_add(lines, mem_format("%s: %s", what, compare_name(item->is)));
		else
			lines_add(lines, mem_string(what));
		mem_free(what);
		mem_free(sql);
		mem_free(text);
	}
}

/* An expected line may leave out the values. */
static bool
is_told(const char *expected, const char *actual)
{
	size_t		length = strlen(expected);

	return strcmp(expected, actual) == 0
		|| (strncmp(expected, actual, length) == 0 && strncmp(actual + length, ": ", 2) == 0 && !strchr(expected, ':'));
}

static bool
are_told(const struct lines *expected, const struct lines *actual)
{
	size_t		found = 0;

	for (size_t i = 0; i < expected->count; i++)
		for (size_t k = 0; k < actual->count; k++)
			found += is_told(expected->items[i], actual->items[k]);
	return found == expected->count && expected->count == actual->count;
}

/* The rest in `actual` is the result. */
static void
check(const struct mutation *mutation, const struct lines *actual, unsigned seed)
{
	struct lines expected = {0};

	lines_split(&expected, mutation->differences);
	if (!are_told(&expected, actual)) {
		char	   *all = mem_string("");

		for (size_t i = 0; i < actual->count; i++) {
			char	   *longer = mem_format("%s%s\n", all, actual->items[i]);

			mem_free(all);
			all = longer;
		}
		ck_abort_msg("%s, MUTATION_SEED=%u MUTATIONS=1: %s\n--- expected:\n%s\n--- found:\n%s", mutation->kind, seed,
					 mutation->statement, mutation->differences, all);
	}
	lines_clear(&expected);
}

/* Run statements in a transaction of the session that reads the catalog. */
static void
begin(struct session *session, const struct mutation *mutation)
{
	struct pipeline batch = {0};
	const char *statement = mutation->statement;
	/* More than one statement cannot be sent in a pipeline. */
	char	   *block = mem_format("DO $mutation$ BEGIN %s; END $mutation$", statement);

	pipeline_add(&batch, "BEGIN", 0);
	pipeline_add(&batch, strstr(statement, "ADD VALUE") ? statement : block, 0);
	ck_assert_msg(pipeline_run(session->connection, &batch), "%s: %s: %s", mutation->kind, statement,
				  pipeline_failed(&batch)->error.message);
	pipeline_clear(&batch);
	mem_free(block);
}

static void
roll_back(struct session *session)
{
	struct pipeline batch = {0};

	pipeline_add(&batch, "ROLLBACK", 0);
	ck_assert(pipeline_run(session->connection, &batch));
	pipeline_clear(&batch);
}

static void
mutate(struct session *session, const struct fact_history *known, const struct mutation *mutation, unsigned seed)
{
	struct live live;
	struct compare_sides sides;
	struct comparison comparison;
	struct lines actual = {0};

	begin(session, mutation);
	ck_assert_msg(live_read_within(&live, session), "%s: %s", mutation->kind, mutation->statement);
	roll_back(session);
	sides = (struct compare_sides) {.live = &live,.history = known};
	compare(&comparison, &sides, 0);
	tell(&comparison, &sides, &actual);
	check(mutation, &actual, seed);
	lines_clear(&actual);
	compare_clear(&comparison);
	live_clear(&live);
}

/* The last kind has but a few ways, each another; then as many as are asked for, drawn from all. */
static void
mutate_all(struct session *session, const struct fact_history *known)
{
	unsigned	seed = chance_setting("MUTATION_SEED", 1);
	unsigned	count = chance_setting("MUTATIONS", MANY);
	struct mutation mutation;

	for (int number = 0; count > 1 && mutation_last(number, &mutation); number++)
		mutate(session, known, &mutation, 0);
	for (unsigned i = 0; i < count; i++) {
		mutation = mutation_draw(seed + i);
		mutate(session, known, &mutation, seed + i);
	}
}

/* The schema as it is, as the only version of a history. */
static void
read_schema(struct session *session, struct fact_history *known)
{
	struct live live;
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	unsigned	line;
	char	   *message;

	ck_assert(live_read(&live, session));
	fputs("version 0 name 00\n", stream);
	for (size_t i = 0; i < live.facts.count; i++) {
		const struct fact *fact = &live.facts.facts[i];

		fprintf(stream, "+ %s %s%s%s\n", fact_kind_word(fact->kind), fact->name, fact->definition[0] ? "\t" : "",
				fact->definition);
	}
	mem_stream_close(stream);
	ck_assert_msg(fact_history_parse(known, text, length, &line, &message), "line %u: %s", line, message);
	mem_free(message);
	mem_free(text);
	live_clear(&live);
}

START_TEST(found_and_nothing_else)
{
	char	   *owner = server_database("fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	char	   *annex = sql_file(ANNEX);
	PGconn	   *connection = sql_connect(owner);
	struct session_options options = {.target.dbname = superuser};
	struct session session;
	struct fact_history known;
	char	   *message = NULL;

	tool_must(owner, ARGS("init"));
	sql_exec(connection, annex);
	PQfinish(connection);
	mutation_find("fitsdata");
	ck_assert_msg(session_open(&session, &options, &message), "%s", message);
	read_schema(&session, &known);
	mutate_all(&session, &known);
	fact_history_clear(&known);
	session_close(&session);
	mutation_forget();
	mem_free(annex);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Objects of the whole server are not dropped with the database. */
static bool
can_be_committed(const char *statement)
{
	return !strstr(statement, "annex") && !strstr(statement, "CREATE ROLE");
}

static void
mutate_copy(unsigned *seed)
{
	struct mutation mutation;
	const char *differences;
	int			status = 0;
	char	   *conninfo = server_copy("mutated", "fitsdata");
	struct lines actual = {0};
	json_t	   *json;

	do {
		/* Not one kind after the other: these are few. */
		mutation = mutation_draw(*seed);
		*seed += 7;
	} while (!can_be_committed(mutation.statement));
	differences = mutation.differences;
	server_execute("mutated", mutation.statement);
	if (*differences && strncmp(differences, "note ", strlen("note ")) != 0)
		status = 1;
	json = json_run(conninfo, "verify", status);
	differences_read(json, &actual);
	check(&mutation, &actual, *seed - 7);
	json_decref(json);
	lines_clear(&actual);
	mem_free(conninfo);
}

START_TEST(the_program_finds_the_same)
{
	char	   *owner = server_database("fitsdata");
	unsigned	seed = chance_setting("MUTATION_SEED", 1);

	tool_must(owner, ARGS("init"));
	mutation_find("fitsdata");
	for (int i = 0; i < FEW; i++)
		mutate_copy(&seed);
	mutation_forget();
	mem_free(owner);
}
END_TEST

Suite *
mutations_suite(void)
{
	Suite	   *suite = suite_create("mutations");
	TCase	   *tcase = tcase_create("mutations");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, found_and_nothing_else);
	tcase_add_test(tcase, the_program_finds_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
