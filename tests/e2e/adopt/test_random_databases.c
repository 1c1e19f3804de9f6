/*
 * Databases with up to ten objects missing, up to ten extra ones, and a version number that is up to ten off, all drawn
 * at random. An upgrade ends complete, or it is refused and ends complete after what it advises.
 *
 * LINEAGES=1 in the environment tests 1000 of them, LINEAGES=20 one in 20; the default is one in 100. LINEAGES_SEED=17
 * begins with that one.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/adoption.h"
#include "support/chance.h"
#include "support/lack.h"
#include "support/lineage.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

enum {
	MOST = 10,					/* objects missing, and extra, and versions off */
	ALL = 1000,
	USUAL_SHARE = 100
};

/* Objects that people add, in table %1$s; %2$s is a number. The column id is there unless it was taken away. */
static const char *const extras[] = {
	"CREATE TABLE extra_%2$s (id serial PRIMARY KEY, note text)",
	"CREATE TABLE extra_%2$s AS SELECT * FROM %1$s",
	"ALTER TABLE %1$s ADD COLUMN extra_%2$s text",
	"ALTER TABLE %1$s ADD COLUMN extra_%2$s integer NOT NULL DEFAULT 7",
	"CREATE INDEX extra_%2$s ON %1$s (id)",
	"CREATE UNIQUE INDEX extra_%2$s ON %1$s (id)",
	"ALTER TABLE %1$s ADD CONSTRAINT extra_%2$s CHECK (id > 0)",
	"CREATE VIEW extra_%2$s AS SELECT count(*) AS number FROM %1$s",
	"CREATE MATERIALIZED VIEW extra_%2$s AS SELECT count(*) AS number FROM %1$s",
	"CREATE TYPE extra_%2$s AS ENUM ('one', 'two')",
	"ALTER TYPE caltype ADD VALUE 'extra_%2$s'",
	"CREATE SEQUENCE extra_%2$s",
	"CREATE FUNCTION extra_%2$s() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
	/* As seen. */
	"CREATE TABLE userfilepermission (id serial PRIMARY KEY, user_id integer, path text)",
	"ALTER TABLE archiveuser ADD COLUMN account_type varchar(20)",
};

static unsigned
seed_of(int number)
{
	return (unsigned) number + chance_setting("LINEAGES_SEED", 1);
}

/* What cannot be added is not: its table or column may be missing. */
static void
add(PGconn *connection, const char *sql)
{
	PGresult   *result = PQexec(connection, sql);

	if (PQresultStatus(result) == PGRES_COMMAND_OK)
		printf(" + %s,", sql);
	PQclear(result);
}

static void
add_extra(PGconn *connection, const struct lack_list *objects, unsigned *state, unsigned number)
{
	const char *form = extras[chance_draw(state, sizeof(extras) / sizeof(extras[0]))];
	const struct fact *table;
	char	   *query;
	char	   *sql;

	do
		table = &objects->items[chance_draw(state, (unsigned) objects->count)].fact;
	while (table->kind != FACT_TABLE);
	query = mem_format("SELECT format($form$%s$form$, '%s', %u)", form, table->name, number);
	sql = sql_value(connection, query);
	add(connection, sql);
	mem_free(sql);
	mem_free(query);
}

/* What a later version has: databases that were made from the data models of their day have it. */
static void
add_later(PGconn *connection, int version, unsigned *state)
{
	struct lack_list later;
	const struct fact *fact;

	lack_at(&later, version + (int) chance_draw(state, version < LATEST ? (unsigned) (LATEST - version + 1) : 1));
	do
		fact = &later.items[chance_draw(state, (unsigned) later.count)].fact;
	while (fact->kind != FACT_COLUMN);
	if (!strstr(fact->definition, "not null")) {
		char	   *sql = mem_format("ALTER TABLE %.*s ADD COLUMN %s %.*s", (int) fact_parent(fact), fact->name,
									 fact->name + fact_parent(fact) + 1, (int) strcspn(fact->definition, "\t"),
									 fact->definition);

		add(connection, sql);
		mem_free(sql);
	}
	mem_free(later.items);
}

/*
 * The first numbers of neighbouring seeds are neighbours. The versions between LATEST and the latest are not drawn, so
 * that a seed still means the same when there are more.
 */
static int
draw_version(unsigned *state)
{
	int			version;

	chance_draw(state, 2);
	chance_draw(state, 2);
	version = (int) chance_draw(state, LATEST + 1);
	return version == LATEST ? lack_latest() : version;
}

static int
draw_stamp(int version, unsigned *state)
{
	int			off = (int) chance_draw(state, 2 * MOST + 1) - MOST;
	int			stamp = chance_draw(state, 2) ? version : version + off;

	return stamp < 0 ? 0 : stamp > lack_latest() ? lack_latest() : stamp;
}

/* Change the database; what was done to it is printed. */
static void
spoil(PGconn *connection, int version, unsigned *state)
{
	struct lack_list objects;
	unsigned	count = chance_draw(state, MOST + 1);

	lack_at(&objects, version);
	for (unsigned i = 0; i < count; i++) {
		const struct fact *fact = &objects.items[chance_draw(state, (unsigned) objects.count)].fact;

		if (lack_take(connection, fact))
			printf(" - %s %s,", fact_kind_word(fact->kind), fact->name);
	}
	sql_exec(connection, "SET ROLE fitsdata");
	count = chance_draw(state, MOST + 1);
	for (unsigned i = 0; i < count; i++) {
		if (chance_draw(state, 3) == 0)
			add_later(connection, version, state);
		else
			add_extra(connection, &objects, state, i);
	}
	mem_free(objects.items);
	fflush(stdout);
}

START_TEST(at_random)
{
	unsigned	seed = seed_of(_i);
	unsigned	state = seed;
	int			version = draw_version(&state);
	int			stamp = draw_stamp(version, &state);
	char	   *what = mem_format("LINEAGES_SEED=%u, version %d, stamped %d", seed, version, stamp);
	struct adoption adoption;
	enum adoption_outcome outcome;
	PGconn	   *connection;
	char	   *set;

	adoption_name(what);
	adoption_database("random", version);
	connection = server_superuser(server_main(), "random");
	spoil(connection, version, &state);
	set = mem_format("UPDATE public.migrate_version SET version = %d", stamp);
	sql_exec(connection, set);
	PQfinish(connection);
	adoption_begin(&adoption, "random", version);
	outcome = stamp == lack_latest() ? adoption_repair(&adoption) : adoption_upgrade(&adoption);
	adoption_back(&adoption, false);
	adoption_count(outcome);
	adoption_end(&adoption);
	mem_free(set);
	mem_free(what);
}
END_TEST

Suite *
random_databases_suite(void)
{
	Suite	   *suite = suite_create("random_databases");
	TCase	   *tcase = tcase_create("random_databases");

	tcase_add_unchecked_fixture(tcase, adoption_setup, adoption_report);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, at_random, 0, (int) (ALL / chance_setting("LINEAGES", USUAL_SHARE)));
	suite_add_tcase(suite, tcase);
	return suite;
}
