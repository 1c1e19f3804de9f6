/*
 * untrusted_queries.h - the two queries of untrusted.c: a cheap one that says whether there is anything to look at, and
 * the one that finds it.
 *
 * Both fail by a cast where a parameter says so: no other function of the system's fails with words that we choose.
 */
#ifndef UNTRUSTED_QUERIES_H
#define UNTRUSTED_QUERIES_H

#include "record/trust.h"

#define UNTRUSTED_SAYS "not trusted: "
#define UNTRUSTED_ADVISES "\x1f"			/* taken out of all names */
#define UNTRUSTED_NAMED ", and the SQL to be run contains this name"
#define UNTRUSTED_CHANGED "to be looked at more closely"

#define TRUSTED "trusted AS (SELECT r.oid FROM pg_roles r WHERE " TRUST_ROLE("r.oid", "$1::name") ")"
#define IS_UNTRUSTED(role) role " <> ALL (ARRAY(SELECT u.oid FROM trusted u))"

/* With REFERENCES a role can tie a table of its own to ours, and deleting a row of ours then runs its code. */
#define IS_OPEN(acl) \
	"EXISTS (SELECT FROM aclexplode(" acl ") x WHERE x.privilege_type IN ('TRIGGER', 'REFERENCES') AND " \
	IS_UNTRUSTED("x.grantee") ")"

/* A function in a trigger's condition, even one of the system's, may run any SQL: only these nodes may be in it. */
#define RUNS_ANY_SQL(condition) \
	"EXISTS (SELECT FROM regexp_matches(" condition "::text, '[{]([A-Z_]+)', 'g') n (node) WHERE n.node[1] <> ALL" \
	" ('{VAR,CONST,OPEXPR,DISTINCTEXPR,BOOLEXPR,NULLTEST,BOOLEANTEST,RELABELTYPE,SCALARARRAYOPEXPR}'::text[]))"

/*
 * Arguments of a trigger are data of the role that created it, and a function of the owner's may run them as SQL. Plain
 * names pass: letters, digits, underscores and dots. In the cheap query, those with dots are looked at more closely.
 */
#define ARGUMENTS_OF(trigger) "encode(" trigger ".tgargs, 'escape')"
#define ARGUMENT_END "chr(92) || '000'"
#define HAS_ARGUMENTS(trigger) "NOT " trigger ".tgisinternal AND " trigger ".tgnargs > 0 AND " trigger ".tgfoid >= 16384"
#define MAY_BE_ODD(trigger) \
	HAS_ARGUMENTS(trigger) " AND replace(" ARGUMENTS_OF(trigger) ", " ARGUMENT_END ", '') !~ '^[A-Za-z0-9_]*$'"

/* A trigger on a table of the record may keep a change from being recorded, even if a trusted role owns it. */
#define IS_OF_RECORD(relation) \
	"EXISTS (SELECT FROM pg_class c WHERE c.oid = " relation " AND (c.oid = to_regclass('public.migrate_version')" \
	" OR c.relnamespace = to_regnamespace('fitsdb_schema')))"

/*
 * Within a transaction, only what others commit can make a difference: where the last answer was no and the snapshot is
 * still the same, no session has committed anything since. A setting that ends with the transaction holds that
 * snapshot.
 */
#define SNAPSHOT "txid_current_snapshot()::text"
#define SEEN "current_setting('fitsdb_schema.seen', true) = " SNAPSHOT
#define SET_SEEN "set_config('fitsdb_schema.seen', " SNAPSHOT ", true)"

/*
 * Does an untrusted role own anything, may it create a trigger anywhere, or is there a trigger whose condition or
 * arguments may run any SQL? Otherwise there is nothing to be found. Tables mostly have one of a few lists of
 * privileges.
 */
#define IS_ANYTHING(by_column) \
	"CASE WHEN " SEEN " THEN false WHEN" \
	" EXISTS (SELECT FROM pg_shdepend s WHERE s.dbid = (SELECT b.oid FROM pg_database b" \
	" WHERE b.datname = current_database())" \
	" AND s.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)" \
	" AND s.refclassid = 'pg_authid'::regclass AND s.deptype = 'o' AND " IS_UNTRUSTED("s.refobjid") ")" \
	" OR EXISTS (SELECT FROM (SELECT DISTINCT c.relacl FROM pg_class c WHERE c.oid >= 16384" \
	" AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) a WHERE " IS_OPEN("a.relacl") ")" \
	" OR EXISTS (SELECT FROM pg_trigger g WHERE g.tgqual IS NOT NULL AND " RUNS_ANY_SQL("g.tgqual") \
	" OR " MAY_BE_ODD("g") " OR NOT g.tgisinternal AND " IS_OF_RECORD("g.tgrelid") ")" \
	" OR " by_column " AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid >= 16384 AND k.attacl IS NOT NULL)" \
	" THEN true ELSE " SET_SEEN " IS NULL END"

