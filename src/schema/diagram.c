/* Draw a diagram: boxes, groups of boxes, foreign keys, the title. */
#include "schema/diagram.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/printable.h"
#include "schema/diagram_parts.h"
#include "schema/fact.h"

#include "base/banned.h"

enum {
	COLUMN_LINES = 45,			/* the height of a column of tables, about */
	ENUM_WIDTH = 30				/* bytes of labels in a line, about */
};

/* How a change is marked: by colour, and by a sign for readers who do not see colours. */
static const struct diagram_style {
	const char *sign;
	const char *opening;		/* tags around a name */
	const char *closing;
	const char *background;
	const char *title;			/* the background of a box's title */
	const char *edge;			/* the attributes of an arrow */
}			styles[DIAGRAM_COUNT] = {
	[DIAGRAM_SAME] = {"", "", "", "#ffffff", "#d8e2ec", "color=\"#6a7f9a\""},
	[DIAGRAM_ADDED] = {"+ ", "<B>", "</B>", "#d9f2d9", "#a8dca8",
	"color=\"#1a7f1a\", fontcolor=\"#1a7f1a\", penwidth=2, label=\"added\""},
	[DIAGRAM_REMOVED] = {"- ", "<S>", "</S>", "#f8dcdc", "#ecb0b0",
	"color=\"#b02020\", fontcolor=\"#b02020\", style=dashed, label=\"removed\""},
	[DIAGRAM_CHANGED] = {"~ ", "<I>", "</I>", "#fff3c4", "#f2dc8c",
	"color=\"#9a6a00\", fontcolor=\"#9a6a00\", penwidth=2, label=\"changed\""},
};

/*
 * A text in a label, without the quotes of identifiers. After a backslash, a letter could be an escape, as \N for the
 * node's name: a word joiner separates them.
 */
static void
write_text(FILE *stream, const char *text)
{
	char	   *safe = printable(text);
	bool		quoted = false;

	/* Graphviz requires text between tags. */
	fputs(strcmp(text, "\"\"") == 0 ? "''" : "", stream);
	for (const char *at = safe; *at; at++)
		if (*at == '"' && !(quoted && at[1] == '"'))
			quoted = !quoted;
		else if (*at == '\\')
			fputs("&#92;&#8288;", stream);
		else if (strchr("\"&<>", *at)) {
			fprintf(stream, "&#%d;", *at);
			at += *at == '"';
		} else
			fputc(*at, stream);
	mem_free(safe);
}

/* The name of a node or cluster. In facts a backslash is never before a quote. */
static void
write_node(FILE *stream, const char *name)
{
	char	   *safe = printable(name);

	fputc('"', stream);
	for (const char *at = safe; *at; at++)
		fprintf(stream, *at == '"' ? "\\%c" : "%c", *at);
	fputc('"', stream);
	mem_free(safe);
}

/* With this prefix it is no compass point; after a colon comes one, so a colon is escaped, like all that is special. */
static void
write_port(FILE *stream, const char *name)
{
	const char *end = name + strlen(name) - (*name == '"');

	fputs("c_", stream);
	for (name += *name == '"'; name < end; name++)
		fprintf(stream, *name == '_' || (isascii(*name) && isalnum(*name)) ? "%c" : "%%%02x", (unsigned char) *name);
}

/* With the short names of types. */
static void
write_slice(FILE *stream, const char *start, const char *end)
{
	static const char *const shorter[][2] = {{"public.", ""}, {"character varying", "varchar"},
	{"timestamp with time zone", "timestamptz"}, {" without time zone", ""}};
	char	   *text = mem_copy(start, (size_t) (end - start));

	for (size_t i = 0; i < sizeof(shorter) / sizeof(shorter[0]) && !strchr(text, '"'); i++) {
		char	   *found = strstr(text, shorter[i][0]);
		const char *rest = found ? found + strlen(shorter[i][0]) : NULL;

		if (found)
			memmove(stpcpy(found, shorter[i][1]), rest, strlen(rest) + 1);
	}
	write_text(stream, text);
	mem_free(text);
}

