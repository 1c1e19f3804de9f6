/* Does SCHEMA belong to these migrations? */
#include "schema_file.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "folder_settings.h"
#include "judge.h"
#include "plan/effects.h"
#include "schema/fact_history.h"
#include "schema_sum.h"
#include "source.h"

#include "base/banned.h"

#define HINT "Run \"make schema\", which writes this file by running the migrations on a throwaway server."

static bool
check_versions(const struct source_input *input, const struct fact_history *facts, const struct parse_result *result)
{
	int			count = facts->version_count;

	for (int i = 0; i < count && i <= result->history.latest; i++) {
		const struct fact_version *version = &facts->versions[i];
		const struct history_migration *migration = &result->migrations[i];

		if (strcmp(version->checksum, migration->source.checksum) == 0 && strcmp(version->name, migration->name) == 0)
			continue;
		errors_add(input->errors, input->path, version->line, HINT, "%s was changed after this schema was made",
				   migration->source.file);
		return false;
	}
	if (count == result->history.latest + 1)
		return true;
	if (count > result->history.latest + 1)
		errors_add(input->errors, input->path, facts->versions[result->history.latest + 1].line, HINT,
				   "there is no migration %d", result->history.latest + 1);
	else
		errors_add(input->errors, input->path, source_line(input, input->source.length), HINT,
				   "the schema of version %d is missing", count);
	return false;
}

/* Are they the lines that "make schema" wrote? Where lint does not judge, a version need not have a checksum. */
static bool
check_sums(const struct source_input *input, const struct fact_history *facts, bool unjudged)
{
	int			wrong = schema_sum_wrong(facts, input->text, !unjudged);
	const struct fact_version *version = &facts->versions[wrong];

	if (wrong == facts->version_count)
		return true;
	errors_add(input->errors, input->path, version->line, HINT, version->sum ?
			   "the lines of version %d were changed by hand or by a merge" : "version %d has no checksum", wrong);
	return false;
}

static bool
check_grants(const struct source_input *input, const struct fact_history *facts, const struct parse_result *result)
{
	const struct history_script *grants = result->history.grants;

	if (grants && facts->grants ? strcmp(facts->grants, grants->source.checksum) == 0 : !grants && !facts->grants)
		return true;
	errors_add(input->errors, input->path, 1, HINT, FOLDER_GRANTS " was changed after this schema was made");
	return false;
}

/* Nothing existed before version 0, so that there is nothing to judge. */
static bool
check_measured(const struct source_input *input, const struct fact_history *facts, const struct parse_result *result)
{
	for (int i = 1; i < facts->version_count; i++)
		if (!facts->versions[i].measured) {
			errors_add(input->errors, input->path, facts->versions[i].line,
					   "Run \"make schema MEASURE_ALL=1\", which measures all versions.",
					   "the effects of the statements of %s are not recorded", result->migrations[i].source.file);
			return false;
		}
	return true;
}

/* Does it say what a statement of the migration does? */
static bool
check_effects(const struct source_input *input, const struct fact_history *facts, const struct parse_result *result)
{
	for (size_t i = 0; i < facts->effect_count; i++) {
		const struct fact_effect *effect = &facts->effects[i];
		const struct history_migration *migration = &result->migrations[effect->version];
		struct effects_statement statement = {.tables = mem_alloc(sizeof(*statement.tables)),.table_count = 1};
		bool		good;

		statement.tables->name = mem_string("");
		good = effect->table ? effects_parse_table(statement.tables, effect->definition)
			: effects_parse_statement(&statement, effect->definition);
		effects_statement_clear(&statement);
		if (!good) {
			errors_add(input->errors, input->path, effect->schema_line, HINT, "these are not effects of a statement");
			return false;
		}
		if (effects_find(&migration->source, &migration->up, effect->line, effect->column) < migration->up.count)
			continue;
		errors_add(input->errors, input->path, effect->schema_line, HINT,
				   "no statement of %s begins at line %u, column %u",
				   migration->source.file, effect->line, effect->column);
		return false;
	}
	return true;
}

