/*
 * live_reader.h - how live.c and its parts read the catalogs.
 *
 * Each part asks for raw rows of catalogs, all in one round trip; then it enters the names of objects; then it makes
 * the facts (live_fact.h), for which it can look up the names that all parts have entered.
 */
#ifndef LIVE_READER_H
#define LIVE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live.h"

/* The queries; each part adds its own. */
enum live_query {
	LIVE_DATABASE,
	LIVE_ROLES,
	LIVE_NAMESPACES,
	LIVE_MEMBERS,				/* of extensions */
	LIVE_COMMENTS,
	LIVE_SYSTEM_TYPES,			/* their names */
	LIVE_USER_TYPES,
	LIVE_RANGES,
	LIVE_LABELS,				/* of enums */
	LIVE_DOMAIN_CONSTRAINTS,
	LIVE_ROUTINES,
	LIVE_ROUTINE_BODIES,		/* those in SQL that are parsed, from PostgreSQL 14 on */
	LIVE_AGGREGATES,
	LIVE_OPERATORS,
	LIVE_OPFAMILIES,			/* all */
	LIVE_OPCLASSES,				/* all, by oid: name, schema, access method, type, default */
	LIVE_FAMILY_OPERATORS,
	LIVE_FAMILY_FUNCTIONS,
	LIVE_DERIVED,				/* what belongs to a range */
	LIVE_CASTS,
	LIVE_TRANSFORMS,
	LIVE_CONVERSIONS,
	LIVE_COLLATIONS,			/* names of all */
	LIVE_USER_COLLATIONS,
	LIVE_ACCESS_METHODS,		/* all */
	LIVE_LANGUAGES,				/* all */
	LIVE_EXTENSIONS,
	LIVE_SETTINGS,				/* of the database, and of roles in it */
	LIVE_DEFAULT_PRIVILEGES,
	LIVE_RARE,					/* counts of what is not compared */
	LIVE_INITIAL_PRIVILEGES,	/* on members of extensions */
	LIVE_TS_PARSERS,
	LIVE_TS_TEMPLATES,
	LIVE_TS_DICTIONARIES,
	LIVE_TS_CONFIGURATIONS,
	LIVE_TS_MAPPINGS,
	LIVE_FOREIGN_DATA_WRAPPERS,
	LIVE_SERVERS,
	LIVE_USER_MAPPINGS,
	LIVE_EVENT_TRIGGERS,
	LIVE_PUBLICATIONS,
	LIVE_PUBLISHED,				/* relations and schemas in publications */
	LIVE_ROW_FILTERS,			/* of publications */
	LIVE_SUBSCRIPTIONS,
	LIVE_RELATIONS,				/* enum live_relation_column */
	LIVE_TABLESPACES,
	LIVE_INHERITANCE,
	LIVE_FOREIGN_TABLES,
	LIVE_PARTITION_KEYS,
	LIVE_COLUMNS,
	LIVE_NOT_NULLS,				/* their constraints, from PostgreSQL 18 on */
	LIVE_DEFAULTS,
	LIVE_GENERATED,				/* expressions of generated columns */
	LIVE_SEQUENCES,
	LIVE_SEQUENCE_COLUMNS,		/* to which they belong */
	LIVE_INDEXES,
	LIVE_INDEX_EXPRESSIONS,		/* definitions of those with expressions, and predicates */
	LIVE_CONSTRAINTS,
	LIVE_CHECKS,				/* definitions of checks and exclusion constraints */
	LIVE_VIEWS,
	LIVE_RULES,
	LIVE_TRIGGERS,
	LIVE_TRIGGER_DEFINITIONS,	/* of those with WHEN */
	LIVE_POLICIES,
	LIVE_STATISTICS,
	LIVE_REWRITES,				/* the rules of views, too */
	LIVE_EXPRESSIONS,			/* of defaults and generated columns: where they are */
	LIVE_DEPENDENTS,			/* on columns */
	LIVE_QUERY_COUNT
};

