/*
 * The facts of a database with every kind of object (kinds.sql): they are the same on two servers, one of which is
 * Debian's; after a dump was restored; for each role; and with any settings. The texts that servers print differently
 * are named here.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lines.h"
#include "support/live_facts.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

#define PARTLY "privilege table partly_revoked to @\t"
#define KINDS "tests/e2e/verify/kinds.sql"

/* Two servers, the older one first, and what a database of this file has on each. */
static struct {
	const struct server *servers[2];
	int			versions[2];
	struct lines facts[2];
}			pair;

/* Every kind of fact: fact_kind in src/schema/fact.h. */
static const char *const kinds[] = {
	"database\t", "schema ", "extension ", "language ", "access method ", "collation ", "conversion ", "type ", "label ",
	"attribute ", "domain constraint ", "function ", "aggregate ", "operator ", "operator family ", "operator class ",
	"cast ", "transform ", "text search parser ", "text search template ", "text search dictionary ",
	"text search configuration ", "foreign data wrapper ", "server ", "user mapping ", "sequence ", "table ", "column ",
	"index ", "constraint ", "view ", "materialized view ", "rule ", "trigger ", "policy ", "statistics ",
	"event trigger ", "publication ", "subscription ", "setting ", "default privilege ", "privilege "
};

/* A database of this file, as servers of both versions can have it. */
static char *
make_database(const struct server *server, const char *name, int oldest, int newest)
{
	char	   *create = mem_format("CREATE DATABASE %s OWNER fitsdata TEMPLATE template0", name);
	PGconn	   *connection = server_superuser(server, "postgres");

	sql_exec(connection, create);
	PQfinish(connection);
	mem_free(create);
	connection = server_superuser(server, name);
	live_facts_run_sections(connection, KINDS, oldest, newest);
	PQfinish(connection);
	return server_conninfo(server, "postgres", name);
}

/* Two databases on each of the servers: of what both know, and of all that the main one knows. */
static void
start_servers(void)
{
	const struct server *debian = server_start_debian();
	bool		newer = server_version(server_main()) > server_version(debian);

	pair.servers[newer ? 1 : 0] = server_main();
	pair.servers[newer ? 0 : 1] = debian;
	for (int i = 0; i < 2; i++)
		pair.versions[i] = server_version(pair.servers[i]);
	for (int i = 0; i < 2; i++) {
		char	   *conninfo = make_database(pair.servers[i], "kinds", pair.versions[0], pair.versions[1]);

		live_facts_read(conninfo, &pair.facts[i]);
		mem_free(conninfo);
	}
}

static char *
make_all(const char *name)
{
	int			version = server_version(server_main());

	return make_database(server_main(), name, version, version);
}

/* The hash of the normal form in the first property, "HASH/NORMALHASH"; NULL: it is none. */
static const char *
normal_hash(const char *fact)
{
	const char *hash = fact + live_facts_key(fact);
	size_t		length;

	if (*hash != '\t')
		return NULL;
	length = strspn(++hash, "0123456789abcdef");
	return length == 16 && hash[16] == '/' && strspn(hash + 17, "0123456789abcdef") == 16 ? hash + 17 : NULL;
}

/*
 * From 14 on, servers write functions of the SQL standard's syntax in that syntax: the objects with such expressions
 * are called variants. From 16 on, the columns of one table are not qualified in views and rules. From 17 on, an owner
 * who has lost some privileges still has MAINTAIN.
 */
static bool
may_vary(const char *left, const char *right)
{
	const char *left_normal = normal_hash(left);
	const char *right_normal = normal_hash(right);

	if (pair.versions[0] < 17 && pair.versions[1] >= 17 && strncmp(left, PARTLY, strlen(PARTLY)) == 0)
		return true;
	if (pair.versions[0] < 14 && pair.versions[1] >= 14 && strstr(left, " variants"))
		return true;
	return pair.versions[0] < 16 && pair.versions[1] >= 16 && left_normal && right_normal
		&& strcmp(left_normal, right_normal) == 0;
}

