/* Read the sizes of tables without locking them. */
#include "plan/table_sizes.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

/*
 * pg_total_relation_size() locks the table. If another session holds or requests ACCESS EXCLUSIVE, the statistics in
 * pg_class must do. The size of a partitioned table is that of its partitions, and of any table with its children.
 */
#define READ \
	"WITH RECURSIVE wanted AS (" \
	"SELECT n.name, to_regclass(n.name)::oid AS relation FROM json_array_elements_text($1::json) AS n(name)" \
	"), part AS (" \
	"SELECT w.name, w.relation FROM wanted w WHERE w.relation IS NOT NULL" \
	" UNION SELECT p.name, i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.relation" \
	"), sized AS (" \
	"SELECT p.name, c.reltuples, c.relpages, c.relkind, NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid" \
	" AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock') AS free, c.oid" \
	" FROM part p JOIN pg_class c ON c.oid = p.relation" \
	"), measured AS (" \
	"SELECT s.name, CASE WHEN s.relkind = 'p' THEN 0" \
	" WHEN s.free THEN pg_total_relation_size(s.oid)" \
	" ELSE s.relpages::bigint * current_setting('block_size')::bigint END AS bytes," \
	" CASE WHEN s.relkind = 'p' THEN 0" \
	" WHEN s.reltuples > 0 OR (s.reltuples = 0 AND s.relpages > 0) THEN s.reltuples::float8" \
	" WHEN s.free AND pg_relation_size(s.oid) = 0 THEN 0 END AS counted" \
	" FROM sized s)" \
	" SELECT w.name, w.relation IS NOT NULL, coalesce(bool_and(m.counted IS NOT NULL), false), sum(m.counted)," \
	" sum(m.bytes) FROM wanted w LEFT JOIN measured m ON m.name = w.name GROUP BY 1, 2"

void
table_sizes_add(struct table_sizes *sizes, const char *table)
{
	if (table_sizes_find(sizes, table))
		return;
	sizes->tables = mem_grow(sizes->tables, sizes->count + 1, sizeof(*sizes->tables));
	sizes->tables[sizes->count++] = (struct table_size) {.table = mem_string(table)};
}

const struct table_size *
table_sizes_find(const struct table_sizes *sizes, const char *table)
{
	for (size_t i = 0; table && i < sizes->count; i++)
		if (strcmp(sizes->tables[i].table, table) == 0)
			return &sizes->tables[i];
	return NULL;
}

static char *
names_of(const struct table_sizes *sizes)
{
	json_t	   *names = json_output_array();
	char	   *text;

	for (size_t i = 0; i < sizes->count; i++)
		json_output_append(names, json_output_text(sizes->tables[i].table));
	text = json_output_string(names, JSON_COMPACT);
	json_decref(names);
	return text;
}

bool
table_sizes_read(struct table_sizes *sizes, struct session *session)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;
	char	   *names = names_of(sizes);
	bool		read;

	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, READ, 1, names);
	session_end_reading(&pipeline);
	read = session_query(session, &pipeline, "read the sizes of the tables");
	found = session_result(&pipeline);
	for (int i = 0; read && i < pipeline_row_count(found); i++)
		for (size_t k = 0; k < sizes->count; k++) {
			struct table_size *size = &sizes->tables[k];

			if (strcmp(size->table, pipeline_text(found, i, 0)) != 0)
				continue;
			size->there = pipeline_bool(found, i, 1);
			size->counted = pipeline_bool(found, i, 2);
			size->rows = strtod(pipeline_text(found, i, 3), NULL);
			size->bytes = strtod(pipeline_text(found, i, 4), NULL);
		}
	pipeline_clear(&pipeline);
	mem_free(names);
	return read;
}

char *
table_sizes_bytes(double bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	size_t		unit = 0;

	if (bytes < 1024)
		return mem_format("%.0f bytes", bytes);
	for (bytes /= 1024; bytes >= 1024 && unit < 3; unit++)
		bytes /= 1024;
	return mem_format("%.*f %s", bytes < 10 && unit > 0 ? 1 : 0, bytes, units[unit]);
}

void
table_sizes_clear(struct table_sizes *sizes)
{
	for (size_t i = 0; i < sizes->count; i++)
		mem_free(sizes->tables[i].table);
	mem_free(sizes->tables);
	*sizes = (struct table_sizes) {0};
}
