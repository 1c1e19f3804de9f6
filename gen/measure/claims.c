/* Measure what a migration needs, ensures and leaves behind. */
#include "measure/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "measure/downs.h"
#include "measure/drops.h"
#include "measure/named.h"
#include "measure/reads.h"
#include "schema/compare.h"

#include "base/banned.h"

static const char needs[] = "needs";
static const char ensures[] = "ensures";
static const char leaves[] = "leaves";
static const char lacks[] = "lacks";
static const char detaches[] = "detaches";
static const char replaces[] = "replaces";

/* In this order they are written. */
static const char *const words[] = {
	needs, ensures, "drops", "empties", "rewrites", "renames", detaches, replaces, leaves, lacks, "down drops",
	"down empties", "down rewrites", "down renames"
};

static void
add(struct claims *claims, const char *word, const struct fact *fact, const char *definition)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->items[i].word == word && fact_order(&claims->items[i].fact, fact) == 0)
			return;
	claims->items = mem_grow(claims->items, claims->count + 1, sizeof(*claims->items));
	claims->items[claims->count++] = (struct claims_item) {word,
		{fact->kind, arena_string(&claims->arena, fact->name), arena_string(&claims->arena, definition)}
	};
}

static void
add_need(void *claims, const struct fact *fact)
{
	add(claims, needs, fact, "");
}

static void
add_drop(void *claims, const char *word, const struct fact *fact)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			add(claims, words[i], fact, fact->definition);
}

static void
add_down_drop(void *claims, const char *word, const struct fact *fact)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(words[i], "down ", 5) == 0 && strcmp(words[i] + 5, word) == 0)
			add(claims, words[i], fact, fact->definition);
}

void
claims_clear(struct claims *claims)
{
	mem_free(claims->items);
	mem_free(claims->downs);
	arena_clear(&claims->arena);
	*claims = (struct claims) {0};
}

/* Run the up to a version without an object. */
static bool
try_without(struct claims *claims, struct server *server, int version, const struct statement_list *up,
			const struct fact *fact)
{
	char	   *drop = named_drop(fact);
	enum server_result result;
	struct live live = {0};
	bool		done = true;

	if (!drop)
		return true;
	result = server_try(server, drop, up, NULL, NULL);
	if (result == SERVER_FAILED && version > server->version)
		add(claims, needs, fact, "");
	else if (result == SERVER_DONE) {
		done = server_read_tried(server, version, &live);
		if (done && fact_find(&live.facts, fact->kind, fact->name))
			add(claims, ensures, fact, "");
		live_clear(&live);
	}
	mem_free(drop);
	return result != SERVER_OVER && done && server_roll_back(server);
}

/* Of the tables that the up names, those whose views it drops: it is run with a view of each. */
static bool
find_detached(struct claims *claims, struct server *server, const struct named *named, const struct statement_list *up,
			  const struct fact_set *facts)
{
	bool		done = true;

	for (size_t i = 0; i < facts->count && up->transactional && strstr(named->lower, "view") && done; i++) {
		const struct fact *table = &facts->facts[i];
		char	   *sql_name = fact_sql_name(table->name, strlen(table->name));
		char	   *create = mem_format("CREATE MATERIALIZED VIEW public.measured_view AS SELECT * FROM %s WITH NO DATA",
										sql_name);
		struct pipeline pipeline = {0};

		if (table->kind == FACT_TABLE && named_has(named, table)) {
			enum server_result result = server_try(server, create, up, NULL, NULL);
			pipeline_add(&pipeline, "SELECT to_regclass('public.measured_view') IS NULL", 0);
			done = result != SERVER_OVER && (result != SERVER_DONE || server_query(server, &pipeline));
			if (done && result == SERVER_DONE && pipeline_bool(&pipeline.commands[0], 0, 0))
				add(claims, detaches, table, "");
			done = done && server_roll_back(server);
		}
		pipeline_clear(&pipeline);
		mem_free(create);
		mem_free(sql_name);
	}
	return done;
}

/* Is a table of this name, which the version before has not, another one after the up? */
static bool
try_replaced(struct claims *claims, struct server *server, const struct statement_list *up, const char *name)
{
	char	   *create = mem_format("CREATE TABLE public.%s (measured_column integer)", name);
	char	   *column = mem_format("%s.measured_column", name);
	struct fact table = {FACT_TABLE, name, ""};
	enum server_result result = server_try(server, create, up, NULL, NULL);
	struct live live = {0};
	bool		done = result != SERVER_OVER;

	if (result == SERVER_DONE) {
		done = server_read_tried(server, server->version + 1, &live);
		if (done && fact_find(&live.facts, FACT_TABLE, name) && !fact_find(&live.facts, FACT_COLUMN, column))
			add(claims, replaces, &table, "");
		live_clear(&live);
	}
	mem_free(column);
	mem_free(create);
	return done && server_roll_back(server);
}