/*
 * The first query. $2: fail if so; what only the owner grants, privileges for columns, is looked at once then, without.
 */
#define UNTRUSTED_BRIEFLY \
	"WITH " TRUSTED " SELECT CASE WHEN " IS_ANYTHING("NOT $2::boolean") " THEN CASE WHEN $2::boolean" \
	" THEN ('" UNTRUSTED_SAYS UNTRUSTED_CHANGED " in ' || current_database())::integer ELSE 1 END ELSE 0 END"

/* What is changed along with a table: tables that refer to it, partitions and children. */
#define EDGES \
	"edges AS (SELECT k.confrelid AS above, k.conrelid AS below, k.conname AS name FROM pg_constraint k" \
	" WHERE k.contype = 'f' UNION ALL SELECT i.inhparent, i.inhrelid, NULL FROM pg_inherits i)"

#define REACHED \
	"reached AS (SELECT c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')" \
	" AND (c.relnamespace = to_regnamespace('fitsdb_schema')" \
	" OR c.relnamespace = to_regnamespace('public') AND ($2::boolean OR c.relname = 'migrate_version'))" \
	" UNION SELECT e.below FROM reached r JOIN edges e ON e.above = r.oid)"

#define OURS \
	"ours AS (SELECT c.oid, c.relname, c.relnamespace, c.relkind, " IS_OPEN("c.relacl") \
	" OR EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attacl IS NOT NULL AND " \
	IS_OPEN("k.attacl") ") AS open FROM reached r JOIN pg_class c ON c.oid = r.oid" \
	" WHERE NOT (" IS_UNTRUSTED("c.relowner") "))"

/*
 * Whatever depends on a function, an operator or a type of an untrusted role. Objects of the system have no other
 * owner.
 */
#define DEPENDENTS(catalog, alias, owner) \
	"SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, " owner " AS owner FROM pg_depend d JOIN " catalog \
	" " alias " ON " alias ".oid = d.refobjid WHERE d.refclassid = '" catalog "'::regclass AND d.refobjid >= 16384 AND " \
	IS_UNTRUSTED(owner)

/* A rule or a policy can read or write another table, and the owner of that table may have triggers and views there. */
#define USES \
	"uses AS (" DEPENDENTS("pg_proc", "p", "p.proowner") " UNION ALL " DEPENDENTS("pg_operator", "o", "o.oprowner") \
	" UNION ALL " DEPENDENTS("pg_type", "y", "y.typowner") " UNION ALL " DEPENDENTS("pg_class", "c", "c.relowner") \
	" AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass))"

/* Of a trigger that is disabled, only its table's owner can make anything. A view's own rule has no such dependency. */
#define FIND_USES \
	"SELECT 'code' AS kind, NULL::text AS key, NULL::text AS name, NULL::text AS relation," \
	" format('%s uses %s, which belongs to role \"%s\"', pg_describe_object(u.classid, u.objid, u.objsubid)," \
	" pg_describe_object(u.refclassid, u.refobjid, 0), r.rolname) AS what," \
	" CASE WHEN u.classid IN ('pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_policy'::regclass)" \
	" THEN format('Check its purpose. To remove it, run: DROP %s %s;', upper(i.type), i.identity)" \
	" ELSE 'Check its purpose. Then remove it, or transfer the object that it uses to the database''s owner.' END" \
	" AS hint" \
	" FROM uses u JOIN pg_roles r ON r.oid = u.owner, pg_identify_object(u.classid, u.objid, u.objsubid) i" \
	" WHERE (u.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM ours t WHERE t.oid = u.objid" \
	" AND t.relkind IN ('r', 'p', 'f')) OR EXISTS (SELECT FROM pg_depend a JOIN ours t ON t.oid = a.refobjid" \
	" WHERE a.classid = u.classid AND a.objid = u.objid AND a.refclassid = 'pg_class'::regclass" \
	" AND (a.deptype = 'a' OR a.deptype = 'i' AND u.classid = 'pg_attrdef'::regclass)))" \
	" AND NOT EXISTS (SELECT FROM pg_trigger g WHERE u.classid = 'pg_trigger'::regclass AND g.oid = u.objid" \
	" AND g.tgenabled = 'D')"

