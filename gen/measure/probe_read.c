/* Read the state of the database. */
#include "measure/probe_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pg/lock_mode.h"
#include "schema/fact.h"

#include "base/banned.h"

/* The tables of the migrations: neither the server's, nor ours and the record's, nor temporary ones. */
#define THEIRS \
	"c.oid >= '16384' AND n.nspname::text NOT IN ('fitsdb_measure', 'fitsdb_schema') AND n.nspname::text !~ '^pg_temp_'"

#define LOCKS "pg_locks l WHERE l.locktype = 'relation' AND l.relation >= '16384'"

#define RELATIONS \
	" RETURN QUERY SELECT 'r'::text, c.oid::text, c.oid::text," \
	" n.nspname::text, c.relname::text, c.relkind::text, 'false'::text, c.relfilenode::text," \
	" pg_stat_get_xact_numscans(c.oid)::text, pg_stat_get_xact_tuples_inserted(c.oid)::text," \
	" pg_stat_get_xact_tuples_updated(c.oid)::text, pg_stat_get_xact_tuples_deleted(c.oid)::text" \
	" FROM unnest(tables) AS t(oid) JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace;" \
	" RETURN QUERY SELECT 'r'::text, x.indrelid::text, c.oid::text," \
	" n.nspname::text, c.relname::text, c.relkind::text, EXISTS (SELECT FROM pg_depend k" \
	" WHERE k.classid = 'pg_class'::regclass AND k.objid = c.oid AND k.refclassid = 'pg_constraint'::regclass" \
	" AND k.deptype = 'i')::text, c.relfilenode::text, pg_stat_get_xact_numscans(c.oid)::text," \
	" CASE WHEN x.indisunique AND x.indpred IS NULL AND x.indexprs IS NULL THEN x.indkey::text END," \
	" NULL::text, NULL::text FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE x.indrelid = ANY (tables);"

#define COLUMNS \
	" RETURN QUERY SELECT 'a'::text, a.attrelid::text, a.attnum::text, a.attname::text, a.attisdropped::text," \
	" a.attnotnull::text, a.atttypid::text, a.atttypmod::text, f.filled::text," \
	" (NOT f.filled AND (a.attnotnull OR t.typnotnull))::text, NULL::text, NULL::text" \
	" FROM pg_attribute a LEFT JOIN pg_type t ON t.oid = a.atttypid" \
	" CROSS JOIN LATERAL (SELECT a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS filled) f" \
	" WHERE a.attrelid = ANY (tables) AND a.attnum > 0;"

/*
 * An index serves a foreign key where its first columns are the key's, in any order, or where it is unique and has no
 * other columns: then few rows are left to compare. Before 11 no index has more columns than those that it is ordered
 * by.
 */
#define CONSTRAINTS \
	" RETURN QUERY SELECT 'k'::text, k.conrelid::text, k.oid::text, k.conname::text, k.contype::text," \
	" k.convalidated::text, k.conindid::text, CASE WHEN k.contype = 'c' AND cardinality(k.conkey) = 1" \
	" AND replace(pg_get_constraintdef(k.oid), ' NOT VALID', '') = concat('CHECK ((', quote_ident((SELECT a.attname" \
	" FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])), ' IS NOT NULL))')" \
	" THEN k.conkey[1]::text END," \
	" (k.contype = 'f' AND EXISTS (SELECT FROM pg_index i CROSS JOIN LATERAL" \
	" (SELECT coalesce(to_jsonb(i) ->> 'indnkeyatts', i.indnatts::text)::integer AS columns) n" \
	" WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL" \
	" AND ((i.indkey::int2[])[0:least(n.columns, cardinality(k.conkey)) - 1] @> k.conkey" \
	" OR (i.indisunique AND (i.indkey::int2[])[0:n.columns - 1] <@ k.conkey))))::text," \
	" k.conkey::text, NULL::text, NULL::text" \
	" FROM pg_constraint k WHERE k.conrelid = ANY (tables) AND k.contype IN ('c', 'f', 'p', 'u', 'x');"

#define TRIGGERS_OF \
	" RETURN QUERY SELECT 't'::text, g.tgrelid::text, g.oid::text, coalesce(k.conname, g.tgname)::text," \
	" g.tgisinternal::text, (g.tgenabled NOT IN ('O', 'A'))::text" NO_6 \
	" FROM pg_trigger g LEFT JOIN pg_constraint k ON g.tgisinternal AND k.oid = g.tgconstraint" \
	" WHERE g.tgrelid = ANY (tables) AND g.tgname <> 'fitsdb_measure_rows';"

