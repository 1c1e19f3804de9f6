#include "migration.h"

#include "history/sql_lexer.h"
#include "allow.h"
#include "ranges.h"
#include "repeat.h"
#include "rules.h"
#include "sections.h"
#include "split.h"

#include "base/banned.h"

static bool
check_statements(const struct input *input, const struct section *section, const char *why)
{
	bool		good = true;

	for (size_t i = 0; i < section->count; i++) {
		const struct statement *one = &section->statements[i];
		struct sql_lexer_phrase phrase;

		phrase_read(&phrase, input->text + one->offset, one->length);
		good &= rules_statement(input, section, one, &phrase);
		if (why)
			good &= repeat_check(input, one, &phrase, why);
		phrase_clear(&phrase);
	}
	return good;
}

/* An up does something; a down that does not says why. */
static bool
check_presence(const struct input *input, const struct section *up, const struct section *down)
{
	size_t		before = input->complaints->count;

	if (up->count == 0)
		source_complain(input, up->offset - 1, "A migration changes something. A number that is no longer needed keeps "
						"its place with \"SELECT 1;\".", "no statement in the up section");
	if (down->count == 0 && !sections_explained(input, down))
		source_complain(input, down->offset - 1, "Write what undoes the up, or a comment that says why nothing does.",
						"empty down section with no word why");
	return input->complaints->count == before;
}

static bool
parse_sections(const struct input *input, struct migration *migration)
{
	struct section *up = &migration->up;
	struct section *down = &migration->down;
	const char *why = NULL;
	bool		whole;
	bool		good;

	if (!sections_find(input, up, down))
		return false;
	if (!up->transactional || !down->transactional)
		why = "The migration has a transaction:false section: what was interrupted runs again, or is undone half-done.";
	whole = split_section(input, up);
	whole &= split_section(input, down);
	good = check_statements(input, up, why);
	good &= check_statements(input, down, why);
	/* What looks for statements would mislead where some were not read. */
	if (whole) {
		good &= allow_read(input, migration);
		good &= ranges_read(input, up);
		good &= ranges_read(input, down);
	}
	return whole && check_presence(input, up, down) && rules_alone(input, up, down) && good;
}

bool
migration_parse(struct arena *arena, struct complaints *complaints, const char *path, const struct folder_entry *entry,
				struct migration *migration)
{
	struct input input = {.arena = arena, .complaints = complaints, .path = path};
	bool		good = source_read(&input, entry->file);

	*migration = (struct migration) {.version = entry->version, .name = entry->name, .source = input.source};
	if (!good || !parse_sections(&input, migration))
		return false;
	if (entry->version == 0 && !migration->up.transactional)
		return source_complain(&input, migration->up.offset - 1, "Until version 0 is there, nothing can say"
							   " how far it got.", "version 0 must be one transaction"), false;
	return true;
}

bool
migration_parse_script(struct input *input, const char *file, const char *why, struct script *script)
{
	bool		good = source_read(input, file);

	*script = (struct script) {.source = input->source};
	if (!good || !sections_none(input, &script->body))
		return false;
	good = split_section(input, &script->body);
	good &= allow_none(input, &script->body);
	if (good && script->body.count == 0)
		source_complain(input, 0, "Write it, or delete the file.", "no statement in this file");
	return check_statements(input, &script->body, why) && good && script->body.count > 0;
}