/* A name without a schema may be in public; a schema in which others create may get such an object at any time. */
#define IS_OF_OTHERS(argument) \
	"(split_part(lower(" argument "), '.', 1) LIKE 'pg|_temp%' ESCAPE '|'" \
	" OR EXISTS (SELECT FROM pg_namespace n, LATERAL (SELECT regexp_replace(" argument ", '^.*[.]', '') AS name) w" \
	" WHERE n.nspname IN (split_part(" argument ", '.', 1), split_part(lower(" argument "), '.', 1))" \
	" AND strpos(" argument ", '.') > 0 AND (" IS_UNTRUSTED("n.nspowner") " OR " OTHERS_HAVE("w.name") ")" \
	" OR n.nspname = 'public' AND strpos(" argument ", '.') = 0 AND " OTHERS_HAVE("w.name") "))"
#define OTHERS_HAVE(name) \
	"(EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname IN (" name ", lower(" name "))" \
	" AND " IS_UNTRUSTED("c.relowner") ") OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid" \
	" AND p.proname IN (" name ", lower(" name ")) AND " IS_UNTRUSTED("p.proowner") "))"

/*
 * A trigger does not say who has created it, and functions of the system's can run any SQL that they are given: what a
 * condition may be made of is listed, rather than what it may not. So it is with arguments, whether an untrusted role
 * may create triggers now or could only do so earlier.
 */
#define FIND_TRIGGERS \
	"SELECT 'code', NULL, NULL, NULL, format('trigger %I on table %s has a condition that may run any SQL', g.tgname," \
	" t.oid::regclass), format('Check its purpose. To remove it, run: DROP TRIGGER %I ON %s; A condition may compare" \
	" columns and constants only.', g.tgname, t.oid::regclass)" \
	" FROM ours t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal AND g.tgenabled <> 'D'" \
	" AND " RUNS_ANY_SQL("g.tgqual") \
	" UNION ALL SELECT 'code', NULL, NULL, NULL, format('trigger %I on table %s has arguments that could be SQL or" \
	" objects of another role', g.tgname, t.oid::regclass)," \
	" format('Check its purpose. To remove it, run: DROP TRIGGER %I ON %s; If it is needed, create it again with" \
	" plain names as arguments: letters, digits, underscores and dots.', g.tgname, t.oid::regclass)" \
	" FROM ours t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE " HAS_ARGUMENTS("g") " AND g.tgenabled <> 'D'" \
	" AND EXISTS (SELECT FROM unnest(string_to_array(" ARGUMENTS_OF("g") ", " ARGUMENT_END ")) a (given)" \
	" WHERE a.given !~ '^[A-Za-z0-9_.]*$' OR " IS_OF_OTHERS("a.given") ")"

#define FIND_RECORD_TRIGGERS \
	"SELECT 'code', NULL, NULL, NULL, format('trigger %I is on table %s, which records the version', g.tgname," \
	" t.oid::regclass), format('It may prevent changes from being recorded. To remove it, run: DROP TRIGGER %I ON %s;" \
	"', g.tgname, t.oid::regclass) FROM ours t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal" \
	" AND g.tgenabled <> 'D' AND " IS_OF_RECORD("t.oid")

/* An event trigger is a superuser's, but the owner of its function may replace it at any time. */
#define FIND_EVENTS \
	"SELECT 'code', NULL, NULL, NULL, format('event trigger %I runs function %s, which belongs to role \"%s\"'," \
	" v.evtname, p.oid::regprocedure, pg_get_userbyid(p.proowner))," \
	" format('Check its purpose. To disable it, run as a superuser: ALTER EVENT TRIGGER %I DISABLE;', v.evtname)" \
	" FROM pg_event_trigger v JOIN pg_proc p ON p.oid = v.evtfoid WHERE v.evtenabled <> 'D'" \
	" AND " IS_UNTRUSTED("p.proowner")

