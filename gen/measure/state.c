/* The facts of one version by classes of servers. */
#include "measure/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare_text.h"

#include "base/banned.h"

const char	STATE_ABSENT[] = "";

/* The servers that print facts as those of this class do. */
static unsigned
alike(unsigned class)
{
	return fact_servers_classes[class].of_facts;
}

static unsigned
class_of(unsigned servers)
{
	unsigned	class = 0;

	while (!(servers & alike(class)))
		class++;
	return class;
}

/* Servers 15 decide which facts there are. */
static bool
decides(unsigned class)
{
	return alike(class) == FACT_SERVERS_15;
}

static bool
is_there(const char *text)
{
	return text && text != STATE_ABSENT;
}

static int
order(const struct state_fact *a, enum fact_kind kind, const char *name)
{
	return a->kind != kind ? (a->kind > kind) - (a->kind < kind) : strcmp(a->name, name);
}

static int
compare(const void *left, const void *right)
{
	const struct state_fact *b = right;

	return order(left, b->kind, b->name);
}

static struct state_fact *
add(struct state *state, enum fact_kind kind, const char *name)
{
	state->facts = mem_room(state->facts, state->count, sizeof(*state->facts));
	state->facts[state->count] = (struct state_fact) {.kind = kind,.name = name};
	return &state->facts[state->count++];
}

static const struct state_fact *
find(const struct state *state, enum fact_kind kind, const char *name)
{
	struct state_fact key = {.kind = kind,.name = name};

	return state && state->count ? bsearch(&key, state->facts, state->count, sizeof(key), compare) : NULL;
}

void
state_clear(struct state *state)
{
	mem_free(state->facts);
	arena_clear(&state->arena);
	*state = (struct state) {0};
}

void
state_of_history(struct state *state, const struct fact_history *history, int version)
{
	*state = (struct state) {0};
	for (size_t i = 0; i < history->run_count; i++) {
		const struct fact_run *run = &history->runs[i];
		struct state_fact *fact;

		if (run->from > version || run->to <= version)
			continue;
		fact = add(state, run->kind, run->name);
		for (unsigned k = 0; k < FACT_SERVERS_CLASSES; k++) {
			if (run->absent & alike(k))
				fact->texts[k] = STATE_ABSENT;
			for (size_t text = 0; text < run->count && !fact->texts[k]; text++)
				if (run->texts[text].servers & alike(k))
					fact->texts[k] = run->texts[text].definition;
		}
	}
}

/* --- bring up to date --- */

static bool
same_text(const char *a, const char *b)
{
	return a == b || (is_there(a) && is_there(b) && strcmp(a, b) == 0);
}

static bool
known_elsewhere(const struct state_fact *fact, unsigned class)
{
	for (unsigned k = 0; k < FACT_SERVERS_CLASSES; k++)
		if (k != class && is_there(fact->texts[k]))
			return true;
	return false;
}

/* Is it known of every fact how servers of a class print it? Then they have no other facts. */
static bool
knows_all(const struct state *state, unsigned class)
{
	for (size_t i = 0; state && i < state->count; i++)
		if (!state->facts[i].texts[class])
			return false;
	return state && state->count > 0;
}

/* Servers of this class have a fact that the state does not have. */
static void
note_absence(struct state_fact *fact, const struct state *others, unsigned class)
{
	for (unsigned k = 0; k < FACT_SERVERS_CLASSES && !decides(class); k++)
		if (k != class && knows_all(others, k))
			fact->texts[k] = STATE_ABSENT;
}

/*
 * What other classes print. Their texts belong to that of servers 15: if these print another one, the statement has
 * changed, and it is not known what the others print.
 */
static void
keep_others(struct state *state, struct state_fact *fact, const struct state_fact *old, unsigned class)
{
	if (decides(class) && !same_text(old->texts[class], fact->texts[class]))
		return;
	for (unsigned k = 0; k < FACT_SERVERS_CLASSES; k++)
		if (k != class)
			fact->texts[k] = is_there(old->texts[k]) ? arena_string(&state->arena, old->texts[k]) : old->texts[k];
}

