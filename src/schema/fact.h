/*
 * fact.h - one fact of a schema: an object, and its properties as text. Pure.
 *
 * A fact is a line of migrations/SCHEMA: "column gmos.array_name<TAB>text<TAB>after: detector_roi". The same text is
 * made of what the catalogs of a live database say (live.h), so two facts are the same if their texts are. The names of
 * objects are SQL identifiers, quoted where necessary, with their schema unless that is public. The name of an object
 * that belongs to a table or type begins with the name of that: "gmos.array_name", "other.gmos.array_name".
 *
 * Properties are separated by tabs. The first one of most kinds has no label (fact_main_label names it), the others are
 * "label: value", or a label alone. Backslashes, tabs and line ends within are escaped as \\, \t, \n and \r. The owner
 * of the database is written as "@"; an object that belongs to it has no property "owner".
 */
#ifndef FACT_H
#define FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

struct history_ignore;

/* In the order in which they are listed, and in which they could be created. */
enum fact_kind {
	FACT_DATABASE,				/* comment, owner; no name */
	FACT_SCHEMA,
	FACT_EXTENSION,
	FACT_LANGUAGE,
	FACT_ACCESS_METHOD,
	FACT_COLLATION,
	FACT_CONVERSION,
	FACT_TYPE,					/* an enum, a domain, a composite type, a range, a base type */
	FACT_LABEL,					/* of an enum */
	FACT_ATTRIBUTE,				/* of a composite type */
	FACT_DOMAIN_CONSTRAINT,
	FACT_FUNCTION,				/* and procedures */
	FACT_AGGREGATE,
	FACT_OPERATOR,
	FACT_OPERATOR_FAMILY,
	FACT_OPERATOR_CLASS,
	FACT_CAST,
	FACT_TRANSFORM,
	FACT_TEXT_SEARCH_PARSER,
	FACT_TEXT_SEARCH_TEMPLATE,
	FACT_TEXT_SEARCH_DICTIONARY,
	FACT_TEXT_SEARCH_CONFIGURATION,
	FACT_FOREIGN_DATA_WRAPPER,
	FACT_SERVER,
	FACT_USER_MAPPING,
	FACT_SEQUENCE,
	FACT_TABLE,					/* partitioned and foreign ones, too */
	FACT_COLUMN,				/* of a table or view */
	FACT_INDEX,
	FACT_CONSTRAINT,			/* of a table */
	FACT_VIEW,
	FACT_MATERIALIZED_VIEW,
	FACT_RULE,
	FACT_TRIGGER,
	FACT_POLICY,
	FACT_STATISTICS,
	FACT_EVENT_TRIGGER,
	FACT_PUBLICATION,
	FACT_SUBSCRIPTION,
	FACT_SETTING,				/* of the database, or of a role in it */
	FACT_DEFAULT_PRIVILEGE,
	FACT_PRIVILEGE,				/* of one role on one object: "table gmos to apache" */
	FACT_KIND_COUNT
};

enum {
	FACT_CONTAINER_COUNT = 4	/* kinds that others belong to */
};

struct fact {
	enum fact_kind kind;
	const char *name;
	const char *definition;		/* the properties, separated by tabs; "" for none */
};

/* Facts ordered by kind and name. Zero is empty. The arena holds the strings, or the owner of the set does. */
struct fact_set {
	struct arena arena;
	size_t		count;
	struct fact *facts;
};

/* A property, as a part of a definition; not terminated by a NUL. */
struct fact_property {
	const char *label;			/* "" for one whose kind has no main label */
	size_t		label_length;
	const char *value;			/* "" for a label alone */
	size_t		value_length;
};

/* fact_kind_word - the kind in words: "materialized view". */
const char *fact_kind_word(enum fact_kind kind);

/*
 * fact_kind_parse - find the kind in words at the beginning of `length` bytes, up to a space or their end, and return
 * the length of the words; 0: there is none.
 */
