/*
 * catalog_queries.h - the queries of catalog.c, one for each kind of fact.
 *
 * Each returns group, name, position, four values, needs, and the SQL that creates the object. $1 is the owner's name
 * that replaces the current role, or null. The search path is pg_catalog alone.
 */
#ifndef CATALOG_QUERIES_H
#define CATALOG_QUERIES_H

#include "pg/user_objects.h"
#include "schema/catalog.h"

/* The owner. */
#define OWNER(column) \
	"CASE WHEN $1::text IS NOT NULL AND " column " = (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)" \
	" THEN $1::text ELSE pg_get_userbyid(" column ")::text END"

/* Relations of schema public, without the version table. */
#define IS_RELATION(alias) \
	alias ".relnamespace = 'public'::regnamespace AND " alias ".relname <> 'migrate_version' AND " \
	USER_OBJECTS_NOT_EXTENSION("pg_class", alias ".oid")

/* A key in the needs of a fact, as catalog_key makes it. */
#define KEY_OF(kind, group, name) "concat_ws(E'\\t', " kind ", " group ", " name ")"
#define KEY(kind, group, name) KEY_OF("'" kind "'", group, name)

/* The key of a relation of any kind, from pg_class. */
#define RELATION_KEY(alias) \
	KEY_OF("CASE WHEN " alias ".relkind IN ('v', 'm') THEN 'view' WHEN " alias ".relkind = 'S' THEN 'sequence'" \
		   " ELSE 'table' END", \
		   "''", alias ".relname")

#define READ_TABLES \
	"SELECT '', c.relname, 0," \
	" CASE c.relpersistence WHEN 'u' THEN 'unlogged ' ELSE '' END" \
	" || CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table partitioned by ' || pg_get_partkeydef(c.oid)" \
	" ELSE 'foreign table' END || coalesce(' ' || pg_get_expr(c.relpartbound, c.oid), '')" \
	" || coalesce((SELECT ', inherits ' || string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)" \
	" FROM pg_inherits i WHERE i.inhrelid = c.oid), '')," \
	OWNER("c.relowner") "," \
	" CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'enabled' END, NULL," \
	" coalesce((SELECT string_agg(" KEY("table", "''", "p.relname") ", E'\\n') FROM pg_inherits i" \
	" JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid AND c.relispartition), ''), NULL" \
	" FROM pg_class c WHERE c.relkind IN ('r', 'p', 'f') AND " IS_RELATION("c")

/* %s: how the value is generated, and whether it is, on servers that have generated columns. */
#define READ_COLUMNS \
	"SELECT c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod)" \
	" || CASE WHEN a.attcollation <> t.typcollation THEN coalesce(' COLLATE ' || quote_ident(o.collname), '')" \
	" ELSE '' END, CASE WHEN a.attnotnull THEN 'NOT NULL' ELSE 'NULL' END, pg_get_expr(d.adbin, d.adrelid)," \
	" CASE WHEN a.attidentity = 'a' THEN 'always, as identity' WHEN a.attidentity = 'd'" \
	" THEN 'by default, as identity'%s END," \
	" concat_ws(E'\\n', " KEY("table", "''", "c.relname") \
	", CASE WHEN t.typnamespace = 'public'::regnamespace THEN " KEY("type", "''", "t.typname") " END)," \
	" CASE WHEN a.attidentity = '' AND NOT (%s) AND a.attcollation = t.typcollation AND (d.oid IS NOT NULL" \
	" OR NOT a.attnotnull) AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ '[(]'" \
	" THEN format('ALTER TABLE public.%%I ADD COLUMN %%I %%s%%s%%s', c.relname, a.attname," \
	" format_type(a.atttypid, a.atttypmod), ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)," \
	" CASE WHEN a.attnotnull THEN ' NOT NULL' END) END" \
	" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped" \
	" JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation o ON o.oid = a.attcollation" \
	" LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum" \
	" WHERE c.relkind IN ('r', 'p', 'f') AND " IS_RELATION("c")

#define READ_INDEXES \
	"SELECT t.relname, c.relname, 0, CASE WHEN i.indisunique THEN 'unique ' ELSE '' END" \
	" || substring(d.definition FROM ' USING (.*)$')," \
	" CASE WHEN i.indisvalid AND i.indisready THEN 'valid' ELSE 'invalid' END, NULL, NULL," \
	" concat_ws(E'\\n', " RELATION_KEY("t") \
	", (SELECT string_agg(" KEY("column", "t.relname", "a.attname") ", E'\\n') FROM pg_depend p" \
	" JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid WHERE p.classid = 'pg_class'::regclass" \
	" AND p.objid = c.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid = t.oid AND p.refobjsubid > 0))," \
	" CASE t.relkind WHEN 'r' THEN regexp_replace(d.definition, '^(CREATE (UNIQUE )?INDEX )', '\\1CONCURRENTLY ')" \
	" ELSE d.definition END" \
	" FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid = i.indrelid," \
	" LATERAL (SELECT pg_get_indexdef(c.oid) AS definition OFFSET 0) d" \
	" WHERE " IS_RELATION("t") " AND c.relnamespace = t.relnamespace AND t.relkind IN ('r', 'p', 'm')" \
	" AND NOT EXISTS (SELECT FROM pg_depend k WHERE k.classid = 'pg_class'::regclass AND k.objid = c.oid" \
	" AND k.refclassid = 'pg_constraint'::regclass AND k.deptype = 'i')"

