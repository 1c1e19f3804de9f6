/* Schemas as lines of text. */
#include "support/facts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/csv.h"
#include "support/sql.h"

#include "base/banned.h"

#define CATALOG_QUERY "tests/support/facts.sql"
#define LEFT_BY_DOWN "tests/facts/left_by_down.csv"

static void
add_column(const char *const field[CSV_FIELDS], void *context)
{
	lines_add(context, mem_format("table %s", field[0]));
	lines_add(context, mem_format("column %s.%s %s%s%s%s", field[0], field[2], field[3],
								  strcmp(field[4], "no") == 0 ? " not null" : "", *field[5] ? " default " : "",
								  field[5]));
}

static void
add_index(const char *const field[CSV_FIELDS], void *context)
{
	lines_add(context, mem_format("index %s on %s %s%s (%s)", field[1], field[0],
								  strcmp(field[3], "yes") == 0 ? "unique " : "", field[2], field[4]));
}

static void
add_constraint(const char *const field[CSV_FIELDS], void *context)
{
	char	   *target = *field[4] ? mem_format(" references %s (%s)", field[4], field[5]) : mem_string("");

	lines_add(context, mem_format("constraint %s on %s %s (%s)%s", field[1], field[0], field[2], field[3], target));
	mem_free(target);
}

static void
add_label(const char *const field[CSV_FIELDS], void *context)
{
	lines_add(context, mem_format("enum %s", field[0]));
	lines_add(context, mem_format("label %s %s", field[0], field[1]));
}

static void
add_sequence(const char *const field[CSV_FIELDS], void *context)
{
	lines_add(context, mem_format("sequence %s of %s.%s", field[0], field[1], field[2]));
}

void
facts_load(const char *version, struct lines *lines)
{
	static const struct {
		const char *name;
		size_t		fields;
		csv_row    *row;
	}			files[] = {
		{"columns", 6, add_column},
		{"indexes", 5, add_index},
		{"constraints", 6, add_constraint},
		{"enums", 3, add_label},
		{"sequences", 3, add_sequence},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char	   *path = mem_format("tests/facts/%s/%s.csv", version, files[i].name);

		csv_read(path, files[i].fields, files[i].row, lines);
		mem_free(path);
	}
	lines_sort(lines);
}

void
facts_read(PGconn *connection, struct lines *lines)
{
	char	   *query = sql_file(CATALOG_QUERY);
	char	   *text;

	sql_exec(connection, "SET search_path = public");
	text = sql_lines(connection, query);
	lines_split(lines, text);
	lines_sort(lines);
	mem_free(text);
	mem_free(query);
}

void
facts_expect(PGconn *connection, const struct lines *expected)
{
	struct lines actual = {0};
	char	   *difference;

	facts_read(connection, &actual);
	difference = lines_difference(expected, &actual, NULL, NULL);
	ck_assert_msg(difference == NULL, "the schema is not as it should be (- missing, + too much):\n%s", difference);
	lines_clear(&actual);
}

struct downgrade {
	int			from;
	int			to;
	bool		undo;			/* from the facts that it leaves to those before the upgrade */
	struct lines *lines;
};

static void
apply_left(const char *const field[CSV_FIELDS], void *context)
{
	const struct downgrade *downgrade = context;
	long		migration = strtol(field[0], NULL, 10);
	long		until = strtol(field[1], NULL, 10);
	bool		left = strcmp(field[2], "left") == 0;

	ck_assert_msg(left || strcmp(field[2], "missing") == 0, LEFT_BY_DOWN ": \"%s\"", field[2]);
	if (migration > downgrade->from || migration <= downgrade->to || until > downgrade->to)
		return;
	if (left == downgrade->undo)
		lines_swap(downgrade->lines, field[3], NULL);
	else
		lines_swap(downgrade->lines, NULL, field[3]);
}

void
facts_downgrade(struct lines *lines, int from, int to)
{
	csv_read(LEFT_BY_DOWN, 4, apply_left, &(struct downgrade) {from, to, false, lines});
}

void
facts_undo_downgrade(struct lines *lines, int from, int to)
{
	csv_read(LEFT_BY_DOWN, 4, apply_left, &(struct downgrade) {from, to, true, lines});
}

void
facts_expect_base(PGconn *connection, int from)
{
	struct lines expected = {0};

	facts_load("v000", &expected);
	facts_downgrade(&expected, from, 0);
	facts_expect(connection, &expected);
	lines_clear(&expected);
}

void
facts_expect_version(PGconn *connection, const char *version)
{
	struct lines expected = {0};

	facts_load(version, &expected);
	facts_expect(connection, &expected);
	lines_clear(&expected);
}
