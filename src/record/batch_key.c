/* The key column of a batched statement. */
#include "record/batch_key.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

/* The types of keys. Each value but the greatest has a successor. */
struct batch_key_type {
	const char *name;
	const char *bound;			/* what the bounds of ranges are: wider, so that the greatest key has a next one */
	const char *least;
	const char *greatest;		/* the greatest bound */
	const char *step;			/* from a value to its successor */
	long long	greatest_key;	/* the greatest key, if a bound may be greater; otherwise 0 */
};

#define GREATEST_BIGINT "9223372036854775807"

static const struct batch_key_type types[] = {
	{"smallint", "bigint", "-32768", GREATEST_BIGINT, "1", 32767},
	{"integer", "bigint", "-2147483648", GREATEST_BIGINT, "1", 2147483647},
	{"bigint", "bigint", "-9223372036854775808", GREATEST_BIGINT, "1", 0},
	{"timestamp without time zone", "timestamp without time zone", "-infinity", "infinity",
	"interval '1 microsecond'", 0},
	{"timestamp with time zone", "timestamp with time zone", "-infinity", "infinity", "interval '1 microsecond'", 0},
};

/* Set an output format for keys that every session reads the same, whatever its time zone and date style. */
static void
add_settings(struct pipeline *pipeline)
{
	session_add_own_settings(pipeline);
	pipeline_add(pipeline, "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true)", 0);
}

/* Split a table name: returns the schema, a new string, and stores the rest, borrowed. */
static char *
split_name(const char *table, const char **name)
{
	const char *dot = strchr(table, '.');

	*name = dot ? dot + 1 : table;
	return dot ? mem_copy(table, (size_t) (dot - table)) : mem_string("public");
}

void
batch_key_add_facts(struct pipeline *pipeline, const struct statement_list_batch *of)
{
	const char *name;
	char	   *schema = split_name(of->table, &name);

	session_add_own_settings(pipeline);
	pipeline_add(pipeline,
				 "SELECT c.relkind IN ('r', 'p'), a.attnum IS NOT NULL, format_type(a.atttypid, NULL), a.attnotnull,"
				 " EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid"
				 " JOIN pg_am m ON m.oid = x.relam WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL"
				 " AND m.amname = 'btree'), c.relkind = 'r'"
				 " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
				 " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $3 AND a.attnum > 0"
				 " AND NOT a.attisdropped WHERE n.nspname = $1 AND c.relname = $2", 3, schema, name, of->key);
	mem_free(schema);
}