/* Rules replace the statements of other software; row security without a policy hides all rows from it. */
#define BLOCKS \
	" RETURN QUERY SELECT 'b'::text, r.ev_class::text, r.oid::text, r.rulename::text" NO_6 ", NULL::text, NULL::text" \
	" FROM pg_rewrite r WHERE r.ev_class = ANY (tables) AND r.is_instead AND r.ev_type <> '1'" \
	" AND r.ev_enabled IN ('O', 'A');" \
	" RETURN QUERY SELECT 'b'::text, c.oid::text, c.oid::text, ''::text" NO_6 ", NULL::text, NULL::text" \
	" FROM pg_class c WHERE c.oid = ANY (tables) AND c.relrowsecurity" \
	" AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid);"

/* Not what belongs to another object or an extension, and no trigger's function, which no software calls. */
#define OBJECTS \
	" RETURN QUERY SELECT 'o'::text, o.class::text, o.oid::text, i.type, i.identity, o.name::text" NO_6 \
	" FROM (SELECT 'pg_class'::regclass::oid AS class, c.oid, c.relname AS name FROM pg_class c" \
	" WHERE c.relkind IN ('v', 'S', 'f')" \
	" UNION ALL SELECT 'pg_proc'::regclass, p.oid, p.proname FROM pg_proc p" \
	" WHERE p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)" \
	" UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typname FROM pg_type t" \
	" LEFT JOIN pg_class r ON r.oid = t.typrelid" \
	" WHERE t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'b' AND t.typarray <> 0) OR r.relkind = 'c'" \
	" UNION ALL SELECT 'pg_namespace'::regclass, n.oid, n.nspname FROM pg_namespace n" \
	" WHERE n.nspname NOT IN ('fitsdb_measure', 'fitsdb_schema') AND n.nspname::text !~ '^pg_'" \
	" UNION ALL SELECT 'pg_extension'::regclass, e.oid, e.extname FROM pg_extension e) o" \
	" CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i WHERE o.oid >= '16384'" \
	" AND coalesce(i.schema, '') !~ '^pg_temp' AND coalesce(i.schema, '') NOT IN ('fitsdb_measure', 'fitsdb_schema')" \
	" AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid" \
	" AND d.deptype IN ('a', 'i', 'e'));" \
	" RETURN QUERY SELECT 'o'::text, 'pg_enum'::regclass::oid::text, l.oid::text, 'enum value'::text," \
	" concat(i.identity, '.', quote_ident(l.enumlabel)), l.enumlabel::text" NO_6 \
	" FROM pg_enum l CROSS JOIN LATERAL pg_identify_object('pg_type'::regclass, l.enumtypid, 0) i" \
	" WHERE l.enumtypid >= '16384' AND i.schema NOT IN ('fitsdb_measure', 'fitsdb_schema');"

#define NO_3 ", NULL::text, NULL::text, NULL::text"
#define NO_6 NO_3 NO_3

/* A function that is not volatile changes nothing, and an extension's is known. The word "loop" is not in a comment. */
#define CALLS \
	" RETURN QUERY SELECT 'c'::text, coalesce(sum(pg_stat_get_xact_function_calls(p.oid)), 0)::text," \
	" coalesce(sum(pg_stat_get_xact_function_calls(p.oid)) FILTER (WHERE p.prorettype <> 'trigger'::regtype" \
	" AND regexp_replace(p.prosrc, '--[^\\n]*|/\\*([^*]|\\*+[^*/])*\\*+/', '', 'g') ~* '\\mloop\\M'), 0)::text" NO_6 NO_3 \
	" FROM pg_proc p WHERE p.oid >= '16384' AND p.provolatile = 'v'" \
	" AND p.pronamespace <> (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'fitsdb_measure')" \
	" AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid" \
	" AND e.deptype = 'e');"

#define OTHERS \
	" RETURN QUERY SELECT 'l'::text, l.relation::text, l.mode" NO_6 NO_3 " FROM " LOCKS " AND l.pid = pg_backend_pid();" \
	" RETURN QUERY SELECT 'n'::text, t.relation::text, t.operation, t.id::text" NO_6 ", NULL::text, NULL::text" \
	" FROM fitsdb_measure.note t WHERE t.id > noted;" CALLS

