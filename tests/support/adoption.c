/* Databases from the field are brought to the latest version. */
#include "support/adoption.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/differences.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/live_facts.h"
#include "support/lack.h"
#include "support/person.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/shared.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* Every transaction that writes anything takes the next number; nobody else works on the server. */
#define NEXT_TRANSACTION "SELECT txid_snapshot_xmax(txid_current_snapshot())"
#define HAS_AFTER \
	"SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('public.exportqueue') AND attname = 'after'"
#define WAITS_FOR_EVER "SELECT count(*) FROM public.exportqueue WHERE after IS NULL"

static struct counts {
	int			begun;
	int			ended[ADOPTION_OUTCOMES];
}		   *counts;

void
adoption_setup(void)
{
	counts = shared_new(sizeof(*counts));
	server_setup();
}

void
adoption_report(void)
{
	int			ended = 0;

	for (int i = 0; i < ADOPTION_OUTCOMES; i++)
		ended += counts->ended[i];
	printf("\n%d databases: %d complete, %d refused and repaired, %d needed a value, %d needed rows,"
		   " %d stamped, %d failed\n", counts->begun, counts->ended[ADOPTION_COMPLETE],
		   counts->ended[ADOPTION_REPAIRED], counts->ended[ADOPTION_VALUE], counts->ended[ADOPTION_ROWS],
		   counts->ended[ADOPTION_STAMPED], counts->begun - ended);
	fflush(stdout);
}

void
adoption_name(const char *what)
{
	counts->begun++;
	printf("\n%s:", what);
	fflush(stdout);
}

void
adoption_count(enum adoption_outcome outcome)
{
	static const char *const words[] = {
		[ADOPTION_COMPLETE] = "complete",[ADOPTION_REPAIRED] = "repaired",[ADOPTION_VALUE] = "needed a value",
		[ADOPTION_ROWS] = "needed rows",[ADOPTION_STAMPED] = "stamped"
	};

	counts->ended[outcome]++;
	printf(" %s", words[outcome]);
	fflush(stdout);
}

/* Made under another name, in case that the test fails on the way. */
static void
make(const char *database, int version)
{
	char	   *conninfo = version == lack_latest() ? lineage_current("making", version)
		: lineage_migrated("making", version);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *rename = mem_format("ALTER DATABASE making RENAME TO %s", database);

	rows_fill(connection);
	/* Before 10, only labels survive in this column. */
	if (version >= 3 && version < 10)
		sql_exec(connection, "UPDATE header SET procsci = 'sq'");
	PQfinish(connection);
	server_execute("postgres", rename);
	mem_free(rename);
	mem_free(conninfo);
}

void
adoption_database(const char *name, int version)
{
	char	   *original = mem_format("at_%d", version);

	if (!server_has(original))
		make(original, version);
	mem_free(server_copy(name, original));
	mem_free(original);
}

/* A fact without the order of columns and labels, which an object that was added again has at the end. */
static void
read_facts(const char *conninfo, struct lines *facts)
{
	live_facts_read(conninfo, facts);
	for (size_t i = 0; i < facts->count; i++) {
		char	   *after = strstr(facts->items[i], "\tafter: ");

		if (after)
			memmove(after, after + 1 + strcspn(after + 1, "\t"), strlen(after + 1 + strcspn(after + 1, "\t")) + 1);
	}
	lines_sort(facts);
}

void
adoption_begin(struct adoption *adoption, const char *database, int original)
{
	char	   *superuser = server_conninfo(server_main(), "postgres", database);
	char	   *version;

	*adoption = (struct adoption) {.database = database,.version = -1};
	adoption->original = original < 0 ? NULL : mem_format("at_%d", original);
	adoption->conninfo = server_conninfo(server_main(), "fitsdata", database);
	adoption->connection = sql_connect(superuser);
	rows_read(adoption->connection, &adoption->rows);
	read_facts(superuser, &adoption->facts);
	version = sql_value(adoption->connection, "SELECT max(version) FROM public.migrate_version");
	adoption->version = (int) strtol(version, NULL, 10);
	mem_free(version);
	mem_free(superuser);
}

void
adoption_end(struct adoption *adoption)
{
	PQfinish(adoption->connection);
	mem_free(adoption->conninfo);
	mem_free(adoption->original);
	lines_clear(&adoption->rows);
	lines_clear(&adoption->facts);
}

/* But for what migrations fill in. A repair gives the values of later migrations to columns that it makes NOT NULL, too. */
static void
expect_rows(const struct adoption *adoption)
{
	int			from = adoption->repaired && adoption->version > LATEST ? LATEST : adoption->version;
	char	   *changes = latest_changes(from, lack_latest(), "exportqueue.after exportqueue.sortkey");

	rows_expect(adoption->connection, &adoption->rows, changes);
	mem_free(changes);
}

/* Extra objects are a difference, and allowed. */
static void
expect_complete(const struct adoption *adoption)
{
	struct process process;
	struct lines lines = {0};
	json_t	   *json;

	tool_run(&process, adoption->conninfo, ARGS("verify", "--json"));
	json = json_loads(process.out, 0, NULL);
	ck_assert_msg(json != NULL, "verify has said nothing:\n%s", process.err);
	differences_read(json, &lines);
	for (size_t i = 0; i < lines.count; i++)
		ck_assert_msg(strncmp(lines.items[i], "extra ", 6) == 0 || strncmp(lines.items[i], "note ", 5) == 0,
					  "it is not complete:\n%s", process.out);
	json_decref(json);
	lines_clear(&lines);
	process_clear(&process);
	expect_rows(adoption);
}

