/*
 * live_private.h - how live.c and its parts read the catalogs.
 *
 * Each part asks for raw rows of catalogs, all in one round trip; then it enters the names of the objects; then it makes
 * the facts, for which it can look up the names that all parts have entered.
 */
#ifndef LIVE_PRIVATE_H
#define LIVE_PRIVATE_H

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
	LIVE_QUERY_COUNT
};

/* The oids of catalogs, the same in every database. */
enum live_class {
	LIVE_CLASS_TYPE = 1247,
	LIVE_CLASS_PROC = 1255,
	LIVE_CLASS_RELATION = 1259,
	LIVE_CLASS_ROLE = 1260,
	LIVE_CLASS_DATABASE = 1262,
	LIVE_CLASS_FOREIGN_SERVER = 1417,
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

/* An object by its oid. */
struct live_object {
	unsigned	class_oid;		/* enum live_class; 0: an empty slot */
	unsigned	oid;
	enum fact_kind kind;
	const char *name;			/* as facts have it; NULL: it is only known as a member of an extension */
	bool		member;			/* of an extension */
	bool		compared;		/* it is in a compared schema, and no member of an extension */
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
	}			late[16];
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
extern const struct live_part live_objects;

/*
 * live_ask - add a query. live_ask_late: one that waits for a session that has locked a table exclusively: pg_get_expr()
 * with a relation, pg_get_indexdef(), pg_get_constraintdef() of a check, pg_get_viewdef() and so on. Such queries are
 * sent last, so that nothing else waits for them. `sql` is borrowed until live_read returns.
 */
void		live_ask(struct live_reader *reader, enum live_query query, const char *sql);
void		live_ask_late(struct live_reader *reader, enum live_query query, const char *sql);

/* live_rows - the rows of a query that was asked. */
const struct pipeline_command *live_rows(const struct live_reader *reader, enum live_query query);

/* live_oid - a value that is an oid; 0 for null. live_letter - the first character of a value; NUL for null. */
unsigned	live_oid(const struct pipeline_command *rows, int row, int column);
char		live_letter(const struct pipeline_command *rows, int row, int column);

/*
 * live_enter - enter the name of an object, a string in the arena. It is compared if its schema is (`schema` is its oid,
 * 0 for an object without schema), its oid is a user's, and it is no member of an extension.
 */
void		live_enter(struct live_reader *reader, unsigned class_oid, unsigned oid, unsigned schema,
					   enum fact_kind kind, const char *name);

/* live_exclude - do not compare an object that has been entered. */
void		live_exclude(struct live_reader *reader, unsigned class_oid, unsigned oid);

/* live_find - an object that has been entered; NULL: there is none. live_compared: the same; NULL if not compared. */
const struct live_object *live_find(const struct live_reader *reader, unsigned class_oid, unsigned oid);
const struct live_object *live_compared(const struct live_reader *reader, unsigned class_oid, unsigned oid);

/* live_name - the name of an object, for a definition; "?" if it is unknown. */
const char *live_name(const struct live_reader *reader, unsigned class_oid, unsigned oid);

/*
 * live_qualified - a name in a schema (its oid) as facts have it: without the schema if that is public or pg_catalog; a
 * string in the arena.
 */
const char *live_qualified(struct live_reader *reader, unsigned schema, const char *name);

/* live_role - a role as an identifier: "@" for the database's owner, "PUBLIC" for oid 0. */
const char *live_role(struct live_reader *reader, unsigned oid);

/*
 * live_begin, live_end - make a fact. In between: live_main appends the main property, formatted; live_property one with
 * a label, or nothing if the value is NULL; live_flag a label alone if `set`. Values are escaped.
 */
void		live_begin(struct live_reader *reader, enum fact_kind kind, const char *name);
void		live_main(struct live_reader *reader, const char *format,...) __attribute__((format(printf, 2, 3)));
void		live_property(struct live_reader *reader, const char *label, const char *value);
void		live_flag(struct live_reader *reader, const char *label, bool set);
void		live_end(struct live_reader *reader);

/* live_owner - the property "owner", unless the database's owner is. live_comment - "comment", if there is one. */
void		live_owner(struct live_reader *reader, unsigned owner);
void		live_comment(struct live_reader *reader, unsigned class_oid, unsigned oid, int column);

/* live_uncompared - note that `count` objects are not compared, if any: "2 large objects"; a plural is `what` + "s". */
void		live_uncompared(struct live_reader *reader, long count, const char *what);

/*
 * live_privileges - the facts about privileges on an object: one for each role whose privileges differ from the default
 * of the kind. `acl` is an aclitem[] as text, NULL for null. `on` is the object in words: "table gmos", "column gmos.id".
 * `type` says which defaults apply: 'r' table, 's' sequence, 'f' function, 'l' language, 'T' type, 'n' schema,
 * 'd' database, 'F' foreign data wrapper, 'S' server, 'c' column.
 */
void		live_privileges(struct live_reader *reader, char type, const char *on, unsigned owner, const char *acl);

#endif
