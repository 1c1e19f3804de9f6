/* Draw a diagram: groups of tables, foreign keys, the title. */
#include "schema/diagram.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "schema/catalog.h"
#include "schema/diagram_box.h"
#include "schema/diagram_groups.h"
#include "schema/diagram_parts.h"
#include "schema/diagram_text.h"

#include "base/banned.h"

enum {
	COLUMN_LINES = 45,			/* the height of a column of tables, about */
	TITLE_LINES = 2				/* the height of a table without columns */
};

static void
open_group(FILE *stream, const char *name, const char *title)
{
	fputs("\n\tsubgraph ", stream);
	diagram_text_name(stream, name);
	fputs(" {\n\t\tlabel=<<B>", stream);
	diagram_text_label(stream, title);
	fputs("</B>>;\n", stream);
}

/* Nodes without arrows would form one long line: invisible arrows arrange them in a square. */
static void
write_square(FILE *stream, const char *const *names, size_t count)
{
	size_t		side = 1;

	while (side * side < count)
		side++;
	for (size_t i = 0; i + side < count; i++) {
		fputs("\t\t", stream);
		diagram_text_name(stream, names[i]);
		fputs(" -> ", stream);
		diagram_text_name(stream, names[i + side]);
		fputs(" [style=invis];\n", stream);
	}
	fputs("\t}\n", stream);
}

static void
write_groups(FILE *stream, const struct diagram_parts *parts, const struct diagram_groups *groups)
{
	for (size_t leader = 0; leader < parts->table_count; leader++) {
		char	   *name;

		if (groups->leaders[leader] != leader)
			continue;
		name = mem_format("cluster_%s", parts->tables[leader].part.fact->name);
		open_group(stream, name, parts->tables[leader].part.fact->name);
		for (size_t i = 0; i < parts->table_count; i++)
			if (groups->leaders[i] == leader)
				diagram_box_table(stream, parts, &parts->tables[i]);
		fputs("\t}\n", stream);
		mem_free(name);
	}
}

static void
write_alone(FILE *stream, const struct diagram_parts *parts, const struct diagram_groups *groups)
{
	const char **names = mem_alloc((parts->table_count + 1) * sizeof(*names));
	size_t		count = 0;

	for (size_t i = 0; i < parts->table_count; i++)
		if (groups->leaders[i] == DIAGRAM_GROUPS_ALONE) {
			if (count == 0)
				open_group(stream, "cluster without keys", "no foreign keys");
			diagram_box_table(stream, parts, &parts->tables[i]);
			names[count++] = parts->tables[i].part.fact->name;
		}
	if (count > 0)
		write_square(stream, names, count);
	mem_free(names);
}

static void
write_end(FILE *stream, const struct diagram_parts *parts, size_t table, const struct diagram_column *column,
		  const char *side)
{
	diagram_text_name(stream, parts->tables[table].part.fact->name);
	if (!column || !diagram_box_is_open(parts, &parts->tables[table]))
		return;
	fputs(":\"", stream);
	diagram_text_port(stream, column->part.fact->name);
	fprintf(stream, "\":%s", side);
}

static void
write_keys(FILE *stream, const struct diagram_parts *parts, const struct diagram_groups *groups)
{
	for (size_t i = 0; i < parts->key_count; i++) {
		const struct diagram_key *key = &parts->keys[i];

		fputs(i == 0 ? "\n\t" : "\t", stream);
		write_end(stream, parts, key->from, key->column, key->from == key->to ? "e" : "w");
		fputs(" -> ", stream);
		write_end(stream, parts, key->to, key->referred, "e");
		fprintf(stream, " [%s", diagram_box_styles[key->part.mark].edge);
		if (groups->distances[i] > 1)
			fprintf(stream, ", minlen=%d", groups->distances[i]);
		fputs("];\n", stream);
	}
}

static bool
is_drawn(const struct catalog_fact *fact)
{
	return fact->kind == FACT_TABLE || fact->kind == FACT_COLUMN || fact->kind == FACT_LABEL
		|| diagram_parts_is_key(fact) || diagram_parts_is_enum(fact);
}

/* Only foreign keys of all constraints are drawn, and only enums of all types. */
static const char *
word_of(enum catalog_fact_kind kind, bool drawn)
{
	if (kind == FACT_CONSTRAINT)
		return drawn ? "foreign key" : "other constraint";
	if (kind == FACT_TYPE)
		return drawn ? "enum" : "other type";
	return catalog_kind(kind);
}

static void
write_count(FILE *stream, const struct diagram_parts *parts, enum catalog_fact_kind kind, bool drawn)
{
	size_t		counts[DIAGRAM_COUNT] = {0};

	for (size_t i = 0; i < parts->part_count; i++)
		if (parts->all[i].fact->kind == kind && is_drawn(parts->all[i].fact) == drawn)
			counts[parts->all[i].mark]++;
	if (counts[DIAGRAM_ADDED] + counts[DIAGRAM_REMOVED] + counts[DIAGRAM_CHANGED] == 0)
		return;
	fprintf(stream, "<BR/>%s:", word_of(kind, drawn));
	for (int mark = DIAGRAM_ADDED; mark < DIAGRAM_COUNT; mark++)
		if (counts[mark] > 0)
			fprintf(stream, " %s%zu", diagram_box_styles[mark].sign, counts[mark]);
	fputs(drawn ? "" : " (not drawn)", stream);
}

static void
write_title(FILE *stream, const char *title, const struct diagram_parts *parts)
{
	fputs("\tlabel=<<FONT POINT-SIZE=\"24\">", stream);
	diagram_text_label(stream, title);
	fputs("</FONT>", stream);
	if (parts->compared) {
		fputs("<BR/>+ added, - removed, ~ changed", stream);
		for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
			write_count(stream, parts, (enum catalog_fact_kind) kind, true);
			write_count(stream, parts, (enum catalog_fact_kind) kind, false);
		}
	}
	fputs(">;\n", stream);
}

void
diagram_write(FILE *stream, const char *title, const struct catalog *was, const struct catalog *is)
{
	struct diagram_parts parts;
	struct diagram_groups groups;
	size_t	   *heights;

	diagram_parts_find(&parts, was, is);
	heights = mem_alloc((parts.table_count + 1) * sizeof(*heights));
	for (size_t i = 0; i < parts.table_count; i++)
		heights[i] = TITLE_LINES + (diagram_box_is_open(&parts, &parts.tables[i]) ? parts.tables[i].column_count : 0);
	diagram_groups_find(&groups, &parts, heights, COLUMN_LINES);

	fputs("digraph schema {\n"
		  "\tgraph [rankdir=RL, pack=20, packmode=\"node\", nodesep=0.15, ranksep=0.6, labelloc=t, pad=0.3,"
		  " fontname=\"Helvetica\", style=filled, color=\"#f1f3f0\"];\n"
		  "\tnode [shape=plain, fontname=\"Helvetica\", fontsize=9];\n"
		  "\tedge [arrowsize=0.6, fontname=\"Helvetica\"];\n", stream);
	write_title(stream, title, &parts);
	write_groups(stream, &parts, &groups);
	write_alone(stream, &parts, &groups);
	diagram_box_enums(stream, &parts);
	write_keys(stream, &parts, &groups);
	fputs("}\n", stream);

	mem_free(heights);
	diagram_groups_clear(&groups);
	diagram_parts_clear(&parts);
}