/* One line for each table on the other side. If it is one of the archive's own, it only has the wrong owner. */
#define FIND_EDGES \
	"SELECT 'code', NULL, NULL, NULL, format('table %s of role \"%s\" and %s are connected by foreign keys or" \
	" inheritance', x.strange::regclass, pg_get_userbyid(min(c.relowner::bigint)::oid), CASE count(DISTINCT x.ours)" \
	" WHEN 1 THEN format('table %s', min(x.ours::bigint)::oid::regclass)" \
	" ELSE format('%s other tables', count(DISTINCT x.ours)) END)," \
	" format('If the table is to belong to the database''s owner, run as a superuser: ALTER TABLE %s OWNER TO %I; If" \
	" not, separate them: %s', x.strange::regclass, (SELECT pg_get_userbyid(b.datdba) FROM pg_database b" \
	" WHERE b.datname = current_database()), string_agg(x.statement, ' ' ORDER BY x.statement))" \
	" FROM (SELECT CASE WHEN above.strange THEN e.above ELSE e.below END AS strange," \
	" CASE WHEN above.strange THEN e.below ELSE e.above END AS ours," \
	" format(CASE WHEN e.name IS NOT NULL THEN 'ALTER TABLE %1$s DROP CONSTRAINT %3$I;'" \
	" WHEN b.relispartition THEN 'ALTER TABLE %2$s DETACH PARTITION %1$s;'" \
	" ELSE 'ALTER TABLE %1$s NO INHERIT %2$s;' END, e.below::regclass, e.above::regclass, e.name) AS statement" \
	" FROM edges e JOIN pg_class a ON a.oid = e.above JOIN pg_class b ON b.oid = e.below," \
	" LATERAL (SELECT " IS_UNTRUSTED("a.relowner") " AS strange) above," \
	" LATERAL (SELECT " IS_UNTRUSTED("b.relowner") " AS strange) below" \
	" WHERE above.strange <> below.strange) x JOIN pg_class c ON c.oid = x.strange" \
	" WHERE x.ours IN (SELECT t.oid FROM ours t) GROUP BY x.strange"

/* An operator is found by the types that it is for, so that it may be taken for the system's in any SQL. */
#define FIND_OPERATORS \
	"SELECT 'code', NULL, NULL, NULL, format('operator %s belongs to role \"%s\", and SQL may use it instead of" \
	" the system''s operator', o.oid::regoperator, pg_get_userbyid(o.oprowner))," \
	" format('Check its purpose. To remove it, run: DROP OPERATOR %s; On schema public, only trusted roles should" \
	" have CREATE: REVOKE CREATE ON SCHEMA public FROM PUBLIC;', o.oid::regoperator)" \
	" FROM pg_operator o WHERE $2::boolean AND o.oprnamespace = to_regnamespace('public') AND " \
	IS_UNTRUSTED("o.oprowner")

/*
 * A function is found by the types of its arguments too. Triggers and functions of the owner's call it, which the
 * script does not name.
 */
#define FIND_FUNCTIONS \
	"SELECT 'code', NULL, NULL, NULL, format('function %s belongs to role \"%s\", and SQL may use it instead of" \
	" another function', p.oid::regprocedure, pg_get_userbyid(p.proowner))," \
	" format('Check its purpose. To remove it, run: DROP %s %s; On schema public, only trusted roles should have" \
	" CREATE: REVOKE CREATE ON SCHEMA public FROM PUBLIC;', upper(i.type), i.identity)" \
	" FROM pg_proc p, pg_identify_object('pg_proc'::regclass, p.oid, 0) i" \
	" WHERE $2::boolean AND p.pronamespace = to_regnamespace('public') AND " IS_UNTRUSTED("p.proowner") \
	" AND EXISTS (SELECT FROM pg_proc s WHERE s.proname = p.proname AND (s.pronamespace = 'pg_catalog'::regnamespace" \
	" OR s.pronamespace = p.pronamespace AND NOT (" IS_UNTRUSTED("s.proowner") ")))"

/* Where our own locks do not keep a trigger from being created. What this transaction itself has created is locked. */
#define FIND_OPEN \
	"SELECT 'lock', t.oid::text, t.relname::text, t.oid::regclass::text," \
	" format('an untrusted role may create triggers or foreign keys on table %s', t.oid::regclass)," \
	" format('Revoke TRIGGER and REFERENCES on table %s from other roles.', t.oid::regclass)" \
	" FROM ours t WHERE t.open AND t.relkind IN ('r', 'p') AND NOT ($4::boolean AND ($5::boolean OR EXISTS (SELECT" \
	" FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.relation = t.oid" \
	" AND l.granted AND l.mode NOT IN ('AccessShareLock', 'RowShareLock'))))"