/* The oids of catalogs, the same in every database. */
enum live_class {
	LIVE_CLASS_TYPE = 1247,
	LIVE_CLASS_PROC = 1255,
	LIVE_CLASS_RELATION = 1259,
	LIVE_CLASS_TABLESPACE = 1213,
	LIVE_CLASS_ROLE = 1260,
	LIVE_CLASS_DATABASE = 1262,
	LIVE_CLASS_FOREIGN_SERVER = 1417,
	LIVE_CLASS_EXPRESSION = 2604,	/* pg_attrdef */
	LIVE_CLASS_FOREIGN_DATA_WRAPPER = 2328,
	LIVE_CLASS_AM = 2601,
	LIVE_CLASS_CAST = 2605,
	LIVE_CLASS_CONSTRAINT = 2606,
	LIVE_CLASS_CONVERSION = 2607,
	LIVE_CLASS_LANGUAGE = 2612,
	LIVE_CLASS_NAMESPACE = 2615,
	LIVE_CLASS_OPCLASS = 2616,
	LIVE_CLASS_OPERATOR = 2617,
	LIVE_CLASS_REWRITE = 2618,
	LIVE_CLASS_TRIGGER = 2620,
	LIVE_CLASS_OPFAMILY = 2753,
	LIVE_CLASS_EXTENSION = 3079,
	LIVE_CLASS_POLICY = 3256,
	LIVE_CLASS_STATISTIC_EXT = 3381,
	LIVE_CLASS_COLLATION = 3456,
	LIVE_CLASS_EVENT_TRIGGER = 3466,
	LIVE_CLASS_TRANSFORM = 3576,
	LIVE_CLASS_TS_DICT = 3600,
	LIVE_CLASS_TS_PARSER = 3601,
	LIVE_CLASS_TS_CONFIG = 3602,
	LIVE_CLASS_TS_TEMPLATE = 3764,
	LIVE_CLASS_SUBSCRIPTION = 6100,
	LIVE_CLASS_PUBLICATION = 6104
};

/* Oids below this belong to the system; schema public has 2200. */
#define LIVE_FIRST_USER_OID "16384"
#define LIVE_FIRST_USER_OBJECT 16384

/* The oid of schema pg_catalog. */
#define LIVE_SYSTEM_SCHEMA 11

/*
 * A condition for queries that lock relations: it is none of a session's temporary ones, which are not compared, and
 * often locked or dropped.
 */
#define LIVE_NOT_TEMPORARY(relation) " left(" relation "::regclass::text, 8) <> 'pg_temp_'"

/* The oid of the database, as SQL. */
#define LIVE_THIS_DATABASE "(SELECT oid FROM pg_database WHERE datname = current_database())"

/* An object by its oid. */
struct live_object {
	unsigned	class_oid;		/* enum live_class; 0: an empty slot */
	unsigned	oid;
	enum fact_kind kind;
	const char *name;			/* as facts have it; NULL: it is only known as a member of an extension */
	bool		member;			/* of an extension */
	bool		compared;		/* it is in a compared schema, and no member of an extension */
	bool		holds_compared;	/* a schema: its objects are compared, unless they are the system's */
};

struct live_reader {
	struct session *session;
	struct live *live;
	struct arena *arena;		/* of live->facts */
	int			server;
	unsigned	owner;			/* of the database */
	struct pipeline pipeline;
	size_t		commands[LIVE_QUERY_COUNT];	/* the index of the query in the pipeline + 1; 0: not asked */
	size_t		late_count;
	struct live_late {
		enum live_query query;
		const char *sql;
	}			late[24];
	size_t		object_slots;	/* a power of two */
	size_t		object_count;
	struct live_object *objects;	/* a hash table */
	size_t		comment_count;
	struct live_comment {
		unsigned	class_oid;
		unsigned	oid;
		int			column;
		const char *text;
	}		   *comments;		/* in order */
	bool		incomplete;		/* a definition vanished while it was read */
	long		unknown_options;	/* that are not compared */
	long		logged_sequences;	/* the same, of unlogged tables */
	/* The fact that is being made. */
	enum fact_kind kind;
	const char *name;
	size_t		length;
	size_t		capacity;
	char	   *text;
};

/* A part of the reader; any of the functions may be NULL. */
struct live_part {
	void		(*ask) (struct live_reader *reader);
	void		(*enter) (struct live_reader *reader);	/* the names of objects */
	void		(*tell) (struct live_reader *reader);	/* the facts */
};

extern const struct live_part live_relations;
extern const struct live_part live_columns;
extern const struct live_part live_sequences;
extern const struct live_part live_indexes;
extern const struct live_part live_constraints;
extern const struct live_part live_views;
extern const struct live_part live_triggers;
extern const struct live_part live_objects;
extern const struct live_part live_types;
extern const struct live_part live_routines;
extern const struct live_part live_operators;
extern const struct live_part live_casts;
extern const struct live_part live_text_search;
extern const struct live_part live_foreign;
extern const struct live_part live_replication;
extern const struct live_part live_dependents;
extern const struct live_part live_outside;

/*
 * live_ask - add a query. live_ask_late: one that waits for a session that has locked a table exclusively:
 * pg_get_expr() with a relation, pg_get_indexdef(), pg_get_constraintdef() of a check, pg_get_viewdef() and so on.
 * Such queries are sent last, so that nothing else waits for them. `sql` is borrowed until live_read returns.
 */
void		live_ask(struct live_reader *reader, enum live_query query, const char *sql);
void		live_ask_late(struct live_reader *reader, enum live_query query, const char *sql);

