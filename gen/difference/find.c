/* Find the moves from one schema to another. */
#include <string.h>

#include "base/mem.h"
#include "difference/order.h"
#include "difference/moves.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/repair_names.h"

#include "base/banned.h"

enum {
	MOST_DEPTH = 20,			/* of tables that refer to each other, views that read each other, types */
	NEEDS_VIEWS = 2000000000,	/* the rank of what is created after views */
	BEFORE_VIEWS = -2100000000,
	PER_KIND = 100
};

struct finding {
	struct moves *moves;
	struct sides *sides;
	bool	   *asked;			/* of each fact of the base, then of the target: there is a question about it */
	enum move_renamed renamed;
};

/* How the objects of a kind come and go. */
struct way {
	change_function *function;
	enum move_phase create;
	enum move_phase drop;
	enum move_phase change;		/* MOVE_LABELS: it is dropped and created */
};

static const struct way ways[FACT_KIND_COUNT] = {
	[FACT_SCHEMA] = {change_schema, MOVE_CREATE_OBJECTS, MOVE_DROP_OBJECTS, MOVE_CHANGE},
	[FACT_EXTENSION] = {change_extension, MOVE_CREATE_OBJECTS, MOVE_DROP_OBJECTS, MOVE_CHANGE},
	[FACT_TYPE] = {change_type, MOVE_CREATE_OBJECTS, MOVE_DROP_OBJECTS, MOVE_CHANGE},
	[FACT_LABEL] = {change_label, MOVE_LABELS, MOVE_LABELS, MOVE_CHANGE},
	[FACT_ATTRIBUTE] = {change_attribute, MOVE_CHANGE, MOVE_CHANGE, MOVE_CHANGE},
	[FACT_DOMAIN_CONSTRAINT] = {change_domain_constraint, MOVE_CHANGE, MOVE_CHANGE, MOVE_CHANGE},
	[FACT_FUNCTION] = {change_function_code, MOVE_CREATE_OBJECTS, MOVE_DROP_OBJECTS, MOVE_CHANGE},
	[FACT_AGGREGATE] = {change_aggregate, MOVE_CREATE_OBJECTS, MOVE_DROP_OBJECTS, MOVE_CHANGE},
	[FACT_SEQUENCE] = {change_sequence, MOVE_CREATE_OBJECTS, MOVE_DROP_OBJECTS, MOVE_CHANGE},
	[FACT_TABLE] = {change_table, MOVE_CREATE_TABLES, MOVE_DROP_TABLES, MOVE_CHANGE},
	[FACT_COLUMN] = {change_column, MOVE_CHANGE, MOVE_DROP_TABLES, MOVE_CHANGE},
	[FACT_INDEX] = {change_index, MOVE_BUILD_INDEXES, MOVE_DROP_INDEXES, MOVE_LABELS},
	[FACT_CONSTRAINT] = {change_constraint, MOVE_ADD_KEYS, MOVE_DROP_KEYS, MOVE_LABELS},
	[FACT_VIEW] = {change_view, MOVE_CREATE_CODE, MOVE_DROP_CODE, MOVE_LABELS},
	[FACT_MATERIALIZED_VIEW] = {change_view, MOVE_CREATE_CODE, MOVE_DROP_CODE, MOVE_LABELS},
	[FACT_RULE] = {change_rule, MOVE_CREATE_CODE, MOVE_DROP_CODE, MOVE_LABELS},
	[FACT_TRIGGER] = {change_trigger, MOVE_CREATE_CODE, MOVE_DROP_CODE, MOVE_LABELS},
	[FACT_POLICY] = {change_policy, MOVE_CREATE_CODE, MOVE_DROP_CODE, MOVE_LABELS},
	[FACT_STATISTICS] = {change_statistics, MOVE_CREATE_CODE, MOVE_DROP_CODE, MOVE_LABELS},
};

/* --- what comes or goes with another object --- */

/* Does a part come or go with its table, view or type, as the other side has none of that name? */
static bool
is_with_container(const struct side *side, const struct side *other, const struct fact *fact)
{
	char	   *name;
	bool		with;

	if (fact->kind != FACT_COLUMN && fact->kind != FACT_INDEX && fact->kind != FACT_CONSTRAINT
		&& fact->kind != FACT_LABEL && fact->kind != FACT_ATTRIBUTE && fact->kind != FACT_DOMAIN_CONSTRAINT)
		return false;
	if (order_is_mutual(side, other, fact))
		return false;
	name = mem_copy(fact->name, fact_parent(fact));
	with = !fact_container(&other->facts, name);
	mem_free(name);
	return with;
}