/* "integer not null"; with `all` "integer not null default: 0"; of a primary key "integer". */
static void
write_properties(FILE *stream, const struct fact *column, bool all, bool primary)
{
	const char *at = column->definition;
	struct fact_property property;

	while (diagram_parts_next(column, &at, &property))
		if (property.value == column->definition)
			write_slice(stream, property.value, property.value + property.value_length);
		else if (all || (!primary && fact_property_is(&property, "not null"))) {
			fputc(' ', stream);
			write_slice(stream, property.label, property.value + property.value_length);
		}
}

static void
write_column(FILE *stream, const struct diagram_part *part)
{
	const struct diagram_style *style = &styles[part->mark];

	fputs("\t\t\t<TR><TD ALIGN=\"LEFT\" PORT=\"", stream);
	write_port(stream, part->name);
	fprintf(stream, "\" BGCOLOR=\"%s\">%s%s%s", style->background, style->sign, style->opening,
			part->primary ? "<U>" : "");
	write_text(stream, part->name);
	fprintf(stream, "%s%s <FONT COLOR=\"#5a6470\">", part->primary ? "</U>" : "", style->closing);
	if (part->mark == DIAGRAM_CHANGED) {
		write_properties(stream, part->was, true, false);
		fputs(" → ", stream);
	}
	write_properties(stream, part->fact, part->mark == DIAGRAM_CHANGED, part->primary);
	fprintf(stream, "%s</FONT></TD></TR>\n", part->primary ? " primary key" : "");
}

static void
write_labels(FILE *stream, const struct diagram_box *type)
{
	size_t		width = 0;

	fputs("\t\t\t<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\">", stream);
	for (size_t i = 0; i < type->count; i++) {
		const struct diagram_style *style = &styles[type->rows[i]->mark];

		if (i > 0)
			fputs(width > ENUM_WIDTH ? ",<BR/>" : ", ", stream);
		width = (width > ENUM_WIDTH ? 0 : width) + strlen(type->rows[i]->name) + 2;
		fprintf(stream, "%s%s", style->sign, style->opening);
		write_text(stream, type->rows[i]->name);
		fputs(style->closing, stream);
	}
	fputs("</TD></TR>\n", stream);
}

static void
write_box(FILE *stream, const struct diagram_box *box)
{
	fputs("\t\t", stream);
	write_node(stream, box->part->name);
	fprintf(stream, " [label=<<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\""
			" COLOR=\"#8296ac\" BGCOLOR=\"#ffffff\">\n\t\t\t<TR><TD BGCOLOR=\"%s\">%s<B>", styles[box->mark].title,
			styles[box->mark].sign);
	write_text(stream, box->part->name);
	fputs("</B></TD></TR>\n", stream);
	if (box->open && box->count > 0 && box->part->fact->kind == FACT_TYPE)
		write_labels(stream, box);
	else if (box->open)
		for (size_t i = 0; i < box->count; i++)
			write_column(stream, box->rows[i]);
	fputs("\t\t</TABLE>>];\n", stream);
}

/* Tables with foreign keys, tables without, or enums, of which unchanged ones are not drawn. */
static void
write_group(FILE *stream, const struct diagram_parts *parts, enum fact_kind kind, const struct diagram_box *leader,
			const char *title)
{
	const struct diagram_box **boxes = mem_alloc((parts->box_count + 1) * sizeof(struct diagram_box *));
	char	   *name = mem_format("cluster%s%s", leader ? "_" : " ", title);
	size_t		count = 0;
	size_t		side = 1;

	for (size_t i = 0; i < parts->box_count; i++)
		if (parts->boxes[i].part->fact->kind == kind && parts->boxes[i].group == leader
			&& (kind == FACT_TABLE || parts->boxes[i].open)) {
			if (count == 0) {
				fputs("\n\tsubgraph ", stream);
				write_node(stream, name);
				fputs(" {\n\t\tlabel=<<B>", stream);
				write_text(stream, title);
				fputs("</B>>;\n", stream);
			}
			write_box(stream, &parts->boxes[i]);
			boxes[count++] = &parts->boxes[i];
		}
	/* Nodes without arrows would form one long line: invisible arrows arrange them in a square. */
	while (side * side < count)
		side++;
	for (size_t i = 0; !leader && i + side < count; i++) {
		fputs("\t\t", stream);
		write_node(stream, boxes[i]->part->name);
		fputs(" -> ", stream);
		write_node(stream, boxes[i + side]->part->name);
		fputs(" [style=invis];\n", stream);
	}
	fputs(count > 0 ? "\t}\n" : "", stream);
	mem_free(name);
	mem_free(boxes);
}