/* Since PostgreSQL 18 NOT NULL is a constraint ('n'); here it is a property of the column. */
#define READ_CONSTRAINTS \
	"SELECT c.relname, k.conname, 0, pg_get_constraintdef(k.oid), NULL, NULL, NULL," \
	" concat_ws(E'\\n', " KEY("table", "''", "c.relname") \
	", (SELECT string_agg(" KEY("column", "c.relname", "a.attname") ", E'\\n') FROM pg_attribute a" \
	" WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)), CASE WHEN f.oid IS NOT NULL THEN " \
	KEY("table", "''", "f.relname") " END" \
	", (SELECT string_agg(" KEY("column", "f.relname", "a.attname") ", E'\\n') FROM pg_attribute a" \
	" WHERE a.attrelid = f.oid AND a.attnum = ANY (k.confkey))" \
	", (SELECT " KEY("constraint", "f.relname", "r.conname") " FROM pg_constraint r WHERE r.conindid = k.conindid" \
	" AND r.contype IN ('p', 'u') AND k.contype = 'f' LIMIT 1)" \
	", (SELECT " KEY("index", "f.relname", "r.relname") " FROM pg_class r WHERE r.oid = k.conindid" \
	" AND k.contype = 'f'" \
	" AND NOT EXISTS (SELECT FROM pg_constraint q WHERE q.conindid = r.oid AND q.contype IN ('p', 'u'))))," \
	" CASE WHEN k.contype IN ('f', 'c') AND c.relkind = 'r'" \
	" THEN format('ALTER TABLE public.%1$I ADD CONSTRAINT %2$I %3$s'" \
	" || CASE WHEN k.convalidated THEN E' NOT VALID;\\nALTER TABLE public.%1$I VALIDATE CONSTRAINT %2$I' ELSE '' END," \
	" c.relname, k.conname, pg_get_constraintdef(k.oid))" \
	" WHEN k.contype IN ('p', 'u') AND NOT k.condeferrable AND c.relkind = 'r' THEN" \
	" format(E'%4$s;\\nALTER TABLE public.%1$I ADD CONSTRAINT %2$I %3$s USING INDEX %2$I', c.relname, k.conname," \
	" CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END," \
	" regexp_replace(pg_get_indexdef(k.conindid), '^CREATE UNIQUE INDEX ', 'CREATE UNIQUE INDEX CONCURRENTLY ')) END" \
	" FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid LEFT JOIN pg_class f ON f.oid = k.confrelid" \
	" AND f.oid > 0" \
	" WHERE k.contype IN ('p', 'f', 'u', 'c', 'x') AND " IS_RELATION("c")

/* A sequence that is owned by a column has the owner of the table. */
#define READ_SEQUENCES \
	"SELECT '', c.relname, 0, o.place, format('%s from %s by %s, %s to %s, cache %s%s'," \
	" format_type(s.seqtypid, NULL)," \
	" s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ', cycles' ELSE '' END)," \
	" CASE WHEN o.place IS NULL THEN " OWNER("c.relowner") " END, NULL, coalesce(o.needs, ''), NULL" \
	" FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid" \
	" LEFT JOIN LATERAL (SELECT format('%s.%s', t.relname, a.attname) AS place, concat_ws(E'\\n', " \
	KEY("table", "''", "t.relname") ", " KEY("column", "t.relname", "a.attname") ") AS needs" \
	" FROM pg_depend p JOIN pg_class t ON t.oid = p.refobjid" \
	" JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid" \
	" WHERE p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.refclassid = 'pg_class'::regclass" \
	" AND p.refobjsubid > 0 AND p.deptype IN ('a', 'i')) o ON true" \
	" WHERE " IS_RELATION("c")

#define IS_TYPE \
	" FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.typnamespace = 'public'::regnamespace" \
	" AND (t.typtype IN ('e', 'd') OR c.relkind = 'c') AND " USER_OBJECTS_NOT_EXTENSION("pg_type", "t.oid")