/* Does a sequence come or go with its column, or with the identity of that? */
static bool
is_with_column(const struct side *other, const struct fact *sequence)
{
	struct fact_property owner;
	char	   *name;
	const struct fact *column;
	bool		with;

	if (sequence->kind != FACT_SEQUENCE || !compare_owned_by(sequence->definition, &owner))
		return false;
	name = mem_copy(owner.value, owner.value_length);
	column = fact_find(&other->facts, FACT_COLUMN, name);
	with = !column || (repair_has(sequence, "identity of") && !repair_has(column, "identity"));
	mem_free(name);
	return with;
}

static bool
is_implied(const struct side *side, const struct side *other, const struct fact *fact)
{
	return is_with_container(side, other, fact) || is_with_column(other, fact);
}

/* A column of a view. */
static bool
is_of_view(const struct sides *sides, const struct fact *fact)
{
	char	   *name;
	bool		of_view;

	if (fact->kind != FACT_COLUMN)
		return false;
	name = mem_copy(fact->name, fact_parent(fact));
	of_view = !fact_find(&sides->base.facts, FACT_TABLE, name) && !fact_find(&sides->target.facts, FACT_TABLE, name);
	mem_free(name);
	return of_view;
}

static bool
is_check(const struct fact *constraint)
{
	return strncmp(constraint->definition, "FOREIGN KEY", 11) == 0 || strncmp(constraint->definition, "CHECK", 5) == 0;
}

/* Has a column of the table, of which the definition speaks, another value of this property? */
static bool
has_changed_column(const struct sides *sides, const char *table, const char *definition, const char *label)
{
	size_t		count;
	const struct fact container = {FACT_TABLE, table, ""};
	const struct fact **columns = side_parts(&sides->target, FACT_COLUMN, &container, &count);
	bool		changed = false;

	for (size_t i = 0; i < count && !changed; i++) {
		const struct fact *old = fact_find(&sides->base.facts, FACT_COLUMN, columns[i]->name);
		char	   *before = old ? fact_value(old, label) : NULL;
		char	   *after = fact_value(columns[i], label);

		changed = old && strstr(definition, compare_name(columns[i]))
			&& strcmp(before ? before : "", after ? after : "") != 0;
		mem_free(after);
		mem_free(before);
	}
	mem_free(columns);
	return changed;
}

/*
 * Would a change of a column make the server build the index or the key anew, or check the foreign key again? Then it
 * is dropped before, and created afterwards in a way that blocks no session. Views are dropped with what reads them.
 */
static bool
is_made_anew(const struct sides *sides, const struct fact *fact)
{
	char	   *table = mem_copy(fact->name, fact_parent(fact));
	const char *referred = fact->kind == FACT_CONSTRAINT ? compare_referred(fact) : NULL;
	char	   *other = referred ? mem_copy(referred, compare_name_length(referred)) : NULL;
	bool		anew = order_is_anew(sides, fact, MOST_DEPTH)
		|| ((fact->kind == FACT_TRIGGER || fact->kind == FACT_RULE) && order_is_part_of_anew(sides, fact, MOST_DEPTH));

	if (other)
		anew = has_changed_column(sides, table, fact->definition, "type")
			|| has_changed_column(sides, other, referred, "type");
	else if (fact->kind == FACT_INDEX || (fact->kind == FACT_CONSTRAINT && !is_check(fact)))
		anew = has_changed_column(sides, table, fact->definition, "collation");
	mem_free(other);
	mem_free(table);
	return anew;
}

/* --- moves --- */

/* Later objects can depend on earlier ones: kinds are in that order, tables by their keys, views by their age. */
static int
rank_of(const struct finding *finding, const struct fact *fact, bool base)
{
	const struct side *side = base ? &finding->sides->base : &finding->sides->target;
	const struct side *other = base ? &finding->sides->target : &finding->sides->base;
	const struct side_text *text = side_text(side, fact);

	if (fact->kind == FACT_TABLE)
		return order_depth(side, other, fact, MOST_DEPTH);
	if (fact->kind == FACT_CONSTRAINT)
		return strncmp(fact->definition, "FOREIGN", 7) == 0;
	if (fact->kind == FACT_TYPE)
		return (int) fact->kind * PER_KIND + order_type_depth(side, other, fact, MOST_DEPTH);
	if (fact->kind == FACT_VIEW || fact->kind == FACT_MATERIALIZED_VIEW
		|| (fact->kind == FACT_FUNCTION && order_is_late(side, other, fact)))
		return text ? (int) (text->oid % NEEDS_VIEWS) : fact->kind == FACT_MATERIALIZED_VIEW;
	if (ways[fact->kind].create == MOVE_CREATE_CODE)
		return NEEDS_VIEWS + (int) fact->kind;
	return fact->kind == FACT_COLUMN ? 0 : (int) fact->kind * PER_KIND;
}

