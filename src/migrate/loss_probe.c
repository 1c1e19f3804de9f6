/* The two answers of the server that the loss guard compares: of the tables, before a script and after it. */
#include <string.h>

#include "base/mem.h"
#include "migrate/loss_guard.h"
#include "pg/pipeline.h"

#include "base/banned.h"

/*
 * First of pg_attribute and pg_class: how often rows were updated (a column is dropped), deleted (an object is dropped)
 * and inserted (one is made) in this session, and the highest oid. Then each table. The counters include earlier
 * transactions that the server has not collected yet, so only a difference means something. No name is looked up by the
 * search path, and no user's object has an oid below 16384.
 */
#define COUNTER(what, of) "pg_catalog.pg_stat_get_xact_tuples_" what "(" of ")"
#define UPDATES COUNTER("updated", "1249::pg_catalog.oid")
#define DROPS COUNTER("deleted", "1259::pg_catalog.oid")
#define CREATIONS COUNTER("inserted", "1259::pg_catalog.oid")
#define HIGHEST "(SELECT pg_catalog.max(h.oid) FROM pg_catalog.pg_class h)"
#define LARGE_OBJECTS "2613::pg_catalog.oid"

/* A large object is truncated by an UPDATE. */
#define DELETIONS(oid) \
	COUNTER("deleted", oid) " OPERATOR(pg_catalog.+) CASE WHEN " oid " OPERATOR(pg_catalog.=) " LARGE_OBJECTS \
	" THEN " COUNTER("updated", oid) " ELSE 0 END"
#define COUNTS(oid, file, made) \
	"pg_catalog.concat_ws(' ', " UPDATES ", " DROPS ", " CREATIONS ", pg_catalog.concat(" HIGHEST ", ';'," \
	" pg_catalog.string_agg(pg_catalog.concat_ws(' ', " oid ", " file ", " DELETIONS(oid) ", " \
	COUNTER("inserted", oid) ", " made "), ',')))"
#define TABLES(which) \
	"pg_catalog.pg_class c WHERE " which \
	" AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,m}'::pg_catalog.\"char\"[])" \
	" AND c.relpersistence OPERATOR(pg_catalog.<>) 't'::pg_catalog.\"char\"" \
	" AND c.relnamespace OPERATOR(pg_catalog.<>) ALL (SELECT n.oid FROM pg_catalog.pg_namespace n" \
	" WHERE n.nspname OPERATOR(pg_catalog.=) 'fitsdb_schema'::pg_catalog.name)"
#define ALL_TABLES \
	TABLES("(c.oid OPERATOR(pg_catalog.>) 16383::pg_catalog.oid OR c.oid OPERATOR(pg_catalog.=) " LARGE_OBJECTS ")")

/*
 * Was a visible row written by our own transaction? Then that is still in progress; those of others are committed. A
 * frozen row has the greatest age of all.
 */
#define OURS(xmin) \
	"CASE WHEN age(" xmin ") < 2147483647 THEN txid_status(txid_current() - age(" xmin ")) = 'in progress'" \
	" ELSE false END"

/* The system columns are written when a table is made, and never again. Only a rewritten table has another file. */
#define MADE \
	"CASE WHEN (SELECT " OURS("a.xmin") " FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = -1) THEN 1" \
	" WHEN c.relfilenode <> c.oid AND " OURS("c.xmin") " THEN 3 ELSE 2 END"

/* The columns of tables whose type has a dropped attribute somewhere within: their values have lost it too. */
#define USES \
	"WITH RECURSIVE used AS (SELECT DISTINCT 'pg_class'::regclass::oid AS class, a.attrelid AS object, 0 AS part" \
	" FROM pg_attribute a WHERE a.attrelid >= 16384 AND a.attisdropped AND age(a.xmin) <= 0" \
	" UNION SELECT d.classid, d.objid, d.objsubid FROM used u JOIN pg_depend d" \
	" ON d.refclassid = 'pg_type'::regclass AND d.refobjid = CASE u.class WHEN 'pg_type'::regclass THEN u.object" \
	" ELSE (SELECT c.reltype FROM pg_class c WHERE c.oid = u.object) END" \
	" WHERE d.classid IN ('pg_type'::regclass, 'pg_class'::regclass))" \
	" SELECT string_agg(concat_ws(' ', u.object, u.part, 1), ',') FROM used u JOIN pg_class c ON c.oid = u.object" \
	" WHERE u.class = 'pg_class'::regclass AND u.part > 0 AND c.relkind = 'r'"

