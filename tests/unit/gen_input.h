/*
 * gen_input.h - for tests of the generator's modules: a text as if it had been read from a file.
 */
#ifndef GEN_INPUT_H
#define GEN_INPUT_H

#include "source.h"

struct gen_input {
	struct arena arena;
	struct errors errors;
	struct source_input input;
	bool		good;			/* source_from_bytes found nothing wrong */
};

/* gen_input_start - take `length` bytes at `text` as the file "t.sql"; gen_input_stop frees everything. */
void		gen_input_start(struct gen_input *it, const char *text, size_t length);
void		gen_input_stop(struct gen_input *it);

/* gen_input_errors - the errors as "LINE: error" lines; lives until gen_input_stop. */
const char *gen_input_errors(struct gen_input *it);

#endif