/* Does it speak of a statement that the down has? */
static bool
check_downs(const struct source_input *input, const struct fact_history *facts, const struct parse_result *result)
{
	for (size_t i = 0; i < facts->down_count; i++) {
		const struct fact_down *down = &facts->downs[i];
		const struct history_migration *migration = &result->migrations[down->version];

		if (down->statement < migration->down.count)
			continue;
		errors_add(input->errors, input->path, down->line, HINT, "the down of %s has no statement %zu",
				   migration->source.file, down->statement + 1);
		return false;
	}
	return true;
}

static void
write_escaped(FILE *stream, const char *text)
{
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(stream, "\\%c", *text);
		else if (*text == '\t')
			fputs("\\t", stream);
		else if ((unsigned char) *text < 0x20)
			fprintf(stream, "\\u%04X", (unsigned) *text);
		else
			fputc(*text, stream);
}

/* What the up or down of a version drops, as JSON: a string in the arena. */
static const char *
drops_json(struct arena *arena, const struct fact_history *facts, int version, bool down)
{
	char	   *text = NULL;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	const char *json;
	const char *separator = "[";

	for (size_t i = 0; i < facts->claim_count; i++) {
		const struct fact_claim *claim = &facts->claims[i];

		if (claim->version != version || claim->down != down || claim->kind < FACT_DROPS)
			continue;
		fprintf(stream, "%s\"%s %s ", separator, fact_claim_words[claim->kind], fact_kind_word(claim->fact.kind));
		write_escaped(stream, claim->fact.name);
		write_escaped(stream, claim->fact.definition[0] ? "\t" : "");
		write_escaped(stream, claim->fact.definition);
		fputc('"', stream);
		separator = ",";
	}
	fputs(*separator == '[' ? "[]" : "]", stream);
	mem_stream_close(stream);
	json = arena_string(arena, text);
	mem_free(text);
	return json;
}

static void
set_drops(struct arena *arena, const struct fact_history *facts, struct parse_result *result)
{
	struct parse_drops *drops = arena_alloc(arena, (size_t) facts->version_count * sizeof(*drops));

	for (int i = 0; i < facts->version_count; i++) {
		if (!facts->versions[i].drops_unknown)
			drops[i].up = drops_json(arena, facts, i, false);
		if (!facts->versions[i].down_drops_unknown)
			drops[i].down = drops_json(arena, facts, i, true);
	}
	result->drops = drops;
}

bool
schema_file_read(struct arena *arena, struct errors *errors, const struct folder *folder,
				 const struct parse_paths *paths, struct parse_result *result)
{
	struct source_input input = {.arena = arena,.errors = errors,.path = paths->schema};
	struct history_source *source = arena_alloc(arena, sizeof(*source));
	struct fact_history *facts = &result->facts;
	char	   *message = NULL;
	unsigned	line;
	bool		good = source_read(&input, "SCHEMA");

	if (good && !fact_history_parse(facts, input.text, input.source.length, &line, &message)) {
		errors_add(errors, input.path, line, HINT, "%s", message);
		good = false;
	}
	good = good && check_grants(&input, facts, result) && check_versions(&input, facts, result)
		&& check_sums(&input, facts, paths->unjudged)
		&& folder_settings_check(arena, errors, folder, &result->history, facts)
		&& check_effects(&input, facts, result) && check_downs(&input, facts, result);
	if (good && !paths->unjudged)
		good = check_measured(&input, facts, result) && judge_migrations(arena, errors, folder, facts, result);
	if (good)
		set_drops(arena, facts, result);
	*source = input.source;
	result->history.schema = source;
	mem_free(message);
	return good;
}

bool
schema_file_is_known(struct errors *errors, const char *path, const struct fact_history *facts)
{
	for (size_t i = 0; i < facts->run_count; i++) {
		const struct fact_run *run = &facts->runs[i];
		unsigned	known = run->absent;

		for (size_t k = 0; k < run->count; k++)
			known |= run->texts[k].servers;
		if (known == FACT_SERVERS_ALL)
			continue;
		errors_add(errors, path, run->line, "Run \"make schema SERVERS=all\" before a release.",
				   "it is not known how all servers print this");
		return false;
	}
	return true;
}
