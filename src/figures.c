#include "figures.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "output.h"

#include "banned.h"

/*
 * To ask a table's size is to lock it, if only a little: where somebody has or wants all of it, what the server has
 * counted last will do. A partitioned table is its partitions.
 */
#define READ \
	"WITH RECURSIVE wanted AS (" \
	"SELECT n.name, to_regclass(n.name)::oid AS relation FROM json_array_elements_text($1::json) AS n(name)" \
	"), part AS (" \
	"SELECT w.name, w.relation FROM wanted w WHERE w.relation IS NOT NULL" \
	" UNION ALL SELECT p.name, i.inhrelid FROM part p JOIN pg_class c ON c.oid = p.relation AND c.relkind = 'p'" \
	" JOIN pg_inherits i ON i.inhparent = p.relation" \
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
figures_add(struct figures *figures, const char *table)
{
	if (figures_find(figures, table))
		return;
	figures->figures = mem_grow(figures->figures, figures->count + 1, sizeof(*figures->figures));
	figures->figures[figures->count++] = (struct figure) {.table = mem_string(table)};
}

const struct figure *
figures_find(const struct figures *figures, const char *table)
{
	for (size_t i = 0; table && i < figures->count; i++)
		if (strcmp(figures->figures[i].table, table) == 0)
			return &figures->figures[i];
	return NULL;
}

static char *
names_of(const struct figures *figures)
{
	json_t	   *names = output_array();
	char	   *text;

	for (size_t i = 0; i < figures->count; i++)
		output_append(names, output_text(figures->figures[i].table));
	text = output_string(names, JSON_COMPACT);
	json_decref(names);
	return text;
}

bool
figures_read(struct figures *figures, struct session *session)
{
	struct db_batch batch = {0};
	const struct db_command *found;
	char	   *names = names_of(figures);
	bool		read;

	session_begin_reading(session, &batch);
	db_add(&batch, READ, 1, names);
	session_end_reading(&batch);
	read = session_query(session, &batch, "look at the sizes of the tables");
	found = session_read(&batch);
	for (int i = 0; read && i < db_lines(found); i++)
		for (size_t k = 0; k < figures->count; k++) {
			struct figure *figure = &figures->figures[k];

			if (strcmp(figure->table, db_text(found, i, 0)) != 0)
				continue;
			figure->there = db_truth(found, i, 1);
			figure->counted = db_truth(found, i, 2);
			figure->rows = strtod(db_text(found, i, 3), NULL);
			figure->bytes = strtod(db_text(found, i, 4), NULL);
		}
	db_batch_clear(&batch);
	mem_free(names);
	return read;
}

char *
figures_bytes(double bytes)
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
figures_clear(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		mem_free(figures->figures[i].table);
	mem_free(figures->figures);
	*figures = (struct figures) {0};
}
