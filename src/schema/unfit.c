/* Rows and columns that do not fit. */
#include "schema/unfit.h"

#include <string.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_names.h"
#include "schema/repair_rows.h"

#include "base/banned.h"

struct unfit_search {
	struct unfit *result;
	const struct compare_sides *sides;
	const struct steps *steps;
	unfit_count *count;
	struct session *session;
};

static void
add_line(struct unfit *unfit, char *line)
{
	unfit->lines = mem_room(unfit->lines, unfit->line_count, sizeof(*unfit->lines));
	unfit->lines[unfit->line_count++] = line;
}

/* Append to the advice a clause, which is freed. */
static void
advise(struct unfit *unfit, char *clause)
{
	if (!unfit->advice || !strstr(unfit->advice, clause + 1)) {
		if (!unfit->advice)
			clause[0] = (char) (clause[0] - 'a' + 'A');
		mem_append(&unfit->advice, "; ", clause);
	}
	mem_free(clause);
}

/* The version at which the upgrade begins, and the one at which it ends. */
static int
before(const struct unfit_search *search)
{
	return search->steps->steps[0].version - 1;
}

static int
after(const struct unfit_search *search)
{
	return search->steps->steps[search->steps->count - 1].version;
}

/* Does a text name a column of a table that both name, as far as it is there? */
static bool
names_columns(const struct live *live, const char *table, const char *one, const char *other)
{
	for (size_t i = 0; i < live->facts.count; i++) {
		const struct fact *fact = &live->facts.facts[i];
		const char *own = compare_name(fact);
		char	   *name;
		bool		both;

		if (fact->kind != FACT_COLUMN || !fact_is_part(fact, table))
			continue;
		name = fact_plain(own, strlen(own));
		both = destructive_names(one, name) && destructive_names(other, name);
		mem_free(name);
		if (both)
			return true;
	}
	return false;
}

/* The part of a name after its table's or schema's, unquoted: a new string. */
static char *
plain_name(const char *name)
{
	size_t		schema = fact_schema(name, strlen(name));

	return fact_plain(name + schema, strlen(name) - schema);
}

/* Does a text name one of these objects that are in the database, but not `but`? */
static bool
names_any(const struct live *live, enum fact_kind kind, const char *but, const char *text)
{
	bool		named = false;

	for (size_t i = 0; i < live->facts.count && !named; i++) {
		const struct fact *fact = &live->facts.facts[i];
		char	   *name;

		if (fact->kind != kind || (but && strcmp(fact->name, but) == 0))
			continue;
		name = plain_name(fact->name);
		name[strcspn(name, "(")] = '\0';
		named = destructive_names(text, name);
		mem_free(name);
	}
	return named;
}

/* Can a change of rows have effects on other tables: by a trigger, or by the action of a foreign key of this one? */
static bool
has_effects(const struct live *live, const char *table)
{
	for (size_t i = 0; i < live->facts.count; i++) {
		const struct fact *fact = &live->facts.facts[i];

		if (fact->kind == FACT_TRIGGER
			|| (fact->kind == FACT_CONSTRAINT && fact_is_part(fact, table)
				&& (strstr(fact->definition, " ON DELETE ") || strstr(fact->definition, " ON UPDATE "))))
			return true;
	}
	return false;
}

/* Does a statement name a function that is there, or that a version has? What such a function does is not known. */
static bool
names_function(const struct compare_sides *sides, const char *sql)
{
	const struct fact_history *known = sides->history;

	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].kind == FACT_FUNCTION) {
			char	   *name = plain_name(known->runs[i].name);
			bool		named;

			name[strcspn(name, "(")] = '\0';
			named = destructive_names(sql, name);
			mem_free(name);
			if (named)
				return true;
		}
	return names_any(sides->live, FACT_FUNCTION, NULL, sql);
}