/* What was counted already: counters are reset some time after a transaction, not at its end. */
#define COUNTED \
	" RETURN QUERY SELECT 'z'::text, c.oid::text, pg_stat_get_xact_numscans(c.oid)::text," \
	" pg_stat_get_xact_tuples_inserted(c.oid)::text, pg_stat_get_xact_tuples_updated(c.oid)::text," \
	" pg_stat_get_xact_tuples_deleted(c.oid)::text" NO_6 \
	" FROM pg_class c WHERE c.oid >= '16384' AND c.relkind IN ('r', 'p', 'm', 'i', 'I')" \
	" AND (pg_stat_get_xact_numscans(c.oid) > 0 OR pg_stat_get_xact_tuples_inserted(c.oid) > 0" \
	" OR pg_stat_get_xact_tuples_updated(c.oid) > 0 OR pg_stat_get_xact_tuples_deleted(c.oid) > 0);" CALLS

/* A function keeps its plans, which take longer than the queries. It runs as its owner, in any role of the script. */
#define RETURNS \
	" RETURNS TABLE (kind text, v1 text, v2 text, v3 text, v4 text, v5 text, v6 text, v7 text, v8 text, v9 text," \
	" v10 text, v11 text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$"

#define COUNTED_BEFORE "CREATE FUNCTION fitsdb_measure.counted()" RETURNS " BEGIN" COUNTED " END$$"

/* In parts, since a string has an end. */
static const char *const probe_parts[] = {
	"CREATE FUNCTION fitsdb_measure.probe(whole boolean, newest oid, noted bigint)" RETURNS
	" DECLARE tables oid[];"
	" BEGIN"
	" tables := ARRAY(SELECT DISTINCT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
	" WHERE c.relkind IN ('r', 'p', 'm') AND " THEIRS " AND (whole OR (c.oid <= newest AND c.oid IN ("
	"SELECT coalesce(x.indrelid, l.relation) FROM (SELECT l.relation FROM " LOCKS " AND l.pid = pg_backend_pid()) l"
	" LEFT JOIN pg_index x ON x.indexrelid = l.relation))));",
	RELATIONS, COLUMNS, CONSTRAINTS, TRIGGERS_OF, BLOCKS, OBJECTS, OTHERS,
	" END$$"
};

#define PLAN_ONCE \
	"ALTER FUNCTION fitsdb_measure.probe(boolean, oid, bigint) SET plan_cache_mode = force_generic_plan"

#define NOTE_TABLE "CREATE TABLE fitsdb_measure.note (id bigserial, relation oid, operation text)"
#define NOTE_FUNCTION \
	"CREATE FUNCTION fitsdb_measure.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER" \
	" SET search_path = pg_catalog, pg_temp AS" \
	" $$BEGIN INSERT INTO fitsdb_measure.note (relation, operation) VALUES (TG_RELID, TG_OP); RETURN NULL; END$$"

/* A trigger for a statement does not need any rows. Always: whatever role replicates. */
#define TRIGGERS \
	"DO $$" \
	" DECLARE name text;" \
	" BEGIN" \
	" FOR name IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p') AND " THEIRS \
	" AND pg_has_role(c.relowner, 'USAGE')" \
	" AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'fitsdb_measure_rows')" \
	" LOOP" \
	" EXECUTE 'CREATE TRIGGER fitsdb_measure_rows BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ' || name ||" \
	" ' FOR EACH STATEMENT EXECUTE PROCEDURE fitsdb_measure.note()';" \
	" EXECUTE 'ALTER TABLE ' || name || ' ENABLE ALWAYS TRIGGER fitsdb_measure_rows';" \
	" END LOOP;" \
	" END$$"

void
probe_read_add_setup(struct pipeline *pipeline, int server)
{
	char	   *probe = mem_string("");

	for (size_t i = 0; i < sizeof(probe_parts) / sizeof(probe_parts[0]); i++)
		mem_append(&probe, probe_parts[i], "");
	pipeline_add(pipeline, "CREATE SCHEMA fitsdb_measure", 0);
	pipeline_add(pipeline, NOTE_TABLE, 0);
	pipeline_add(pipeline, NOTE_FUNCTION, 0);
	pipeline_add(pipeline, probe, 0);
	pipeline_add(pipeline, COUNTED_BEFORE, 0);
	if (server >= 120000)
		pipeline_add(pipeline, PLAN_ONCE, 0);
	/* Any role that the script has set must be able to probe. */
	pipeline_add(pipeline, "GRANT USAGE ON SCHEMA fitsdb_measure TO PUBLIC", 0);
	mem_free(probe);
}

void
probe_read_add_triggers(struct pipeline *pipeline)
{
	pipeline_add(pipeline, TRIGGERS, 0);
}

