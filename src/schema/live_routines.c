/* Facts about functions and procedures; the names of aggregates. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "schema/array.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"
#include "schema/normal.h"

#include "base/banned.h"

/* The columns of LIVE_ROUTINES. */
enum {
	ROUTINE_OID, ROUTINE_NAME, ROUTINE_SCHEMA, ROUTINE_OWNER, ROUTINE_LANGUAGE, ROUTINE_COST, ROUTINE_ROWS,
	ROUTINE_DEFINER, ROUTINE_LEAKPROOF, ROUTINE_STRICT, ROUTINE_SET, ROUTINE_VOLATILE, ROUTINE_PARALLEL,
	ROUTINE_RESULT, ROUTINE_INPUTS, ROUTINE_TYPES, ROUTINE_MODES, ROUTINE_NAMES, ROUTINE_DEFAULTS,
	ROUTINE_TRANSFORMS, ROUTINE_SOURCE, ROUTINE_LIBRARY, ROUTINE_SETTINGS, ROUTINE_ACL, ROUTINE_KIND,
	ROUTINE_SUPPORT, ROUTINE_AMBIGUOUS = ROUTINE_SUPPORT + 2
};

/* Before PostgreSQL 12 a float4 is printed with less digits; as numeric it has the same ones on all. */
#define ROUTINE_QUERY(kind, support) \
	"SELECT oid, proname, pronamespace, proowner, prolang, procost::numeric, prorows::numeric, prosecdef," \
	" proleakproof, proisstrict," \
	" proretset, provolatile, proparallel, prorettype, proargtypes, proallargtypes, proargmodes, proargnames," \
	" CASE WHEN proargdefaults IS NOT NULL THEN pg_get_expr(proargdefaults, 0) END, protrftypes, prosrc, probin," \
	" proconfig, proacl, " kind ", " support ", " \
	LIVE_AMBIGUOUS("pg_proc", "pronamespace", "s.proname = its.proname AND s.proargtypes = its.proargtypes") \
	" FROM pg_proc its WHERE oid >= " LIVE_FIRST_USER_OID " ORDER BY oid"

#define KIND_BEFORE_11 "CASE WHEN proisagg THEN 'a' WHEN proiswindow THEN 'w' ELSE 'f' END"
#define SUPPORT LIVE_FUNCTION("prosupport")

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_ROUTINES, reader->server >= 120000 ? ROUTINE_QUERY("prokind", SUPPORT)
			 : reader->server >= 110000 ? ROUTINE_QUERY("prokind", "0, NULL")
			 : ROUTINE_QUERY(KIND_BEFORE_11, "0, NULL"));
	/* It locks the tables that the body reads. */
	if (reader->server >= 140000)
		live_ask_late(reader, LIVE_ROUTINE_BODIES, "SELECT oid, pg_get_function_sqlbody(oid) FROM pg_proc"
					  " WHERE oid >= " LIVE_FIRST_USER_OID " AND prosqlbody IS NOT NULL ORDER BY oid");
}

/* --- arguments --- */

/* The arguments of a routine: four lists, of which only the types are always there. */
struct arguments {
	const char *types;
	const char *modes;
	const char *names;
};

struct argument {
	unsigned	type;
	char		mode;			/* 'i' in, 'o' out, 'b' inout, 'v' variadic, 't' a column of the result */
	const char *name;			/* an identifier; NULL: it has none */
};

/* Types are separated by blanks ("23 25"), or an array ("{23,25}"). */
static bool
next_argument(struct live_reader *reader, struct arguments *arguments, struct argument *argument)
{
	char	   *end;
	const char *mode = NULL;
	const char *name = NULL;

	arguments->types += strspn(arguments->types, "{, ");
	argument->type = (unsigned) strtoul(arguments->types, &end, 10);
	if (end == arguments->types)
		return false;
	arguments->types = end;
	if (arguments->modes)
		mode = array_next(reader->arena, &arguments->modes);
	if (arguments->names)
		name = array_next(reader->arena, &arguments->names);
	argument->mode = *(mode ? mode : "i");
	argument->name = name && *name ? fact_identifier(reader->arena, name) : NULL;
	return true;
}

static struct arguments
arguments_of(const struct pipeline_command *rows, int row)
{
	const char *types = pipeline_value(rows, row, ROUTINE_TYPES);

	return (struct arguments) {
		types ? types : pipeline_text(rows, row, ROUTINE_INPUTS), pipeline_value(rows, row, ROUTINE_MODES),
		pipeline_value(rows, row, ROUTINE_NAMES)
	};
}

