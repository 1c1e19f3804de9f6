/* Makes schemas from CSV files. */
#include "support/facts_create.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "support/csv.h"
#include "support/sql.h"

#include "base/banned.h"

/* A script, and the type or table of the row before. */
struct script {
	char	   *text;
	char	   *last;
	bool		foreign_keys;	/* of the constraints, only these; or only the others */
};

static void
append(struct script *script, char *statement)
{
	mem_append(&script->text, "", statement);
	mem_free(statement);
}

static bool
is_another(struct script *script, const char *name)
{
	if (script->last && strcmp(script->last, name) == 0)
		return false;
	mem_free(script->last);
	script->last = mem_string(name);
	return true;
}

static void
add_label(const char *const field[CSV_FIELDS], void *context)
{
	struct script *script = context;

	if (is_another(script, field[0]))
		append(script, mem_format("%sCREATE TYPE %s AS ENUM ('%s'", script->text ? ");\n" : "", field[0], field[1]));
	else
		append(script, mem_format(", '%s'", field[1]));
}

static void
add_column(const char *const field[CSV_FIELDS], void *context)
{
	struct script *script = context;
	bool		serial = strncmp(field[5], "nextval", 7) == 0;
	const char *type = !serial ? field[3] : strcmp(field[3], "bigint") == 0 ? "bigserial" : "serial";

	if (is_another(script, field[0]))
		append(script, mem_format("CREATE TABLE %s ();\n", field[0]));
	append(script, mem_format("ALTER TABLE %s ADD COLUMN \"%s\" %s%s%s%s;\n", field[0], field[2], type,
							  strcmp(field[4], "no") == 0 ? " NOT NULL" : "", serial || !*field[5] ? "" : " DEFAULT ",
							  serial ? "" : field[5]));
}

static void
add_constraint(const char *const field[CSV_FIELDS], void *context)
{
	struct script *script = context;
	char	   *target = *field[4] ? mem_format(" REFERENCES %s (%s)", field[4], field[5]) : mem_string("");

	if (*field[4] ? script->foreign_keys : !script->foreign_keys)
		append(script, mem_format("ALTER TABLE %s ADD CONSTRAINT %s %s (%s)%s;\n", field[0], field[1], field[2],
								  field[3], target));
	mem_free(target);
}

static void
add_index(const char *const field[CSV_FIELDS], void *context)
{
	append(context, mem_format("CREATE %sINDEX %s ON %s USING %s (%s);\n",
							   strcmp(field[3], "yes") == 0 ? "UNIQUE " : "", field[1], field[0], field[2], field[4]));
}

static void
run(PGconn *connection, const char *version, const char *name, size_t fields, csv_row *row, bool foreign_keys)
{
	char	   *path = mem_format("tests/facts/%s/%s.csv", version, name);
	struct script script = {.foreign_keys = foreign_keys};

	csv_read(path, fields, row, &script);
	if (row == add_label)
		mem_append(&script.text, "", ")");
	sql_exec(connection, script.text);
	mem_free(script.last);
	mem_free(script.text);
	mem_free(path);
}

void
facts_create(PGconn *connection, const char *version)
{
	sql_exec(connection, "SET search_path = public");
	run(connection, version, "enums", 3, add_label, false);
	run(connection, version, "columns", 6, add_column, false);
	run(connection, version, "constraints", 6, add_constraint, false);
	run(connection, version, "constraints", 6, add_constraint, true);
	run(connection, version, "indexes", 5, add_index, false);
}
