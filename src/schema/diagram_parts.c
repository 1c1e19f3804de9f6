/* Find the parts of a diagram in one schema or in two, and group its tables. */
#include "schema/diagram_parts.h"

#include <string.h>

#include "base/mem.h"
#include "schema/fact.h"

#include "base/banned.h"

enum {
	TITLE_LINES = 2				/* the height of a table without columns */
};

static bool
is_text(const char *text, size_t length, const char *other)
{
	return strlen(other) == length && memcmp(text, other, length) == 0;
}

/* Step over the prefix at *text, if it is there. */
static bool
skip(const char **text, const char *prefix)
{
	bool		there = strncmp(*text, prefix, strlen(prefix)) == 0;

	*text += there ? strlen(prefix) : 0;
	return there;
}

bool
diagram_parts_next(const struct fact *fact, const char **at, struct fact_property *property)
{
	while (fact_next_property(fact, at, property))
		if (!fact_property_is(property, "after"))
			return true;
	return false;
}

static enum diagram_mark
mark_of(const struct fact *was, const struct fact *is)
{
	const char *before = was ? was->definition : "";
	const char *after = is ? is->definition : "";
	struct fact_property old;
	struct fact_property new;

	if (!was || !is)
		return is ? DIAGRAM_ADDED : DIAGRAM_REMOVED;
	while (diagram_parts_next(was, &before, &old))
		if (!diagram_parts_next(is, &after, &new) || old.label_length != new.label_length
			|| old.value_length != new.value_length || memcmp(old.label, new.label, old.label_length) != 0
			|| memcmp(old.value, new.value, old.value_length) != 0)
			return DIAGRAM_CHANGED;
	return diagram_parts_next(is, &after, &new) ? DIAGRAM_CHANGED : DIAGRAM_SAME;
}

/* Both sets have the same order. */
static void
pair_up(struct diagram_parts *parts, const struct fact_set *was, const struct fact_set *is)
{
	size_t		i = 0;
	size_t		k = 0;

	parts->all = mem_alloc((was->count + is->count + 1) * sizeof(*parts->all));
	while (i < was->count || k < is->count) {
		int			order = i == was->count ? 1 : k == is->count ? -1 : fact_order(&was->facts[i], &is->facts[k]);
		struct diagram_part *part = &parts->all[parts->count++];

		part->fact = order >= 0 ? &is->facts[k] : &was->facts[i];
		part->name = part->fact->name + (fact_parent(part->fact) ? fact_parent(part->fact) + 1 : 0);
		part->was = order <= 0 ? &was->facts[i++] : NULL;
		part->is = order >= 0 ? &is->facts[k++] : NULL;
		part->mark = parts->compared ? mark_of(part->was, part->is) : DIAGRAM_SAME;
	}
}

static struct diagram_box *
find_box(const struct diagram_parts *parts, const char *name, size_t length)
{
	for (size_t i = 0; i < parts->box_count; i++)
		if (is_text(name, length, parts->boxes[i].part->name))
			return &parts->boxes[i];
	return NULL;
}

static struct diagram_part *
find_row(const struct diagram_box *box, const char *name, size_t length)
{
	for (size_t i = 0; i < box->count; i++)
		if (is_text(name, length, box->rows[i]->name))
			return box->rows[i];
	return NULL;
}

static void
draw_in(struct diagram_box *box, struct diagram_part *part)
{
	part->drawn = true;
	if (part->mark != DIAGRAM_SAME && box->mark == DIAGRAM_SAME)
		box->mark = DIAGRAM_CHANGED;
}

/*
 * Step over the next name of a list with commas; a name may have a schema. False at the end of the list.
 */
static bool
next_name(const char **text, const char **name, size_t *length)
{
	bool		quoted = false;

	skip(text, ", ");
	*name = *text;
	for (; **text && (quoted || !strchr("(),\t", **text)); (*text)++)
		if (**text == '"')
			quoted = !quoted;
	*length = (size_t) (*text - *name);
	return *length > 0;
}

/* Of a primary key that was removed, columns are marked only if the table was removed, too. */
static void
add_constraint(struct diagram_parts *parts, struct diagram_part *part, struct diagram_box *box)
{
	struct diagram_key key = {.part = part,.from = box};
	const char *text = part->fact->definition;
	bool		primary = skip(&text, "PRIMARY KEY (") && (part->is || !box->part->is);
	const char *name;
	size_t		length;

	if (!primary && !skip(&text, "FOREIGN KEY ("))
		return;
	while (next_name(&text, &name, &length)) {
		struct diagram_part *column = find_row(box, name, length);

		if (column && primary)
			column->primary = true;
		if (!key.column)
			key.column = column;
	}
	if (!skip(&text, ") REFERENCES "))
		return;
	skip(&text, "public.");
	key.to = next_name(&text, &name, &length) ? find_box(parts, name, length) : NULL;
	if (!key.to)
		return;
	if (skip(&text, "(") && next_name(&text, &name, &length))
		key.referred = find_row(key.to, name, length);
	parts->keys = mem_grow(parts->keys, parts->key_count + 1, sizeof(*parts->keys));
	parts->keys[parts->key_count++] = key;
	draw_in(box, part);
}

