#include "gen_input.h"

#include <string.h>

#include "seeds.h"

#include "base/banned.h"

void
gen_input_start(struct gen_input *it, const char *text, size_t length)
{
	seeds_keep(text, length);
	*it = (struct gen_input) {.input = {.path = "t.sql"}};
	it->input.arena = &it->arena;
	it->input.complaints = &it->complaints;
	it->good = source_from_bytes(&it->input, "t.sql", arena_copy(&it->arena, text, length), length);
}

void
gen_input_stop(struct gen_input *it)
{
	complaints_clear(&it->complaints);
	arena_clear(&it->arena);
}

const char *
gen_input_errors(struct gen_input *it)
{
	const char *errors = "";

	for (size_t i = 0; i < it->complaints.count; i++)
		errors = arena_format(&it->arena, "%s%u: %s\n", errors, it->complaints.list[i].line,
							  it->complaints.list[i].error);
	return errors;
}