static const struct batch_key_type *
find_type(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

static void
set_quoted_names(struct batch_key *key, struct connection *connection, const struct statement_list_batch *of)
{
	const char *name;
	char	   *schema = split_name(of->table, &name);
	char	   *quoted_schema = connection_identifier(connection, schema);
	char	   *quoted_name = connection_identifier(connection, name);

	key->table = mem_format("%s.%s", quoted_schema, quoted_name);
	key->column = connection_identifier(connection, of->key);
	mem_free(quoted_name);
	mem_free(quoted_schema);
	mem_free(schema);
}

char *
batch_key_read(struct batch_key *key, struct connection *connection, const struct statement_list_batch *of,
			   const struct pipeline_command *facts,
			   char **hint)
{
	const char *type = pipeline_text(facts, 0, 2);

	if (pipeline_row_count(facts) == 0 || !pipeline_bool(facts, 0, 0))
		return mem_format("cannot run batches: there is no table %s", of->table);
	if (!pipeline_bool(facts, 0, 1))
		return mem_format("cannot run batches: table %s has no column %s", of->table, of->key);
	key->type = find_type(type);
	if (!key->type) {
		*hint = mem_string("The key of a batched statement must be of type smallint, integer, bigint, timestamp or"
						   " timestamptz.");
		return mem_format("cannot run batches: column %s of table %s is of type %s", of->key, of->table, type);
	}
	if (!pipeline_bool(facts, 0, 4)) {
		*hint = mem_string("Use the primary key as the key, or create an index first.");
		return mem_format("cannot run batches: table %s has no index whose first column is %s",
						  of->table, of->key);
	}
	key->nullable = !pipeline_bool(facts, 0, 3);
	key->only = pipeline_bool(facts, 0, 5) ? "ONLY " : "";
	set_quoted_names(key, connection, of);
	return NULL;
}

void
batch_key_assume(struct batch_key *key, struct connection *connection, const struct statement_list_batch *of)
{
	*key = (struct batch_key) {.type = find_type("integer"),.only = ""};
	set_quoted_names(key, connection, of);
}

void
batch_key_clear(struct batch_key *key)
{
	mem_free(key->table);
	mem_free(key->column);
	*key = (struct batch_key) {0};
}

void
batch_key_add_nulls(struct pipeline *pipeline, const struct batch_key *key)
{
	char	   *sql = mem_format("SELECT EXISTS (SELECT FROM %s t WHERE t.%s IS NULL)", key->table, key->column);

	session_add_own_settings(pipeline);
	pipeline_add(pipeline, sql, 0);
	mem_free(sql);
}

void
batch_key_add_estimate(struct pipeline *pipeline, const struct batch_key *key, const char *position)
{
	char	   *sql = position ? mem_format("EXPLAIN (FORMAT JSON) SELECT FROM %s%s t WHERE t.%s >= $1::%s", key->only,
											key->table, key->column, key->type->bound)
		: mem_format("EXPLAIN (FORMAT JSON) SELECT FROM %s%s t", key->only, key->table);

	add_settings(pipeline);
	pipeline_add(pipeline, sql, position ? 1 : 0, position);
	mem_free(sql);
}

double
batch_key_read_estimate(const struct pipeline_command *answer)
{
	json_t	   *plan = json_loads(pipeline_text(answer, 0, 0), 0, NULL);
	double		rows = json_number_value(json_object_get(json_object_get(json_array_get(plan, 0), "Plan"),
														 "Plan Rows"));

	json_decref(plan);
	return rows;
}

void
batch_key_add_greatest(struct pipeline *pipeline, const struct batch_key *key)
{
	char	   *sql = mem_format("SELECT max(t.%s)::text FROM %s t", key->column, key->table);

	add_settings(pipeline);
	pipeline_add(pipeline, sql, 0);
	mem_free(sql);
}

void
batch_key_add_next(struct pipeline *pipeline, const struct batch_key *key, const char *position, int rows,
				   const char *end)
{
	const struct batch_key_type *type = key->type;
	char	   *limit = mem_format("%ld", rows + 1L);
	char	   *sql = mem_format(
		"SELECT r.n, r.least = r.last, r.least::text,"
		" CASE WHEN r.n = $2::bigint AND r.last > r.least THEN r.last::text"
		" WHEN r.last < '%s' THEN (r.last + %s)::text END, coalesce(r.least > $3::%s, true)"
		" FROM (SELECT count(*) AS n, min(k.key) AS least, max(k.key) AS last"
		" FROM (SELECT t.%s::%s AS key FROM %s t WHERE t.%s >= $1::%s ORDER BY t.%s LIMIT $2::bigint) k) r",
		type->greatest, type->step, type->bound, key->column, type->bound, key->table, key->column, type->bound,
								 key->column);

	add_settings(pipeline);
	pipeline_add(pipeline, sql, 3, position ? position : type->least, limit, end);
	mem_free(sql);
	mem_free(limit);
}

bool
batch_key_is_beyond(const struct batch_key *key, const char *bound)
{
	return key->type->greatest_key > 0 && strtoll(bound, NULL, 10) > key->type->greatest_key;
}

char *
batch_key_types(const struct batch_key *key)
{
	if (key->type->greatest_key == 0)
		return NULL;
	return mem_format("SELECT CASE WHEN pg_catalog.max(t.%s) OPERATOR(pg_catalog.=) %lld THEN '(unknown, bigint)'"
					  " ELSE '' END AS fitsdb_schema_types\n\tFROM %s t", key->column, key->type->greatest_key,
					  key->table);
}

char *
batch_key_all_batches(const struct batch_key *key, const char *position, int rows, const char *cell)
{
	char	   *from = position ? mem_format(" WHERE t.%s >= %s::%s", key->column, position, key->type->bound)
		: mem_string("");
	char	   *sql = mem_format(
		"WITH k AS (SELECT t.%s::%s AS key, row_number() OVER (ORDER BY t.%s) AS n FROM %s t%s),\n"
		"\ts AS (SELECT DISTINCT k.key FROM k WHERE (k.n - 1) %% %d = 0)\n"
		"SELECT format(%s, s.key::text,\n"
		"\t\tcoalesce(lead(s.key) OVER (ORDER BY s.key), (SELECT max(k.key) FROM k) + %s)::text)\n"
		"\tFROM s ORDER BY s.key", key->column, key->type->bound, key->column, key->table, from, rows, cell,
		key->type->step);

	mem_free(from);
	return sql;
}
