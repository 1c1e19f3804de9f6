/* Write the sections of a migration. */
#include "difference/text.h"

#include <string.h>

#include "base/mem.h"
#include "base/printable.h"

#include "base/banned.h"

/* Each line of a text after `before`. To SQL and lint a carriage return ends a comment, too: none is left. */
static void
write_lines(FILE *stream, const char *before, const char *text)
{
	char	   *lines = printable_lines(text);

	for (const char *at = lines; *at;) {
		size_t		length = strcspn(at, "\n");

		fprintf(stream, "%s%.*s\n", before, (int) length, at);
		at += length + (at[length] == '\n');
	}
	mem_free(lines);
}

/* A text with names from the database as one comment line. */
static void
write_comment(FILE *stream, const char *before, const char *text, const char *after)
{
	char	   *line = printable(text);

	fprintf(stream, "-- %s%s%s\n", before, line, after);
	mem_free(line);
}

void
text_write_notes(FILE *stream, const struct sides *sides)
{
	if (sides->note_count > 0)
		fputs("-- TODO: These differences are not written here:\n", stream);
	for (size_t i = 0; i < sides->note_count; i++)
		write_comment(stream, "  ", sides->notes[i], "");
}

static void
write_statement(FILE *stream, const struct sql *sql, bool up)
{
	if (sql->note)
		write_lines(stream, "-- ", sql->note);
	/* "-- TODO" is what "make seal" looks for. */
	if (sql->allow_count > 0 && up)
		fputs("-- TODO: Give the reason.\n", stream);
	for (size_t i = 0; i < sql->allow_count && up; i++)
		fprintf(stream, "-- lint:allow %s: %s\n", lint_rule_name(sql->allows[i].rule), sql->allows[i].reason);
	if (sql->batch)
		fprintf(stream, "-- migrate:batch %s\n", sql->batch);
	fprintf(stream, "%s;\n", sql->text);
}

static void
write_list(FILE *stream, const struct sql_list *list, bool up)
{
	for (size_t i = 0; i < list->count; i++)
		write_statement(stream, &list->items[i], up);
}

/* A way as comments. */
static void
write_hidden(FILE *stream, const char *title, const struct sql_list *list, bool up)
{
	char	   *text;
	size_t		length;
	FILE	   *hidden = mem_stream_open(&text, &length);

	write_list(hidden, list, up);
	mem_stream_close(hidden);
	fprintf(stream, "-- %s\n", title);
	write_lines(stream, "--   ", text);
	mem_free(text);
}

/* `form` is what a section with the other way must be like. */
static void
write_question(FILE *stream, const struct move *move, bool up, enum sql_form form)
{
	const char *title = form == SQL_PLAIN ? up && !move->of_part ? "If it was not renamed (they are lost):"
		: "If it was not renamed:"
		: "If it was not renamed, with \"transaction:false\" at the end of the line that begins this section:";

	if (up) {
		write_comment(stream, "TODO: ", move->question, "");
		fputs("-- Keep one of these two alternatives, in both sections: remove the \"--\" at the beginning of its"
			  " lines.\n"
			  "-- Or let \"make migration FROM=\" write these files again, with RENAMED=yes or RENAMED=no for all.\n",
			  stream);
	}
	write_hidden(stream, up && !move->of_part ? "If it was renamed (its rows and values are kept):"
				 : "If it was renamed:", up ? &move->other.up : &move->other.down, up);
	write_hidden(stream, title, up ? &move->way.up : &move->way.down, up);
}

static void
write_marker(FILE *stream, const char *section, enum sql_form form)
{
	fprintf(stream, "\n-- migrate:%s%s\n", section, form == SQL_PLAIN ? "" : " transaction:false");
}

static void
write_up(FILE *stream, const struct move *moves, size_t count, enum sql_form form)
{
	bool		empty = true;

	for (size_t i = 0; i < count; i++) {
		if (moves[i].question)
			write_question(stream, &moves[i], true, form);
		else
			write_list(stream, &moves[i].way.up, true);
		empty = empty && !moves[i].question && moves[i].way.up.count == 0;
	}
	if (empty)
		fputs("-- Only the down section changes something.\nSELECT 1;\n", stream);
}

/* The last move first. */
static void
write_down(FILE *stream, const struct move *moves, size_t count, enum sql_form up, enum sql_form form)
{
	bool		empty = true;

	for (size_t i = count; i-- > 0;) {
		if (moves[i].question)
			write_question(stream, &moves[i], false, form);
		else
			write_list(stream, &moves[i].way.down, false);
		if (moves[i].lacks)
			write_comment(stream, "TODO: Bring ", moves[i].lacks,
						  " back as it was: see the migration that created it.");
		empty = empty && !moves[i].lacks && !moves[i].question && moves[i].way.down.count == 0;
	}
	if (empty)
		fputs(up == SQL_LABEL
			  ? "-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.\n"
			  : "-- Nothing: what was there before is still there.\n", stream);
}

void
text_write_sections(FILE *stream, const struct move *moves, size_t count, enum sql_form up, enum sql_form down)
{
	/* A rename is a transaction. */
	bool		asked = moves[0].question;

	write_marker(stream, "up", asked ? SQL_PLAIN : up);
	write_up(stream, moves, count, up);
	write_marker(stream, "down", asked ? SQL_PLAIN : down);
	write_down(stream, moves, count, up, down);
}
