/* Facts about types: enums and their labels, domains, composite types, ranges and base types. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* The columns of LIVE_SYSTEM_TYPES, and the first ones of LIVE_USER_TYPES. */
enum {
	TYPE_OID, TYPE_NAME, TYPE_SCHEMA, TYPE_ARRAY, TYPE_COLLATION, TYPE_STORAGE
};

/* The other columns of LIVE_USER_TYPES; those of base types are null for other ones. */
enum {
	TYPE_KIND = TYPE_STORAGE + 1, TYPE_DEFINED, TYPE_OWNER, TYPE_ACL, TYPE_RELATION, DOMAIN_BASE, DOMAIN_FORMATTED,
	DOMAIN_NOT_NULL, DOMAIN_DEFAULT, BASE_LENGTH, BASE_BY_VALUE, BASE_CATEGORY, BASE_PREFERRED, BASE_DELIMITER,
	BASE_ELEMENT, BASE_ALIGNMENT, BASE_INPUT, BASE_OUTPUT = BASE_INPUT + 2,
	BASE_RECEIVE = BASE_OUTPUT + 2, BASE_SEND = BASE_RECEIVE + 2, BASE_MODIFIER_INPUT = BASE_SEND + 2,
	BASE_MODIFIER_OUTPUT = BASE_MODIFIER_INPUT + 2, BASE_ANALYZE = BASE_MODIFIER_OUTPUT + 2,
	BASE_SUBSCRIPT = BASE_ANALYZE + 2
};

/* The columns of LIVE_RANGES. */
enum {
	RANGE_OID, RANGE_SUBTYPE, RANGE_OPCLASS, RANGE_COLLATION, RANGE_CANONICAL, RANGE_DIFFERENCE = RANGE_CANONICAL + 2,
	RANGE_MULTIRANGE = RANGE_DIFFERENCE + 2
};

/* The columns of LIVE_LABELS and LIVE_DOMAIN_CONSTRAINTS. */
enum {
	LABEL_TYPE, LABEL_NAME
};
enum {
	CONSTRAINT_OID, CONSTRAINT_TYPE, CONSTRAINT_NAME, CONSTRAINT_DEFINITION
};

#define NAME_COLUMNS "SELECT oid, typname, typnamespace, typarray, typcollation, typstorage"

#define OF_BASE(column) "CASE WHEN typtype = 'b' AND typinput <> 'array_in'::regproc THEN " column " END"
#define BASE_FUNCTION(column) "CASE WHEN typtype = 'b' THEN " column "::oid END, " \
	OF_BASE("split_part(nullif(" column ", 0)::regprocedure::text, '(', 1)")

#define USER_QUERY(subscript) \
	NAME_COLUMNS ", typtype, typisdefined, typowner, typacl, typrelid, typbasetype," \
	" CASE WHEN typtypmod >= 0 THEN format_type(typbasetype, typtypmod) END, typnotnull," \
	" coalesce(CASE WHEN typtype = 'd' THEN pg_get_expr(typdefaultbin, 0) END, typdefault), typlen, typbyval," \
	" typcategory, typispreferred, typdelim, typelem, typalign, " BASE_FUNCTION("typinput") ", " \
	BASE_FUNCTION("typoutput") ", " BASE_FUNCTION("typreceive") ", " BASE_FUNCTION("typsend") ", " \
	BASE_FUNCTION("typmodin") ", " BASE_FUNCTION("typmodout") ", " BASE_FUNCTION("typanalyze") ", " subscript \
	" FROM pg_type WHERE oid >= " LIVE_FIRST_USER_OID " ORDER BY oid"

