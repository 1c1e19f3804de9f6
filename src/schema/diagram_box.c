/* Draw the boxes of a diagram. */
#include "schema/diagram_box.h"

#include <string.h>

#include "base/mem.h"
#include "schema/catalog.h"
#include "schema/diagram_parts.h"
#include "schema/diagram_text.h"

#include "base/banned.h"

enum {
	ENUM_WIDTH = 60				/* bytes of labels in a line */
};

enum {
	TYPE = 0, NULLABILITY = 1	/* among the properties of a column */
};

#define BOX \
	"<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\" COLOR=\"#8296ac\" BGCOLOR=\"#ffffff\">\n"

/* diagram_text_name never makes this name, so it is not the node of a table. */
#define ENUMS "\"\\enums\""

const struct diagram_box_style diagram_box_styles[DIAGRAM_COUNT] = {
	[DIAGRAM_SAME] = {"", "", "", "#ffffff", "#d8e2ec", "color=\"#6a7f9a\""},
	[DIAGRAM_ADDED] = {"+ ", "<B>", "</B>", "#d9f2d9", "#a8dca8",
	"color=\"#1a7f1a\", fontcolor=\"#1a7f1a\", penwidth=2, label=\"added\""},
	[DIAGRAM_REMOVED] = {"- ", "<S>", "</S>", "#f8dcdc", "#ecb0b0",
	"color=\"#b02020\", fontcolor=\"#b02020\", style=dashed, label=\"removed\""},
	[DIAGRAM_CHANGED] = {"~ ", "<I>", "</I>", "#fff3c4", "#f2dc8c",
	"color=\"#9a6a00\", fontcolor=\"#9a6a00\", penwidth=2, label=\"changed\""},
};

/* Type names of the server, and shorter ones. */
static const struct {
	const char *words;
	const char *instead;
}			shorter[] = {
	{"public.", ""},
	{"character varying", "varchar"},
	{"timestamp with time zone", "timestamptz"},
	{" without time zone", ""},
};

static void
write_type(FILE *stream, const char *type)
{
	char	   *text = mem_string(type);

	for (size_t i = 0; i < sizeof(shorter) / sizeof(shorter[0]); i++) {
		const char *found = strstr(text, shorter[i].words);
		char	   *next;

		if (!found || strchr(text, '"'))
			continue;
		next = mem_format("%.*s%s%s", (int) (found - text), text, shorter[i].instead, found + strlen(shorter[i].words));
		mem_free(text);
		text = next;
	}
	diagram_text_label(stream, text);
	mem_free(text);
}

static void
write_value(FILE *stream, const struct catalog_fact *fact, int property)
{
	if (property == TYPE)
		write_type(stream, fact->values[property]);
	else
		diagram_text_label(stream, fact->values[property] ? fact->values[property] : "none");
}

/* The changes: "integer → bigint", "default none → 0". */
static void
write_changes(FILE *stream, const struct diagram_part *part)
{
	const char *between = "";

	for (int i = 0; i < FACT_PROPERTIES; i++) {
		const char *was = part->was->values[i];
		const char *is = part->is->values[i];

		if (strcmp(was ? was : "", is ? is : "") == 0)
			continue;
		fprintf(stream, "%s%s%s", between, i > NULLABILITY ? catalog_property(part->fact->kind, i) : "",
				i > NULLABILITY ? " " : "");
		write_value(stream, part->was, i);
		fputs(" → ", stream);
		write_value(stream, part->is, i);
		between = ", ";
	}
}

static void
write_column(FILE *stream, const struct diagram_column *column)
{
	const struct diagram_part *part = &column->part;
	const struct diagram_box_style *style = &diagram_box_styles[part->mark];
	const char *nullability = part->fact->values[NULLABILITY];

	fputs("\t\t\t<TR><TD ALIGN=\"LEFT\" PORT=\"", stream);
	diagram_text_port(stream, part->fact->name);
	fprintf(stream, "\" BGCOLOR=\"%s\">%s%s%s", style->background, style->sign, style->opening,
			column->primary ? "<U>" : "");
	diagram_text_label(stream, part->fact->name);
	fprintf(stream, "%s%s <FONT COLOR=\"#5a6470\">", column->primary ? "</U>" : "", style->closing);
	if (part->mark == DIAGRAM_CHANGED)
		write_changes(stream, part);
	else
		write_type(stream, part->fact->values[TYPE]);
	if (column->primary)
		fputs(" primary key", stream);
	else if (part->mark != DIAGRAM_CHANGED && nullability && strcmp(nullability, "NOT NULL") == 0)
		fputs(" not null", stream);
	fputs("</FONT></TD></TR>\n", stream);
}

static void
open_box(FILE *stream, const struct diagram_part *part)
{
	fputs("\t\t", stream);
	diagram_text_name(stream, part->fact->name);
	fprintf(stream, " [label=<" BOX "\t\t\t<TR><TD BGCOLOR=\"%s\">%s<B>", diagram_box_styles[part->mark].title,
			diagram_box_styles[part->mark].sign);
	diagram_text_label(stream, part->fact->name);
	fputs("</B></TD></TR>\n", stream);
}

static void
close_box(FILE *stream)
{
	fputs("\t\t</TABLE>>];\n", stream);
}

bool
diagram_box_is_open(const struct diagram_parts *parts, const struct diagram_table *table)
{
	return !parts->compared || table->part.mark != DIAGRAM_SAME;
}

void
diagram_box_table(FILE *stream, const struct diagram_parts *parts, const struct diagram_table *table)
{
	open_box(stream, &table->part);
	for (size_t i = 0; i < table->column_count && diagram_box_is_open(parts, table); i++)
		write_column(stream, &table->columns[i]);
	close_box(stream);
}

static void
write_labels(FILE *stream, const struct diagram_enum *type)
{
	size_t		width = 0;

	for (size_t i = 0; i < type->label_count; i++) {
		const struct diagram_part *label = &type->labels[i];

		if (width > 0)
			fputs(width > ENUM_WIDTH ? ",<BR/>" : ", ", stream);
		width = (width > ENUM_WIDTH ? 0 : width) + strlen(label->fact->name) + 2;
		fputs(diagram_box_styles[label->mark].sign, stream);
		fputs(diagram_box_styles[label->mark].opening, stream);
		diagram_text_label(stream, label->fact->name);
		fputs(diagram_box_styles[label->mark].closing, stream);
	}
}

void
diagram_box_enums(FILE *stream, const struct diagram_parts *parts)
{
	size_t		count = 0;

	for (size_t i = 0; i < parts->enum_count; i++) {
		const struct diagram_enum *type = &parts->enums[i];

		if (parts->compared && type->part.mark == DIAGRAM_SAME)
			continue;
		if (count++ == 0)
			fprintf(stream, "\n\t" ENUMS " [label=<" BOX
					"\t\t<TR><TD COLSPAN=\"2\" BGCOLOR=\"%s\"><B>enums</B></TD></TR>\n",
					diagram_box_styles[DIAGRAM_SAME].title);
		fprintf(stream, "\t\t<TR><TD ALIGN=\"LEFT\" VALIGN=\"TOP\" BGCOLOR=\"%s\">%s<B>",
				diagram_box_styles[type->part.mark].background, diagram_box_styles[type->part.mark].sign);
		diagram_text_label(stream, type->part.fact->name);
		fputs("</B></TD><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\">", stream);
		write_labels(stream, type);
		fputs("</TD></TR>\n", stream);
	}
	if (count > 0)
		fputs("\t</TABLE>>];\n", stream);
}