void
probe_read_add(struct pipeline *pipeline, bool all, unsigned newest, long noted)
{
	char	   *sql = mem_format("SELECT * FROM fitsdb_measure.probe(%s, '%u', %ld)", all ? "true" : "false", newest,
								 noted);

	pipeline_add(pipeline, sql, 0);
	mem_free(sql);
}

/* --- take the results --- */

/* A line of the result. */
struct probe_line {
	const struct pipeline_command *command;
	int			number;
};

static const char *
text_at(struct probe_line line, int column)
{
	return pipeline_text(line.command, line.number, column);
}

static unsigned
oid_at(struct probe_line line, int column)
{
	return (unsigned) strtoul(text_at(line, column), NULL, 10);
}

static long
number_at(struct probe_line line, int column)
{
	return strtol(text_at(line, column), NULL, 10);
}

static bool
bool_at(struct probe_line line, int column)
{
	return strcmp(text_at(line, column), "true") == 0;
}

static void
take_relation(struct probe *probe, struct arena *arena, struct probe_line line)
{
	/* An index has the numbers of its unique columns in the place of the counters. */
	bool		index = text_at(line, 1)[0] && oid_at(line, 1) != oid_at(line, 2);

	probe->relations = mem_room(probe->relations, probe->relation_count, sizeof(*probe->relations));
	probe->relations[probe->relation_count++] = (struct probe_relation) {
		.table = oid_at(line, 1),
		.oid = oid_at(line, 2),
		.name = arena_format(arena, "%s.%s", fact_identifier(arena, text_at(line, 3)),
							 fact_identifier(arena, text_at(line, 4))),
		.kind = text_at(line, 5)[0],
		.constraint = bool_at(line, 6),
		.filenode = oid_at(line, 7),
		.scans = number_at(line, 8),
		.inserted = index ? 0 : number_at(line, 9),
		.updated = number_at(line, 10),
		.deleted = number_at(line, 11),
		.unique = index ? arena_string(arena, text_at(line, 9)) : "",
	};
}

static void
take_column(struct probe *probe, struct arena *arena, struct probe_line line)
{
	probe->columns = mem_room(probe->columns, probe->column_count, sizeof(*probe->columns));
	probe->columns[probe->column_count++] = (struct probe_column) {
		.table = oid_at(line, 1),
		.number = (int) number_at(line, 2),
		.name = fact_identifier(arena, text_at(line, 3)),
		.dropped = bool_at(line, 4),
		.not_null = bool_at(line, 5),
		.type = oid_at(line, 6),
		.modifier = number_at(line, 7),
		.filled = bool_at(line, 8),
		.required = bool_at(line, 9),
	};
}

static void
take_constraint(struct probe *probe, struct arena *arena, struct probe_line line)
{
	probe->constraints = mem_room(probe->constraints, probe->constraint_count, sizeof(*probe->constraints));
	probe->constraints[probe->constraint_count++] = (struct probe_constraint) {
		.table = oid_at(line, 1),
		.oid = oid_at(line, 2),
		.name = fact_identifier(arena, text_at(line, 3)),
		.type = text_at(line, 4)[0],
		.validated = bool_at(line, 5),
		.index = oid_at(line, 6),
		.not_null = (int) number_at(line, 7),
		.indexed = bool_at(line, 8),
		.columns = arena_string(arena, text_at(line, 9)),
	};
}

static void
take_trigger(struct probe *probe, struct arena *arena, struct probe_line line)
{
	probe->triggers = mem_room(probe->triggers, probe->trigger_count, sizeof(*probe->triggers));
	probe->triggers[probe->trigger_count++] = (struct probe_trigger) {
		.table = oid_at(line, 1),
		.oid = oid_at(line, 2),
		.name = fact_identifier(arena, text_at(line, 3)),
		.internal = bool_at(line, 4),
		.disabled = bool_at(line, 5),
	};
}

static void
take_block(struct probe *probe, struct arena *arena, struct probe_line line)
{
	const char *rule = text_at(line, 3);

	probe->blocks = mem_room(probe->blocks, probe->block_count, sizeof(*probe->blocks));
	probe->blocks[probe->block_count++] = (struct probe_block) {
		.table = oid_at(line, 1),
		.oid = oid_at(line, 2),
		.name = *rule ? arena_format(arena, "rule %s", fact_identifier(arena, rule)) : "row security without a policy",
	};
}