static void
write_end(FILE *stream, const struct diagram_box *table, const struct diagram_part *column, const char *side)
{
	write_node(stream, table->part->name);
	if (!column || !table->open)
		return;
	fputs(":\"", stream);
	write_port(stream, column->name);
	fprintf(stream, "\":%s", side);
}

static void
write_key(FILE *stream, const struct diagram_key *key)
{
	fputs("\t", stream);
	write_end(stream, key->from, key->column, key->from == key->to ? "e" : "w");
	fputs(" -> ", stream);
	write_end(stream, key->to, key->referred, "e");
	fprintf(stream, " [%s", styles[key->part->mark].edge);
	if (key->distance > 1)
		fprintf(stream, ", minlen=%d", key->distance);
	fputs("];\n", stream);
}

static void
write_count(FILE *stream, const struct diagram_parts *parts, enum fact_kind kind, bool drawn)
{
	size_t		counts[DIAGRAM_COUNT] = {0};

	for (size_t i = 0; i < parts->count; i++)
		if (parts->all[i].fact->kind == kind && parts->all[i].drawn == drawn)
			counts[parts->all[i].mark]++;
	if (counts[DIAGRAM_ADDED] + counts[DIAGRAM_REMOVED] + counts[DIAGRAM_CHANGED] == 0)
		return;
	fprintf(stream, "<BR/>%s:", drawn && kind == FACT_CONSTRAINT ? "foreign key" : fact_kind_word(kind));
	for (int mark = DIAGRAM_ADDED; mark < DIAGRAM_COUNT; mark++)
		if (counts[mark] > 0)
			fprintf(stream, " %s%zu", styles[mark].sign, counts[mark]);
	fputs(drawn ? "" : " (not drawn)", stream);
}

void
diagram_write(FILE *stream, const char *title, const struct fact_set *was, const struct fact_set *is)
{
	struct diagram_parts parts;

	diagram_parts_find(&parts, was, is, COLUMN_LINES);
	fputs("digraph schema {\n"
		  "\tgraph [rankdir=RL, pack=20, packmode=\"node\", nodesep=0.15, ranksep=0.6, labelloc=t, pad=0.3,"
		  " fontname=\"Helvetica\", style=filled, color=\"#f1f3f0\"];\n"
		  "\tnode [shape=plain, fontname=\"Helvetica\", fontsize=9];\n"
		  "\tedge [arrowsize=0.6, fontname=\"Helvetica\"];\n"
		  "\tlabel=<<FONT POINT-SIZE=\"24\">", stream);
	write_text(stream, title);
	fprintf(stream, "</FONT>%s", parts.compared ? "<BR/>+ added, - removed, ~ changed" : "");
	for (int i = 0; i < 2 * FACT_KIND_COUNT; i++)
		write_count(stream, &parts, (enum fact_kind) (i / 2), i % 2 == 0);
	fputs(">;\n", stream);
	for (size_t i = 0; i < parts.box_count; i++)
		if (parts.boxes[i].group == &parts.boxes[i])
			write_group(stream, &parts, FACT_TABLE, &parts.boxes[i], parts.boxes[i].part->name);
	write_group(stream, &parts, FACT_TABLE, NULL, "no foreign keys");
	write_group(stream, &parts, FACT_TYPE, NULL, "enums");
	fputs("\n", stream);
	for (size_t i = 0; i < parts.key_count; i++)
		write_key(stream, &parts.keys[i]);
	fputs("}\n", stream);
	diagram_parts_clear(&parts);
}