bool
unfit_may_change(const struct compare_sides *sides, const char *sql, const char *table, const char *definition)
{
	const struct live *live = sides->live;
	bool		updates = destructive_updates(sql) || destructive_names(sql, "conflict");
	bool		deletes = destructive_deletes(sql);
	bool		inserts = destructive_names(sql, "insert") || destructive_names(sql, "copy");
	bool		alters = destructive_names(sql, "using") || destructive_names(sql, "rename");
	char	   *name = plain_name(table);
	bool		own = destructive_names(sql, name);

	mem_free(name);
	if (names_function(sides, sql))
		return true;
	if ((updates || deletes || inserts)
		&& (has_effects(live, table) || (destructive_is_code(sql) && (own || destructive_names(sql, "execute")))))
		return true;
	if (own && (deletes || ((updates || alters) && names_columns(live, table, definition, sql))))
		return true;
	/* Rows of a table that is referred to. */
	return (updates || deletes || inserts || alters) && names_any(live, FACT_TABLE, table, definition)
		&& names_any(live, FACT_TABLE, table, sql);
}

/* May a pending migration change which rows of a table do not fit? */
static bool
may_change(const struct unfit_search *search, const char *table, const char *definition)
{
	bool		may = false;

	for (size_t i = 0; i < search->steps->count && !may; i++) {
		const struct history_migration *migration = history_migration(search->steps->steps[i].version);
		struct statement_list up = statement_list_of_section(&migration->source, &migration->up);

		for (size_t k = 0; k < up.count && !may; k++)
			may = unfit_may_change(search->sides, up.statements[k].text, table, definition);
		statement_list_clear(&up);
	}
	return may;
}

/* Count the rows that contradict what should be, and say so. */
static bool
count_rows(struct unfit_search *search, const struct compare_item *item, const char *table)
{
	const struct fact *should = item->should;
	bool		of_column = should->kind == FACT_COLUMN;
	struct repair_rows rows = repair_rows_of(item);
	char	   *error = NULL;
	long		found = 0;
	bool		ran = !rows.query || may_change(search, table, of_column ? compare_name(should) : should->definition)
		|| search->count(search->session, rows.query, rows.tables, true, &found, &error);

	if (ran && !error && found > 0) {
		const char *what = rows.groups ? found == 1 ? "value occurs more than once" : "values occur more than once"
			: found == 1 ? "row contradicts it" : "rows contradict it";

		add_line(search->result, mem_format("%s%s %s, which a pending migration adds: %ld %s", of_column ? "NOT NULL of " : "",
											fact_kind_word(should->kind), should->name, found, what));
		add_line(search->result, mem_format("  %s", rows.query));
		search->result->count++;
		advise(search->result, mem_string("correct the rows that the queries show"));
	}
	mem_free(error);
	repair_rows_clear(&rows);
	return ran;
}

/* A constraint or unique index that is to be created in a table that is there. */
static bool
look_at_new(struct unfit_search *search, const struct fact_run *run, const struct fact *should, const char *table)
{
	struct compare_item item = {.kind = COMPARE_MISSING,.should = should};

	return (run->kind != FACT_CONSTRAINT && run->kind != FACT_INDEX)
		|| fact_find(&search->sides->live->facts, run->kind, run->name) || count_rows(search, &item, table);
}

/* A column that is to become NOT NULL. `was` is the form before; or NULL. */
static bool
look_at_column(struct unfit_search *search, const struct fact_run *was, const struct fact *should, const char *table)
{
	struct fact old = {FACT_COLUMN, should->name, was ? was->texts[0].definition : ""};
	const struct fact *live = fact_find(&search->sides->live->facts, FACT_COLUMN, should->name);
	struct compare_item item = {.kind = COMPARE_CHANGED,.is = live,.should = should,.label = "not null",
		.should_value = ""
	};

	return !was || !live || repair_has(live, "not null") || repair_has(&old, "not null")
		|| !repair_has(should, "not null") || count_rows(search, &item, table);
}

static bool
look_at(struct unfit_search *search, const struct fact_history *known, size_t number)
{
	const struct fact_run *run = &known->runs[number];
	const struct fact_run *was = run->from > before(search) ? fact_run_before(known, run) : NULL;
	struct fact should = {run->kind, run->name, run->texts[0].definition};
	char	   *table = mem_copy(run->name, fact_parent(&should));
	bool		ran = true;

	if (run->from <= after(search) && run->to > after(search) && !(run->absent & fact_servers_of(search->sides->live->server))
		&& fact_find(&search->sides->live->facts, FACT_TABLE, table))
		ran = run->kind == FACT_COLUMN ? look_at_column(search, was, &should, table)
			: look_at_new(search, run, &should, table);
	mem_free(table);
	return ran;
}

