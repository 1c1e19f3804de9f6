/* Plan the steps of a repair. */
#include "schema/repair_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/repair_apply.h"
#include "schema/repair_create.h"
#include "schema/repair_names.h"
#include "schema/repair_sql.h"
#include "schema/repair_wait.h"

#include "base/banned.h"

static void
copy_facts(struct fact_set *copy, const struct fact_set *facts)
{
	*copy = (struct fact_set) {0};
	for (size_t i = 0; i < facts->count; i++)
		fact_add(copy, facts->facts[i].kind, facts->facts[i].name, facts->facts[i].definition);
}

void
repair_plan_start(struct repair_plan *plan, const struct compare_sides *sides, int version,
				  const struct repair_value *values, size_t value_count)
{
	*plan = (struct repair_plan) {.sides = *sides,.live = *sides->live,.version = version,.values = values,
		.value_count = value_count
	};
	copy_facts(&plan->live.facts, &sides->live->facts);
}

/* The plan may have been moved since it was started. */
static struct compare_sides
sides_of(struct repair_plan *plan)
{
	struct compare_sides sides = plan->sides;

	sides.live = &plan->live;
	return sides;
}

static const struct fact *
fact_of(const struct compare_item *item)
{
	return item->should ? item->should : item->is;
}

const char *
repair_value_column(const struct repair_value *value)
{
	return strncmp(value->column, "public.", 7) == 0 ? value->column + 7 : value->column;
}

static bool
is_for(const struct repair_value *value, const struct fact *column)
{
	char	   *own = fact_unescape(column->name, strlen(column->name));
	bool		same = column->kind == FACT_COLUMN && strcmp(repair_value_column(value), own) == 0;

	mem_free(own);
	return same;
}

static const char *
value_for(const struct repair_plan *plan, const struct compare_item *item)
{
	for (size_t i = 0; item->should && i < plan->value_count; i++)
		if (is_for(&plan->values[i], item->should))
			return plan->values[i].expression;
	return NULL;
}

/* --- one step --- */

static char *
line_of(const struct compare_item *item, int server)
{
	const struct fact *fact = fact_of(item);
	const char *kind = fact_kind_word(fact->kind);
	char	   *text;
	char	   *line;

	if (fact->kind != FACT_PRIVILEGE) {
		if (item->kind == COMPARE_MISSING)
			return mem_format("add %s %s", kind, fact->name);
		if (item->kind == COMPARE_RENAMED)
			return mem_format("rename %s %s to %s", kind, item->is->name, compare_name(item->should));
		if (item->kind == COMPARE_EXTRA)
			return mem_format("remove %s %s", kind, fact->name);
		if (strcmp(item->label, "invalid") == 0 || fact->kind == FACT_INDEX)
			return mem_format("build %s %s again", kind, fact->name);
		if (strcmp(item->label, "not valid") == 0)
			return mem_format("validate %s %s", kind, fact->name);
		return mem_format("change %s %s: %s", kind, fact->name, item->label);
	}
	text = compare_line(item, server);
	line = mem_format("change privileges on %s: %s", item->group, text);
	mem_free(text);
	return line;
}

static bool
sets_not_null(const struct repair_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (strstr(list->statements[i].text, " SET NOT NULL"))
			return true;
	return false;
}

/* Columns whose missing values a person must give; until then the step suits only a table without such rows. */
static bool
needs_value(const struct compare_item *item, const char *value)
{
	const struct fact *should = item->should;

	if (value || !should || should->kind != FACT_COLUMN || !repair_has(should, "not null")
		|| repair_has(should, "default"))
		return false;
	return item->kind == COMPARE_MISSING || (item->kind == COMPARE_CHANGED && strcmp(item->label, "not null") == 0);
}

static bool
make_step(struct repair_plan *plan, const struct compare_item *item, struct repair_step *step)
{
	struct compare_sides sides = sides_of(plan);
	const char *value = value_for(plan, item);
	bool		needs = needs_value(item, value);

	*step = (struct repair_step) {.item = item};
	repair_statements(&step->list, item, &(struct repair_with) {.sides = &sides,.value = value,.empty = needs,
					  .writes = plan->writes,.fills = true});
	if (step->list.count == 0)
		return false;
	step->line = line_of(item, plan->live.server);
	step->locks = plan->live.server < 120000 && sets_not_null(&step->list);
	if (needs)
		step->needs = item->should->name;
	/* Rows without a value get one. */
	if (needs || fact_of(item)->kind != FACT_COLUMN)
		step->rows = repair_rows_of(item);
	return true;
}

static void
step_clear(struct repair_step *step)
{
	mem_free(step->line);
	repair_list_clear(&step->list);
	repair_rows_clear(&step->rows);
}

