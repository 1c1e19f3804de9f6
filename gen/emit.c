#include "emit.h"

#include "mem.h"

#include "banned.h"

void
emit_string(FILE *stream, const char *text)
{
	if (!text) {
		fputs("NULL", stream);
		return;
	}
	fputc('"', stream);
	for (; *text; text++) {
		unsigned char c = (unsigned char) *text;

		if (c == '"' || c == '\\' || c == '?')		/* two question marks may begin a trigraph */
			fprintf(stream, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(stream, "\\%03o", (unsigned) c);
		else
			fputc(c, stream);
	}
	fputc('"', stream);
}

static void
emit_allows(FILE *stream, const char *table, size_t count, const struct allow *allows)
{
	if (count == 0)
		return;
	fprintf(stream, "\nstatic const struct allow %s[] = {\n", table);
	for (size_t i = 0; i < count; i++) {
		fputs("\t{.rule = ", stream);
		emit_string(stream, allows[i].rule);
		fputs(", .reason = ", stream);
		emit_string(stream, allows[i].reason);
		fprintf(stream, ", .line = %u},\n", allows[i].line);
	}
	fputs("};\n", stream);
}

static void
emit_statement_allows(FILE *stream, const char *table, const struct section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		char	   *allows = mem_format("%s_allows_%zu", table, i);

		emit_allows(stream, allows, section->statements[i].allow_count, section->statements[i].allows);
		mem_free(allows);
	}
}

static void
emit_batch(FILE *stream, const struct batch *batch)
{
	fputs(", .batch = &(const struct batch) {.table = ", stream);
	emit_string(stream, batch->table);
	fputs(", .key = ", stream);
	emit_string(stream, batch->key);
	fprintf(stream, ", .rows = %d}", batch->rows);
}

static void
emit_statements(FILE *stream, const char *table, const struct section *section)
{
	if (section->count == 0)
		return;
	emit_statement_allows(stream, table, section);
	fprintf(stream, "\nstatic const struct statement %s[] = {\n", table);
	for (size_t i = 0; i < section->count; i++) {
		const struct statement *one = &section->statements[i];

		fprintf(stream, "\t{.offset = %zu, .length = %zu, .line = %u", one->offset, one->length, one->line);
		if (one->concurrent)
			fputs(", .concurrent = true", stream);
		if (one->index) {
			fputs(", .index = ", stream);
			emit_string(stream, one->index);
		}
		if (one->batch)
			emit_batch(stream, one->batch);
		if (one->allow_count > 0)
			fprintf(stream, ", .allow_count = %zu, .allows = %s_allows_%zu", one->allow_count, table, i);
		fputs("},\n", stream);
	}
	fputs("};\n", stream);
}

/* The array must be of the very text that the offsets were taken in. */
static void
emit_assertion(FILE *stream, const char *array, const struct source *source)
{
	fprintf(stream, "\n_Static_assert(sizeof(%s) == %zu, ", array, source->length);
	emit_string(stream, source->file);
	fputs(" \" changed while it was read\");\n", stream);
}

static void
emit_source(FILE *stream, const char *indent, const char *array, const struct source *source)
{
	fprintf(stream, "%s.source = {\n%s\t.file = ", indent, indent);
	emit_string(stream, source->file);
	fprintf(stream, ",\n%s\t.text = %s,\n%s\t.length = sizeof(%s),\n%s\t.checksum = ", indent, array, indent, array,
			indent);
	emit_string(stream, source->checksum);
	fprintf(stream, ",\n%s},\n", indent);
}

static void
emit_section(FILE *stream, const char *indent, const char *member, const char *table, const struct section *section)
{
	fprintf(stream, "%s.%s = {.offset = %zu, .length = %zu, .transactional = %s, .count = %zu, .statements = %s},\n",
			indent, member, section->offset, section->length, section->transactional ? "true" : "false", section->count,
			section->count > 0 ? table : "NULL");
}

