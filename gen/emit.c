/* A history as C source: the tables that history/history_tables.h declares. */
#include "emit.h"

#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

/* Octal escapes have three digits, so that a digit after one does not become a part of it. */
static void
emit_characters(FILE *stream, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char) *text;

		if (c == '"' || c == '\\' || c == '?')		/* two question marks can begin a trigraph */
			fprintf(stream, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(stream, "\\%03o", (unsigned) c);
		else
			fputc(c, stream);
	}
}

void
emit_string(FILE *stream, const char *text)
{
	if (!text) {
		fputs("NULL", stream);
		return;
	}
	fputc('"', stream);
	emit_characters(stream, text);
	fputc('"', stream);
}

static void
emit_allows(FILE *stream, const char *table, size_t count, const struct history_allow *allows)
{
	if (count == 0)
		return;
	fprintf(stream, "\nstatic const struct history_allow %s[] = {\n", table);
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
emit_statement_allows(FILE *stream, const char *table, const struct history_section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		char	   *allows = mem_format("%s_allows_%zu", table, i);

		emit_allows(stream, allows, section->statements[i].allow_count, section->statements[i].allows);
		mem_free(allows);
	}
}

static void
emit_batch(FILE *stream, const struct history_batch *batch)
{
	fputs(", .batch = &(const struct history_batch) {.table = ", stream);
	emit_string(stream, batch->table);
	fputs(", .key = ", stream);
	emit_string(stream, batch->key);
	fprintf(stream, ", .rows = %d}", batch->rows);
}