#define RANGE_QUERY(multirange) \
	"SELECT rngtypid, rngsubtype, rngsubopc, rngcollation, " LIVE_FUNCTION("rngcanonical") ", " \
	LIVE_FUNCTION("rngsubdiff") ", " multirange " FROM pg_range WHERE rngtypid >= " LIVE_FIRST_USER_OID \
	" ORDER BY rngtypid"

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_SYSTEM_TYPES, NAME_COLUMNS " FROM pg_type WHERE oid < " LIVE_FIRST_USER_OID " ORDER BY oid");
	live_ask(reader, LIVE_USER_TYPES, reader->server >= 140000 ? USER_QUERY(BASE_FUNCTION("typsubscript"))
			 : USER_QUERY("0, NULL"));
	live_ask(reader, LIVE_RANGES, reader->server >= 140000 ? RANGE_QUERY("rngmultitypid") : RANGE_QUERY("0"));
	live_ask(reader, LIVE_LABELS, "SELECT enumtypid, enumlabel FROM pg_enum WHERE enumtypid >= " LIVE_FIRST_USER_OID
			 " ORDER BY enumtypid, enumsortorder");
	/* From 17 on there are constraints for NOT NULL, too; typnotnull says the same on all servers. */
	live_ask(reader, LIVE_DOMAIN_CONSTRAINTS, "SELECT oid, contypid, conname, pg_get_constraintdef(oid)"
			 " FROM pg_constraint WHERE contypid >= " LIVE_FIRST_USER_OID " AND contype = 'c'");
}

/* --- names --- */

/* The names of types as format_type() has them, where the name in pg_type is another, or one of SQL's own. */
static const char *
standard_name(unsigned oid)
{
	static const struct {
		unsigned	oid;
		const char *name;
	}			types[] = {
		{16, "boolean"}, {20, "bigint"}, {21, "smallint"}, {23, "integer"}, {114, "json"}, {700, "real"},
		{701, "double precision"}, {1042, "character"}, {1043, "character varying"}, {1083, "time without time zone"},
		{1114, "timestamp without time zone"}, {1184, "timestamp with time zone"}, {1186, "interval"},
		{1266, "time with time zone"}, {1560, "bit"}, {1562, "bit varying"}, {1700, "numeric"},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].oid == oid)
			return types[i].name;
	return NULL;
}

/* The hashes of the names of the system's types: those of most other names are not among them. */
struct hashes {
	bool		has[8192];
};

static bool *
find_hash(struct hashes *hashes, const char *name)
{
	unsigned	hash = 5381;

	for (; *name; name++)
		hash = 33 * hash + (unsigned char) *name;
	return &hashes->has[hash % sizeof(hashes->has)];
}

static bool
is_in_system(struct live_reader *reader, struct hashes *hashes, const char *name)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_SYSTEM_TYPES);

	if (!*find_hash(hashes, name))
		return false;
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, TYPE_SCHEMA) == LIVE_SYSTEM_SCHEMA
			&& strcmp(pipeline_text(rows, i, TYPE_NAME), name) == 0)
			return true;
	return false;
}

static void
enter_types(struct live_reader *reader, const struct pipeline_command *rows, bool standard, struct hashes *hashes)
{
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, TYPE_OID);
		unsigned	schema = live_oid(rows, i, TYPE_SCHEMA);
		const char *type = pipeline_text(rows, i, TYPE_NAME);
		const char *name = standard ? standard_name(oid) : NULL;

		live_enter(reader, LIVE_CLASS_TYPE, oid, schema, FACT_TYPE,
				   name ? name : live_qualified(reader, oid, schema, type,
												!standard && is_in_system(reader, hashes, type)));
		if (standard)
			*find_hash(hashes, type) = true;
	}
}

/* Array types have names of their own, but are written as arrays. They go with their element types. */
static void
enter_arrays(struct live_reader *reader, const struct pipeline_command *rows)
{
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	array = live_oid(rows, i, TYPE_ARRAY);
		const char *element = live_name(reader, LIVE_CLASS_TYPE, live_oid(rows, i, TYPE_OID));

		if (!array)
			continue;
		live_enter(reader, LIVE_CLASS_TYPE, array, live_oid(rows, i, TYPE_SCHEMA), FACT_TYPE,
				   arena_format(reader->arena, "%s[]", element));
		live_exclude(reader, LIVE_CLASS_TYPE, array);
	}
}

/*
 * Enter the relations of composite types, which have their attributes, by the names of the types; those of the row
 * types of tables and views are entered again, as such.
 */
static void
enter_relations(struct live_reader *reader, const struct pipeline_command *rows)
{
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, TYPE_OID);
		unsigned	relation = live_oid(rows, i, TYPE_RELATION);

		if (!relation)
			continue;
		live_enter(reader, LIVE_CLASS_RELATION, relation, live_oid(rows, i, TYPE_SCHEMA), FACT_TYPE,
				   live_name(reader, LIVE_CLASS_TYPE, oid));
		if (!live_compared(reader, LIVE_CLASS_TYPE, oid))
			live_exclude(reader, LIVE_CLASS_RELATION, relation);
	}
}

