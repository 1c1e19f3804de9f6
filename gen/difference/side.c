/* The two schemas that are compared, in one form. */
#include "difference/side.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/built_facts.h"
#include "schema/compare.h"
#include "schema/compare_order.h"
#include "schema/compare_pairs.h"
#include "schema/compare_text.h"

#include "base/banned.h"

void
sides_note(struct sides *sides, const char *format,...)
{
	va_list		args;
	char	   *text;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	for (size_t i = 0; i < sides->note_count; i++)
		if (strcmp(sides->notes[i], text) == 0) {
			mem_free(text);
			return;
		}
	sides->notes = mem_room(sides->notes, sides->note_count, sizeof(*sides->notes));
	sides->notes[sides->note_count++] = arena_string(&sides->arena, text);
	mem_free(text);
}

/* Who owns an object is not the migrations' matter; a state that is a fault or the operator's is noted. */
static bool
is_left_out(const struct fact_property *property)
{
	static const char *const labels[] = {"owner", "checks", "actions", "invalid", "clustered"};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (fact_property_is(property, labels[i]))
			return true;
	return false;
}

/* The definition without them; *left_out is the first one that had to go. */
static const char *
definition_of(struct arena *arena, const struct fact *fact, const char **left_out)
{
	char	   *text = NULL;
	const char *kept;
	struct fact_property property;

	for (const char *at = fact->definition; *at;) {
		const char *start = at;
		size_t		length = strcspn(at, "\t");
		char	   *one;

		if (!fact_next_property(fact, &at, &property))
			break;
		if (is_left_out(&property)) {
			if (!*left_out || strcmp(*left_out, "owner") == 0)
				*left_out = arena_copy(arena, property.label, property.label_length);
			continue;
		}
		one = mem_copy(start, length);
		mem_append(&text, "\t", one);
		mem_free(one);
	}
	kept = *left_out ? arena_string(arena, text ? text : "") : fact->definition;
	mem_free(text);
	return kept;
}

static void
add(struct sides *sides, struct side *side, const struct fact *fact)
{
	const char *left_out = NULL;
	const char *definition = definition_of(&sides->arena, fact, &left_out);

	fact_add(&side->facts, fact->kind, fact->name, definition);
}

/* A difference in what is left out alone, but for the owner. */
static void
note_left_out(struct sides *sides, const struct fact *is, const struct fact *should)
{
	const char *left_out = NULL;
	const char *after = definition_of(&sides->arena, is, &left_out);
	const char *before = definition_of(&sides->arena, should, &left_out);

	if (left_out && strcmp(left_out, "owner") != 0 && strcmp(after, before) == 0)
		sides_note(sides, "%s of %s %s", left_out, fact_kind_word(is->kind), is->name);
}

static void
add_pair(struct sides *sides, const struct compare_pair *pair, int server)
{
	struct compare_text texts[COMPARE_TEXT_MOST];
	struct fact should = {pair->kind, pair->name, ""};

	if (pair->ignore || !compare_is_shape(pair->kind, NULL, 0))
		return;
	if (pair->is)
		add(sides, &sides->target, pair->is);
	if (!pair->should)
		return;
	should.definition = compare_text_usual(pair->should, server)->definition;
	if (pair->is && compare_text(pair->is, pair->should, server, texts) == 0) {
		add(sides, &sides->base, pair->is);
		if (compare_text_loosely(pair->is, pair->should, server, texts) > 0)
			sides_note(sides, "%s %s, if it differs in parentheses or the names of tables: only"
					   " \"make schema SERVERS=all\" shows how this server prints it", fact_kind_word(pair->kind), pair->name);
	} else
		add(sides, &sides->base, &should);
	if (pair->is)
		note_left_out(sides, pair->is, &should);
}

/* PostgreSQL can give a label that is there no other place. */
static void
note_orders(struct sides *sides, const struct compare_pairs *pairs, int server)
{
	for (size_t i = 0, end; i < pairs->count; i = end) {
		const struct fact label = {pairs->pairs[i].kind, pairs->pairs[i].name, ""};

		end = compare_order_end(pairs, i);
		if (label.kind == FACT_LABEL && compare_order_differs(pairs, i, end, server))
			sides_note(sides, "order of the labels of type %.*s", (int) fact_parent(&label), label.name);
	}
}