/*
 * pg_dump does not keep which internal triggers of constraints are disabled. A server without TRUNCATE in publications
 * is dumped as if it were not published.
 */
static bool
is_lost(const char *fact, const char *restored)
{
	if (pair.versions[0] < 11 && strncmp(fact, "publication ", strlen("publication ")) == 0)
		return !strstr(fact, "truncate") && strstr(restored, "\twithout truncate");
	return strncmp(fact, "constraint disabled_", strlen("constraint disabled_")) == 0
		&& strncmp(fact, restored, strlen(restored)) == 0 && !strstr(restored, ": disabled");
}

/* What is not compared is a remark, which may depend on the server. */
static bool
is_remark(const char *line, bool missing, const void *context)
{
	(void) missing;
	(void) context;
	return strncmp(line, "-- ", 3) == 0;
}

/* The remarks that there may be; those on subscriptions are about columns that only superusers can read. */
static bool
is_known_remark(const char *line)
{
	static const char *const known[] = {
		"-- not compared: options of 3 user mappings", "-- not compared: connection",
		"-- not compared: comments on", "-- not compared: synchronous_commit of 1 subscription",
		"-- note: PUBLIC may create objects in schema public"
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strncmp(line, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static char *
describe(const struct lines *expected, const struct lines *actual)
{
	char	   *text = lines_difference(expected, actual, is_remark, NULL);

	return text ? text : mem_string("");
}

START_TEST(same_on_two_servers)
{
	char	   *text;

	for (size_t i = 0; i < pair.facts[0].count; i++) {
		const char *fact = pair.facts[0].items[i];
		const char *other = live_facts_find(&pair.facts[1], fact, live_facts_key(fact));

		if (other && strcmp(fact, other) != 0 && may_vary(fact, other))
			lines_swap(&pair.facts[0], fact, other);
	}
	text = describe(&pair.facts[0], &pair.facts[1]);
	ck_assert_msg(!*text, "PostgreSQL %d (-) and %d (+):\n%s", pair.versions[0], pair.versions[1], text);
	mem_free(text);
}
END_TEST

/* Dump a database of the older server and restore it on the newer one, by the programs of Debian's version. */
static char *
dump_and_restore(const char *name, const char *as)
{
	char	   *pg_dump = server_debian_program("pg_dump");
	char	   *psql = server_debian_program("psql");
	char	   *from = server_conninfo(pair.servers[0], "postgres", name);
	char	   *rename = mem_format("s/DATABASE %s /DATABASE %s /; s/^\\\\connect %s/\\\\connect %s/", name, as, name,
									as);
	char	   *to = server_conninfo(pair.servers[1], "postgres", "postgres");
	struct process process;
	struct process named;

	process_run(&process, (const char *const[]) {pg_dump, "--create", "--dbname", from, NULL}, NULL);
	ck_assert_msg(process.status == 0, "pg_dump: %s", process.err);
	process_run(&named, (const char *const[]) {"sed", rename, NULL}, &(struct process_options) {.input = process.out});
	process_clear(&process);
	process_run(&process, (const char *const[]) {psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", to, NULL},
				&(struct process_options) {.input = named.out});
	ck_assert_msg(process.status == 0, "psql: %s", process.err);
	process_clear(&process);
	process_clear(&named);
	mem_free(to);
	mem_free(rename);
	mem_free(from);
	mem_free(psql);
	mem_free(pg_dump);
	return server_conninfo(pair.servers[1], "postgres", as);
}

/* Each fact is as one of the two servers has it. */
START_TEST(same_after_dump_and_restore)
{
	char	   *conninfo = dump_and_restore("kinds", "restored");
	struct lines facts;
	char	   *text;

	live_facts_read(conninfo, &facts);
	for (size_t i = 0; i < pair.facts[0].count; i++) {
		const char *fact = pair.facts[0].items[i];
		size_t		length = live_facts_key(fact);
		const char *restored = live_facts_find(&facts, fact, length);
		const char *other = live_facts_find(&pair.facts[1], fact, length);

		if (restored && other && strcmp(restored, fact) != 0 && strcmp(restored, other) == 0)
			lines_swap(&pair.facts[0], fact, other);
		else if (restored && is_lost(fact, restored))
			lines_swap(&pair.facts[0], fact, restored);
	}
	text = describe(&pair.facts[0], &facts);
	ck_assert_msg(!*text, "dumped from PostgreSQL %d (-), restored on %d (+):\n%s", pair.versions[0], pair.versions[1],
				  text);
	mem_free(text);
	lines_clear(&facts);
	mem_free(conninfo);
}
END_TEST

/* Nothing of what this server can have is left out. */
START_TEST(every_kind_is_read)
{
	char	   *conninfo = make_all("kinds_all");
	struct lines facts;

	live_facts_read(conninfo, &facts);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		bool		found = false;

		for (size_t k = 0; k < facts.count; k++)
			found |= strncmp(facts.items[k], kinds[i], strlen(kinds[i])) == 0;
		ck_assert_msg(found, "no fact is a %s", kinds[i]);
	}
	for (size_t k = 0; k < facts.count; k++)
		ck_assert_msg((strncmp(facts.items[k], "--", 2) != 0 || is_known_remark(facts.items[k]))
					  && !strchr(facts.items[k], '?'), "%s", facts.items[k]);
	lines_clear(&facts);
	mem_free(conninfo);
}
END_TEST

/* No secret is printed. */
START_TEST(no_secrets)
{
	for (size_t k = 0; k < pair.facts[0].count; k++)
		ck_assert_msg(!strstr(pair.facts[0].items[k], "secret"), "%s", pair.facts[0].items[k]);
}
END_TEST

/* A role that may do nothing but connect sees the same. */
START_TEST(same_for_any_role)
{
	char	   *conninfo = make_all("kinds_role");
	char	   *stranger = server_conninfo(server_main(), "stranger", "kinds_role");
	struct lines facts;
	struct lines seen;
	char	   *text;

	server_execute("kinds_role", "CREATE ROLE stranger LOGIN");
	live_facts_read(conninfo, &facts);
	live_facts_read(stranger, &seen);
	text = describe(&facts, &seen);
	ck_assert_msg(!*text, "%s", text);
	mem_free(text);
	lines_clear(&seen);
	lines_clear(&facts);
	mem_free(stranger);
	mem_free(conninfo);
}
END_TEST

/* The settings of the database change how the server prints values; the facts do not change. */
START_TEST(same_with_any_settings)
{
	char	   *conninfo = make_all("kinds_settings");
	struct lines facts;
	struct lines without;
	char	   *text;

	live_facts_read(conninfo, &facts);
	server_execute("kinds_settings", "ALTER DATABASE kinds_settings RESET ALL");
	live_facts_read(conninfo, &without);
	for (size_t i = 0; i < facts.count; i++)
		if (strncmp(facts.items[i], "setting ", strlen("setting ")) == 0 && !lines_have(&without, facts.items[i])) {
			lines_add(&without, mem_string(facts.items[i]));
			lines_sort(&without);
		}
	text = describe(&facts, &without);
	ck_assert_msg(!*text, "%s", text);
	mem_free(text);
	lines_clear(&without);
	lines_clear(&facts);
	mem_free(conninfo);
}
END_TEST

Suite *
every_kind_suite(void)
{
	Suite	   *suite = suite_create("every_kind");
	TCase	   *tcase = tcase_create("every_kind");

	tcase_add_unchecked_fixture(tcase, start_servers, NULL);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, same_on_two_servers);
	tcase_add_test(tcase, same_after_dump_and_restore);
	tcase_add_test(tcase, every_kind_is_read);
	tcase_add_test(tcase, no_secrets);
	tcase_add_test(tcase, same_for_any_role);
	tcase_add_test(tcase, same_with_any_settings);
	suite_add_tcase(suite, tcase);
	return suite;
}