/*
 * A script takes an object of its name for ours; of what the system has too, it finds the system's. What is a reserved
 * word must stand in quotes.
 */
#define FIND_OBJECTS \
	"SELECT 'object', o.oid || ' ' || o.name, CASE WHEN EXISTS (SELECT FROM pg_get_keywords() k WHERE k.word = o.name" \
	" AND k.catcode = 'R') THEN '\"' || o.name || '\"' ELSE o.name END, NULL," \
	" format('%s public.%I %s" UNTRUSTED_NAMED "', o.kind, o.name, o.reason)," \
	" 'Check its purpose. Then drop or rename it, or transfer it to the database''s owner.'" \
	" FROM (SELECT c.oid, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'" \
	" WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' WHEN 'i' THEN 'index'" \
	" WHEN 'I' THEN 'index' ELSE 'table' END AS kind," \
	" CASE WHEN t.oid IS NULL THEN format('belongs to role \"%s\"', pg_get_userbyid(c.relowner))" \
	" ELSE 'may have triggers of an untrusted role' END AS reason" \
	" FROM pg_class c LEFT JOIN ours t ON t.oid = c.oid AND t.open AND t.relkind IN ('v', 'f')" \
	" WHERE c.relnamespace = to_regnamespace('public') AND c.relkind <> 't'" \
	" AND (t.oid IS NOT NULL OR " IS_UNTRUSTED("c.relowner") ")" \
	" AND NOT EXISTS (SELECT FROM pg_class s WHERE s.relname = c.relname" \
	" AND s.relnamespace = 'pg_catalog'::regnamespace)" \
	" UNION ALL SELECT y.oid, y.typname, 'type', format('belongs to role \"%s\"', pg_get_userbyid(y.typowner))" \
	" FROM pg_type y WHERE y.typnamespace = to_regnamespace('public') AND y.typrelid = 0" \
	" AND NOT (y.typtype = 'b' AND y.typelem <> 0 AND y.typlen = -1)" \
	" AND " IS_UNTRUSTED("y.typowner") " AND NOT EXISTS (SELECT FROM pg_type s WHERE s.typname = y.typname" \
	" AND s.typnamespace = 'pg_catalog'::regnamespace)" \
	" UNION ALL SELECT p.oid, p.proname, 'function', format('belongs to role \"%s\"', pg_get_userbyid(p.proowner))" \
	" FROM pg_proc p WHERE p.pronamespace = to_regnamespace('public') AND " IS_UNTRUSTED("p.proowner") ") o" \
	" WHERE $2::boolean AND NOT EXISTS (SELECT FROM unnest($3::text[]) a (key) WHERE a.key = o.oid || ' ' || o.name)"

/*
 * The second query is these seven, one after the other, as a compiler need not take a longer string.
 *
 * $2: are migrations run; $3: the objects of others that the script does not name, as "oid name"; $4: fail where there
 * is anything else; $5: then, do without the locks.
 */
#define UNTRUSTED_TABLES "WITH RECURSIVE " TRUSTED ", " EDGES ", " REACHED ", " OURS ", "
#define UNTRUSTED_USES USES
#define UNTRUSTED_CODE \
	" SELECT f.kind, f.key, f.name, f.relation, f.what, f.hint," \
	" CASE WHEN $4::boolean THEN ('" UNTRUSTED_SAYS "' || translate(f.what, chr(31), '') || chr(31) || f.hint)::integer END" \
	" FROM (" FIND_USES " UNION ALL " FIND_TRIGGERS
#define UNTRUSTED_TIES " UNION ALL " FIND_RECORD_TRIGGERS " UNION ALL " FIND_EVENTS " UNION ALL " FIND_EDGES \
	" UNION ALL " FIND_OPERATORS " UNION ALL " FIND_OPEN
#define UNTRUSTED_FUNCTIONS " UNION ALL " FIND_FUNCTIONS
#define UNTRUSTED_OBJECTS " UNION ALL " FIND_OBJECTS ") f"
#define UNTRUSTED_ANYTHING " WHERE (SELECT " IS_ANYTHING("true") ")"

#endif
