/* Print results in columns. */
#include "base/table.h"

#include <string.h>

#include "base/mem.h"
#include "base/printable.h"
#include "base/text.h"

#include "base/banned.h"

enum {
	GAP = 2,					/* between two columns */
	LEAST_CUT = 12,				/* the least width of a truncated column */
	NOTE_INDENT = 4
};

struct table_row {
	enum table_emphasis emphasis;
	char	   *cells[TABLE_MOST_COLUMNS];
	size_t		note_count;
	char	  **notes;
};

void
table_init(struct table *table, const struct table_column *columns, size_t count)
{
	*table = (struct table) {.columns = columns,.column_count = count};
}

/* A cell is a single line, and cannot move the cursor. */
static char *
copy_printable(const char *text)
{
	return printable(text ? text : "");
}

void
table_add(struct table *table, enum table_emphasis emphasis, const char *const *cells)
{
	struct table_row *row;

	table->rows = mem_grow(table->rows, table->count + 1, sizeof(*table->rows));
	row = &table->rows[table->count++];
	*row = (struct table_row) {.emphasis = emphasis};
	for (size_t c = 0; c < table->column_count; c++)
		row->cells[c] = copy_printable(cells[c]);
}

void
table_note(struct table *table, const char *text)
{
	struct table_row *row = &table->rows[table->count - 1];

	row->notes = mem_grow(row->notes, row->note_count + 1, sizeof(*row->notes));
	row->notes[row->note_count++] = copy_printable(text);
}

void
table_clear(struct table *table)
{
	for (size_t r = 0; r < table->count; r++) {
		for (size_t c = 0; c < table->column_count; c++)
			mem_free(table->rows[r].cells[c]);
		for (size_t n = 0; n < table->rows[r].note_count; n++)
			mem_free(table->rows[r].notes[n]);
		mem_free(table->rows[r].notes);
	}
	mem_free(table->rows);
	*table = (struct table) {0};
}

/* The width of each column is that of its widest cell. */
static void
measure_columns(const struct table *table, int *widths)
{
	for (size_t c = 0; c < table->column_count; c++) {
		widths[c] = text_columns(table->columns[c].title);
		for (size_t r = 0; r < table->count; r++) {
			int			columns = text_columns(table->rows[r].cells[c]);

			widths[c] = columns > widths[c] ? columns : widths[c];
		}
	}
}

/* Narrow the widest column that can be truncated, repeatedly. False: the row still does not fit. */
static bool
narrow_columns(const struct table *table, int *widths, int width)
{
	int			total = -GAP;

	for (size_t c = 0; c < table->column_count; c++)
		total += widths[c] > 0 ? widths[c] + GAP : 0;
	for (; total > width; total--) {
		int			widest = -1;

		for (int c = 0; c < (int) table->column_count; c++)
			if (table->columns[c].can_truncate && widths[c] > LEAST_CUT && (widest < 0 || widths[c] > widths[widest]))
				widest = c;
		if (widest < 0)
			return false;
		widths[widest]--;
	}
	return true;
}

/* A width of 0 hides the column. */
static void
fit_columns(const struct table *table, int *widths, int width)
{
	int			wanted[TABLE_MOST_COLUMNS] = {0};

	measure_columns(table, wanted);
	for (size_t c = table->column_count;; c--) {
		memcpy(widths, wanted, sizeof(wanted));
		if (width == 0 || narrow_columns(table, widths, width))
			return;
		while (c > 0 && !table->columns[c - 1].can_hide)
			c--;
		if (c == 0)
			return;
		wanted[c - 1] = 0;
	}
}

static void
write_cell(FILE *stream, const char *text, int width, bool align_right)
{
	char	   *shown = text_columns(text) > width ? text_cut(text, width) : mem_string(text);
	int			spaces = width - text_columns(shown);

	fprintf(stream, "%*s%s%*s", align_right ? spaces : 0, "", shown, align_right ? 0 : spaces, "");
	mem_free(shown);
}

/* A row as a line, without trailing spaces, a new string. */
static char *
format_row(const struct table *table, const char *const *cells, const int *widths)
{
	char	   *line;
	size_t		length;
	FILE	   *stream = mem_stream_open(&line, &length);

	for (size_t c = 0; c < table->column_count; c++) {
		if (widths[c] == 0)
			continue;
		fprintf(stream, "%*s", c > 0 ? GAP : 0, "");
		write_cell(stream, cells[c], widths[c], table->columns[c].align_right);
	}
	mem_stream_close(stream);
	while (length > 0 && line[length - 1] == ' ')
		line[--length] = '\0';
	return line;
}

static void
print_line(const struct table *table, const char *const *cells, const int *widths, FILE *stream, const char *color)
{
	char	   *line = format_row(table, cells, widths);

	if (color)
		fprintf(stream, "\033[%sm%s\033[0m\n", color, line);
	else
		fprintf(stream, "%s\n", line);
	mem_free(line);
}

void
table_print(const struct table *table, FILE *stream, int width, bool colored)
{
	static const char *const colors[] = {[TABLE_PLAIN] = NULL,[TABLE_NOTICE] = "33",[TABLE_ALERT] = "01;31"};
	const char *titles[TABLE_MOST_COLUMNS];
	int			widths[TABLE_MOST_COLUMNS];

	if (table->count == 0)
		return;
	fit_columns(table, widths, width);
	for (size_t c = 0; c < table->column_count; c++)
		titles[c] = table->columns[c].title;
	print_line(table, titles, widths, stream, colored ? "01" : NULL);
	for (size_t r = 0; r < table->count; r++) {
		const struct table_row *row = &table->rows[r];

		print_line(table, (const char *const *) row->cells, widths, stream, colored ? colors[row->emphasis] : NULL);
		for (size_t n = 0; n < row->note_count; n++)
			text_write(stream, NOTE_INDENT, width, row->notes[n]);
	}
}