static void
add_part(struct diagram_parts *parts, struct diagram_part *part)
{
	const struct fact *fact = part->fact;
	struct diagram_box *box = fact_parent(fact) ? find_box(parts, fact->name, fact_parent(fact)) : NULL;
	struct fact_property kind;

	if (fact->kind == FACT_TABLE || (fact->kind == FACT_TYPE && fact_property(fact, "kind", &kind)
									 && is_text(kind.value, kind.value_length, "enum"))) {
		parts->boxes = mem_grow(parts->boxes, parts->box_count + 1, sizeof(*parts->boxes));
		parts->boxes[parts->box_count++] = (struct diagram_box) {.part = part,.mark = part->mark};
		part->drawn = true;
	} else if (box && (fact->kind == FACT_LABEL || fact->kind == FACT_COLUMN)) {
		box->rows = mem_grow(box->rows, box->count + 1, sizeof(struct diagram_part *));
		box->rows[box->count++] = part;
		draw_in(box, part);
	} else if (box && fact->kind == FACT_CONSTRAINT)
		add_constraint(parts, part, box);
}

/* The index of the row that follows `last`, or is the first if `last` is NULL; the count of rows: there is none. */
static size_t
find_next(const struct diagram_box *box, const struct diagram_part *last, bool before)
{
	size_t		i = 0;

	for (; i < box->count; i++) {
		const struct fact *fact = before ? box->rows[i]->was : box->rows[i]->is;
		struct fact_property after;

		if (fact && (fact_property(fact, "after", &after)
					 ? last && is_text(after.value, after.value_length, last->name) : !last))
			break;
	}
	return i;
}

/* Put the rows that are there now in order; then (with `before`) the removed ones after those that they followed. */
static void
sort_rows(struct diagram_box *box, bool before)
{
	struct diagram_part *row = NULL;
	size_t		place = 0;

	for (size_t found; (found = find_next(box, row, before)) < box->count; place++) {
		row = box->rows[found];
		if (before && row->is)
			place = found;
		else if (found < place)
			break;				/* a row that others follow is missing: the rest stays in the order of names */
		else {
			memmove(&box->rows[place + 1], &box->rows[place], (found - place) * sizeof(struct diagram_part *));
			box->rows[place] = row;
		}
	}
}

static struct diagram_box *
find_root(struct diagram_box *box)
{
	while (box->next)
		box = box->next;
	return box;
}

static void
find_hubs(struct diagram_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct diagram_box *to = keys[i].to;

		if (keys[i].from == to)
			continue;
		keys[i].from->refers = true;
		to->hub |= to->referrer && to->referrer != keys[i].from;
		to->referrer = keys[i].from;
	}
}

static void
unite(struct diagram_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct diagram_box *from = keys[i].from;
		struct diagram_box *to = keys[i].to;

		if (from == to || (to->hub && (from->hub || from->placed)))
			continue;
		from->placed |= to->hub;
		if (find_root(from) != find_root(to))
			find_root(from)->next = find_root(to);
	}
}

/* A hub names the group; if there is none, a table that refers to no other. */
static int
rank_of(const struct diagram_box *box)
{
	return box->hub ? 2 : box->refers ? 0 : 1;
}

static void
name_groups(struct diagram_box *boxes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct diagram_box *box = &boxes[i];
		struct diagram_box *root = find_root(box);

		if ((box->refers || box->referrer) && (!root->group || rank_of(box) > rank_of(root->group)))
			root->group = box;
	}
	for (size_t i = 0; i < count; i++)
		boxes[i].group = find_root(&boxes[i])->group;
}

/* A table that refers to the same hub by two keys has one distance. */
static void
find_distances(struct diagram_key *keys, size_t count, size_t height)
{
	for (size_t i = 0; i < count; i++) {
		const struct diagram_box *from = keys[i].from;
		struct diagram_box *hub = keys[i].to;

		keys[i].distance = 1;
		if (!hub->hub || from->hub)
			continue;
		if (i > 0 && keys[i - 1].from == from && keys[i - 1].to == hub)
			keys[i].distance = keys[i - 1].distance;
		else {
			hub->lines += TITLE_LINES + (from->open ? from->count : 0);
			keys[i].distance = 1 + (int) ((hub->lines - 1) / height);
		}
	}
}

void
diagram_parts_find(struct diagram_parts *parts, const struct fact_set *was, const struct fact_set *is, size_t height)
{
	*parts = (struct diagram_parts) {.compared = was != NULL};
	pair_up(parts, was ? was : &(struct fact_set) {0}, is);
	/* Facts are in the order of their kinds: tables, then columns, then constraints. */
	for (size_t i = 0; i < parts->count; i++)
		add_part(parts, &parts->all[i]);
	for (struct diagram_box *box = parts->boxes; box < parts->boxes + parts->box_count; box++) {
		box->open = !parts->compared || box->mark != DIAGRAM_SAME;
		sort_rows(box, false);
		sort_rows(box, true);
	}
	find_hubs(parts->keys, parts->key_count);
	unite(parts->keys, parts->key_count);
	name_groups(parts->boxes, parts->box_count);
	find_distances(parts->keys, parts->key_count, height);
}

void
diagram_parts_clear(struct diagram_parts *parts)
{
	for (size_t i = 0; i < parts->box_count; i++)
		mem_free(parts->boxes[i].rows);
	mem_free(parts->boxes);
	mem_free(parts->keys);
	mem_free(parts->all);
	*parts = (struct diagram_parts) {0};
}