static void
emit_migration_tables(FILE *stream, const struct migration *migration)
{
	char	   *array = mem_format("sql_%03d", migration->version);
	char	   *up = mem_format("up_%03d", migration->version);
	char	   *down = mem_format("down_%03d", migration->version);
	char	   *allows = mem_format("allows_%03d", migration->version);

	emit_assertion(stream, array, &migration->source);
	emit_allows(stream, allows, migration->allow_count, migration->allows);
	emit_statements(stream, up, &migration->up);
	emit_statements(stream, down, &migration->down);
	mem_free(array);
	mem_free(up);
	mem_free(down);
	mem_free(allows);
}

static void
emit_migration(FILE *stream, const struct migration *migration)
{
	char	   *array = mem_format("sql_%03d", migration->version);
	char	   *up = mem_format("up_%03d", migration->version);
	char	   *down = mem_format("down_%03d", migration->version);

	fprintf(stream, "\t{\n\t\t.version = %d,\n\t\t.name = ", migration->version);
	emit_string(stream, migration->name);
	fputs(",\n", stream);
	emit_source(stream, "\t\t", array, &migration->source);
	if (migration->allow_count > 0)
		fprintf(stream, "\t\t.allow_count = %zu,\n\t\t.allows = allows_%03d,\n", migration->allow_count,
				migration->version);
	emit_section(stream, "\t\t", "up", up, &migration->up);
	emit_section(stream, "\t\t", "down", down, &migration->down);
	fputs("\t},\n", stream);
	mem_free(array);
	mem_free(up);
	mem_free(down);
}

static void
emit_script(FILE *stream, const char *name, const char *array, const struct script *script)
{
	char	   *table;

	if (!script)
		return;
	table = mem_format("%s_statements", name);
	emit_assertion(stream, array, &script->source);
	emit_statements(stream, table, &script->body);
	fprintf(stream, "\nstatic const struct script %s = {\n", name);
	emit_source(stream, "\t", array, &script->source);
	emit_section(stream, "\t", "body", table, &script->body);
	fputs("};\n", stream);
	mem_free(table);
}

static void
emit_banner(FILE *stream, const struct history *whole)
{
	fprintf(stream,
			"/*\n * Made by gen/generate from migrations 0 to %d%s%s. Do not edit: change those and run make.\n"
			" */\n#include \"history.h\"\n\n#include \"arrays.h\"\n", whole->latest, whole->grants ? ", grants" : "",
			whole->snapshot ? ", and the snapshot" : "");
}

static void
emit_member(FILE *stream, const char *member, const char *value)
{
	fprintf(stream, "\t.%s = ", member);
	emit_string(stream, value);
	fputs(",\n", stream);
}

void
emit_history(FILE *stream, const struct history *whole)
{
	emit_banner(stream, whole);
	for (int i = 0; i <= whole->latest; i++)
		emit_migration_tables(stream, &whole->migrations[i]);

	fputs("\nstatic const struct migration migrations[] = {\n", stream);
	for (int i = 0; i <= whole->latest; i++)
		emit_migration(stream, &whole->migrations[i]);
	fputs("};\n\nstatic const char *const chain[] = {\n", stream);
	for (int i = 0; i <= whole->latest; i++) {
		fputc('\t', stream);
		emit_string(stream, whole->chain[i]);
		fputs(",\n", stream);
	}
	fputs("};\n", stream);
	emit_script(stream, "grants", "sql_grants", whole->grants);
	emit_script(stream, "snapshot", "sql_snapshot", whole->snapshot);

	fputs("\nconst struct history history = {\n", stream);
	emit_member(stream, "build", whole->build);
	emit_member(stream, "database", whole->database);
	emit_member(stream, "repository_id", whole->repository_id);
	emit_member(stream, "repository_path", whole->repository_path);
	emit_member(stream, "folder", whole->folder);
	fprintf(stream, "\t.latest = %d,\n\t.migrations = migrations,\n\t.chain = chain,\n", whole->latest);
	fprintf(stream, "\t.grants = %s,\n\t.snapshot = %s,\n\t.snapshot_version = %d,\n};\n",
			whole->grants ? "&grants" : "NULL", whole->snapshot ? "&snapshot" : "NULL", whole->snapshot_version);
}