/* Of the tables that the up drops, those that the version before has not: newer software may have made them. */
static bool
find_replaced(struct claims *claims, struct server *server, const struct named *named, const struct statement_list *up,
			  const struct fact_set *facts)
{
	static const char drop[] = "drop table public.";
	const char *at = named->lower;
	bool		done = true;

	while (up->transactional && done && (at = strstr(at, drop))) {
		char	   *name;

		at += strlen(drop);
		name = mem_copy(at, strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_"));
		if (!fact_find(facts, FACT_TABLE, name))
			done = try_replaced(claims, server, up, name);
		mem_free(name);
	}
	return done;
}

bool
claims_before(struct claims *claims, struct server *server, int version, const struct fact_set *facts)
{
	const struct history_migration *migration = history_migration(version);
	struct statement_list up = statement_list_of_section(&migration->source, &migration->up);
	struct named named;
	char	   *why = NULL;
	bool		done = reads_find(server, &up, facts, add_need, claims, &why);

	/* A new enum value that is used at once, VACUUM and the like: only what commits by itself can be so. */
	if (done && why && !up.transactional)
		done = server_set_cloning(server, true);
	named_read(&named, &up);
	for (size_t i = 0; done && i < facts->count; i++)
		if (named_has(&named, &facts->facts[i]))
			done = try_without(claims, server, version, &up, &facts->facts[i]);
	done = done && find_detached(claims, server, &named, &up, facts)
		&& find_replaced(claims, server, &named, &up, facts);
	named_clear(&named);
	mem_free(why);
	if (done) {
		enum server_result result = drops_find(server, &up, add_drop, claims);

		claims->up_unknown = result != SERVER_DONE;
		done = result != SERVER_OVER && server_roll_back(server);
	}
	statement_list_clear(&up);
	return server_set_cloning(server, false) && done;
}

/* Try a script as it is, in a clone if it fails in a transaction and need not be in one. The caller ends the trial. */
static enum server_result
try_script(struct server *server, const struct statement_list *list,
		   bool (*after) (void *argument, struct server *server, size_t number), void *argument)
{
	enum server_result result = server_try(server, NULL, list, after, argument);

	if (result != SERVER_FAILED || list->transactional)
		return result;
	return server_roll_back(server) && server_set_cloning(server, true)
		? server_try(server, NULL, list, after, argument) : SERVER_OVER;
}

static bool
end_trial(struct server *server)
{
	return server_roll_back(server) && server_set_cloning(server, false);
}

static bool
try_again(struct claims *claims, struct server *server, const struct history_migration *migration,
		  const struct fact_set *now)
{
	struct statement_list up = statement_list_of_section(&migration->source, &migration->up);
	enum server_result result = try_script(server, &up, NULL, NULL);
	struct live live = {0};
	bool		done = result != SERVER_OVER;

	if (result == SERVER_DONE) {
		done = server_read_tried(server, server->version, &live);
		claims->repeatable = done && fact_set_same(now, &live.facts);
		live_clear(&live);
	}
	statement_list_clear(&up);
	return done && end_trial(server);
}

/* What is there after the down, but not, or not so, in the version before; and the reverse. */
static void
compare_down(struct claims *claims, int version, const struct fact_set *before, const struct fact_set *after)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct fact *fact = &after->facts[i];
		const struct fact *was = fact_find(before, fact->kind, fact->name);

		if (!was || strcmp(was->definition, fact->definition) != 0)
			add(claims, leaves, fact, fact->definition);
	}
	for (size_t i = 0; i < before->count; i++)
		if (!fact_find(after, before->facts[i].kind, before->facts[i].name)) {
			/* An empty down has a comment that states why. */
			if (history_migration(version)->down.count > 0)
				report_warning("the down section of migration %d does not restore %s %s, which version %d has", version,
							   fact_kind_word(before->facts[i].kind), before->facts[i].name, version - 1);
			add(claims, lacks, &before->facts[i], "");
		}
}

/* A down that does nothing about what the up has done; not one that says why it is empty. */
static void
check_reverted(const struct history_migration *migration, const struct fact_set *before, const struct fact_set *now,
			   const struct fact_set *after)
{
	if (migration->down.count == 0 || fact_set_same(before, now) || !fact_set_same(now, after))
		return;
	report_warning("the down section of migration %d reverts nothing", migration->version);
	report_detail("%s/%s, line %u: all changes of the up section remain", history.folder,
				  migration->source.file, migration->down.statements[0].line);
}

