/* The latest version of the build. */
#include "support/latest.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "support/facts.h"
#include "support/lack.h"
#include "support/lineage.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

#define DATABASE "latest"

const char *
latest_number(void)
{
	static char number[12];

	snprintf(number, sizeof(number), "%d", lack_latest());
	return number;
}

/* Made with the first call, under another name, in case that the test fails on the way. */
static PGconn *
connect_latest(void)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", DATABASE);
	PGconn	   *connection;

	if (!server_has(DATABASE)) {
		mem_free(lineage_current("making_" DATABASE, lack_latest()));
		server_execute("postgres", "ALTER DATABASE making_" DATABASE " RENAME TO " DATABASE);
	}
	connection = sql_connect(conninfo);
	mem_free(conninfo);
	return connection;
}

void
latest_facts(struct lines *facts)
{
	PGconn	   *connection = connect_latest();

	facts_read(connection, facts);
	PQfinish(connection);
}

void
latest_rows(struct lines *rows)
{
	PGconn	   *connection = connect_latest();

	rows_read(connection, rows);
	PQfinish(connection);
}

void
latest_expect(PGconn *connection)
{
	struct lines expected = {0};

	latest_facts(&expected);
	facts_expect(connection, &expected);
	lines_clear(&expected);
}

/* The words that the line of facts_read about an object of this name, of a table or type, begins with; a new string. */
static char *
words(const struct fact *fact, size_t parent, const char *name)
{
	switch (fact->kind) {
		case FACT_LABEL:
			return mem_format("label %.*s %s", (int) parent, fact->name, name);
		case FACT_COLUMN:
			return mem_format("column %.*s.%s", (int) parent, fact->name, name);
		case FACT_INDEX:
			return mem_format("index %s on %.*s", name, (int) parent, fact->name);
		case FACT_CONSTRAINT:
			return mem_format("constraint %s on %.*s", name, (int) parent, fact->name);
		case FACT_TYPE:
			return mem_format("enum %s", name);
		case FACT_VIEW:
		case FACT_MATERIALIZED_VIEW:
			return mem_format("odd relation %s:", name);
		case FACT_FUNCTION:
			return mem_format("odd function %.*s", (int) strcspn(name, "("), name);
		case FACT_TRIGGER:
			return mem_format("odd trigger %s", name);
		default:
			return mem_format("%s %s", fact_kind_word(fact->kind), name);
	}
}

/* The lines of facts_read have names without quotes. */
static char *
beginning(const struct fact *fact)
{
	size_t		parent = fact_parent(fact);
	const char *name = parent > 0 ? fact->name + parent + 1 : fact->name;
	char	   *plain = fact_plain(name, strlen(name));
	char	   *begins = words(fact, parent, plain);

	mem_free(plain);
	return begins;
}

/* An object that is left in another form, such as a constraint that was validated, is missing in its own. */
bool
latest_is_left(const char *line, bool missing)
{
	const struct fact_history *history = lack_history();
	bool		left = false;

	for (size_t i = 0; !left && i < history->claim_count; i++) {
		const struct fact_claim *claim = &history->claims[i];

		if (claim->version > DESCRIBED && (claim->kind == FACT_LEAVES || (missing && claim->kind == FACT_LACKS))) {
			char	   *begins = beginning(&claim->fact);
			size_t		length = strlen(begins);

			left = strncmp(line, begins, length) == 0 && (line[length] == '\0' || line[length] == ' ');
			mem_free(begins);
		}
	}
	return left;
}

static bool
is_left(const char *line, bool missing, const void *context)
{
	(void) context;
	return latest_is_left(line, missing);
}

void
latest_expect_after_down(PGconn *connection, const struct lines *expected)
{
	struct lines actual = {0};
	char	   *difference;

	facts_read(connection, &actual);
	difference = lines_difference(expected, &actual, is_left, NULL);
	ck_assert_msg(difference == NULL, "the downgrade leaves another schema (- missing, + too much):\n%s", difference);
	lines_clear(&actual);
}

void
latest_expect_base(PGconn *connection)
{
	struct lines expected = {0};

	facts_load("v000", &expected);
	facts_downgrade(&expected, DESCRIBED, 0);
	latest_expect_after_down(connection, &expected);
	lines_clear(&expected);
}

void
latest_expect_described(PGconn *connection)
{
	struct lines expected = {0};

	facts_load("v037", &expected);
	latest_expect_after_down(connection, &expected);
	lines_clear(&expected);
}

/* Has the up of this version an effect with this word on the table? */
static bool
has_effect(int version, const char *table, size_t length, const char *word)
{
	const struct fact_history *history = lack_history();

	for (size_t i = 0; i < history->effect_count; i++) {
		const struct fact_effect *effect = &history->effects[i];

		if (effect->version == version && effect->table && strlen(effect->table) == length
			&& strncmp(effect->table, table, length) == 0 && strstr(effect->definition, word))
			return true;
	}
	return false;
}

/* Does the up destroy all that a table or column holds, or rename it, so that what has its name later is another? */
static bool
destroys(int version, enum fact_kind kind, const char *name, size_t length)
{
	const struct fact_history *history = lack_history();

	for (size_t i = 0; i < history->claim_count; i++) {
		const struct fact_claim *claim = &history->claims[i];

		if (claim->version == version && !claim->down
			&& (claim->kind == FACT_DROPS || claim->kind == FACT_EMPTIES || claim->kind == FACT_RENAMES)
			&& claim->fact.kind == kind && strlen(claim->fact.name) == length
			&& strncmp(claim->fact.name, name, length) == 0)
			return true;
	}
	return false;
}

static void
add_changes(char **list, int version)
{
	char	   *up = lack_up(version);
	struct fact_set facts;

	fact_history_at(&facts, lack_history(), version - 1, FACT_SERVERS_ALL);
	for (size_t i = 0; i < facts.count; i++) {
		const char *name = facts.facts[i].name;
		size_t		length = facts.facts[i].kind == FACT_COLUMN ? fact_parent(&facts.facts[i]) : strlen(name);
		bool		whole = destroys(version, FACT_TABLE, name, length) || has_effect(version, name, length, "deleted");

		if (facts.facts[i].kind == FACT_TABLE && whole)
			mem_append(list, " ", name);
		if (facts.facts[i].kind == FACT_COLUMN
			&& (whole || destroys(version, FACT_COLUMN, name, strlen(name))
				|| ((has_effect(version, name, length, "updated") || has_effect(version, name, length, "rewritten"))
					&& lack_has_word(up, name + length + 1, strlen(name + length + 1)))))
			mem_append(list, " ", name);
	}
	fact_set_clear(&facts);
	mem_free(up);
}

char *
latest_changes(int from, int to, const char *known)
{
	char	   *list = mem_string(known);

	for (int version = from < DESCRIBED ? DESCRIBED + 1 : from + 1; version <= to; version++)
		add_changes(&list, version);
	return list;
}
