/* live_fact.h - make the facts: names, properties, owners, comments, privileges; and notes beside them. */
#ifndef LIVE_FACT_H
#define LIVE_FACT_H

#include <stdbool.h>

#include "schema/live_reader.h"

/*
 * live_begin, live_end - make a fact. In between: live_main appends the main property, formatted; live_property one
 * with a label, or nothing if the value is NULL; live_flag a label alone if `set`. Values are escaped.
 */
void		live_begin(struct live_reader *reader, enum fact_kind kind, const char *name);
void		live_main(struct live_reader *reader, const char *format,...) __attribute__((format(printf, 2, 3)));
void		live_property(struct live_reader *reader, const char *label, const char *value);
void		live_flag(struct live_reader *reader, const char *label, bool set);
void		live_end(struct live_reader *reader);

/* live_owner - the property "owner", unless the database's owner is. live_comment - "comment", if there is one. */
void		live_owner(struct live_reader *reader, unsigned owner);
void		live_comment(struct live_reader *reader, unsigned class_oid, unsigned oid, int column);
void		live_labelled_comment(struct live_reader *reader, const char *label, unsigned class_oid, unsigned oid,
								  int column);

/* live_read_comments - keep the rows of LIVE_COMMENTS, in order, in memory that live.c frees. */
void		live_read_comments(struct live_reader *reader);

/* live_comment_text - a comment; NULL: there is none. */
const char *live_comment_text(const struct live_reader *reader, unsigned class_oid, unsigned oid, int column);

/* live_uncompared - note that `count` objects are not compared, if any: "2 large objects"; a plural is `what` + "s". */
void		live_uncompared(struct live_reader *reader, long count, const char *what);

/* live_not_compared - note what else is not compared, formatted. */
void		live_not_compared(struct live_reader *reader, const char *format,...) __attribute__((format(printf, 2, 3)));

/* live_note - a note about the schema that is no fact; formatted. */
void		live_note(struct live_reader *reader, const char *format,...) __attribute__((format(printf, 2, 3)));

/*
 * live_privileges - the facts about privileges on an object: one for each role whose privileges differ from the default
 * of the kind. `acl` is an aclitem[] as text, NULL for null. `on` is the object in words: "table gmos", "column
 * gmos.id". `type` says which defaults apply: 'r' table, 's' sequence, 'f' function, 'l' language, 'T' type, 'n'
 * schema, 'd' database, 'F' foreign data wrapper, 'S' server, 'c' column.
 *
 * live_default_privileges - the same for the name of a default privilege: "for @ in schema x on tables".
 */
void		live_privileges(struct live_reader *reader, char type, const char *on, unsigned owner, const char *acl);
void		live_default_privileges(struct live_reader *reader, char type, const char *on, unsigned owner,
									const char *acl);

/*
 * live_owns_public - may this role own schema public without being named? That depends on the server's version and on
 * where the database was dumped: the bootstrap superuser, pg_database_owner, or the owner of the database.
 *
 * live_privileges_of_public - the facts about privileges on schema public, if they differ from what it has on any
 * version: USAGE of PUBLIC. CREATE of PUBLIC becomes a note.
 */
bool		live_owns_public(const struct live_reader *reader, unsigned role);
void		live_privileges_of_public(struct live_reader *reader, unsigned owner, const char *acl);

/*
 * live_end_object - end the fact of an object that is called as its kind in SQL: with owner and comment, and with facts
 * about the privileges on it (see live_privileges).
 */
void		live_end_object(struct live_reader *reader, const struct live_object *object, char type, unsigned owner,
							const char *acl);

#endif