#define READ_TYPES \
	"SELECT '', t.typname, 0, CASE t.typtype WHEN 'e' THEN 'enum'" \
	" WHEN 'd' THEN concat_ws(' ', 'domain over', format_type(t.typbasetype, t.typtypmod)," \
	" CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault," \
	" (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)" \
	" FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))" \
	" ELSE 'composite (' || (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', '" \
	" ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0" \
	" AND NOT a.attisdropped) || ')' END," OWNER("t.typowner") ", NULL, NULL, ''," \
	" CASE WHEN t.typtype = 'e' THEN format('CREATE TYPE public.%I AS ENUM (%s)', t.typname," \
	" (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e" \
	" WHERE e.enumtypid = t.oid)) END" IS_TYPE

#define READ_LABELS \
	"SELECT t.typname, e.enumlabel, row_number() OVER (PARTITION BY t.oid ORDER BY e.enumsortorder), NULL," \
	" NULL, NULL, NULL," \
	" " KEY("type", "''", "t.typname") ", format('ALTER TYPE public.%I ADD VALUE %L', t.typname, e.enumlabel)" \
	" FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace AND " \
	USER_OBJECTS_NOT_EXTENSION("pg_type", "t.oid")

#define READ_VIEWS \
	"SELECT '', c.relname, 0, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END," \
	" pg_get_viewdef(c.oid), " OWNER("c.relowner") ", array_to_string(c.reloptions, ', ')," \
	" coalesce((SELECT string_agg(DISTINCT concat_ws(E'\\n', " RELATION_KEY("t") ", " \
	KEY("column", "t.relname", "a.attname") "), E'\\n') FROM pg_rewrite r JOIN pg_depend p" \
	" ON p.classid = 'pg_rewrite'::regclass AND p.objid = r.oid AND p.refclassid = 'pg_class'::regclass" \
	" JOIN pg_class t ON t.oid = p.refobjid AND t.oid <> c.oid" \
	" LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid AND p.refobjsubid > 0" \
	" WHERE r.ev_class = c.oid), '')," \
	" format('CREATE %s public.%I%s AS %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW'" \
	" END, c.relname, ' WITH (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid), ';'))" \
	" FROM pg_class c WHERE c.relkind IN ('v', 'm') AND " IS_RELATION("c")

/* %s, twice: is it an aggregate? pg_get_functiondef() refuses those. */
#define READ_FUNCTIONS \
	"SELECT '', format('%%s(%%s)', p.proname, pg_get_function_identity_arguments(p.oid)), 0," \
	" CASE WHEN %s THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END, " OWNER("p.proowner") ", NULL, NULL, ''," \
	" CASE WHEN NOT (%s) THEN pg_get_functiondef(p.oid) END" \
	" FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND " USER_OBJECTS_NOT_EXTENSION("pg_proc", "p.oid")

#define READ_TRIGGERS \
	"SELECT c.relname, g.tgname, 0, pg_get_triggerdef(g.oid), CASE g.tgenabled WHEN 'O' THEN 'enabled'" \
	" WHEN 'D' THEN 'disabled' WHEN 'A' THEN 'enabled always' ELSE 'enabled on a replica' END, NULL, NULL," \
	" concat_ws(E'\\n', " RELATION_KEY("c") ", (SELECT string_agg(" KEY("column", "c.relname", "a.attname") "," \
	" E'\\n') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (g.tgattr::int2[])), " \
	KEY("function", "''", "format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid))") ")," \
	" pg_get_triggerdef(g.oid) FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid" \
	" JOIN pg_proc p ON p.oid = g.tgfoid" \
	" WHERE NOT g.tgisinternal AND " IS_RELATION("c")

/* The owner's own privileges are not compared. */
#define READ_PRIVILEGES \
	"SELECT g.object, g.grantee, 0, string_agg(DISTINCT g.privilege, ', ' ORDER BY g.privilege), NULL, NULL," \
	" NULL, g.needs, CASE WHEN NOT bool_or(g.option) THEN format('GRANT %s ON %s public.%I TO %s'," \
	" string_agg(DISTINCT g.name, ', ' ORDER BY g.name), CASE g.relkind WHEN 'S' THEN 'SEQUENCE'" \
	" ELSE 'TABLE' END, g.object, CASE g.grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(g.grantee) END) END" \
	" FROM (SELECT c.relname AS object, c.relkind, CASE a.grantee WHEN 0 THEN 'PUBLIC'" \
	" ELSE pg_get_userbyid(a.grantee)::text END AS grantee, a.privilege_type AS name, a.is_grantable AS option," \
	" a.privilege_type || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END AS privilege," \
	" " RELATION_KEY("c") " AS needs" \
	" FROM pg_class c, aclexplode(c.relacl) a" \
	" WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND a.grantee <> c.relowner AND " IS_RELATION("c") ") g" \
	" GROUP BY g.object, g.relkind, g.grantee, g.needs"

#endif