/* --- types --- */

/* The type of a column at a version, or NULL: a new string. */
static char *
type_at(const struct fact_history *known, const char *column, int version)
{
	const struct fact_run *run = fact_history_run(known, FACT_COLUMN, column, version);

	return run ? fact_value(&(struct fact) {FACT_COLUMN, column, run->texts[0].definition}, "type") : NULL;
}

/* Does the statement that changes the type say how? */
static bool
says_how(int version, const char *column)
{
	const struct history_migration *migration = history_migration(version);
	struct statement_list up = statement_list_of_section(&migration->source, &migration->up);
	char	   *name = fact_plain(column, strlen(column));
	bool		says = false;

	for (size_t i = 0; i < up.count; i++)
		says |= destructive_names(up.statements[i].text, name) && destructive_names(up.statements[i].text, "USING");
	mem_free(name);
	statement_list_clear(&up);
	return says;
}

/* A row if no cast is made by itself. Text takes all. */
static char *
cast_query(const char *from, const char *to)
{
	char	   *one = repair_literal(from);
	char	   *other = repair_literal(to);
	char	   *query = mem_format("SELECT FROM pg_catalog.pg_type s, pg_catalog.pg_type t WHERE s.oid ="
								   " pg_catalog.to_regtype(%s) AND t.oid = pg_catalog.to_regtype(%s) AND s.oid <> t.oid"
								   " AND t.typcategory <> 'S' AND s.typtype <> 'd' AND t.typtype <> 'd' AND NOT EXISTS ("
								   "SELECT FROM pg_catalog.pg_cast WHERE castsource = s.oid AND casttarget = t.oid"
								   " AND castcontext <> 'e')", one, other);

	mem_free(other);
	mem_free(one);
	return query;
}

static bool
look_at_type(struct unfit_search *search, const struct predict_item *item)
{
	const struct fact *live = fact_find(&search->sides->live->facts, FACT_COLUMN, item->name);
	char	   *is = fact_value(live, "type");
	char	   *old = type_at(search->sides->history, item->name, item->migration - 1);
	char	   *new = type_at(search->sides->history, item->name, item->migration);
	struct repair_names names = repair_names_of(live);
	char	   *tables[2] = {names.table, NULL};
	char	   *query = old && new && !says_how(item->migration, compare_name(live)) ? cast_query(is, new) : NULL;
	char	   *error = NULL;
	long		found = 0;
	bool		ran = !query || search->count(search->session, query, tables, true, &found, &error);

	if (ran && !error && found > 0) {
		add_line(search->result, mem_format("migration %d changes the type of column %s to %s, but its type %s is not"
											" cast to that automatically", item->migration, item->name, new, is));
		search->result->count++;
		advise(search->result, mem_format("run \"ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s::%s\"", names.table,
										  names.name, old, names.name, old));
	}
	mem_free(error);
	mem_free(query);
	repair_names_clear(&names);
	mem_free(new);
	mem_free(old);
	mem_free(is);
	return ran;
}

/* --- the whole --- */

bool
unfit_find(struct unfit *unfit, const struct prediction *prediction, const struct compare_sides *sides,
		   const struct steps *steps, unfit_count *count, struct session *session)
{
	struct unfit_search search = {unfit, sides, steps, count, session};
	const struct predict_item *item;

	*unfit = (struct unfit) {0};
	for (size_t i = 0; i < sides->history->run_count; i++)
		if (!look_at(&search, sides->history, i))
			return false;
	for (size_t at = 0; (item = predict_next(prediction, before(&search), &at));)
		if (item->kind == PREDICT_FOREIGN && item->migration <= after(&search) && !look_at_type(&search, item))
			return false;
	return true;
}

void
unfit_clear(struct unfit *unfit)
{
	for (size_t i = 0; i < unfit->line_count; i++)
		mem_free(unfit->lines[i]);
	mem_free(unfit->lines);
	mem_free(unfit->advice);
	*unfit = (struct unfit) {0};
}
