/* A text, as if read from a file. */
#include "unit/gen_input.h"

#include <string.h>

#include "unit/seeds.h"

#include "base/banned.h"

void
gen_input_start(struct gen_input *it, const char *text, size_t length)
{
	seeds_keep(text, length);
	*it = (struct gen_input) {.input = {.path = "t.sql"}};
	it->input.arena = &it->arena;
	it->input.errors = &it->errors;
	it->good = source_from_bytes(&it->input, "t.sql", arena_copy(&it->arena, text, length), length);
}

void
gen_input_stop(struct gen_input *it)
{
	errors_clear(&it->errors);
	arena_clear(&it->arena);
}

const char *
gen_input_errors(struct gen_input *it)
{
	const char *errors = "";

	for (size_t i = 0; i < it->errors.count; i++)
		errors = arena_format(&it->arena, "%s%u: %s\n", errors, it->errors.list[i].line,
							  it->errors.list[i].error);
	return errors;
}
