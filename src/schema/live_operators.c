/* Facts about aggregates, operators, operator classes and operator families. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* The columns of LIVE_AGGREGATES. */
enum {
	AGGREGATE_OID, AGGREGATE_KIND, AGGREGATE_DIRECT, AGGREGATE_STATE_TYPE, AGGREGATE_STATE_SIZE, AGGREGATE_INITIAL,
	AGGREGATE_FINAL_EXTRA, AGGREGATE_MOVING_TYPE, AGGREGATE_MOVING_SIZE, AGGREGATE_MOVING_INITIAL,
	AGGREGATE_MOVING_FINAL_EXTRA, AGGREGATE_STATE,
	AGGREGATE_FINAL = AGGREGATE_STATE + 2, AGGREGATE_COMBINE = AGGREGATE_FINAL + 2,
	AGGREGATE_SERIAL = AGGREGATE_COMBINE + 2, AGGREGATE_DESERIAL = AGGREGATE_SERIAL + 2,
	AGGREGATE_MOVING_STATE = AGGREGATE_DESERIAL + 2, AGGREGATE_MOVING_INVERSE = AGGREGATE_MOVING_STATE + 2,
	AGGREGATE_MOVING_FINAL = AGGREGATE_MOVING_INVERSE + 2, AGGREGATE_SORT = AGGREGATE_MOVING_FINAL + 2,
	AGGREGATE_MODIFY = AGGREGATE_SORT + 2, AGGREGATE_MOVING_MODIFY
};

/* The columns of LIVE_OPERATORS. */
enum {
	OPERATOR_OID, OPERATOR_NAME, OPERATOR_SCHEMA, OPERATOR_OWNER, OPERATOR_LEFT, OPERATOR_RIGHT, OPERATOR_MERGES,
	OPERATOR_HASHES, OPERATOR_FUNCTION, OPERATOR_COMMUTATOR = OPERATOR_FUNCTION + 2,
	OPERATOR_NEGATOR = OPERATOR_COMMUTATOR + 2, OPERATOR_RESTRICT = OPERATOR_NEGATOR + 2,
	OPERATOR_JOIN = OPERATOR_RESTRICT + 2, OPERATOR_AMBIGUOUS = OPERATOR_JOIN + 2
};

/* The columns of LIVE_OPFAMILIES and LIVE_OPCLASSES, all. */
enum {
	CLASS_OID, CLASS_NAME, CLASS_SCHEMA, CLASS_METHOD, CLASS_INPUT, CLASS_DEFAULT, CLASS_OWNER, CLASS_FAMILY,
	CLASS_STORED
};

/* The columns of LIVE_FAMILY_OPERATORS and LIVE_FAMILY_FUNCTIONS. */
enum {
	MEMBER_FAMILY, MEMBER_LEFT, MEMBER_RIGHT, MEMBER_NUMBER, MEMBER_SORT, MEMBER_OBJECT
};

#define AGGREGATE_QUERY(modify) \
	"SELECT aggfnoid::oid, aggkind, aggnumdirectargs, aggtranstype, aggtransspace, agginitval, aggfinalextra," \
	" aggmtranstype, aggmtransspace, aggminitval, aggmfinalextra, " \
	LIVE_FUNCTION("aggtransfn") ", " LIVE_FUNCTION("aggfinalfn") ", " LIVE_FUNCTION("aggcombinefn") ", " \
	LIVE_FUNCTION("aggserialfn") ", " LIVE_FUNCTION("aggdeserialfn") ", " LIVE_FUNCTION("aggmtransfn") ", " \
	LIVE_FUNCTION("aggminvtransfn") ", " LIVE_FUNCTION("aggmfinalfn") ", " LIVE_OPERATOR("aggsortop") ", " modify \
	" FROM pg_aggregate WHERE aggfnoid >= " LIVE_FIRST_USER_OID "::oid"

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_AGGREGATES, reader->server >= 110000 ? AGGREGATE_QUERY("aggfinalmodify, aggmfinalmodify")
			 : AGGREGATE_QUERY("NULL, NULL"));
	live_ask(reader, LIVE_OPERATORS, "SELECT oid, oprname, oprnamespace, oprowner, oprleft, oprright, oprcanmerge,"
			 " oprcanhash, " LIVE_FUNCTION("oprcode") ", " LIVE_OPERATOR("oprcom") ", " LIVE_OPERATOR("oprnegate") ", "
			 LIVE_FUNCTION("oprrest") ", " LIVE_FUNCTION("oprjoin") ", "
			 LIVE_AMBIGUOUS("pg_operator", "oprnamespace", "s.oprname = its.oprname AND s.oprleft = its.oprleft"
							" AND s.oprright = its.oprright")
			 " FROM pg_operator its WHERE oid >= " LIVE_FIRST_USER_OID);
	live_ask(reader, LIVE_OPFAMILIES, "SELECT oid, opfname, opfnamespace, opfmethod, 0, false, opfowner"
			 " FROM pg_opfamily");
	live_ask(reader, LIVE_OPCLASSES, "SELECT oid, opcname, opcnamespace, opcmethod, opcintype, opcdefault, opcowner,"
			 " opcfamily, opckeytype FROM pg_opclass ORDER BY oid");
	live_ask(reader, LIVE_FAMILY_OPERATORS, "SELECT amopfamily, amoplefttype, amoprighttype, amopstrategy,"
			 " amopsortfamily, " LIVE_OPERATOR("amopopr") " FROM pg_amop WHERE oid >= " LIVE_FIRST_USER_OID);
	live_ask(reader, LIVE_FAMILY_FUNCTIONS, "SELECT amprocfamily, amproclefttype, amprocrighttype, amprocnum,"
			 " 0, " LIVE_FUNCTION("amproc") " FROM pg_amproc WHERE oid >= " LIVE_FIRST_USER_OID);
}