static void
enter(struct live_reader *reader)
{
	const struct pipeline_command *theirs = live_rows(reader, LIVE_SYSTEM_TYPES);
	const struct pipeline_command *rows = live_rows(reader, LIVE_USER_TYPES);
	const struct pipeline_command *ranges = live_rows(reader, LIVE_RANGES);
	struct hashes hashes = {0};

	enter_types(reader, theirs, true, &hashes);
	enter_types(reader, rows, false, &hashes);
	enter_arrays(reader, theirs);
	enter_arrays(reader, rows);
	enter_relations(reader, rows);
	for (int i = 0; i < pipeline_row_count(ranges); i++)
		if (live_oid(ranges, i, RANGE_MULTIRANGE))
			live_exclude(reader, LIVE_CLASS_TYPE, live_oid(ranges, i, RANGE_MULTIRANGE));
}

/* --- facts --- */

/* A value of a type of the system or a user's; NULL: it is null. */
static const char *
type_value(const struct live_reader *reader, unsigned type, int column)
{
	return live_found(reader, type < 16384 ? LIVE_SYSTEM_TYPES : LIVE_USER_TYPES, type, column);
}

void
live_collation(struct live_reader *reader, unsigned collation, unsigned type)
{
	const char *usual = collation ? type_value(reader, type, TYPE_COLLATION) : NULL;

	if (collation && collation != (usual ? strtoul(usual, NULL, 10) : 0))
		live_property(reader, "collation", live_name(reader, LIVE_CLASS_COLLATION, collation));
}

char
live_usual_storage(const struct live_reader *reader, unsigned type)
{
	const char *usual = type_value(reader, type, TYPE_STORAGE);

	return *(usual ? usual : "");
}

static void
tell_domain(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	unsigned	base = live_oid(rows, row, DOMAIN_BASE);

	live_main(reader, "domain");
	live_property(reader, "base type", live_type(reader, base, pipeline_value(rows, row, DOMAIN_FORMATTED)));
	live_collation(reader, live_oid(rows, row, TYPE_COLLATION), base);
	live_flag(reader, "not null", pipeline_bool(rows, row, DOMAIN_NOT_NULL));
	live_property(reader, "default", pipeline_value(rows, row, DOMAIN_DEFAULT));
}

static void
tell_range(struct live_reader *reader, unsigned oid)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_RANGES);
	int			row = live_first_row(rows, oid);
	unsigned	subtype = live_oid(rows, row, RANGE_SUBTYPE);

	live_main(reader, "range");
	live_property(reader, "subtype", live_name(reader, LIVE_CLASS_TYPE, subtype));
	live_property(reader, "operator class", live_name(reader, LIVE_CLASS_OPCLASS, live_oid(rows, row, RANGE_OPCLASS)));
	live_collation(reader, live_oid(rows, row, RANGE_COLLATION), subtype);
	live_property(reader, "canonical", live_function(reader, rows, row, RANGE_CANONICAL));
	live_property(reader, "subtype difference", live_function(reader, rows, row, RANGE_DIFFERENCE));
}

static const char *
alignment_word(char letter)
{
	return letter == 'c' ? "char" : letter == 's' ? "int2" : letter == 'd' ? "double" : NULL;
}

static const char *
storage_word(char letter)
{
	return letter == 'e' ? "external" : letter == 'x' ? "extended" : letter == 'm' ? "main" : NULL;
}

static void
tell_base_values(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	unsigned	element = live_oid(rows, row, BASE_ELEMENT);
	const char *category = pipeline_text(rows, row, BASE_CATEGORY);
	const char *delimiter = pipeline_text(rows, row, BASE_DELIMITER);

	live_property(reader, "length", live_letter(rows, row, BASE_LENGTH) == '-' ? "variable"
				  : pipeline_text(rows, row, BASE_LENGTH));
	live_flag(reader, "by value", pipeline_bool(rows, row, BASE_BY_VALUE));
	live_property(reader, "alignment", alignment_word(live_letter(rows, row, BASE_ALIGNMENT)));
	live_property(reader, "storage", storage_word(live_letter(rows, row, TYPE_STORAGE)));
	live_property(reader, "category", strcmp(category, "U") == 0 ? NULL : category);
	live_flag(reader, "preferred", pipeline_bool(rows, row, BASE_PREFERRED));
	live_property(reader, "default", pipeline_value(rows, row, DOMAIN_DEFAULT));
	live_property(reader, "delimiter", strcmp(delimiter, ",") == 0 ? NULL : delimiter);
	if (element)
		live_property(reader, "element", live_name(reader, LIVE_CLASS_TYPE, element));
	live_flag(reader, "collatable", live_oid(rows, row, TYPE_COLLATION) != 0);
}

