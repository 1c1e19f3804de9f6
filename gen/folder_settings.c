/* SETTINGS in a folder of migrations. */
#include "folder_settings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "schema/fact.h"
#include "source.h"

#include "base/banned.h"

#define IGNORE "ignore "
#define FROM "from "

/* Names are as in SQL: a capital letter is in quotes. A range of characters may have any. */
static bool
is_name(const char *pattern)
{
	bool		quoted = false;

	for (const char *c = pattern; *c; c++) {
		quoted ^= *c == '"';
		if (*c == '[')
			c += strcspn(c, "]");
		if (!*c)
			break;
		if (!quoted && *c >= 'A' && *c <= 'Z')
			return false;
	}
	return true;
}

static bool
check_pattern(const struct source_input *input, size_t offset, const struct history_ignore *ignore)
{
	if (strcmp(ignore->kind, "*") == 0 && !ignore->name[strspn(ignore->name, "*?")]) {
		source_error(input, offset, "Name the objects, or their kind.", "this would ignore every object");
		return false;
	}
	if (!is_name(ignore->name)) {
		source_error(input, offset, "Write names as in SQL, such as \"My_Notes\" with its quotes.",
					 "a capital letter without quotes matches no object");
		return false;
	}
	return true;
}

/* "from N ", which may be missing. Returns the text after it. */
static char *
read_first(char *text, struct history_ignore *ignore)
{
	char	   *end;
	long		first;

	if (strncmp(text, FROM, strlen(FROM)) != 0)
		return text;
	first = strtol(text + strlen(FROM), &end, 10);
	if (first < 1 || first > INT_MAX || *end != ' ')
		return text;
	ignore->first = (int) first;
	return end + 1;
}

/* "KIND NAME: REASON" */
static bool
read_ignore(struct source_input *input, size_t offset, char *text, struct history_ignore *ignore)
{
	char	   *colon = strstr(text, ": ");
	char	   *end = colon;
	struct fact fact;

	if (!colon || !colon[2 + strspn(colon + 2, " ")]) {
		source_error(input, offset, "Write: ignore KIND NAME: REASON.", "an ignored object without a reason");
		return false;
	}
	while (end > text && end[-1] == ' ')
		end--;
	*end = '\0';
	ignore->reason = colon + 2 + strspn(colon + 2, " ");
	if (strncmp(text, "* ", 2) == 0) {
		ignore->kind = "*";
		ignore->name = text + 2;
		return check_pattern(input, offset, ignore);
	}
	if (!fact_parse(text, &fact)) {
		source_error(input, offset, "Write the kind as SCHEMA has it, such as table or materialized view, or * for all "
					 "kinds.", "unknown kind of object");
		return false;
	}
	ignore->kind = fact_kind_word(fact.kind);
	ignore->name = fact.name;
	return check_pattern(input, offset, ignore);
}

static bool
read_line(struct source_input *input, size_t offset, size_t length, struct history *common,
		  struct history_ignore *ignores)
{
	char	   *line = arena_copy(input->arena, input->text + offset, length);
	struct history_ignore *ignore = &ignores[common->ignore_count];

	if (!line[strspn(line, " \t")] || strncmp(line, "--", 2) == 0)
		return true;
	if (strncmp(line, IGNORE, strlen(IGNORE)) == 0) {
		common->ignore_count++;
		ignore->line = source_line(input, offset);
		return read_ignore(input, offset, read_first(line + strlen(IGNORE), ignore), ignore);
	}
	source_error(input, offset, "A line is \"ignore KIND NAME: REASON\", or a comment that begins with --.",
				 "unknown setting");
	return false;
}

bool
folder_settings_read(struct arena *arena, struct errors *errors, const struct folder *folder, struct history *common)
{
	struct source_input input = {.arena = arena,.errors = errors,.path = folder_path(arena, folder, FOLDER_SETTINGS)};
	struct history_ignore *ignores;
	bool		good = true;

	if (!folder->settings)
		return true;
	if (!source_read(&input, FOLDER_SETTINGS))
		return false;
	/* There are no more of them than bytes in the file, and far fewer. */
	ignores = arena_alloc(arena, (input.source.length / strlen(IGNORE) + 1) * sizeof(*ignores));
	common->ignores = ignores;
	for (size_t at = 0; at < input.source.length;) {
		size_t		length = strcspn(input.text + at, "\n");

		good &= read_line(&input, at, length, common, ignores);
		at += length + 1;
	}
	return good;
}

/* The first fact of the schema that is ignored, though it is recorded; NULL: none is. */
static const struct fact_run *
find_ignored(const struct history_ignore *ignore, const struct fact_history *facts)
{
	for (size_t i = 0; i < facts->run_count; i++)
		if (facts->runs[i].to > ignore->first
			&& fact_is_ignored(ignore, ignore->first, facts->runs[i].kind, facts->runs[i].name))
			return &facts->runs[i];
	return NULL;
}

bool
folder_settings_check(struct arena *arena, struct errors *errors, const struct folder *folder,
					  const struct history *common, const struct fact_history *facts)
{
	bool		good = true;

	for (size_t i = 0; i < common->ignore_count; i++) {
		const struct fact_run *run = find_ignored(&common->ignores[i], facts);

		if (run)
			errors_add(errors, folder_path(arena, folder, FOLDER_SETTINGS), common->ignores[i].line,
					   "Only objects that no migration creates can be excluded. To exclude an object from version N on, write"
					   " \"ignore from N\".",
					   "this would ignore %s %s of the schema", fact_kind_word(run->kind), run->name);
		good &= !run;
	}
	return good;
}
