/* Schemas as lines of text. */
#include "support/facts.h"

#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "support/csv.h"
#include "support/sql.h"

#include "base/banned.h"

#define CATALOG_QUERY "tests/support/facts.sql"

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

static void
expect(PGconn *connection, const struct lines *expected, lines_tolerance *tolerate, const void *context)
{
	struct lines actual = {0};
	char	   *difference;

	facts_read(connection, &actual);
	difference = lines_difference(expected, &actual, tolerate, context);
	ck_assert_msg(difference == NULL, "the schema is not as it should be (- missing, + too much):\n%s", difference);
	lines_clear(&actual);
}

void
facts_expect(PGconn *connection, const struct lines *expected)
{
	expect(connection, expected, NULL, NULL);
}

static bool
left_by_downgrade(const char *line, bool missing, const void *context)
{
	static const char *const columns[] = {"userprogram.program_id text", "programpublication.prog_id integer"};
	const struct lines *latest = context;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char	   *nullable = mem_format("column %s%s", columns[i], missing ? " not null" : "");
		bool		same = strcmp(line, nullable) == 0;

		mem_free(nullable);
		if (same)
			return true;
	}
	return !missing && strncmp(line, "label ", 6) == 0 && lines_have(latest, line);
}

void
facts_expect_reverted(PGconn *connection, const struct lines *expected)
{
	struct lines latest = {0};

	facts_load("v037", &latest);
	expect(connection, expected, left_by_downgrade, &latest);
	lines_clear(&latest);
}

void
facts_expect_version(PGconn *connection, const char *version)
{
	struct lines expected = {0};

	facts_load(version, &expected);
	facts_expect(connection, &expected);
	lines_clear(&expected);
}
