/* Facts made by hand. */
#include "unit/given_facts.h"

#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

#include "base/banned.h"

static void
make_live(struct live *live, const char *text)
{
	char	   *line = arena_string(&live->facts.arena, text);

	for (char *next; *line; line = next) {
		size_t		length = strcspn(line, "\n");
		struct fact fact;

		next = line + length + (line[length] == '\n');
		line[length] = '\0';
		ck_assert_msg(fact_parse(line, &fact), "not a fact: %s", line);
		fact_add(&live->facts, fact.kind, fact.name, fact.definition);
	}
	fact_set_sort(&live->facts);
}

/* With the names and checksums of versions. */
static char *
complete(const char *text)
{
	char	   *whole;
	size_t		size;
	FILE	   *stream = mem_stream_open(&whole, &size);

	while (*text) {
		size_t		length = strcspn(text, "\n");

		fprintf(stream, "%.*s%s\n", (int) length, text, strncmp(text, "version ", 8) == 0 ? " name 00" : "");
		text += length + (text[length] == '\n');
	}
	mem_stream_close(stream);
	return whole;
}

void
given_facts_make(struct given_facts *given, const char *live, const char *known, int server)
{
	char	   *text = complete(known);
	unsigned	line;
	char	   *message;

	*given = (struct given_facts) {.roles = {"apache", "reader"}};
	make_live(&given->live, live);
	given->live.server = server;
	given->live.owner = "fitsdata";
	given->live.role_count = 2;
	given->live.roles = given->roles;
	given->dependents[0] = (struct live_dependent) {"t", "t.used", {FACT_VIEW, "user_of_t", ""}, false};
	given->live.dependents = given->dependents;
	given->live.dependent_count = 1;
	ck_assert_msg(fact_history_parse(&given->known, text, strlen(text), &line, &message), "line %u: %s", line, message);
	given->sides = (struct compare_sides) {.live = &given->live,.history = &given->known};
	mem_free(message);
	mem_free(text);
}

bool
given_facts_unsaid(int version, const char *name)
{
	(void) version;
	(void) name;
	return false;
}

void
given_facts_clear(struct given_facts *given)
{
	fact_set_clear(&given->live.facts);
	fact_history_clear(&given->known);
}