static void
report_failed_down(const struct server *server, const struct history_migration *migration)
{
	report_warning("the down section of migration %d fails in an empty database", migration->version);
	if (server->failed < migration->down.count)
		report_detail("%s/%s, line %u: %s", history.folder, migration->source.file,
					  migration->down.statements[server->failed].line, server->error);
	else
		report_detail("%s/%s, at its end: %s", history.folder, migration->source.file, server->error);
	if (server->failed < migration->down.count && migration->down.statements[server->failed].text)
		report_hint("Each object of a DROP is dropped by a statement of its own. Name an object before the objects that"
					" it depends on.");
}

static bool
read_down(void *downs, struct server *server, size_t number)
{
	return downs_read(downs, server, number);
}

static bool
try_down(struct claims *claims, struct server *server, const struct history_migration *migration,
		 const struct fact_set *before, const struct fact_set *now)
{
	struct statement_list down = statement_list_of_section(&migration->source, &migration->down);
	struct downs downs = {.now = now,.before = before};
	enum server_result result = try_script(server, &down, read_down, &downs);
	struct live live = {0};
	bool		done = result != SERVER_OVER;

	if (result == SERVER_DONE) {
		done = server_read_tried(server, migration->version - 1, &live);
		if (done) {
			compare_down(claims, migration->version, before, &live.facts);
			check_reverted(migration, before, now, &live.facts);
			claims->downs = mem_string(downs.text);
		}
		live_clear(&live);
	} else if (done)
		report_failed_down(server, migration);
	done = done && server_roll_back(server);
	/* The triggers that notice what is deleted would be in the facts. */
	if (done && result == SERVER_DONE) {
		result = drops_find(server, &down, add_down_drop, claims);
		done = result != SERVER_OVER && server_roll_back(server);
	}
	claims->down_unknown = result != SERVER_DONE;
	statement_list_clear(&down);
	downs_clear(&downs);
	return done && server_set_cloning(server, false);
}

/* Is this the name that the up gives to a column? */
static bool
is_new_name(const struct claims *claims, const struct fact *fact)
{
	bool		found = false;

	for (size_t i = 0; i < claims->count && fact->kind == FACT_COLUMN && !found; i++)
		found = strcmp(claims->items[i].word, "renames") == 0
			&& strcmp(claims->items[i].fact.definition + strlen("to: "), compare_name(fact)) == 0;
	return found;
}

/* Is the fact a part of a table that is new, or a renamed column, which the up also adds by its name? */
static bool
is_given(const struct claims *claims, const struct named *named, const struct fact_set *before, const struct fact *fact)
{
	char	   *table = mem_copy(fact->name, fact_parent(fact));
	char	   *text = mem_format("%s %s", fact->kind == FACT_COLUMN ? "add column if not exists" : "add constraint",
								  compare_name(fact));
	bool		given = (fact->kind == FACT_COLUMN || fact->kind == FACT_CONSTRAINT)
		&& (!fact_container(before, table) || is_new_name(claims, fact))
		&& strstr(named->lower, text) && named_has(named, fact);

	mem_free(text);
	mem_free(table);
	return given;
}

/* The parts of new tables that the up also adds to a table that is there already. */
static bool
find_given(struct claims *claims, struct server *server, int version, const struct fact_set *before,
		   const struct fact_set *now)
{
	const struct history_migration *migration = history_migration(version);
	struct statement_list up = statement_list_of_section(&migration->source, &migration->up);
	struct named named;
	bool		done = true;

	named_read(&named, &up);
	for (size_t i = 0; i < now->count && claims->repeatable && up.transactional && done; i++)
		if (is_given(claims, &named, before, &now->facts[i]))
			done = try_without(claims, server, version, &up, &now->facts[i]);
	named_clear(&named);
	statement_list_clear(&up);
	return done;
}

bool
claims_after(struct claims *claims, struct server *server, int version, const struct fact_set *before,
			 const struct fact_set *now)
{
	const struct history_migration *migration = history_migration(version);

	return try_again(claims, server, migration, now) && find_given(claims, server, version, before, now)
		&& (version == 0 || try_down(claims, server, migration, before, now));
}

static int
compare_items(const void *left, const void *right)
{
	const struct claims_item *a = left;
	const struct claims_item *b = right;
	int			order = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && order == 0; i++)
		order = (strcmp(b->word, words[i]) == 0) - (strcmp(a->word, words[i]) == 0);
	return order ? order : fact_order(&a->fact, &b->fact);
}

void
claims_write(FILE *stream, struct claims *claims)
{
	if (claims->count > 0)
		qsort(claims->items, claims->count, sizeof(*claims->items), compare_items);
	for (size_t i = 0; i < claims->count; i++) {
		fprintf(stream, "%s ", claims->items[i].word);
		fact_write(stream, &claims->items[i].fact);
	}
	fputs(claims->downs ? claims->downs : "", stream);
	if (claims->up_unknown)
		fputs("drops unknown\n", stream);
	if (claims->down_unknown)
		fputs("down drops unknown\n", stream);
	if (claims->repeatable)
		fputs("repeatable\n", stream);
}