void
state_merge(struct state *state, const struct fact_set *live, unsigned servers, const struct state *old,
			const struct state *previous)
{
	const struct state *others = old ? old : previous;
	unsigned	class = class_of(servers);

	*state = (struct state) {0};
	for (size_t i = 0; i < live->count; i++) {
		const struct fact *fact = &live->facts[i];
		struct state_fact *merged = add(state, fact->kind, arena_string(&state->arena, fact->name));

		merged->texts[class] = arena_string(&state->arena, fact->definition);
		if (find(others, fact->kind, fact->name))
			keep_others(state, merged, find(others, fact->kind, fact->name), class);
		else
			note_absence(merged, others, class);
	}
	/* Facts that this class does not have, but another. */
	for (size_t i = 0; others && i < others->count; i++) {
		const struct state_fact *fact = &others->facts[i];
		struct state_fact without = {.kind = fact->kind,.name = fact->name};

		if (fact_find(live, fact->kind, fact->name))
			continue;
		without.texts[class] = STATE_ABSENT;
		keep_others(state, &without, fact, class);
		if (known_elsewhere(&without, class)) {
			struct state_fact *kept = add(state, fact->kind, arena_string(&state->arena, fact->name));

			memcpy(kept->texts, without.texts, sizeof(without.texts));
		}
	}
	if (state->count > 0)
		qsort(state->facts, state->count, sizeof(*state->facts), compare);
}

/* --- write --- */

static bool
same_fact(const struct state_fact *a, const struct state_fact *b)
{
	for (unsigned k = 0; k < FACT_SERVERS_CLASSES; k++)
		if (!same_text(a->texts[k], b->texts[k]))
			return false;
	return true;
}

static void
write_line(FILE *stream, char sign, unsigned servers, const struct state_fact *fact, const char *definition)
{
	fputc(sign, stream);
	fact_servers_write(stream, servers, true);
	fputc(' ', stream);
	fact_write(stream, &(struct fact) {fact->kind, fact->name, definition});
}

static void
write_forms(FILE *stream, const struct state_fact *fact)
{
	unsigned	written = 0;
	unsigned	absent = 0;

	for (unsigned k = 0; k < FACT_SERVERS_CLASSES; k++) {
		const char *text = fact->texts[k];
		unsigned	same = 0;

		if (text == STATE_ABSENT)
			absent |= alike(k);
		if (!is_there(text) || (written & alike(k)))
			continue;
		for (unsigned other = k; other < FACT_SERVERS_CLASSES; other++)
			if (same_text(text, fact->texts[other]))
				same |= alike(other);
		write_line(stream, '+', same, fact, text);
		written |= same;
	}
	if (absent)
		write_line(stream, '~', absent, fact, "");
}

/* A text of the fact: as servers 15 print it, or any. */
static const char *
any_text(const struct state_fact *fact)
{
	const char *text = fact->texts[class_of(FACT_SERVERS_15)];

	for (unsigned k = 0; k < FACT_SERVERS_CLASSES && !is_there(text); k++)
		text = fact->texts[k];
	return is_there(text) ? text : "";
}

/* The fact before it of the same table or type, by its property "after"; or NULL. */
static bool
follows(const struct state_fact *fact, const struct state_fact *other)
{
	struct fact	this = {fact->kind, fact->name, any_text(fact)};
	struct fact	that = {other->kind, other->name, ""};
	size_t		parent = fact_parent(&this);
	struct fact_property after;

	return this.kind == that.kind && parent > 0 && parent == fact_parent(&that)
		&& strncmp(this.name, that.name, parent) == 0 && fact_property(&this, "after", &after)
		&& strlen(that.name) == parent + 1 + after.value_length
		&& memcmp(that.name + parent + 1, after.value, after.value_length) == 0;
}