/* Append a move. If a column of the index or constraint was renamed, `part`, it stays, at most with a new name. */
static void
add(const struct finding *finding, struct move_at at, change_function *function, const struct fact *old,
	const struct fact *new, const struct renames_part *part)
{
	bool		rename = part->old_column && function != change_key_index && new;
	struct move *move;

	if (part->old_column && finding->renamed == MOVE_RENAMED) {
		if (rename && strcmp(part->old->name, part->new->name) != 0)
			moves_add(finding->moves, finding->sides, (struct move_at) {MOVE_CHANGE, 2}, new->kind == FACT_INDEX
					  ? change_index_name : change_constraint_name, part->old, part->new);
		return;
	}
	move = moves_add(finding->moves, finding->sides, at, function, old, new);
	if (move && part->old_column)
		renames_ask_part(move, finding->sides, part, rename);
}

static void
drop(const struct finding *finding, const struct fact *old)
{
	struct move_at at = {ways[old->kind].drop, -rank_of(finding, old, true)};
	struct renames_part part = renames_find_part(finding->moves, finding->sides, old, NULL);

	if (old->kind == FACT_LABEL) {
		sides_note(finding->sides, "label %s, which PostgreSQL cannot drop", old->name);
		return;
	}
	if (old->kind == FACT_FUNCTION && order_is_late(&finding->sides->base, &finding->sides->target, old))
		at.phase = MOVE_DROP_CODE;
	if (old->kind == FACT_TABLE && order_is_in_the_way(finding->sides, old))
		at.phase = MOVE_DROP_EARLY;
	add(finding, at, ways[old->kind].function, old, NULL, &part);
}

static void
create(const struct finding *finding, const struct fact *new)
{
	struct move_at at = {ways[new->kind].create, rank_of(finding, new, false)};
	struct renames_part part = renames_find_part(finding->moves, finding->sides, NULL, new);

	if (new->kind == FACT_CONSTRAINT && is_check(new))
		at.phase = MOVE_ADD_CHECKS;
	if (new->kind == FACT_FUNCTION && order_is_late(&finding->sides->target, &finding->sides->base, new))
		at.phase = MOVE_CREATE_CODE;
	add(finding, at, ways[new->kind].function, NULL, new, &part);
	if (new->kind == FACT_CONSTRAINT && !is_check(new)) {
		at = (struct move_at) {MOVE_BUILD_INDEXES, 0};
		add(finding, at, change_key_index, NULL, new, &part);
	}
}

/* True: it is dropped and created again. */
static bool
change_kept(const struct finding *finding, const struct fact *old, const struct fact *new)
{
	static const char *const validity[] = {"not valid", NULL};
	struct change change = {&finding->sides->arena, &finding->sides->base, &finding->sides->target, old, new, false};
	struct move_at at = {ways[new->kind].change, 0};
	bool		anew = is_made_anew(finding->sides, new);

	if (!anew && side_same(old, new))
		return false;
	/* A constraint becomes valid, or is not valid any more. */
	if (new->kind == FACT_CONSTRAINT && change_only(&change, validity))
		at.phase = MOVE_ADD_CHECKS;
	if (anew || at.phase == MOVE_LABELS) {
		drop(finding, old);
		create(finding, new);
		return true;
	}
	if (new->kind == FACT_FUNCTION && order_is_late(&finding->sides->target, &finding->sides->base, new))
		at = (struct move_at) {MOVE_CREATE_CODE, rank_of(finding, new, false)};
	/* Row security without its policies hides all rows. */
	if (new->kind == FACT_TABLE && change_differs(&change, "row security"))
		at = repair_has(new, "row security") ? (struct move_at) {MOVE_CREATE_CODE, NEEDS_VIEWS + FACT_KIND_COUNT}
			: (struct move_at) {MOVE_DROP_CODE, BEFORE_VIEWS};
	moves_add(finding->moves, finding->sides, at, ways[new->kind].function, old, new);
	return false;
}

/* An index or constraint that only has another name is renamed; nothing but its name is lost. */
static bool
rename_one(const struct finding *finding, const struct fact *old)
{
	change_function *function = old->kind == FACT_INDEX ? change_index_name : change_constraint_name;
	const struct fact *new;

	if (old->kind != FACT_INDEX && old->kind != FACT_CONSTRAINT)
		return false;
	new = renames_find_same(&finding->sides->target, &finding->sides->base, old);
	if (!new || renames_find_same(&finding->sides->base, &finding->sides->target, new) != old)
		return false;
	moves_add(finding->moves, finding->sides, (struct move_at) {MOVE_CHANGE, 0}, function, old, new);
	return true;
}