/* live_rows - the rows of a query that was asked. */
const struct pipeline_command *live_rows(const struct live_reader *reader, enum live_query query);

/*
 * live_first_row - the first row whose first column is `oid`, of a query that is ordered by that column; the others
 * follow it. Where there is none: the number of rows.
 */
int			live_first_row(const struct pipeline_command *rows, unsigned oid);

/* live_row_is - does the row exist, and is its first column `oid`? */
bool		live_row_is(const struct pipeline_command *rows, int row, unsigned oid);

/* live_found - the value in `column` of the first row whose first column is `oid`; NULL: null, or there is none. */
const char *live_found(const struct live_reader *reader, enum live_query query, unsigned oid, int column);

/* live_oid - a value that is an oid; 0 for null. live_letter - the first character of a value; NUL for null. */
unsigned	live_oid(const struct pipeline_command *rows, int row, int column);
char		live_letter(const struct pipeline_command *rows, int row, int column);

/* live_object - the slot of an object, new if there was none: for names that are not entered by live_enter. */
struct live_object *live_object(struct live_reader *reader, unsigned class_oid, unsigned oid);

/*
 * live_enter - enter the name of an object, a string in the arena. It is compared if its schema is (`schema` is its
 * oid, 0 for an object without schema), its oid is a user's, and it is no member of an extension.
 */
void		live_enter(struct live_reader *reader, unsigned class_oid, unsigned oid, unsigned schema,
					   enum fact_kind kind, const char *name);

/* live_exclude - do not compare an object that has been entered. */
void		live_exclude(struct live_reader *reader, unsigned class_oid, unsigned oid);

/* live_find - an object that has been entered; NULL: there is none. live_compared: the same; NULL if not compared. */
const struct live_object *live_find(const struct live_reader *reader, unsigned class_oid, unsigned oid);
const struct live_object *live_compared(const struct live_reader *reader, unsigned class_oid, unsigned oid);

/* live_definition - a definition that the server has made; "?" for NULL: it has vanished, so the reading is void. */
const char *live_definition(struct live_reader *reader, const char *definition);

/* live_name - the name of an object, for a definition; "?" if it is unknown. */
const char *live_name(const struct live_reader *reader, unsigned class_oid, unsigned oid);

/*
 * live_qualified - the name of an object in a schema (its oid) as facts have it; a string in the arena. The schema is
 * left out if it is public, or pg_catalog for an object of the system. `ambiguous`: the system has one of this name,
 * too, so that public is named. live_needs_schema - is the schema part of the name?
 */
const char *live_qualified(struct live_reader *reader, unsigned oid, unsigned schema, const char *name,
						   bool ambiguous);
bool		live_needs_schema(const struct live_reader *reader, unsigned oid, unsigned schema, bool ambiguous);

/*
 * live_enter_named - enter objects without schema, for rows that begin with oid and name. live_enter_qualified: objects
 * in schemas, for rows that begin with oid, name and schema. A name is ambiguous if the system has an object with the
 * same name and the same value in `column`; -1: no name is.
 */
void		live_enter_named(struct live_reader *reader, enum live_query query, enum live_class class_oid,
							 enum fact_kind kind);
void		live_enter_qualified(struct live_reader *reader, enum live_query query, enum live_class class_oid,
								 enum fact_kind kind, int column);

/* LIVE_AMBIGUOUS - has the system an object like this one? A column of a query of `catalog`, whose alias is "its". */
#define LIVE_AMBIGUOUS(catalog, schema, condition) \
	"EXISTS (SELECT FROM " catalog " s WHERE " condition " AND s." schema " = 11 AND s.oid < " LIVE_FIRST_USER_OID ")"

/*
 * live_type - the type of a column, attribute or domain. `formatted` is what format_type() returned for a type with a
 * modifier, NULL for one without.
 */
const char *live_type(const struct live_reader *reader, unsigned oid, const char *formatted);

/*
 * A function or operator as two columns: its oid, and its name, needed for the system's only, which are not entered. A
 * function of the system has no argument types there: for some they differ by version.
 */
#define LIVE_FUNCTION(column) column "::oid, split_part(nullif(" column ", 0)::regprocedure::text, '(', 1)"
#define LIVE_OPERATOR(column) column "::oid, nullif(" column ", 0)::regoperator"

/* live_function, live_operator - the name of one given as two columns, of which `column` is the first; NULL: none. */
const char *live_function(const struct live_reader *reader, const struct pipeline_command *rows, int row, int column);
const char *live_operator(const struct live_reader *reader, const struct pipeline_command *rows, int row, int column);

/* live_role - a role as an identifier: "@" for the database's owner, "PUBLIC" for oid 0. */
const char *live_role(struct live_reader *reader, unsigned oid);

#endif