static void
take_object(struct probe *probe, struct arena *arena, struct probe_line line)
{
	probe->objects = mem_room(probe->objects, probe->object_count, sizeof(*probe->objects));
	probe->objects[probe->object_count++] = (struct probe_object) {
		.class = oid_at(line, 1),
		.oid = oid_at(line, 2),
		.kind = arena_string(arena, text_at(line, 3)),
		.identity = arena_string(arena, text_at(line, 4)),
		.name = arena_string(arena, text_at(line, 5)),
	};
}

static void
take_calls(struct probe *probe, struct probe_line line)
{
	probe->calls = number_at(line, 1);
	probe->loops = number_at(line, 2);
}

static void
add_lock(struct probe *probe, unsigned relation, const char *mode)
{
	probe->locks = mem_room(probe->locks, probe->lock_count, sizeof(*probe->locks));
	probe->locks[probe->lock_count++] = (struct probe_lock) {.relation = relation,.mode = lock_mode_of(mode)};
}

static void
take_note(struct probe *probe, struct probe_line line, long *noted)
{
	probe->notes = mem_room(probe->notes, probe->note_count, sizeof(*probe->notes));
	probe->notes[probe->note_count++] = (struct probe_note) {.table = oid_at(line, 1),.operation = text_at(line, 2)[0]};
	if (number_at(line, 3) > *noted)
		*noted = number_at(line, 3);
}

/* A check that a column is not null requires a value, too. */
static void
require_by_checks(struct probe *probe)
{
	for (size_t i = 0; i < probe->constraint_count; i++)
		for (size_t k = 0; probe->constraints[i].not_null && k < probe->column_count; k++)
			if (probe->columns[k].table == probe->constraints[i].table
				&& probe->columns[k].number == probe->constraints[i].not_null)
				probe->columns[k].required = !probe->columns[k].filled;
}

void
probe_read_take(struct probe *probe, struct arena *arena, const struct pipeline_command *command, long *noted)
{
	*probe = (struct probe) {.lists_objects = true};
	for (int i = 0; i < pipeline_row_count(command); i++) {
		struct probe_line line = {command, i};

		switch (text_at(line, 0)[0]) {
			case 'r': take_relation(probe, arena, line); break;
			case 'a': take_column(probe, arena, line); break;
			case 'k': take_constraint(probe, arena, line); break;
			case 'l': add_lock(probe, oid_at(line, 1), text_at(line, 2)); break;
			case 'n': take_note(probe, line, noted); break;
			case 't': take_trigger(probe, arena, line); break;
			case 'b': take_block(probe, arena, line); break;
			case 'o': take_object(probe, arena, line); break;
			default: take_calls(probe, line); break;
		}
	}
	require_by_checks(probe);
	probe_complete(probe, &(struct probe) {0});
}

void
probe_read_add_counts(struct pipeline *pipeline)
{
	pipeline_add(pipeline, "SELECT * FROM fitsdb_measure.counted()", 0);
}

void
probe_read_take_counts(struct probe *probe, const struct pipeline_command *command)
{
	probe->lock_count = 0;
	probe->note_count = 0;
	for (size_t i = 0; i < probe->relation_count; i++) {
		struct probe_relation *relation = &probe->relations[i];

		relation->scans = relation->inserted = relation->updated = relation->deleted = 0;
		for (int k = 0; k < pipeline_row_count(command); k++) {
			struct probe_line line = {command, k};

			if (text_at(line, 0)[0] != 'z' || oid_at(line, 1) != relation->oid)
				continue;
			relation->scans = number_at(line, 2);
			relation->inserted = number_at(line, 3);
			relation->updated = number_at(line, 4);
			relation->deleted = number_at(line, 5);
		}
	}
	for (int k = 0; k < pipeline_row_count(command); k++)
		if (pipeline_text(command, k, 0)[0] == 'c')
			take_calls(probe, (struct probe_line) {command, k});
}

void
probe_read_add_locks(struct pipeline *pipeline, const char *pid)
{
	pipeline_add(pipeline, "SELECT l.relation, l.mode, l.granted, l.locktype = 'relation' FROM pg_catalog.pg_locks l"
				 " WHERE l.pid = $1::integer", 1, pid);
}

bool
probe_read_take_locks(struct probe *probe, const struct pipeline_command *command)
{
	bool		waiting = false;

	for (int i = 0; i < pipeline_row_count(command); i++) {
		struct probe_line line = {command, i};

		waiting |= !pipeline_bool(command, i, 2);
		if (pipeline_bool(command, i, 3))
			add_lock(probe, oid_at(line, 0), text_at(line, 1));
	}
	return waiting;
}
