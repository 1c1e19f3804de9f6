/*
 * counted.h - table "counted" of tests/histories/batches, which counts how often each row was changed.
 */
#ifndef COUNTED_H
#define COUNTED_H

/* A query: how many rows were counted how often: "1:1000". */
#define COUNTED(table) \
	"SELECT string_agg(n || ':' || rows, ' ' ORDER BY n) FROM (SELECT n, count(*) AS rows FROM " table " GROUP BY n) c"

/* A batched statement is being run, and has done something. */
#define COUNTED_RUNNING "SELECT count(*) > 0 FROM fitsdb_schema.change WHERE position IS NOT NULL AND state = 'running'"

/*
 * counted_database - a database at version 0 with 1000 rows, and gaps between and below their keys; returns how to
 * connect to it, to be freed. The executable in use must be of that folder (build_batches).
 */
char	   *counted_database(void);

#endif
