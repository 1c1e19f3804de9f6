/* The sections of a migration, found line by line by their dbmate markers. */
#include "sections.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* One line, without its line end. */
struct sections_line {
	size_t		start;
	size_t		end;
};

enum sections_marker {
	MARKER_NONE,
	MARKER_UP,
	MARKER_DOWN,
	MARKER_BATCH,
	MARKER_UNKNOWN
};

static struct sections_line
line_at(const struct source_input *input, size_t start)
{
	const char *end = memchr(input->text + start, '\n', input->source.length - start);

	return (struct sections_line) {start, end ? (size_t) (end - input->text) : input->source.length};
}

static size_t
skip_blanks(const struct source_input *input, const struct sections_line *line, size_t at)
{
	while (at < line->end && strchr(" \t\r\f\v", input->text[at]))
		at++;
	return at;
}

static size_t
skip_word(const struct source_input *input, const struct sections_line *line, size_t at)
{
	while (at < line->end && !strchr(" \t\r\f\v", input->text[at]))
		at++;
	return at;
}

static bool
word_is(const struct source_input *input, size_t at, size_t end, const char *word)
{
	return end - at == strlen(word) && memcmp(input->text + at, word, end - at) == 0;
}

/* Returns the kind of marker. Unless that is MARKER_NONE, `name` and `rest` are set to the bounds of "migrate:...". */
static enum sections_marker
read_marker(const struct source_input *input, const struct sections_line *line, size_t *name, size_t *rest)
{
	static const char directive[] = "migrate:";
	size_t		start = skip_blanks(input, line, line->start);
	size_t		at;

	if (line->end - start < 2 || memcmp(input->text + start, "--", 2) != 0)
		return MARKER_NONE;
	at = skip_blanks(input, line, start + 2);
	if (line->end - at < strlen(directive) || strncasecmp(input->text + at, directive, strlen(directive)) != 0)
		return MARKER_NONE;
	*name = at;
	*rest = skip_word(input, line, at);
	if (start > line->start)
		return MARKER_UNKNOWN;
	if (word_is(input, at, *rest, "migrate:up"))
		return MARKER_UP;
	if (word_is(input, at, *rest, "migrate:down"))
		return MARKER_DOWN;
	if (word_is(input, at, *rest, "migrate:batch"))
		return MARKER_BATCH;
	return MARKER_UNKNOWN;
}

static bool
add_unknown_error(const struct source_input *input, const struct sections_line *line, size_t name, size_t rest)
{
	if (input->text[line->start] != '-')
		source_error(input, line->start, "Remove the blanks before it.",
					 "directive \"%.*s\" is not at the start of its line", source_quoted(rest - name),
					 input->text + name);
	else
		source_error(input, line->start, "The directives are \"-- migrate:up\", \"-- migrate:down\" and "
					 "\"-- migrate:batch\".", "unknown directive \"%.*s\"", source_quoted(rest - name),
					 input->text + name);
	return false;
}

static bool
read_options(const struct source_input *input, const struct sections_line *line, size_t at, bool *transactional)
{
	bool		good = true;

	*transactional = true;
	while ((at = skip_blanks(input, line, at)) < line->end) {
		size_t		end = skip_word(input, line, at);

		if (word_is(input, at, end, "transaction:false"))
			*transactional = false;
		else if (!word_is(input, at, end, "transaction:true")) {
			source_error(input, at, "The only option is transaction:false (or transaction:true, the default).",
						 "unknown option \"%.*s\"", source_quoted(end - at), input->text + at);
			good = false;
		}
		at = end;
	}
	return good;
}

/* dbmate allows nothing but blank lines and "--" comments before the first marker. */
static bool
check_head(const struct source_input *input, const struct sections_line *line)
{
	size_t		at = skip_blanks(input, line, line->start);

	if (at == line->end || (line->end - at >= 2 && memcmp(input->text + at, "--", 2) == 0))
		return true;
	source_error(input, at, "Only blank lines and \"--\" comments may stand before \"-- migrate:up\".",
				 "text before the first section");
	return false;
}