/* --- a round --- */

/* Extra objects stay, except for privileges, and for what an interrupted repair has left. */
static bool
stays(const struct compare_item *item)
{
	if (item->kind != COMPARE_EXTRA || item->is->kind == FACT_PRIVILEGE)
		return false;
	return item->is->kind != FACT_CONSTRAINT || strcmp(compare_name(item->is), REPAIR_NOT_NULL_CHECK) != 0;
}

static bool
is_owner(const struct compare_item *item)
{
	return item->kind == COMPARE_CHANGED && strcmp(item->label, "owner") == 0;
}

/* Triggers that enforce a constraint are the system's. */
static bool
is_of_superuser(const struct repair_plan *plan, const struct compare_item *item)
{
	return !plan->superuser && item->kind == COMPARE_CHANGED && item->should && item->should->kind == FACT_CONSTRAINT
		&& (strcmp(item->label, "checks") == 0 || strcmp(item->label, "actions") == 0);
}

/* Why it is left, where no migration replaces it and no other object has its name. */
static enum repair_reason
reason_of(const struct repair_plan *plan, const struct compare_item *item)
{
	char	   *turn_off = compare_row_security(item);
	bool		opens = turn_off != NULL;

	mem_free(turn_off);
	if (opens)
		return REPAIR_ROW_SECURITY;
	if (item->refuses)
		return REPAIR_REFUSES;
	if (item->renamed)
		return REPAIR_RENAMED;
	if (is_owner(item))
		return REPAIR_OWNER;
	return is_of_superuser(plan, item) ? REPAIR_SUPERUSER : REPAIR_NO_WAY;
}

static void
add_left(struct repair_plan *plan, const struct repair_wait *wait, const struct compare_item *item)
{
	struct compare_sides sides = sides_of(plan);
	struct repair_left left = {.item = item,.version = repair_replaced(item, &sides),
		.taken = repair_wait_taken(wait, item)
	};

	left.reason = left.version ? REPAIR_REPLACED : item->untrusted ? REPAIR_UNTRUSTED
		: left.taken ? REPAIR_TAKEN : reason_of(plan, item);
	plan->left = mem_grow(plan->left, plan->left_count + 1, sizeof(*plan->left));
	plan->left[plan->left_count++] = left;
}

static bool
is_planned(const struct repair_plan *plan, const char *line)
{
	for (size_t i = 0; i < plan->step_count; i++)
		if (strcmp(plan->steps[i].line, line) == 0)
			return true;
	return false;
}

static void
add_step(struct repair_plan *plan, struct repair_step step)
{
	plan->steps = mem_grow(plan->steps, plan->step_count + 1, sizeof(*plan->steps));
	plan->steps[plan->step_count++] = step;
}

static void
add_item(struct repair_plan *plan, const struct repair_wait *wait, const struct compare_item *item)
{
	struct repair_step step;

	if (item->note || compare_is_uncompared(item))
		return;
	if (stays(item) && !item->refuses) {
		plan->extra++;
		return;
	}
	if (repair_wait_must(wait, item))
		return;
	if (stays(item) || is_owner(item) || is_of_superuser(plan, item) || repair_wait_taken(wait, item)
		|| !make_step(plan, item, &step)) {
		add_left(plan, wait, item);
		return;
	}
	if (is_planned(plan, step.line)) {
		step_clear(&step);
		return;
	}
	add_step(plan, step);
}

size_t
repair_plan_round(struct repair_plan *plan, void (*flag) (struct comparison *comparison, void *argument),
				  void *argument)
{
	struct repair_round *round;
	struct comparison *comparison;
	struct live live = plan->live;
	struct compare_sides sides = plan->sides;
	struct repair_wait wait = {.history = sides.history};
	size_t		first = plan->step_count;

	/* The items do not move with the rounds. */
	plan->rounds = mem_grow(plan->rounds, plan->round_count + 1, sizeof(*plan->rounds));
	round = &plan->rounds[plan->round_count++];
	comparison = &round->comparison;
	copy_facts(&round->facts, &plan->live.facts);
	live.facts = round->facts;
	sides.live = &live;
	compare(comparison, &sides, plan->version);
	if (flag)
		flag(comparison, argument);
	wait.comparison = comparison;
	predict_names_make(&wait.names, &round->facts);
	plan->left_count = 0;
	plan->extra = 0;
	/* In the order in which the objects can be created. */
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++)
		for (size_t i = 0; i < comparison->count; i++) {
			const struct fact *fact = fact_of(&comparison->items[i]);

			if (fact && (int) fact->kind == kind)
				add_item(plan, &wait, &comparison->items[i]);
		}
	predict_names_clear(&wait.names);
	return first;
}