/* The arguments with their names and modes, or the columns of the result; a new string, NULL for none. */
static char *
list_arguments(struct live_reader *reader, const struct pipeline_command *rows, int row, bool columns)
{
	struct arguments arguments = arguments_of(rows, row);
	struct argument argument;
	char	   *list = NULL;

	while (next_argument(reader, &arguments, &argument)) {
		const char *mode = argument.mode == 'o' ? "out " : argument.mode == 'b' ? "inout "
			: argument.mode == 'v' ? "variadic " : "";

		if ((argument.mode == 't') == columns)
			mem_append(&list, ", ", arena_format(reader->arena, "%s%s%s%s", mode, argument.name ? argument.name : "",
												 argument.name ? " " : "",
												 live_name(reader, LIVE_CLASS_TYPE, argument.type)));
	}
	return list;
}

static void
tell_arguments(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	/* Otherwise the name of the routine says it all. */
	if (pipeline_value(rows, row, ROUTINE_MODES) || pipeline_value(rows, row, ROUTINE_NAMES)) {
		char	   *list = list_arguments(reader, rows, row, false);
		live_property(reader, "arguments", list);
		mem_free(list);
	}
	live_property(reader, "defaults", pipeline_value(rows, row, ROUTINE_DEFAULTS));
}

/* --- names --- */

static const char *
routine_name(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	struct arguments inputs = {.types = pipeline_text(rows, row, ROUTINE_INPUTS)};
	struct argument argument;
	char	   *types = NULL;
	const char *name;

	while (next_argument(reader, &inputs, &argument))
		mem_append(&types, ",", live_name(reader, LIVE_CLASS_TYPE, argument.type));
	name = arena_format(reader->arena, "%s(%s)",
						live_qualified(reader, live_oid(rows, row, ROUTINE_OID), live_oid(rows, row, ROUTINE_SCHEMA),
									   pipeline_text(rows, row, ROUTINE_NAME),
									   pipeline_bool(rows, row, ROUTINE_AMBIGUOUS)), types ? types : "");
	mem_free(types);
	return name;
}

static void
enter(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_ROUTINES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		bool		aggregate = live_letter(rows, i, ROUTINE_KIND) == 'a';

		live_enter(reader, LIVE_CLASS_PROC, live_oid(rows, i, ROUTINE_OID), live_oid(rows, i, ROUTINE_SCHEMA),
				   aggregate ? FACT_AGGREGATE : FACT_FUNCTION, routine_name(reader, rows, i));
	}
}

/* --- facts --- */

static void
tell_result(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	const char *type = live_name(reader, LIVE_CLASS_TYPE, live_oid(rows, row, ROUTINE_RESULT));
	const char *kind = live_letter(rows, row, ROUTINE_KIND) == 'w' ? "window function" : "function";
	char	   *columns = list_arguments(reader, rows, row, true);

	if (live_letter(rows, row, ROUTINE_KIND) == 'p')
		live_main(reader, "procedure");
	else if (columns)
		live_main(reader, "%s returns table(%s)", kind, columns);
	else
		live_main(reader, "%s returns %s%s", kind, pipeline_bool(rows, row, ROUTINE_SET) ? "setof " : "", type);
	mem_free(columns);
}

static const char *
parallel_word(char letter)
{
	return letter == 's' ? "safe" : letter == 'r' ? "restricted" : NULL;
}

static void
tell_behaviour(struct live_reader *reader, const struct pipeline_command *rows, int row, bool compiled)
{
	char		volatility = live_letter(rows, row, ROUTINE_VOLATILE);
	const char *cost = pipeline_text(rows, row, ROUTINE_COST);
	const char *set_rows = pipeline_text(rows, row, ROUTINE_ROWS);

	live_flag(reader, "immutable", volatility == 'i');
	live_flag(reader, "stable", volatility == 's');
	live_flag(reader, "strict", pipeline_bool(rows, row, ROUTINE_STRICT));
	live_flag(reader, "security definer", pipeline_bool(rows, row, ROUTINE_DEFINER));
	live_flag(reader, "leakproof", pipeline_bool(rows, row, ROUTINE_LEAKPROOF));
	live_property(reader, "parallel", parallel_word(live_letter(rows, row, ROUTINE_PARALLEL)));
	live_property(reader, "cost", strcmp(cost, compiled ? "1" : "100") == 0 ? NULL : cost);
	live_property(reader, "rows",
				  strcmp(set_rows, pipeline_bool(rows, row, ROUTINE_SET) ? "1000" : "0") == 0 ? NULL : set_rows);
	live_property(reader, "support", live_function(reader, rows, row, ROUTINE_SUPPORT));
}

