#include "guard.h"

#include <string.h>

#include "count.h"
#include "mem.h"
#include "report.h"

#include "banned.h"

/* $1: names, as an array. Names may change on the way, numbers do not. */
#define READ_BEFORE \
	"SELECT coalesce(json_agg(json_build_object('relation', c.oid::bigint, 'name', c.relname," \
	" 'node', pg_relation_filenode(c.oid)::bigint, 'number', a.attnum, 'part', a.attname)), '[]')::text" \
	" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped" \
	" WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY ($1::text[])"

/* A table that was written anew and is empty now was truncated, or as good as. */
#define READ_AFTER \
	"SELECT DISTINCT b.name, CASE WHEN a.attisdropped THEN b.part END" \
	" FROM json_to_recordset($1::json) b (relation bigint, name text, node bigint, number integer, part text)" \
	" LEFT JOIN pg_class c ON c.oid = b.relation::oid" \
	" LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = b.number" \
	" WHERE c.oid IS NULL OR a.attisdropped OR pg_stat_get_xact_tuples_deleted(c.oid) > 0" \
	" OR (pg_relation_filenode(c.oid)::bigint <> b.node AND pg_relation_size(c.oid) = 0) ORDER BY 1, 2"

void
guard_add(struct guard *guard, const char *table)
{
	guard->tables = mem_grow(guard->tables, guard->count + 1, sizeof(*guard->tables));
	guard->tables[guard->count++] = mem_string(table);
}

/* The names as an array's text: every character that could mean something in it is behind a backslash. */
static char *
array(const struct guard *guard)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	fputc('{', stream);
	for (size_t i = 0; i < guard->count; i++) {
		fputs(i > 0 ? ",\"" : "\"", stream);
		for (const char *c = guard->tables[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				fputc('\\', stream);
			fputc(*c, stream);
		}
		fputc('"', stream);
	}
	fputc('}', stream);
	mem_stream_close(stream);
	return text;
}

char *
guard_before(struct session *session, const struct guard *guard)
{
	struct db_batch batch = {0};
	char	   *names = array(guard);
	char	   *before = NULL;

	session_add_own(&batch);
	db_add(&batch, READ_BEFORE, 1, names);
	if (session_query(session, &batch, "look at the tables"))
		before = mem_string(db_text(&batch.commands[1], 0, 0));
	db_batch_clear(&batch);
	mem_free(names);
	return before;
}

bool
guard_after(struct session *session, const char *before, struct guard_loss *loss)
{
	struct db_batch batch = {0};
	bool		looked;

	*loss = (struct guard_loss) {0};
	session_add_own(&batch);
	db_add(&batch, READ_AFTER, 1, before);
	looked = session_query(session, &batch, "look what is gone");
	for (int i = 0; looked && i < db_lines(&batch.commands[1]); i++) {
		loss->items = mem_grow(loss->items, loss->count + 1, sizeof(*loss->items));
		loss->items[loss->count++] = (struct guard_gone) {.table = mem_string(db_text(&batch.commands[1], i, 0)),
			.column = mem_string(db_value(&batch.commands[1], i, 1))
		};
	}
	db_batch_clear(&batch);
	return looked;
}

bool
guard_report(struct session *session, const struct guard_loss *loss, const char *title, const char *standing)
{
	bool		said = false;

	for (size_t i = 0; i < loss->count; i++) {
		const struct guard_gone *gone = &loss->items[i];
		struct count count;
		char	   *rows;

		if (!count_rows(session, gone->table, gone->column, &count))
			return true;
		if (count.rows == 0)
			continue;
		if (!said)
			report_error("%s would destroy data", title);
		said = true;
		rows = count_say(&count);
		if (gone->column)
			report_detail("  column %s of table %s is dropped: a value in %s", gone->column, gone->table, rows);
		else
			report_detail("  table %s is dropped, or rows of it deleted: it has %s", gone->table, rows);
		mem_free(rows);
	}
	if (said) {
		report_detail("%s", standing);
		report_hint("If it may be lost, give --yes.");
	}
	return said;
}

void
guard_loss_clear(struct guard_loss *loss)
{
	for (size_t i = 0; i < loss->count; i++) {
		mem_free(loss->items[i].table);
		mem_free(loss->items[i].column);
	}
	mem_free(loss->items);
	*loss = (struct guard_loss) {0};
}

void
guard_clear(struct guard *guard)
{
	for (size_t i = 0; i < guard->count; i++)
		mem_free(guard->tables[i]);
	mem_free(guard->tables);
	*guard = (struct guard) {0};
}