/* A stamp that it advises: what upgrade prints, or repair, which changes nothing then; NULL: neither advises one. */
static char *
advised_stamp(const struct adoption *adoption, const char *upgrade)
{
	char	   *stamp = person_advised(upgrade, "fitsdb-schema stamp ");
	struct process process;

	if (stamp)
		return stamp;
	tool_run(&process, adoption->conninfo, ARGS("repair", "--dry-run"));
	if (process.status == 3)
		stamp = person_advised(process.err, "fitsdb-schema stamp ");
	process_clear(&process);
	return stamp;
}

/* Once with each of the two ways. */
static enum adoption_outcome
repair_and_upgrade(struct adoption *adoption)
{
	enum adoption_outcome outcome;

	if (counts->begun % 2 == 0)
		return person_repair(adoption, ARGS("upgrade", "--repair", "--yes"));
	outcome = person_repair(adoption, ARGS("repair", "--yes"));
	tool_expect(adoption->conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	return outcome;
}

enum adoption_outcome
adoption_upgrade(struct adoption *adoption)
{
	enum adoption_outcome outcome = ADOPTION_COMPLETE;
	char	   *before = sql_value(adoption->connection, NEXT_TRANSACTION);
	struct process plan;
	struct process process;
	char	   *stamp = NULL;
	char	   *has_after;

	tool_run(&plan, adoption->conninfo, ARGS("plan"));
	tool_run(&process, adoption->conninfo, ARGS("upgrade", "--yes"));
	ck_assert_msg(process.status == 0 || process.status == 3, "upgrade ended with status %d\n--- stdout:\n%s"
				  "--- stderr:\n%s", process.status, process.out, process.err);
	ck_assert_msg((plan.status == 0) == (process.status == 0), "plan ends with %d, upgrade with %d:\n%.800s%s---\n%s%s",
				  plan.status, process.status, plan.out, plan.err, process.out, process.err);
	if (process.status == 3) {
		sql_expect(adoption->connection, NEXT_TRANSACTION, before);
		stamp = advised_stamp(adoption, process.err);
		if (stamp) {
			person_stamp(adoption, stamp);
			outcome = adoption_upgrade(adoption);
			outcome = outcome == ADOPTION_COMPLETE ? ADOPTION_STAMPED : outcome;
		} else
			outcome = repair_and_upgrade(adoption);
	}
	expect_complete(adoption);
	has_after = sql_value(adoption->connection, HAS_AFTER);
	if (adoption->version < 37 && strcmp(has_after, "1") == 0)
		sql_expect(adoption->connection, WAITS_FOR_EVER, "0");
	mem_free(has_after);
	process_clear(&process);
	process_clear(&plan);
	mem_free(stamp);
	mem_free(before);
	return outcome;
}

enum adoption_outcome
adoption_repair(struct adoption *adoption)
{
	char	   *stamp = advised_stamp(adoption, "");
	enum adoption_outcome outcome;

	if (stamp) {
		person_stamp(adoption, stamp);
		outcome = adoption_upgrade(adoption);
		mem_free(stamp);
		return outcome == ADOPTION_COMPLETE ? ADOPTION_STAMPED : outcome;
	}
	outcome = person_repair(adoption, ARGS("repair", "--yes"));
	expect_complete(adoption);
	return outcome;
}

struct way_back {
	int			version;
	bool		repaired;
	const struct lines *after;
};

/*
 * What a fact that was there may have become: 37 replaces it, a later version's down leaves it so, or a repair has given
 * it another form, such as a default.
 */
static bool
may_be_gone(const char *line, bool missing, const void *context)
{
	const struct way_back *way = context;
	const struct fact_history *history = lack_history();
	size_t		key = live_facts_key(line);

	if (!missing || strncmp(line, "--", 2) == 0 || (way->repaired && live_facts_find(way->after, line, key)))
		return true;
	for (size_t i = 0; i < history->run_count; i++) {
		const struct fact_run *run = &history->runs[i];
		size_t		word = strlen(fact_kind_word(run->kind));

		if (run->to == 37 && strncmp(line, fact_kind_word(run->kind), word) == 0 && word + 1 + strlen(run->name) == key
			&& strncmp(line + word + 1, run->name, key - word - 1) == 0)
			return true;
	}
	for (size_t i = 0; i < history->claim_count; i++) {
		const struct fact_claim *claim = &history->claims[i];
		size_t		word = strlen(fact_kind_word(claim->fact.kind));

		if ((claim->kind == FACT_LEAVES || claim->kind == FACT_LACKS) && claim->version > way->version
			&& strncmp(line, fact_kind_word(claim->fact.kind), word) == 0
			&& word + 1 + strlen(claim->fact.name) == key
			&& strncmp(line + word + 1, claim->fact.name, key - word - 1) == 0)
			return true;
	}
	return false;
}

void
adoption_back(struct adoption *adoption, bool all)
{
	char	   *target = mem_format("%d", adoption->version);
	char	   *superuser = server_conninfo(server_main(), "postgres", adoption->database);
	struct lines after = {0};
	char	   *difference;

	tool_expect(adoption->conninfo, ARGS("downgrade", target, "--yes"), 0, "", "");
	read_facts(superuser, &after);
	difference = lines_difference(&adoption->facts, &after, may_be_gone,
								  &(struct way_back) {adoption->version, adoption->repaired, &after});
	ck_assert_msg(!difference, "the downgrade to %s has taken what was there before (-):\n%s", target, difference);
	expect_rows(adoption);
	if (all) {
		tool_expect(adoption->conninfo, ARGS("downgrade", "0", "--yes"), 0, "", "");
		latest_expect_base(adoption->connection);
	}
	lines_clear(&after);
	mem_free(superuser);
	mem_free(target);
}