/* --- names --- */

static void
enter(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_OPERATORS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	schema = live_oid(rows, i, OPERATOR_SCHEMA);
		unsigned	left = live_oid(rows, i, OPERATOR_LEFT);
		unsigned	right = live_oid(rows, i, OPERATOR_RIGHT);
		unsigned	oid = live_oid(rows, i, OPERATOR_OID);
		bool		named = live_needs_schema(reader, oid, schema, pipeline_bool(rows, i, OPERATOR_AMBIGUOUS));

		/* The name of an operator is no identifier. */
		live_enter(reader, LIVE_CLASS_OPERATOR, oid, schema, FACT_OPERATOR,
				   arena_format(reader->arena, "%s%s%s(%s,%s)",
								named ? live_name(reader, LIVE_CLASS_NAMESPACE, schema) : "", named ? "." : "",
								pipeline_text(rows, i, OPERATOR_NAME),
								left ? live_name(reader, LIVE_CLASS_TYPE, left) : "NONE",
								right ? live_name(reader, LIVE_CLASS_TYPE, right) : "NONE"));
	}
	live_enter_qualified(reader, LIVE_OPFAMILIES, LIVE_CLASS_OPFAMILY, FACT_OPERATOR_FAMILY, CLASS_METHOD);
	live_enter_qualified(reader, LIVE_OPCLASSES, LIVE_CLASS_OPCLASS, FACT_OPERATOR_CLASS, CLASS_METHOD);
}

/* --- aggregates --- */

static const char *
unless_zero(const struct pipeline_command *rows, int row, int column)
{
	return pipeline_number(rows, row, column) == 0 ? NULL : pipeline_text(rows, row, column);
}

/* Whether a final function changes the state: by default it does for all but normal aggregates. */
static const char *
modify_word(const struct pipeline_command *rows, int row, int column)
{
	char		usual = live_letter(rows, row, AGGREGATE_KIND) == 'n' ? 'r' : 'w';
	char		letter = live_letter(rows, row, column);

	if (!letter || letter == usual)
		return NULL;
	return letter == 'r' ? "read only" : letter == 's' ? "shareable" : "read write";
}