static void
tell_base(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	static const struct {
		const char *label;
		int			column;
	}			functions[] = {
		{"input", BASE_INPUT}, {"output", BASE_OUTPUT}, {"receive", BASE_RECEIVE}, {"send", BASE_SEND},
		{"modifier input", BASE_MODIFIER_INPUT}, {"modifier output", BASE_MODIFIER_OUTPUT}, {"analyze", BASE_ANALYZE},
	};
	const char *subscript;

	live_main(reader, "base");
	tell_base_values(reader, rows, row);
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		live_property(reader, functions[i].label, live_function(reader, rows, row, functions[i].column));
	/* A type with an element has this one by default. */
	subscript = live_function(reader, rows, row, BASE_SUBSCRIPT);
	if (subscript && strcmp(subscript, "raw_array_subscript_handler") != 0)
		live_property(reader, "subscript", subscript);
}

static void
tell_type(struct live_reader *reader, const struct pipeline_command *rows, int row, const struct live_object *type)
{
	const char *on = arena_format(reader->arena, "type %s", type->name);
	unsigned	owner = live_oid(rows, row, TYPE_OWNER);

	live_begin(reader, FACT_TYPE, type->name);
	switch (pipeline_bool(rows, row, TYPE_DEFINED) ? live_letter(rows, row, TYPE_KIND) : 'p') {
		case 'e':
			live_main(reader, "enum");
			break;
		case 'd':
			tell_domain(reader, rows, row);
			break;
		case 'c':
			live_main(reader, "composite");
			break;
		case 'r':
			tell_range(reader, type->oid);
			break;
		case 'b':
			tell_base(reader, rows, row);
			break;
		default:
			live_main(reader, "shell");
	}
	live_owner(reader, owner);
	live_comment(reader, LIVE_CLASS_TYPE, type->oid, 0);
	live_end(reader);
	live_privileges(reader, 'T', on, owner, pipeline_value(rows, row, TYPE_ACL));
}

static void
tell_labels(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_LABELS);
	const char *previous = NULL;

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, LABEL_TYPE);
		const struct live_object *type = live_compared(reader, LIVE_CLASS_TYPE, oid);
		const char *label = fact_identifier(reader->arena, pipeline_text(rows, i, LABEL_NAME));

		if (i > 0 && live_oid(rows, i - 1, LABEL_TYPE) != oid)
			previous = NULL;
		if (type) {
			live_begin(reader, FACT_LABEL, arena_format(reader->arena, "%s.%s", type->name, label));
			live_property(reader, "after", previous);
			live_end(reader);
		}
		previous = label;
	}
}

static void
tell_domain_constraints(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_DOMAIN_CONSTRAINTS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *type = live_compared(reader, LIVE_CLASS_TYPE, live_oid(rows, i, CONSTRAINT_TYPE));

		if (!type)
			continue;
		live_begin(reader, FACT_DOMAIN_CONSTRAINT, arena_format(reader->arena, "%s.%s", type->name,
			fact_identifier(reader->arena, pipeline_text(rows, i, CONSTRAINT_NAME))));
		live_main(reader, "%s", pipeline_text(rows, i, CONSTRAINT_DEFINITION));
		live_comment(reader, LIVE_CLASS_CONSTRAINT, live_oid(rows, i, CONSTRAINT_OID), 0);
		live_end(reader);
	}
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_USER_TYPES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *type = live_compared(reader, LIVE_CLASS_TYPE, live_oid(rows, i, TYPE_OID));
		unsigned	relation = live_oid(rows, i, TYPE_RELATION);

		/* The row type of a table or view is no fact. */
		if (type && (!relation || live_find(reader, LIVE_CLASS_RELATION, relation)->kind == FACT_TYPE))
			tell_type(reader, rows, i, type);
	}
	tell_labels(reader);
	tell_domain_constraints(reader);
}

const struct live_part live_types = {ask, enter, tell};