static bool
open_section(const struct source_input *input, const struct sections_line *line, size_t options, bool allowed,
			 const char *name, struct history_section *section, bool *found)
{
	bool		good = true;

	if (*found) {
		source_error(input, line->start, "A migration has one up section, and after it one down section.",
					 "second \"migrate:%s\"", name);
		return false;
	}
	if (!allowed) {
		source_error(input, line->start, "Write the \"-- migrate:up\" section first.",
					 "\"migrate:%s\" before \"migrate:up\"", name);
		good = false;
	}
	*found = true;
	section->offset = line->end < input->source.length ? line->end + 1 : line->end;
	section->length = input->source.length - section->offset;
	return read_options(input, line, options, &section->transactional) && good;
}

static bool
check_found(const struct source_input *input, bool up_found, bool down_found)
{
	size_t		last = input->source.length - 1;

	if (!up_found)
		source_error(input, 0, "Begin the migration with a line \"-- migrate:up\".", "no \"migrate:up\" section");
	if (!down_found)
		source_error(input, last, "Add a line \"-- migrate:down\" and the statements that revert the up section, "
					 "or a comment that explains why there are none.", "no \"migrate:down\" section");
	return up_found && down_found;
}

bool
sections_find(const struct source_input *input, struct history_section *up, struct history_section *down)
{
	bool		up_found = false;
	bool		down_found = false;
	bool		head = true;		/* nothing but comments so far */
	bool		good = true;
	struct sections_line line;

	*up = *down = (struct history_section) {.transactional = true};
	for (size_t at = 0; at < input->source.length; at = line.end + 1) {
		size_t		name = 0;
		size_t		rest = 0;

		line = line_at(input, at);
		switch (read_marker(input, &line, &name, &rest)) {
			case MARKER_NONE:
				if (head && !up_found && !down_found)
					good &= head = check_head(input, &line);
				break;
			case MARKER_UNKNOWN:
				good &= add_unknown_error(input, &line, name, rest);
				break;
			case MARKER_UP:
				good &= open_section(input, &line, rest, true, "up", up, &up_found);
				break;
			case MARKER_DOWN:
				if (up_found && !down_found)
					up->length = line.start - up->offset;
				good &= open_section(input, &line, rest, up_found, "down", down, &down_found);
				break;
			case MARKER_BATCH:
				if (up_found || down_found)
					break;
				source_error(input, line.start, "Move it into a section, before the statement that it applies to.",
							 "\"migrate:batch\" before the first section");
				good = false;
				break;
		}
	}
	return check_found(input, up_found, down_found) && good;
}

bool
sections_none(const struct source_input *input, struct history_section *body)
{
	bool		good = true;
	struct sections_line line;

	*body = (struct history_section) {.length = input->source.length, .transactional = true};
	for (size_t at = 0; at < input->source.length; at = line.end + 1) {
		size_t		name = 0;
		size_t		rest = 0;

		line = line_at(input, at);
		if (read_marker(input, &line, &name, &rest) != MARKER_NONE) {
			source_error(input, line.start, "Remove it: only numbered migrations have sections.",
						 "directive \"%.*s\" in a file without sections", source_quoted(rest - name),
						 input->text + name);
			good = false;
		}
	}
	return good;
}

bool
sections_has_comment(const struct source_input *input, const struct history_section *section)
{
	for (size_t i = 0; i < section->length; i++) {
		unsigned char c = (unsigned char) input->text[section->offset + i];

		if (isalnum(c) || c >= 0x80)
			return true;
	}
	return false;
}

bool
sections_next_batch(const struct source_input *input, size_t *at, size_t end, struct sections_directive *directive)
{
	while (*at < end) {
		struct sections_line line = line_at(input, *at);
		size_t		name;
		size_t		rest;

		*at = line.end + 1;
		if (read_marker(input, &line, &name, &rest) == MARKER_BATCH) {
			*directive = (struct sections_directive) {.offset = line.start, .options = rest, .end = line.end};
			return true;
		}
	}
	return false;
}

bool
sections_next_option(const struct source_input *input, struct sections_directive *directive, size_t *option,
					 size_t *length)
{
	struct sections_line line = {directive->offset, directive->end};

	*option = skip_blanks(input, &line, directive->options);
	directive->options = skip_word(input, &line, *option);
	*length = directive->options - *option;
	return *length > 0;
}