void
repair_plan_apply(struct repair_plan *plan, size_t first)
{
	struct compare_sides sides = sides_of(plan);

	for (size_t i = first; i < plan->step_count; i++)
		if (!plan->steps[i].blocked && plan->steps[i].item)
			repair_apply(&plan->live, plan->steps[i].item, &sides);
}

/* What is left is assumed to be done by somebody, until there is nothing more. */
void
repair_plan_find_waiting(struct repair_plan *plan)
{
	struct compare_sides sides = sides_of(plan);
	struct repair_plan later;
	size_t		first;

	repair_plan_start(&later, &sides, plan->version, plan->values, plan->value_count);
	later.superuser = true;
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].blocked && plan->steps[i].item)
			repair_apply(&later.live, plan->steps[i].item, &sides);
	for (size_t i = 0; i < plan->left_count; i++)
		if (plan->left[i].reason != REPAIR_REPLACED && plan->left[i].item->should)
			repair_apply(&later.live, plan->left[i].item, &sides);
	while ((first = repair_plan_round(&later, NULL, NULL)) < later.step_count) {
		for (size_t i = first; i < later.step_count; i++)
			if (!is_planned(plan, later.steps[i].line)) {
				plan->waiting = mem_room(plan->waiting, plan->waiting_count, sizeof(*plan->waiting));
				plan->waiting[plan->waiting_count++] = mem_string(later.steps[i].line);
			}
		repair_plan_apply(&later, first);
	}
	repair_plan_clear(&later);
}

bool
repair_plan_knows(const struct repair_plan *plan, enum fact_kind kind, const char *name)
{
	/* Of a table that is there early, it may be one of a later version. */
	return fact_find(&plan->live.facts, kind, name) || fact_history_run(plan->sides.history, kind, name, plan->version);
}

void
repair_plan_add_sequence(struct repair_plan *plan, const struct fact *sequence, const char *largest)
{
	struct repair_step step = {.line = mem_format("set sequence %s to %s", sequence->name, largest)};
	char	   *sql = repair_setval(sequence);

	repair_list_add(&step.list, REPAIR_STATEMENT, "%s", sql);
	mem_free(sql);
	if (is_planned(plan, step.line))
		step_clear(&step);
	else
		add_step(plan, step);
}

bool
repair_plan_uses(const struct repair_plan *plan, const struct repair_value *value)
{
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].item && plan->steps[i].item->should && is_for(value, plan->steps[i].item->should))
			return true;
	return false;
}

/* Why it stays: a new string. */
static char *
left_why(const struct repair_left *left)
{
	switch (left->reason) {
		case REPAIR_REPLACED:
			return mem_format("the migration to version %d replaces or removes it", left->version);
		case REPAIR_RENAMED:
			return mem_string("if it was renamed, run the first statement, otherwise the second one");
		case REPAIR_TAKEN:
			return mem_format("%s %s has that name: rename or drop it", fact_kind_word(left->taken->kind), left->taken->name);
		case REPAIR_UNTRUSTED:
			return mem_string("it belongs to an untrusted role");
		case REPAIR_REFUSES:
			return mem_string("it refuses rows that the version allows; \"" PROGRAM " verify\" prints the statement"
							  " that drops it");
		case REPAIR_ROW_SECURITY:
			return mem_string("run it yourself, if every role with privileges may see all rows");
		case REPAIR_OWNER:
			return mem_string("only a superuser can change owners: run the repair as a superuser");
		case REPAIR_SUPERUSER:
			return mem_string("only a superuser can do this: connect as a superuser, and repeat with --role=ROLE, the"
							  " name of that superuser");
		default:
			return mem_string(left->item->kind == COMPARE_MISSING ? "repair cannot create it as it should be"
							  : "it cannot be changed without a rewrite or data loss");
	}
}

char *
repair_left_text(const struct repair_left *left, int server)
{
	const struct compare_item *item = left->item;
	char	   *text = compare_line(item, server);
	char	   *why = left_why(left);
	char	   *whole = mem_format("%s%s%s: %s", item->group, item->group[0] ? ": " : "", text, why);

	mem_free(why);
	mem_free(text);
	return whole;
}

void
repair_plan_clear(struct repair_plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++)
		step_clear(&plan->steps[i]);
	for (size_t i = 0; i < plan->round_count; i++) {
		compare_clear(&plan->rounds[i].comparison);
		fact_set_clear(&plan->rounds[i].facts);
	}
	for (size_t i = 0; i < plan->waiting_count; i++)
		mem_free(plan->waiting[i]);
	mem_free(plan->waiting);
	mem_free(plan->steps);
	mem_free(plan->rounds);
	mem_free(plan->left);
	fact_set_clear(&plan->live.facts);
	*plan = (struct repair_plan) {0};
}