static void
tell_transforms(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	struct arguments types = {.types = pipeline_text(rows, row, ROUTINE_TRANSFORMS)};
	struct argument type;
	char	   *list = NULL;

	while (next_argument(reader, &types, &type))
		mem_append(&list, ", ", live_name(reader, LIVE_CLASS_TYPE, type.type));
	live_property(reader, "transform for", list);
	mem_free(list);
}

/* The value of a custom parameter may be a secret. */
static void
tell_setting(struct live_reader *reader, const char *setting)
{
	size_t		length = strcspn(setting, "=");
	const char *name = arena_copy(reader->arena, setting, length);
	const char *value = setting + length + (setting[length] == '=');
	char		hash[NORMAL_HASH_SIZE];

	if (strchr(name, '.')) {
		normal_hash(value, hash);
		value = hash;
	}
	live_property(reader, arena_format(reader->arena, "set %s", name), live_requoted(reader, value));
}

static void
tell_settings(struct live_reader *reader, const char *array)
{
	size_t		count;
	const char **settings = array_sorted(reader->arena, array, &count);

	for (size_t i = 0; i < count; i++)
		tell_setting(reader, settings[i]);
}

/* For compiled functions: the symbol, and the library unless it is the server itself. */
static void
tell_source(struct live_reader *reader, const struct pipeline_command *rows, int row, bool compiled)
{
	const char *source = pipeline_text(rows, row, ROUTINE_SOURCE);
	const char *body = reader->server < 140000 ? NULL
		: live_found(reader, LIVE_ROUTINE_BODIES, live_oid(rows, row, ROUTINE_OID), 1);

	if (body) {
		char		pair[NORMAL_PAIR_SIZE];

		normal_pair(body, pair);
		live_property(reader, "body", pair);
	} else if (compiled) {
		live_property(reader, "symbol", source);
	} else {
		char		hash[NORMAL_HASH_SIZE];

		normal_hash(source, hash);
		live_property(reader, "source", hash);
	}
	live_property(reader, "library", pipeline_value(rows, row, ROUTINE_LIBRARY));
}

static void
tell_routine(struct live_reader *reader, const struct pipeline_command *rows, int row,
			 const struct live_object *routine)
{
	const char *language = live_name(reader, LIVE_CLASS_LANGUAGE, live_oid(rows, row, ROUTINE_LANGUAGE));
	const char *kind = live_letter(rows, row, ROUTINE_KIND) == 'p' ? "procedure" : "function";
	bool		compiled = strcmp(language, "c") == 0 || strcmp(language, "internal") == 0;
	unsigned	owner = live_oid(rows, row, ROUTINE_OWNER);

	live_begin(reader, FACT_FUNCTION, routine->name);
	tell_result(reader, rows, row);
	tell_arguments(reader, rows, row);
	live_property(reader, "language", language);
	tell_behaviour(reader, rows, row, compiled);
	tell_transforms(reader, rows, row);
	tell_settings(reader, pipeline_value(rows, row, ROUTINE_SETTINGS));
	tell_source(reader, rows, row, compiled);
	live_owner(reader, owner);
	live_comment(reader, LIVE_CLASS_PROC, routine->oid, 0);
	live_end(reader);
	live_privileges(reader, 'f', arena_format(reader->arena, "%s %s", kind, routine->name), owner,
					pipeline_value(rows, row, ROUTINE_ACL));
}

const char *
live_routine_acl(const struct pipeline_command *rows, int row)
{
	return pipeline_value(rows, row, ROUTINE_ACL);
}

const char *
live_aggregate_result(const struct live_reader *reader, unsigned oid)
{
	const char *type = live_found(reader, LIVE_ROUTINES, oid, ROUTINE_RESULT);

	return live_name(reader, LIVE_CLASS_TYPE, type ? (unsigned) strtoul(type, NULL, 10) : 0);
}

struct live_routine_owner
live_aggregate_signature(struct live_reader *reader, unsigned oid)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_ROUTINES);
	int			row = live_first_row(rows, oid);
	unsigned	owner = live_oid(rows, row, ROUTINE_OWNER);

	tell_arguments(reader, rows, row);
	live_property(reader, "parallel", parallel_word(live_letter(rows, row, ROUTINE_PARALLEL)));
	live_owner(reader, owner);
	return (struct live_routine_owner) {owner, pipeline_value(rows, row, ROUTINE_ACL)};
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_ROUTINES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *routine = live_compared(reader, LIVE_CLASS_PROC, live_oid(rows, i, ROUTINE_OID));

		if (routine && routine->kind == FACT_FUNCTION)
			tell_routine(reader, rows, i, routine);
	}
}

const struct live_part live_routines = {ask, enter, tell};
