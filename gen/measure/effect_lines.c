/* The effects of the statements of a version as lines. */
#include "measure/effect_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "measure/effect_text.h"

#include "base/banned.h"

/* A line: what a statement does to a table, or, with table "", to none. */
struct effect_line {
	unsigned	servers;
	unsigned	line;
	unsigned	column;
	char	   *table;
	char	   *definition;
};

struct effect_lines {
	size_t		count;
	struct effect_line *lines;
};

static int
compare_places(const struct effect_line *a, const struct effect_line *b)
{
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return strcmp(a->table, b->table);
}

static int
compare_lines(const void *left, const void *right)
{
	const struct effect_line *a = left;
	const struct effect_line *b = right;
	unsigned	first = a->servers & ~(a->servers - 1);
	unsigned	other = b->servers & ~(b->servers - 1);
	int			order = compare_places(a, b);

	return order ? order : (first > other) - (first < other);
}

/* Add a line, or the servers to one that says the same. */
static void
add(struct effect_lines *lines, struct effect_line line, const char *table, const char *definition)
{
	line.table = mem_string(table);
	for (size_t i = 0; i < lines->count; i++)
		if (compare_places(&lines->lines[i], &line) == 0 && strcmp(lines->lines[i].definition, definition) == 0) {
			lines->lines[i].servers |= line.servers;
			mem_free(line.table);
			return;
		}
	line.definition = mem_string(definition);
	lines->lines = mem_room(lines->lines, lines->count, sizeof(*lines->lines));
	lines->lines[lines->count++] = line;
}

/* Lines of the servers in the set. */
static void
add_recorded(struct effect_lines *lines, const struct fact_history *facts, int version, unsigned servers)
{
	for (size_t i = 0; facts && i < facts->effect_count; i++) {
		const struct fact_effect *effect = &facts->effects[i];
		struct effect_line line = {.servers = effect->servers & servers,.line = effect->line,.column = effect->column};

		if (effect->version == version && line.servers)
			add(lines, line, effect->table ? effect->table : "", effect->definition);
	}
}

static void
add_measured(struct effect_lines *lines, const struct effects *effects, unsigned server)
{
	const struct history_source *source = &effects->migration->source;

	for (size_t i = 0; i < effects->count; i++) {
		const struct effects_statement *statement = &effects->statements[i];
		size_t		offset = effects->migration->up.statements[i].offset;
		struct text_position at = text_position(source->text, source->length, offset, 0);
		struct effect_line line = {.servers = server,.line = at.line,.column = at.column};
		char	   *definition = effect_text_statement(statement);

		if (definition[0])
			add(lines, line, "", definition);
		mem_free(definition);
		for (size_t k = 0; k < statement->table_count; k++) {
			definition = effect_text_table(&statement->tables[k]);
			if (definition[0])
				add(lines, line, effects_shown(statement->tables[k].name), definition);
			mem_free(definition);
		}
	}
}

static void
sort(struct effect_lines *lines)
{
	if (lines->count > 0)
		qsort(lines->lines, lines->count, sizeof(*lines->lines), compare_lines);
}

static void
clear(struct effect_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		mem_free(lines->lines[i].table);
		mem_free(lines->lines[i].definition);
	}
	mem_free(lines->lines);
}

static void
write_line(FILE *stream, const struct effect_line *line)
{
	fputc('!', stream);
	fact_servers_write(stream, line->servers, false);
	fprintf(stream, " %u:%u %s\t%s\n", line->line, line->column, line->table[0] ? line->table : "-", line->definition);
}

void
effect_lines_write(FILE *stream, const struct fact_history *facts, int version, const struct effects *effects,
				   unsigned server)
{
	struct effect_lines lines = {0};
	unsigned	known = facts ? facts->versions[version].measured : 0;

	if (effects) {
		known |= server;
		add_recorded(&lines, facts, version, ~server);
		add_measured(&lines, effects, server);
	} else
		add_recorded(&lines, facts, version, FACT_SERVERS_ALL);
	sort(&lines);
	if (known) {
		fprintf(stream, "measured%s", known == FACT_SERVERS_ALL ? "" : " ");
		fact_servers_write(stream, known, false);
		fputc('\n', stream);
	}
	for (size_t i = 0; i < lines.count; i++)
		write_line(stream, &lines.lines[i]);
	clear(&lines);
}

size_t
effect_lines_check(const struct fact_history *facts, const struct effects *effects, unsigned server)
{
	int			version = effects->migration->version;
	struct effect_lines lines = {0};
	struct effects recorded;
	unsigned	nearest = effects_recorded(&recorded, facts, effects->migration, server, 0) ? recorded.servers : 0;
	size_t		faults = 0;

	/* A line that is both recorded and measured has both bits. */
	effects_clear(&recorded);
	add_recorded(&lines, facts, version, nearest);
	for (size_t i = 0; i < lines.count; i++)
		lines.lines[i].servers = FACT_SERVERS_10;
	add_measured(&lines, effects, FACT_SERVERS_11);
	sort(&lines);
	for (size_t i = 0; i < lines.count; i++)
		if (lines.lines[i].servers != (FACT_SERVERS_10 | FACT_SERVERS_11)) {
			bool		measured = lines.lines[i].servers == FACT_SERVERS_11;

			lines.lines[i].servers = FACT_SERVERS_ALL;
			printf("version %d, %s: ", version, measured ? "an effect only on this server" : "not on this server");
			write_line(stdout, &lines.lines[i]);
			faults++;
		}
	clear(&lines);
	return faults;
}