/* The columns dropped since: no age is above 0 that counts from our own transaction or one within it. */
#define DROPPED \
	"CASE WHEN $1::bigint IS DISTINCT FROM " UPDATES " THEN concat_ws(','," \
	" (SELECT string_agg(concat_ws(' ', a.attrelid, a.attnum), ',') FROM pg_attribute a" \
	" WHERE a.attrelid >= 16384 AND a.attisdropped AND age(a.xmin) <= 0), (" USES ")) END"

/*
 * If anything was dropped: the relations above the oid $3 that are locked by a DROP and gone, and those above it that
 * are there and were written by us. Locks are kept to the end of the transaction.
 */
#define GONE \
	"CASE WHEN coalesce($2::bigint, 0) <> " DROPS " THEN (SELECT string_agg(l.relation::text, ',')" \
	" FROM pg_lock_status() l WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid()" \
	" AND l.mode = 'AccessExclusiveLock' AND l.relation > coalesce($3::bigint, 0)::oid" \
	" AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = l.relation)) END," \
	" CASE WHEN coalesce($2::bigint, 0) <> " DROPS " THEN (SELECT string_agg(c.oid::text, ',') FROM pg_class c" \
	" WHERE c.oid > coalesce($3::bigint, 0)::oid AND " OURS("c.xmin") ") END"

/*
 * Are deleted rows counted? Is there a cursor whose query is run at the commit, after the check? Is there a function
 * that is run without counting?
 */
#define SIGHT \
	"current_setting('track_counts')," \
	" EXISTS (SELECT FROM pg_cursor() h WHERE h.is_holdable AND h.creation_time >= transaction_timestamp())," \
	" (SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.oid > 16383::oid" \
	" AND array_to_string(p.proconfig, ' ') ILIKE '%track_counts=%' LIMIT 1)"

#define PROBE "SELECT " COUNTS("c.oid", "c.relfilenode, c.relnatts", "0") " FROM " ALL_TABLES
#define PROBE_AFTER \
	"SELECT " COUNTS("c.oid", "c.relfilenode, c.relnatts", MADE) ", " DROPPED ", " SIGHT ", " GONE " FROM " ALL_TABLES

/*
 * $4: the tables of the last answer, $5: the highest of them. To look for them by number takes less than to scan. The
 * end of the range, $6, is the highest number of all: between two parameters the planner expects a few rows, whatever
 * they are, so that it plans this only once.
 */
#define PROBE_KNOWN \
	"SELECT " COUNTS("t.oid", "pg_relation_filenode(t.oid), 0", "t.made") ", " DROPPED ", " SIGHT ", " GONE \
	" FROM (SELECT unnest($4::oid[]) AS oid, 0 AS made UNION ALL SELECT c.oid, " MADE " FROM " \
	TABLES("c.oid > $5::bigint::oid") " AND c.oid <= $6::bigint::oid) t" \
	" WHERE pg_relation_filenode(t.oid) IS NOT NULL"

size_t
loss_guard_add_before(struct pipeline *pipeline)
{
	pipeline_add(pipeline, PROBE, 0)->prepared = true;
	return pipeline->count - 1;
}

void
loss_guard_add_after(struct pipeline *pipeline, const char *before)
{
	struct loss_guard_catalog catalog = loss_guard_catalog(before);
	char	   *updates = before ? mem_format("%ld", catalog.updates) : NULL;
	char	   *drops = before ? mem_format("%ld", catalog.drops) : NULL;
	char	   *last = before ? mem_format("%ld", catalog.highest) : NULL;
	long		highest = 0;
	char	   *known = loss_guard_known(before, &highest);
	char	   *above = mem_format("%ld", highest);

	/* Once more: a deferred trigger may have deferred another one, and so may what came after the script. */
	pipeline_add(pipeline, "SET CONSTRAINTS ALL IMMEDIATE", 0);
	if (highest > 0)
		pipeline_add(pipeline, PROBE_KNOWN, 6, updates, drops, last, known, above, "4294967295")->prepared = true;
	else
		pipeline_add(pipeline, PROBE_AFTER, 3, updates, drops, last)->prepared = true;
	mem_free(above);
	mem_free(known);
	mem_free(last);
	mem_free(drops);
	mem_free(updates);
}

const char *
loss_guard_counts(const struct pipeline *pipeline, size_t place)
{
	return pipeline_text(&pipeline->commands[place], 0, 0);
}