static bool
was_renamed(const struct finding *finding, const struct fact *new)
{
	const struct fact *old;

	if (new->kind != FACT_INDEX && new->kind != FACT_CONSTRAINT)
		return false;
	old = renames_find_same(&finding->sides->base, &finding->sides->target, new);
	return old && renames_find_same(&finding->sides->target, &finding->sides->base, old) == new;
}

/* --- all facts --- */

/* True: it is in both schemas, but dropped and created again. */
static bool
visit(const struct finding *finding, const struct fact *old, const struct fact *new)
{
	struct sides *sides = finding->sides;
	const struct fact *fact = new ? new : old;

	if (!fact || is_of_view(sides, fact))
		return false;
	if (!ways[fact->kind].function) {
		if (!old || !new || !side_same(old, new))
			sides_note(sides, "%s %s", fact_kind_word(fact->kind), fact->name);
		return false;
	}
	if (old && is_implied(&sides->base, &sides->target, old))
		old = NULL;
	if (new && is_implied(&sides->target, &sides->base, new))
		new = NULL;
	if (old && new)
		return change_kept(finding, old, new);
	if (old && !rename_one(finding, old))
		drop(finding, old);
	else if (new && !was_renamed(finding, new))
		create(finding, new);
	return false;
}

/* Comments on objects that come with others, too. */
static void
visit_comment(const struct finding *finding, const struct fact *old, const struct fact *new, bool anew)
{
	static const struct move_at last = {MOVE_COMMENT, 0};
	static const struct move_at first = {MOVE_DROP_CODE, BEFORE_VIEWS};

	if (!new || !(repair_has(new, "comment") || (old && repair_has(old, "comment"))))
		return;
	if (anew || (old && order_is_part_of_anew(finding->sides, new, MOST_DEPTH))) {
		moves_add(finding->moves, finding->sides, first, change_comment_down, old, new);
		moves_add(finding->moves, finding->sides, last, change_comment_up, old, new);
	} else
		moves_add(finding->moves, finding->sides, last, change_comment, old, new);
}

/* New columns or labels in the order in which the table or type has them. */
static void
visit_parts(const struct finding *finding, enum fact_kind kind, const struct fact *container)
{
	size_t		count;
	const struct fact **parts = side_parts(&finding->sides->target, kind, container, &count);
	const struct fact *target = finding->sides->target.facts.facts;

	for (size_t i = 0; i < count; i++)
		if (!fact_find(&finding->sides->base.facts, kind, parts[i]->name)
			&& !finding->asked[finding->sides->base.facts.count + (size_t) (parts[i] - target)])
			visit(finding, NULL, parts[i]);
	mem_free(parts);
}

static void
visit_all(const struct finding *finding)
{
	const struct fact_set *base = &finding->sides->base.facts;
	const struct fact_set *target = &finding->sides->target.facts;

	for (size_t i = 0, k = 0; i < base->count || k < target->count;) {
		int			order = i == base->count ? 1 : k == target->count ? -1
			: fact_order(&base->facts[i], &target->facts[k]);
		const struct fact *old = order <= 0 ? &base->facts[i] : NULL;
		const struct fact *new = order >= 0 ? &target->facts[k] : NULL;
		bool		asked = (old && finding->asked[i]) || (new && finding->asked[base->count + k]);

		bool		with_others = new && !old && (new->kind == FACT_COLUMN || new->kind == FACT_LABEL);
		bool		anew = !asked && !with_others && visit(finding, old, new);

		visit_comment(finding, old, new, anew);
		if (new && new->kind == FACT_TABLE)
			visit_parts(finding, FACT_COLUMN, new);
		if (new && new->kind == FACT_TYPE)
			visit_parts(finding, FACT_LABEL, new);
		i += old != NULL;
		k += new != NULL;
	}
}

void
moves_find(struct moves *moves, struct sides *sides, enum move_renamed renamed)
{
	bool	   *asked = mem_alloc(sides->base.facts.count + sides->target.facts.count + 1);
	struct finding finding = {moves, sides, asked, renamed};

	*moves = (struct moves) {0};
	if (renamed != MOVE_NOT_RENAMED)
		renames_ask(moves, sides, asked, renamed);
	visit_all(&finding);
	order_sort(moves);
	order_join_views(moves);
	mem_free(asked);
}