static void
tell_functions(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	static const struct {
		const char *label;
		int			column;
	}			functions[] = {
		{"state function", AGGREGATE_STATE}, {"final function", AGGREGATE_FINAL},
		{"combine function", AGGREGATE_COMBINE}, {"serialize function", AGGREGATE_SERIAL},
		{"deserialize function", AGGREGATE_DESERIAL}, {"moving state function", AGGREGATE_MOVING_STATE},
		{"moving inverse function", AGGREGATE_MOVING_INVERSE}, {"moving final function", AGGREGATE_MOVING_FINAL},
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		live_property(reader, functions[i].label, live_function(reader, rows, row, functions[i].column));
}

static void
tell_state(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	unsigned	moving = live_oid(rows, row, AGGREGATE_MOVING_TYPE);

	live_property(reader, "state type", live_name(reader, LIVE_CLASS_TYPE, live_oid(rows, row, AGGREGATE_STATE_TYPE)));
	live_property(reader, "state size", unless_zero(rows, row, AGGREGATE_STATE_SIZE));
	live_property(reader, "initial state", pipeline_value(rows, row, AGGREGATE_INITIAL));
	live_flag(reader, "final function with extra arguments", pipeline_bool(rows, row, AGGREGATE_FINAL_EXTRA));
	live_property(reader, "final function modifies", modify_word(rows, row, AGGREGATE_MODIFY));
	live_property(reader, "moving state type", moving ? live_name(reader, LIVE_CLASS_TYPE, moving) : NULL);
	live_property(reader, "moving state size", unless_zero(rows, row, AGGREGATE_MOVING_SIZE));
	live_property(reader, "moving initial state", pipeline_value(rows, row, AGGREGATE_MOVING_INITIAL));
	live_flag(reader, "moving final function with extra arguments",
			  pipeline_bool(rows, row, AGGREGATE_MOVING_FINAL_EXTRA));
	live_property(reader, "moving final function modifies", modify_word(rows, row, AGGREGATE_MOVING_MODIFY));
	live_property(reader, "sort operator", live_operator(reader, rows, row, AGGREGATE_SORT));
}

static void
tell_aggregate(struct live_reader *reader, const struct pipeline_command *rows, int row,
			   const struct live_object *aggregate)
{
	char		kind = live_letter(rows, row, AGGREGATE_KIND);
	struct live_routine_owner routine;

	live_begin(reader, FACT_AGGREGATE, aggregate->name);
	live_main(reader, "%saggregate returns %s", kind == 'o' ? "ordered-set " : kind == 'h' ? "hypothetical-set " : "",
			  live_aggregate_result(reader, aggregate->oid));
	live_property(reader, "direct arguments", unless_zero(rows, row, AGGREGATE_DIRECT));
	tell_functions(reader, rows, row);
	tell_state(reader, rows, row);
	routine = live_aggregate_signature(reader, aggregate->oid);
	live_comment(reader, LIVE_CLASS_PROC, aggregate->oid, 0);
	live_end(reader);
	live_privileges(reader, 'f', arena_format(reader->arena, "function %s", aggregate->name),
					routine.owner, routine.acl);
}

static void
tell_aggregates(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_AGGREGATES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *aggregate = live_compared(reader, LIVE_CLASS_PROC, live_oid(rows, i, AGGREGATE_OID));

		if (aggregate)
			tell_aggregate(reader, rows, i, aggregate);
	}
}

/* --- operators --- */

static void
tell_operators(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_OPERATORS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *operator
			= live_compared(reader, LIVE_CLASS_OPERATOR, live_oid(rows, i, OPERATOR_OID));
		const char *function = live_function(reader, rows, i, OPERATOR_FUNCTION);

		if (!operator)
			continue;
		live_begin(reader, FACT_OPERATOR, operator->name);
		/* One that another operator names as its commutator or negator, but that has not been created. */
		live_main(reader, "%s", function ? function : "shell");
		live_property(reader, "commutator", live_operator(reader, rows, i, OPERATOR_COMMUTATOR));
		live_property(reader, "negator", live_operator(reader, rows, i, OPERATOR_NEGATOR));
		live_property(reader, "restrict", live_function(reader, rows, i, OPERATOR_RESTRICT));
		live_property(reader, "join", live_function(reader, rows, i, OPERATOR_JOIN));
		live_flag(reader, "hashes", pipeline_bool(rows, i, OPERATOR_HASHES));
		live_flag(reader, "merges", pipeline_bool(rows, i, OPERATOR_MERGES));
		live_owner(reader, live_oid(rows, i, OPERATOR_OWNER));
		live_comment(reader, LIVE_CLASS_OPERATOR, operator->oid, 0);
		live_end(reader);
	}
}

/* --- operator families and classes --- */

/* An operator or function of a family: a property. */
struct member {
	unsigned	family;
	const char *label;
	const char *value;
};

struct members {
	size_t		count;
	struct member *members;
};

/*
 * All members are a part of their family, also those that a class was created with: whether these depend on the class
 * or on the family differs by version, and pg_dump writes what it finds. If the family is the system's or an
 * extension's, a member is left out if an extension has made it.
 */
static bool
is_compared(const struct live_reader *reader, unsigned family, enum live_class class_oid, unsigned oid)
{
	const struct live_object *object = live_find(reader, class_oid, oid);

	if (live_compared(reader, LIVE_CLASS_OPFAMILY, family))
		return true;
	if (object && object->member)
		return false;
	return family < 16384 || (object && object->compared);
}