/* Write the new facts; those that come after another one follow it. */
static void
write_new(FILE *stream, const struct state_fact *facts, size_t count)
{
	bool	   *later = mem_alloc(count + 1);	/* it follows another one */

	for (size_t i = 0; i < count; i++)
		for (size_t k = i; k-- > 0 && facts[k].kind == facts[i].kind;) {
			later[i] |= follows(&facts[i], &facts[k]);
			later[k] |= follows(&facts[k], &facts[i]);
		}
	for (size_t i = 0; i < count; i++) {
		const struct state_fact *last = later[i] ? NULL : &facts[i];

		while (last) {
			const struct state_fact *next = NULL;

			write_forms(stream, last);
			for (size_t k = 0; k < count && !next; k++)
				if (later[k] && follows(&facts[k], last))
					next = &facts[k];
			last = next;
		}
	}
	mem_free(later);
}

void
state_write(FILE *stream, const struct state *before, const struct state *after)
{
	struct state_fact *facts = mem_grow(NULL, after->count + 1, sizeof(*facts));
	size_t		count = 0;

	for (size_t i = 0; i < before->count; i++) {
		const struct state_fact *now = find(after, before->facts[i].kind, before->facts[i].name);

		if (!now || !same_fact(&before->facts[i], now))
			write_line(stream, '-', FACT_SERVERS_ALL, &before->facts[i], any_text(&before->facts[i]));
	}
	for (size_t i = 0; i < after->count; i++) {
		const struct state_fact *was = find(before, after->facts[i].kind, after->facts[i].name);

		if (!was || !same_fact(&after->facts[i], was))
			facts[count++] = after->facts[i];
	}
	write_new(stream, facts, count);
	mem_free(facts);
}

/* --- check --- */

static size_t
complain(int version, const char *what, const struct state_fact *fact, const char *definition)
{
	printf("version %d, %s: ", version, what);
	write_line(stdout, '+', FACT_SERVERS_ALL, fact, definition);
	return 1;
}

static size_t
check_forms(const struct state_fact *known, const struct fact *live, unsigned class, int version, bool *unchecked)
{
	size_t		faults = 0;

	for (unsigned k = 0; k < FACT_SERVERS_CLASSES; k++) {
		struct fact_text form = {.definition = known->texts[k]};
		struct fact_run run = {.kind = known->kind,.name = known->name,.count = 1,.texts = &form};
		struct compare_text texts[COMPARE_TEXT_MOST];

		if (k == class || !is_there(known->texts[k])
			|| compare_text(live, &run, FACT_NEWEST_MAJOR * 10000, texts) == 0)
			continue;
		if (alike(k) == FACT_SERVERS_OLD || alike(class) == FACT_SERVERS_OLD)
			*unchecked = true;
		else
			faults += complain(version, "a form for other servers that is not that of this one", known,
							   known->texts[k]);
	}
	return faults;
}

size_t
state_check_forms(const struct state *state, const struct fact_set *live, unsigned servers, int version,
				  bool *unchecked)
{
	size_t		faults = 0;

	for (size_t i = 0; i < live->count; i++) {
		const struct state_fact *known = find(state, live->facts[i].kind, live->facts[i].name);

		if (known)
			faults += check_forms(known, &live->facts[i], class_of(servers), version, unchecked);
	}
	return faults;
}

size_t
state_check(const struct state *state, const struct fact_set *live, unsigned servers, int version)
{
	unsigned	class = class_of(servers);
	size_t		faults = 0;

	for (size_t i = 0; i < live->count; i++) {
		const struct fact *fact = &live->facts[i];
		const struct state_fact new = {.kind = fact->kind,.name = fact->name};
		const struct state_fact *known = find(state, fact->kind, fact->name);
		bool		same = false;

		for (unsigned k = 0; known && k < FACT_SERVERS_CLASSES; k++)
			if ((k == class || !known->texts[class]) && is_there(known->texts[k]))
				same |= strcmp(known->texts[k], fact->definition) == 0;
		if (!same)
			faults += complain(version, known ? "another form on this server" : "only on this server", &new,
							   fact->definition);
	}
	for (size_t i = 0; i < state->count; i++) {
		const struct state_fact *fact = &state->facts[i];

		if (fact->texts[class] != STATE_ABSENT && !fact_find(live, fact->kind, fact->name))
			faults += complain(version, "not on this server", fact, any_text(fact));
	}
	return faults;
}