size_t		fact_kind_parse(const char *text, size_t length, enum fact_kind *kind);

/* fact_main_label - the label of the first property, which is not written: "type" of a column; NULL: there is none. */
const char *fact_main_label(enum fact_kind kind);

/* fact_order - compare by kind and name: less than, equal to or greater than 0. */
int			fact_order(const struct fact *a, const struct fact *b);

/* fact_parent - the length of the part of the name that is the table's or type's; 0 if it belongs to none. */
size_t		fact_parent(const struct fact *fact);

/* fact_parent_kind - the kind of what the facts of a kind belong to: FACT_TYPE; or FACT_TABLE, which may be a view. */
enum fact_kind fact_parent_kind(enum fact_kind kind);

/* fact_is_part - does a fact belong to the table, view or type of this name? */
bool		fact_is_part(const struct fact *fact, const char *container);

/*
 * fact_next_property - the next property of a definition, from *at on, which begins as fact->definition and is
 * advanced. False: there is no other one.
 */
bool		fact_next_property(const struct fact *fact, const char **at, struct fact_property *property);

/* fact_property_is - is the label of the property this one? */
bool		fact_property_is(const struct fact_property *property, const char *label);

/*
 * fact_property - find a property by its label, which may be the main label of the kind; false: it has none.
 */
bool		fact_property(const struct fact *fact, const char *label, struct fact_property *property);

/*
 * fact_parse - parse "KIND NAME" or "KIND NAME<TAB>PROPERTIES", a string that is cut into pieces and referred to.
 * False: it is not a fact.
 */
bool		fact_parse(char *text, struct fact *fact);

/* fact_write - write a fact as a line, "KIND NAME<TAB>PROPERTIES". */
void		fact_write(FILE *stream, const struct fact *fact);

/* fact_add - append a fact to a set, whose strings are not copied. fact_set_sort: put the set in order. */
void		fact_add(struct fact_set *set, enum fact_kind kind, const char *name, const char *definition);
void		fact_set_sort(struct fact_set *set);

/* fact_find - the fact of this kind and name in a set in order; NULL: there is none. */
const struct fact *fact_find(const struct fact_set *set, enum fact_kind kind, const char *name);

/* fact_is_ignored - is an object of this kind and name one of those that a line of SETTINGS ignores at a version? */
bool		fact_is_ignored(const struct history_ignore *ignore, int version, enum fact_kind kind, const char *name);

/* fact_set_same - have two sets in order the same facts? */
bool		fact_set_same(const struct fact_set *a, const struct fact_set *b);

/* fact_container - the table, view or type of this name in a set in order; NULL: there is none. */
extern const enum fact_kind fact_containers[FACT_CONTAINER_COUNT];
const struct fact *fact_container(const struct fact_set *set, const char *name);

/* fact_set_clear - free the facts, and the strings in the arena. */
void		fact_set_clear(struct fact_set *set);

/* fact_identifier - a name as an SQL identifier, quoted if necessary: a string in the arena. */
const char *fact_identifier(struct arena *arena, const char *name);

/* fact_schema - the length of the schema and its dot in the first `length` bytes of a name; 0: it has none. */
size_t		fact_schema(const char *name, size_t length);

/* fact_plain - an identifier of `length` bytes without its quotes, a new string. */
char	   *fact_plain(const char *identifier, size_t length);

/* fact_sql_name - the first `length` bytes of a name, not escaped, with its schema, also public; a new string. */
char	   *fact_sql_name(const char *name, size_t length);

/* fact_value - the value of a property, not escaped, a new string; NULL: it has none. */
char	   *fact_value(const struct fact *fact, const char *label);

/* fact_escape - a text with backslashes, tabs and line ends escaped, or `text` itself; a string in the arena. */
const char *fact_escape(struct arena *arena, const char *text);

/* fact_unescape - the reverse, of `length` bytes: a new string. */
char	   *fact_unescape(const char *text, size_t length);

#endif
