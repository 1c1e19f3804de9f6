/* Compare the properties of a live fact with those of a version. */
#include "schema/compare_text.h"

#include <string.h>

#include "base/mem.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/normal.h"

#include "base/banned.h"

#define HEXADECIMAL "0123456789abcdef"

bool
compare_text_is(const struct compare_text *text, const char *label)
{
	return fact_property_is(&(struct fact_property) {.label = text->label,.label_length = text->label_length}, label);
}

static struct fact
as_fact(const struct fact_run *run, const struct fact_text *text)
{
	return (struct fact) {run->kind, run->name, text->definition};
}

const struct fact_text *
compare_text_usual(const struct fact_run *run, int server)
{
	for (size_t i = 0; i < run->count; i++)
		if (run->texts[i].servers & fact_servers_of(server))
			return &run->texts[i];
	return &run->texts[run->count - 1];
}

/* Is the property an expression or query, which servers print in their own ways? */
static bool
is_printed(enum fact_kind kind, const struct fact_property *property)
{
	static const char *const labels[] = {"default", "defaults", "argument defaults", "generated", "using", "check",
		"with check", "when", "where", "predicate", "expressions", "partition by", "partition key", "partition bound",
		"partition of", "partition", "bound", "body", "columns"
	};
	static const enum fact_kind kinds[] = {FACT_INDEX, FACT_CONSTRAINT, FACT_DOMAIN_CONSTRAINT, FACT_VIEW,
		FACT_MATERIALIZED_VIEW, FACT_RULE, FACT_TRIGGER, FACT_POLICY, FACT_STATISTICS
	};
	const char *main_label = fact_main_label(kind);

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (fact_property_is(property, labels[i]))
			return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kind == kinds[i])
			return main_label && fact_property_is(property, main_label);
	return false;
}

/* The hash of the normal form, if the value is "HASH/NORMALHASH"; otherwise NULL. */
static const char *
normal_hash_in(const char *value, size_t length)
{
	enum
	{
		DIGITS = NORMAL_HASH_SIZE - 1
	};

	if (length != 2 * DIGITS + 1 || value[DIGITS] != '/' || strspn(value, HEXADECIMAL) != DIGITS
		|| strspn(value + DIGITS + 1, HEXADECIMAL) < DIGITS)
		return NULL;
	return value + DIGITS + 1;
}

static bool
same_normal_form(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_hash = normal_hash_in(a, a_length);
	const char *b_hash = normal_hash_in(b, b_length);
	char	   *texts[4];
	bool		same;

	if (a_hash && b_hash)
		return memcmp(a_hash, b_hash, NORMAL_HASH_SIZE - 1) == 0;
	texts[0] = fact_unescape(a, a_length);
	texts[1] = fact_unescape(b, b_length);
	texts[2] = normal_form(texts[0]);
	texts[3] = normal_form(texts[1]);
	same = strcmp(texts[2], texts[3]) == 0;
	for (size_t i = 0; i < 4; i++)
		mem_free(texts[i]);
	return same;
}

/* Has a server of this kind printed the fact, so that its text must be one of those that are known? */
static bool
is_known_server(const struct fact_run *run, int server)
{
	unsigned	known = 0;

	for (size_t i = 0; i < run->count; i++)
		known |= run->texts[i].servers;
	return server / 10000 <= FACT_NEWEST_MAJOR && (known & fact_servers_of(server));
}

static bool
find(const struct fact *fact, const struct fact_property *like, struct fact_property *property)
{
	const char *at = fact->definition;

	while (fact_next_property(fact, &at, property))
		if (property->label_length == like->label_length
			&& memcmp(property->label, like->label, like->label_length) == 0)
			return true;
	return false;
}

static bool
same_property(const struct fact *is, const struct fact *should, const struct fact_property *like, bool normal)
{
	struct fact_property a;
	struct fact_property b;
	bool		has_a = find(is, like, &a);
	bool		has_b = find(should, like, &b);

	if (!has_a || !has_b)
		return has_a == has_b;
	if (a.value_length == b.value_length && memcmp(a.value, b.value, a.value_length) == 0)
		return true;
	return normal && same_normal_form(a.value, a.value_length, b.value, b.value_length);
}

static bool
same_in_a_form(const struct fact *is, const struct fact_run *run, const struct fact_property *like, bool normal)
{
	for (size_t i = 0; i < run->count; i++) {
		struct fact form = as_fact(run, &run->texts[i]);

		if (same_property(is, &form, like, normal))
			return true;
	}
	return false;
}

/* Is the property the same in a form of the fact? If not, append it. */
static void
compare_property(const struct fact *is, const struct fact_run *run, int server, const struct fact_property *like,
				 struct compare_text texts[COMPARE_TEXT_MOST], size_t *count)
{
	struct fact should = as_fact(run, compare_text_usual(run, server));
	bool		normal = is_printed(is->kind, like) && !is_known_server(run, server);
	struct compare_text text = {.label = like->label,.label_length = like->label_length};
	struct fact_property value;

	if (fact_property_is(like, "after") || same_in_a_form(is, run, like, normal))
		return;
	if (find(is, like, &value)) {
		text.is = value.value;
		text.is_length = value.value_length;
	}
	if (find(&should, like, &value)) {
		text.should = value.value;
		text.should_length = value.value_length;
	}
	text.unknown = normal && text.is && text.should;
	if (*count < COMPARE_TEXT_MOST)
		texts[(*count)++] = text;
}

size_t
compare_text(const struct fact *is, const struct fact_run *run, int server,
			 struct compare_text texts[COMPARE_TEXT_MOST])
{
	struct fact should = as_fact(run, compare_text_usual(run, server));
	struct fact_property property;
	struct fact_property other;
	size_t		count = 0;

	for (size_t i = 0; i < run->count; i++)
		if (strcmp(is->definition, run->texts[i].definition) == 0)
			return 0;
	for (const char *at = should.definition; fact_next_property(&should, &at, &property);)
		compare_property(is, run, server, &property, texts, &count);
	for (const char *at = is->definition; fact_next_property(is, &at, &property);)
		if (!find(&should, &property, &other))
			compare_property(is, run, server, &property, texts, &count);
	return count;
}

size_t
compare_text_loosely(const struct fact *is, const struct fact_run *run, int server,
					 struct compare_text texts[COMPARE_TEXT_MOST])
{
	struct fact should = as_fact(run, compare_text_usual(run, server));
	struct fact_property is_value;
	struct fact_property should_value;
	size_t		count = 0;

	if (is_known_server(run, server))
		return 0;
	for (const char *at = is->definition; fact_next_property(is, &at, &is_value) && count < COMPARE_TEXT_MOST;)
		if (is_printed(is->kind, &is_value) && !same_in_a_form(is, run, &is_value, false)
			&& same_in_a_form(is, run, &is_value, true) && find(&should, &is_value, &should_value))
			texts[count++] = (struct compare_text) {
				.label = is_value.label,.label_length = is_value.label_length,.is = is_value.value,
				.is_length = is_value.value_length,.should = should_value.value,
				.should_length = should_value.value_length,.unknown = true,.loosely = true
			};
	return count;
}

bool
compare_text_same(const struct fact *a, const struct fact *b)
{
	struct fact_text form = {b->definition, FACT_SERVERS_ALL};
	struct fact_run run = {.kind = b->kind,.name = b->name,.count = 1,.texts = &form};
	struct compare_text texts[COMPARE_TEXT_MOST];

	return compare_text(a, &run, FACT_NEWEST_MAJOR * 10000, texts) == 0;
}
