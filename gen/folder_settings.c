/* SETTINGS in a folder of migrations. */
#include "folder_settings.h"

#include <string.h>

#include "schema/fact.h"
#include "source.h"

#include "base/banned.h"

#define IGNORE "ignore "

/* "KIND NAME: REASON" */
static bool
read_ignore(struct source_input *input, size_t offset, char *text, struct history_ignore *ignore)
{
	char	   *colon = strstr(text, ": ");
	struct fact fact;

	if (!colon || !colon[2 + strspn(colon + 2, " ")]) {
		source_error(input, offset, "Write: ignore KIND NAME: REASON.", "an ignored object without a reason");
		return false;
	}
	*colon = '\0';
	ignore->reason = colon + 2 + strspn(colon + 2, " ");
	if (strncmp(text, "* ", 2) == 0) {
		ignore->kind = "*";
		ignore->name = text + 2;
		return true;
	}
	if (!fact_parse(text, &fact)) {
		source_error(input, offset, "Write the kind as SCHEMA has it, such as table or materialized view, or * for all "
					 "kinds.", "unknown kind of object");
		return false;
	}
	ignore->kind = fact_kind_word(fact.kind);
	ignore->name = fact.name;
	return true;
}

static bool
read_line(struct source_input *input, size_t offset, size_t length, struct history *common,
		  struct history_ignore *ignores)
{
	char	   *line = arena_copy(input->arena, input->text + offset, length);

	if (!line[strspn(line, " \t")] || strncmp(line, "--", 2) == 0)
		return true;
	if (strncmp(line, IGNORE, strlen(IGNORE)) == 0)
		return read_ignore(input, offset, line + strlen(IGNORE), &ignores[common->ignore_count++]);
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