void
sides_make(struct sides *sides, const struct live *live, const struct fact_history *known, int version)
{
	struct compare_sides compared = built_facts_sides(live, known);
	struct compare_pairs pairs;

	*sides = (struct sides) {0};
	compare_pairs_make(&pairs, &compared, version);
	for (size_t i = 0; i < pairs.count; i++)
		add_pair(sides, &pairs.pairs[i], live->server);
	note_orders(sides, &pairs, live->server);
	compare_pairs_clear(&pairs);
	fact_set_sort(&sides->base.facts);
	fact_set_sort(&sides->target.facts);
}

void
sides_clear(struct sides *sides)
{
	fact_set_clear(&sides->base.facts);
	fact_set_clear(&sides->target.facts);
	mem_free(sides->base.texts);
	mem_free(sides->target.texts);
	mem_free(sides->notes);
	arena_clear(&sides->arena);
	*sides = (struct sides) {0};
}

/* --- parts --- */

bool
side_is_part(const struct fact *fact, const struct fact *container)
{
	size_t		length = fact_parent(fact);

	return length > 0 && length == strlen(container->name) && strncmp(fact->name, container->name, length) == 0;
}

/* Is `part` the first one (no `before`), or the one after it? */
static bool
is_next(const struct fact *part, const struct fact *before)
{
	struct fact_property after;
	bool		has = fact_property(part, "after", &after);
	const char *name = before ? compare_name(before) : NULL;

	return name ? has && strlen(name) == after.value_length && memcmp(name, after.value, after.value_length) == 0
		: !has;
}

const struct fact **
side_parts(const struct side *side, enum fact_kind kind, const struct fact *container, size_t *count)
{
	const struct fact **parts = mem_alloc((side->facts.count + 1) * sizeof(const struct fact *));

	*count = 0;
	for (size_t i = 0; i < side->facts.count; i++)
		if (side->facts.facts[i].kind == kind && side_is_part(&side->facts.facts[i], container))
			parts[(*count)++] = &side->facts.facts[i];
	/* Each where it belongs; those whose place is not known stay behind. */
	for (size_t i = 0; i < *count; i++)
		for (size_t k = i; k < *count; k++)
			if (is_next(parts[k], i > 0 ? parts[i - 1] : NULL)) {
				const struct fact *next = parts[k];

				parts[k] = parts[i];
				parts[i] = next;
				break;
			}
	return parts;
}

const struct fact *
side_column(const struct side *side, const struct fact *part, const char *name)
{
	size_t		length = fact_parent(part);
	char	   *full = mem_format("%.*s.%s", (int) (length ? length : strlen(part->name)), part->name, name);
	const struct fact *column = fact_find(&side->facts, FACT_COLUMN, full);

	mem_free(full);
	return column;
}

const struct fact *
side_sequence(const struct side *side, const struct fact *column)
{
	for (size_t i = 0; i < side->facts.count; i++) {
		const struct fact *fact = &side->facts.facts[i];
		struct fact_property owner;

		if (fact->kind == FACT_SEQUENCE && compare_owned_by(fact->definition, &owner)
			&& strlen(column->name) == owner.value_length
			&& memcmp(column->name, owner.value, owner.value_length) == 0)
			return fact;
	}
	return NULL;
}

/* The definition without what does not count. */
static void
write_shape(FILE *stream, const struct fact *fact)
{
	struct fact_property property;

	for (const char *at = fact->definition; fact_next_property(fact, &at, &property);)
		if (!fact_property_is(&property, "after") && !fact_property_is(&property, "comment"))
			fprintf(stream, "%.*s: %.*s\t", (int) property.label_length, property.label, (int) property.value_length,
					property.value);
}

bool
side_same(const struct fact *a, const struct fact *b)
{
	char	   *texts[2];
	const struct fact *facts[] = {a, b};
	bool		same;

	if (a->kind != b->kind)
		return false;
	for (int i = 0; i < 2; i++) {
		size_t		length;
		FILE	   *stream = mem_stream_open(&texts[i], &length);

		write_shape(stream, facts[i]);
		mem_stream_close(stream);
	}
	same = strcmp(texts[0], texts[1]) == 0;
	mem_free(texts[0]);
	mem_free(texts[1]);
	return same;
}