static void
collect_members(struct live_reader *reader, enum live_query query, enum live_class class_oid, const char *word,
				struct members *members)
{
	const struct pipeline_command *rows = live_rows(reader, query);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	family = live_oid(rows, i, MEMBER_FAMILY);
		unsigned	sort = live_oid(rows, i, MEMBER_SORT);
		const char *name = class_oid == LIVE_CLASS_PROC ? live_function(reader, rows, i, MEMBER_OBJECT)
			: live_operator(reader, rows, i, MEMBER_OBJECT);

		if (!is_compared(reader, family, class_oid, live_oid(rows, i, MEMBER_OBJECT)))
			continue;
		if (sort)
			name = arena_format(reader->arena, "%s for order by %s", name,
								live_name(reader, LIVE_CLASS_OPFAMILY, sort));
		members->members = mem_grow(members->members, members->count + 1, sizeof(*members->members));
		members->members[members->count++] = (struct member) {
			family, arena_format(reader->arena, "%s %s (%s, %s)", word, pipeline_text(rows, i, MEMBER_NUMBER),
								 live_name(reader, LIVE_CLASS_TYPE, live_oid(rows, i, MEMBER_LEFT)),
								 live_name(reader, LIVE_CLASS_TYPE, live_oid(rows, i, MEMBER_RIGHT))), name
		};
	}
}

static int
compare_members(const void *left, const void *right)
{
	const struct member *a = left;
	const struct member *b = right;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return strcmp(a->label, b->label);
}

static const char *
name_using(struct live_reader *reader, const struct pipeline_command *rows, int row, enum live_class class_oid)
{
	return arena_format(reader->arena, "%s using %s", live_name(reader, class_oid, live_oid(rows, row, CLASS_OID)),
						live_name(reader, LIVE_CLASS_AM, live_oid(rows, row, CLASS_METHOD)));
}

static void
tell_families(struct live_reader *reader, const struct members *members)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_OPFAMILIES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, CLASS_OID);
		bool		compared = live_compared(reader, LIVE_CLASS_OPFAMILY, oid) != NULL;
		size_t		first = 0;

		while (first < members->count && members->members[first].family != oid)
			first++;
		if (!compared && first == members->count)
			continue;
		live_begin(reader, FACT_OPERATOR_FAMILY, name_using(reader, rows, i, LIVE_CLASS_OPFAMILY));
		for (size_t k = first; k < members->count && members->members[k].family == oid; k++)
			live_property(reader, members->members[k].label, members->members[k].value);
		if (compared) {
			live_owner(reader, live_oid(rows, i, CLASS_OWNER));
			live_comment(reader, LIVE_CLASS_OPFAMILY, oid, 0);
		}
		live_end(reader);
	}
}

static void
tell_classes(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_OPCLASSES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, CLASS_OID);
		unsigned	stored = live_oid(rows, i, CLASS_STORED);

		if (!live_compared(reader, LIVE_CLASS_OPCLASS, oid))
			continue;
		live_begin(reader, FACT_OPERATOR_CLASS, name_using(reader, rows, i, LIVE_CLASS_OPCLASS));
		live_main(reader, "for type %s", live_name(reader, LIVE_CLASS_TYPE, live_oid(rows, i, CLASS_INPUT)));
		live_flag(reader, "default", pipeline_bool(rows, i, CLASS_DEFAULT));
		live_property(reader, "family", live_name(reader, LIVE_CLASS_OPFAMILY, live_oid(rows, i, CLASS_FAMILY)));
		live_property(reader, "storage", stored ? live_name(reader, LIVE_CLASS_TYPE, stored) : NULL);
		live_owner(reader, live_oid(rows, i, CLASS_OWNER));
		live_comment(reader, LIVE_CLASS_OPCLASS, oid, 0);
		live_end(reader);
	}
}

static void
tell(struct live_reader *reader)
{
	struct members members = {0};

	tell_aggregates(reader);
	tell_operators(reader);
	collect_members(reader, LIVE_FAMILY_OPERATORS, LIVE_CLASS_OPERATOR, "operator", &members);
	collect_members(reader, LIVE_FAMILY_FUNCTIONS, LIVE_CLASS_PROC, "function", &members);
	if (members.count > 0)
		qsort(members.members, members.count, sizeof(*members.members), compare_members);
	tell_families(reader, &members);
	tell_classes(reader);
	mem_free(members.members);
}

const struct live_part live_operators = {ask, enter, tell};