static void
emit_statements(FILE *stream, const char *table, const struct history_section *section)
{
	if (section->count == 0)
		return;
	emit_statement_allows(stream, table, section);
	fprintf(stream, "\nstatic const struct history_statement %s[] = {\n", table);
	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *one = &section->statements[i];

		fprintf(stream, "\t{.offset = %zu, .length = %zu, .line = %u", one->offset, one->length, one->line);
		if (one->text) {
			fprintf(stream, ", .lead = %u, .text = ", one->lead);
			emit_string(stream, one->text);
		}
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

/* The array must have the text that the offsets refer to. */
static void
emit_assertion(FILE *stream, const char *array, const struct history_source *source)
{
	fprintf(stream, "\n_Static_assert(sizeof(%s) == %zu, ", array, source->length);
	emit_string(stream, source->file);
	fputs(" \" changed while it was read\");\n", stream);
}

static void
emit_source(FILE *stream, const char *array, const struct history_source *source)
{
	fputs("\t.source = {\n\t\t.file = ", stream);
	emit_string(stream, source->file);
	fprintf(stream, ",\n\t\t.text = %s,\n\t\t.length = sizeof(%s),\n\t\t.checksum = ", array, array);
	emit_string(stream, source->checksum);
	fputs(",\n\t},\n", stream);
}

static void
emit_body(FILE *stream, const char *table, const struct history_section *body)
{
	fprintf(stream, "\t.body = {.offset = %zu, .length = %zu, .transactional = %s, .count = %zu, .statements = %s},\n",
			body->offset, body->length, body->transactional ? "true" : "false", body->count,
			body->count > 0 ? table : "NULL");
}

static void
emit_migration_tables(FILE *stream, const struct history_migration *migration)
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

/* What it drops; NULL: that is not known. */
static struct parse_drops
drops_of(const struct parse_result *result, int version)
{
	return result->drops ? result->drops[version] : (struct parse_drops) {0};
}

/* The strings follow each other in one literal, each with its NUL. */
static void
emit_terminated(FILE *stream, const char *before, const char *text)
{
	if (!text)
		return;
	fprintf(stream, "%s\"", before);
	emit_characters(stream, text);
	fputs("\\0\"", stream);
}

static void
emit_strings(FILE *stream, const struct parse_result *result)
{
	/* The literal may be longer than ISO C requires a compiler to accept; gcc and clang accept it. */
	fputs("\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\nstatic const char strings[] =", stream);
	for (int i = 0; i <= result->history.latest; i++) {
		const struct history_migration *migration = &result->migrations[i];
		struct parse_drops drops = drops_of(result, i);

		emit_terminated(stream, "\n\t", migration->name);
		emit_terminated(stream, " ", migration->source.file);
		emit_terminated(stream, " ", migration->source.checksum);
		emit_terminated(stream, " ", result->checksums[i]);
		emit_terminated(stream, "\n\t", drops.up);
		emit_terminated(stream, "\n\t", drops.down);
	}
	fputs(";\n", stream);
}

static void
emit_packed_section(FILE *stream, const char *member, const struct history_section *section)
{
	fprintf(stream, "\t\t.%s = {.offset = %zu, .length = %zu, .count = %zu, .transactional = %s},\n", member,
			section->offset, section->length, section->count, section->transactional ? "true" : "false");
}

/* `place` is the offset of the strings of the migration; returns the offset of those of the next migration. */
static size_t
emit_packed(FILE *stream, const struct parse_result *result, int version, size_t place)
{
	const struct history_migration *migration = &result->migrations[version];
	struct parse_drops drops = drops_of(result, version);
	size_t		file = place + strlen(migration->name) + 1;
	size_t		checksum = file + strlen(migration->source.file) + 1;
	size_t		chained = checksum + strlen(migration->source.checksum) + 1;
	size_t		up_drops = chained + strlen(result->checksums[version]) + 1;
	size_t		down_drops = up_drops + (drops.up ? strlen(drops.up) + 1 : 0);

	fprintf(stream,
			"\t{\n\t\t.name = %zu, .file = %zu, .checksum = %zu, .history_checksum = %zu, .length = sizeof(sql_%03d),\n"
			"\t\t.up_drops = %zu, .down_drops = %zu, .allow_count = %zu,\n", place, file, checksum, chained, version,
			drops.up ? up_drops : 0, drops.down ? down_drops : 0, migration->allow_count);
	emit_packed_section(stream, "up", &migration->up);
	emit_packed_section(stream, "down", &migration->down);
	fputs("\t},\n", stream);
	return down_drops + (drops.down ? strlen(drops.down) + 1 : 0);
}

/* A table of pointers by version: to the array NAME_VERSION, or NULL if the migration has none. */
static void
emit_pointers(FILE *stream, const struct parse_result *result, const char *type, const char *table, const char *name,
			  size_t (*count) (const struct history_migration *))
{
	fprintf(stream, "\nstatic const %s *const %s[] = {\n", type, table);
	for (int i = 0; i <= result->history.latest; i++)
		if (count(&result->migrations[i]) > 0)
			fprintf(stream, "\t%s_%03d,\n", name, i);
		else
			fputs("\tNULL,\n", stream);
	fputs("};\n", stream);
}

static size_t
count_bytes(const struct history_migration *migration)
{
	return migration->source.length;
}

static size_t
count_ups(const struct history_migration *migration)
{
	return migration->up.count;
}

static size_t
count_downs(const struct history_migration *migration)
{
	return migration->down.count;
}

static size_t
count_allows(const struct history_migration *migration)
{
	return migration->allow_count;
}

static void
emit_tables(FILE *stream, const struct parse_result *result)
{
	size_t		place = 0;

	for (int i = 0; i <= result->history.latest; i++)
		emit_migration_tables(stream, &result->migrations[i]);
	emit_strings(stream, result);
	fputs("\nstatic const struct history_tables_migration packed[] = {\n", stream);
	for (int i = 0; i <= result->history.latest; i++)
		place = emit_packed(stream, result, i, place);
	fputs("};\n", stream);
	emit_pointers(stream, result, "unsigned char", "texts", "sql", count_bytes);
	emit_pointers(stream, result, "struct history_statement", "ups", "up", count_ups);
	emit_pointers(stream, result, "struct history_statement", "downs", "down", count_downs);
	emit_pointers(stream, result, "struct history_allow", "allows", "allows", count_allows);
	fprintf(stream, "\nstatic struct history_migration unpacked[%d];\n\n"
			"const struct history_tables history_tables = {strings, packed, texts, ups, downs, allows, unpacked};\n",
			result->history.latest + 1);
}

static void
emit_script(FILE *stream, const char *name, const char *array, const struct history_script *script)
{
	char	   *table;

	if (!script)
		return;
	table = mem_format("%s_statements", name);
	emit_assertion(stream, array, &script->source);
	emit_statements(stream, table, &script->body);
	fprintf(stream, "\nstatic const struct history_script %s = {\n", name);
	emit_source(stream, array, &script->source);
	emit_body(stream, table, &script->body);
	fputs("};\n", stream);
	mem_free(table);
}

static void
emit_schema(FILE *stream, const struct history *common)
{
	if (!common->schema)
		return;
	emit_assertion(stream, "text_schema", common->schema);
	fputs("\nstatic const struct history_source schema = {.file = ", stream);
	emit_string(stream, common->schema->file);
	fputs(", .text = text_schema, .length = sizeof(text_schema), .checksum = ", stream);
	emit_string(stream, common->schema->checksum);
	fputs("};\n", stream);
}

static void
emit_ignores(FILE *stream, const struct history *common)
{
	if (common->ignore_count == 0)
		return;
	fputs("\nstatic const struct history_ignore ignores[] = {\n", stream);
	for (size_t i = 0; i < common->ignore_count; i++) {
		fputs("\t{", stream);
		if (common->ignores[i].first > 0)
			fprintf(stream, ".first = %d, ", common->ignores[i].first);
		fputs(".kind = ", stream);
		emit_string(stream, common->ignores[i].kind);
		fputs(", .name = ", stream);
		emit_string(stream, common->ignores[i].name);
		fputs(", .reason = ", stream);
		emit_string(stream, common->ignores[i].reason);
		fputs("},\n", stream);
	}
	fputs("};\n", stream);
}

static void
emit_releases(FILE *stream, const struct history *common)
{
	if (common->release_count == 0)
		return;
	fputs("\nstatic const struct history_release releases[] = {\n", stream);
	for (size_t i = 0; i < common->release_count; i++) {
		const struct history_release *release = &common->releases[i];

		fputs("\t{.name = ", stream);
		emit_string(stream, release->name);
		fprintf(stream, ", .version = %d, .first = %d, .last = %d},\n", release->version, release->first, release->last);
	}
	fputs("};\n", stream);
}

static void
emit_rewrites(FILE *stream, const struct history *common)
{
	if (common->rewrite_count == 0)
		return;
	fputs("\nstatic const struct history_rewrite rewrites[] = {\n", stream);
	for (size_t i = 0; i < common->rewrite_count; i++) {
		fprintf(stream, "\t{.version = %d, .microseconds = %g, .where = ", common->rewrites[i].version,
				common->rewrites[i].microseconds);
		emit_string(stream, common->rewrites[i].where);
		fputs("},\n", stream);
	}
	fputs("};\n", stream);
}

static void
emit_banner(FILE *stream, const struct history *common)
{
	fprintf(stream,
			"/*\n * Generated by gen/generate from migrations 0 to %d%s%s. Do not edit: change those and run "
			"make.\n */\n#include \"history/history_tables.h\"\n\n#include \"arrays.h\"\n", common->latest,
			common->grants ? ", grants" : "", common->snapshot ? ", and the snapshot" : "");
}

static void
emit_member(FILE *stream, const char *member, const char *value)
{
	fprintf(stream, "\t.%s = ", member);
	emit_string(stream, value);
	fputs(",\n", stream);
}

void
emit_history(FILE *stream, const struct parse_result *result)
{
	const struct history *common = &result->history;

	emit_banner(stream, common);
	emit_tables(stream, result);
	emit_script(stream, "grants", "sql_grants", common->grants);
	emit_script(stream, "snapshot", "sql_snapshot", common->snapshot);
	emit_schema(stream, common);
	emit_ignores(stream, common);
	emit_releases(stream, common);
	emit_rewrites(stream, common);

	fputs("\nconst struct history history = {\n", stream);
	emit_member(stream, "build", common->build);
	emit_member(stream, "database", common->database);
	emit_member(stream, "repository_id", common->repository_id);
	emit_member(stream, "repository_path", common->repository_path);
	emit_member(stream, "folder", common->folder);
	fprintf(stream, "\t.latest = %d,\n\t.grants = %s,\n\t.snapshot = %s,\n\t.snapshot_version = %d,\n"
			"\t.schema = %s,\n\t.ignore_count = %zu,\n\t.ignores = %s,\n\t.release_count = %zu,\n"
			"\t.releases = %s,\n\t.rewrite_count = %zu,\n\t.rewrites = %s,\n};\n",
			common->latest, common->grants ? "&grants" : "NULL", common->snapshot ? "&snapshot" : "NULL",
			common->snapshot_version, common->schema ? "&schema" : "NULL", common->ignore_count,
			common->ignore_count > 0 ? "ignores" : "NULL", common->release_count,
			common->release_count > 0 ? "releases" : "NULL", common->rewrite_count,
			common->rewrite_count > 0 ? "rewrites" : "NULL");
}
