/* Facts about casts, transforms, conversions, collations, access methods and languages. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* The columns of LIVE_CASTS, LIVE_TRANSFORMS and LIVE_CONVERSIONS. */
enum {
	CAST_OID, CAST_SOURCE, CAST_TARGET, CAST_CONTEXT, CAST_METHOD, CAST_FUNCTION
};
enum {
	TRANSFORM_OID, TRANSFORM_TYPE, TRANSFORM_LANGUAGE, TRANSFORM_FROM, TRANSFORM_TO = TRANSFORM_FROM + 2
};
enum {
	CONVERSION_OID, CONVERSION_NAME, CONVERSION_SCHEMA, CONVERSION_OWNER, CONVERSION_FROM, CONVERSION_TO,
	CONVERSION_DEFAULT, CONVERSION_FUNCTION
};

/* The columns of LIVE_COLLATIONS, LIVE_USER_COLLATIONS, LIVE_ACCESS_METHODS and LIVE_LANGUAGES. */
enum {
	COLLATION_OID, COLLATION_NAME, COLLATION_SCHEMA, COLLATION_OWNER, COLLATION_PROVIDER, COLLATION_COLLATE,
	COLLATION_TYPE, COLLATION_DETERMINISTIC, COLLATION_LOCALE, COLLATION_RULES
};
enum {
	METHOD_OID, METHOD_NAME, METHOD_TYPE, METHOD_HANDLER
};
enum {
	LANGUAGE_OID, LANGUAGE_NAME, LANGUAGE_OWNER, LANGUAGE_TRUSTED, LANGUAGE_ACL, LANGUAGE_HANDLER,
	LANGUAGE_INLINE = LANGUAGE_HANDLER + 2, LANGUAGE_VALIDATOR = LANGUAGE_INLINE + 2
};

/* Names for users' languages only. */
#define LANGUAGE_FUNCTION(column) column ", CASE WHEN oid >= " LIVE_FIRST_USER_OID " AND " column " <> 0" \
	" THEN split_part(" column "::regprocedure::text, '(', 1) END"

#define COLLATION_QUERY(deterministic, locale, rules) \
	"SELECT oid, collname, collnamespace, collowner, collprovider, collcollate, collctype, " deterministic ", " \
	locale ", " rules " FROM pg_collation WHERE oid >= " LIVE_FIRST_USER_OID

static const char *
collation_query(int server)
{
	return server >= 170000 ? COLLATION_QUERY("collisdeterministic", "colllocale", "collicurules")
		: server >= 160000 ? COLLATION_QUERY("collisdeterministic", "colliculocale", "collicurules")
		: server >= 150000 ? COLLATION_QUERY("collisdeterministic", "colliculocale", "NULL")
		: server >= 120000 ? COLLATION_QUERY("collisdeterministic", "NULL", "NULL")
		: COLLATION_QUERY("true", "NULL", "NULL");
}

static void
ask(struct live_reader *reader)
{
	/* The parts of a range: its constructors, and the cast to its multirange. */
	live_ask(reader, LIVE_DERIVED, "SELECT classid, objid FROM pg_depend WHERE deptype = 'i' AND objid >= "
			 LIVE_FIRST_USER_OID " AND classid IN (1255, 2605)");
	live_ask(reader, LIVE_CASTS, "SELECT oid, castsource, casttarget, castcontext, castmethod, "
			 LIVE_FUNCTION("castfunc") " FROM pg_cast WHERE oid >= " LIVE_FIRST_USER_OID);
	live_ask(reader, LIVE_TRANSFORMS, "SELECT oid, trftype, trflang, " LIVE_FUNCTION("trffromsql") ", "
			 LIVE_FUNCTION("trftosql") " FROM pg_transform WHERE oid >= " LIVE_FIRST_USER_OID);
	live_ask(reader, LIVE_CONVERSIONS, "SELECT oid, conname, connamespace, conowner,"
			 " pg_encoding_to_char(conforencoding), pg_encoding_to_char(contoencoding), condefault, "
			 LIVE_FUNCTION("conproc") " FROM pg_conversion WHERE oid >= " LIVE_FIRST_USER_OID);
	/*
	 * There can be a thousand of the system's. From PostgreSQL 14 on the use of one is recorded, but of those that all
	 * servers have.
	 */
	live_ask(reader, LIVE_COLLATIONS, reader->server >= 140000
			 ? "SELECT oid, collname, collnamespace FROM pg_collation WHERE oid < 12000"
			 " OR oid IN (SELECT refobjid FROM pg_depend WHERE refclassid = 3456)"
			 " OR EXISTS (SELECT FROM pg_collation WHERE oid >= " LIVE_FIRST_USER_OID ")"
			 : "SELECT oid, collname, collnamespace FROM pg_collation");
	live_ask(reader, LIVE_USER_COLLATIONS, collation_query(reader->server));
	live_ask(reader, LIVE_ACCESS_METHODS, "SELECT oid, amname, amtype, " LIVE_FUNCTION("amhandler") " FROM pg_am");
	live_ask(reader, LIVE_LANGUAGES, "SELECT oid, lanname, lanowner, lanpltrusted, lanacl, "
			 LANGUAGE_FUNCTION("lanplcallfoid") ", " LANGUAGE_FUNCTION("laninline") ", "
			 LANGUAGE_FUNCTION("lanvalidator") " FROM pg_language");
}

/* --- names --- */

static void
enter(struct live_reader *reader)
{
	const struct pipeline_command *casts = live_rows(reader, LIVE_CASTS);
	const struct pipeline_command *transforms = live_rows(reader, LIVE_TRANSFORMS);
	const struct pipeline_command *derived = live_rows(reader, LIVE_DERIVED);

	live_enter_named(reader, LIVE_LANGUAGES, LIVE_CLASS_LANGUAGE, FACT_LANGUAGE);
	live_enter_named(reader, LIVE_ACCESS_METHODS, LIVE_CLASS_AM, FACT_ACCESS_METHOD);
	live_enter_qualified(reader, LIVE_COLLATIONS, LIVE_CLASS_COLLATION, FACT_COLLATION, 1);
	live_enter_qualified(reader, LIVE_CONVERSIONS, LIVE_CLASS_CONVERSION, FACT_CONVERSION, 1);
	for (int i = 0; i < pipeline_row_count(casts); i++)
		live_enter(reader, LIVE_CLASS_CAST, live_oid(casts, i, CAST_OID), 0, FACT_CAST,
				   arena_format(reader->arena, "(%s as %s)",
								live_name(reader, LIVE_CLASS_TYPE, live_oid(casts, i, CAST_SOURCE)),
								live_name(reader, LIVE_CLASS_TYPE, live_oid(casts, i, CAST_TARGET))));
	for (int i = 0; i < pipeline_row_count(transforms); i++)
		live_enter(reader, LIVE_CLASS_TRANSFORM, live_oid(transforms, i, TRANSFORM_OID), 0, FACT_TRANSFORM,
				   arena_format(reader->arena, "for %s language %s",
								live_name(reader, LIVE_CLASS_TYPE, live_oid(transforms, i, TRANSFORM_TYPE)),
								live_name(reader, LIVE_CLASS_LANGUAGE, live_oid(transforms, i, TRANSFORM_LANGUAGE))));
	for (int i = 0; i < pipeline_row_count(derived); i++)
		live_exclude(reader, live_oid(derived, i, 0), live_oid(derived, i, 1));
}

/* --- facts --- */

static void
tell_casts(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_CASTS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *cast = live_compared(reader, LIVE_CLASS_CAST, live_oid(rows, i, CAST_OID));
		const char *function = live_function(reader, rows, i, CAST_FUNCTION);
		char		context = live_letter(rows, i, CAST_CONTEXT);

		if (!cast)
			continue;
		live_begin(reader, FACT_CAST, cast->name);
		if (function)
			live_main(reader, "with function %s", function);
		else
			live_main(reader, live_letter(rows, i, CAST_METHOD) == 'i' ? "with inout" : "without function");
		live_flag(reader, "as assignment", context == 'a');
		live_flag(reader, "as implicit", context == 'i');
		live_comment(reader, LIVE_CLASS_CAST, cast->oid, 0);
		live_end(reader);
	}
}

static void
tell_transforms(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_TRANSFORMS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *transform
			= live_compared(reader, LIVE_CLASS_TRANSFORM, live_oid(rows, i, TRANSFORM_OID));
		const char *from = live_function(reader, rows, i, TRANSFORM_FROM);
		const char *to = live_function(reader, rows, i, TRANSFORM_TO);

		if (!transform)
			continue;
		live_begin(reader, FACT_TRANSFORM, transform->name);
		live_main(reader, "from SQL %s, to SQL %s", from ? from : "none", to ? to : "none");
		live_comment(reader, LIVE_CLASS_TRANSFORM, transform->oid, 0);
		live_end(reader);
	}
}

static void
tell_conversions(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_CONVERSIONS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *conversion
			= live_compared(reader, LIVE_CLASS_CONVERSION, live_oid(rows, i, CONVERSION_OID));

		if (!conversion)
			continue;
		live_begin(reader, FACT_CONVERSION, conversion->name);
		live_main(reader, "%s to %s", pipeline_text(rows, i, CONVERSION_FROM), pipeline_text(rows, i, CONVERSION_TO));
		live_property(reader, "function", live_function(reader, rows, i, CONVERSION_FUNCTION));
		live_flag(reader, "default", pipeline_bool(rows, i, CONVERSION_DEFAULT));
		live_owner(reader, live_oid(rows, i, CONVERSION_OWNER));
		live_comment(reader, LIVE_CLASS_CONVERSION, conversion->oid, 0);
		live_end(reader);
	}
}

static const char *
provider_word(char letter)
{
	return letter == 'i' ? "icu" : letter == 'b' ? "builtin" : letter == 'd' ? "default" : "libc";
}

static void
tell_collations(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_USER_COLLATIONS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *collation
			= live_compared(reader, LIVE_CLASS_COLLATION, live_oid(rows, i, COLLATION_OID));
		const char *provider = provider_word(live_letter(rows, i, COLLATION_PROVIDER));
		const char *locale = pipeline_value(rows, i, COLLATION_LOCALE);
		const char *order = pipeline_text(rows, i, COLLATION_COLLATE);
		const char *type = pipeline_text(rows, i, COLLATION_TYPE);

		if (!collation)
			continue;
		live_begin(reader, FACT_COLLATION, collation->name);
		/* The column of the locale depends on the version. */
		live_main(reader, "%s %s", provider, locale ? locale : order);
		live_property(reader, "ctype", locale || strcmp(order, type) == 0 ? NULL : type);
		live_flag(reader, "not deterministic", !pipeline_bool(rows, i, COLLATION_DETERMINISTIC));
		live_property(reader, "rules", pipeline_value(rows, i, COLLATION_RULES));
		live_owner(reader, live_oid(rows, i, COLLATION_OWNER));
		live_comment(reader, LIVE_CLASS_COLLATION, collation->oid, 0);
		live_end(reader);
	}
}

static void
tell_access_methods(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_ACCESS_METHODS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *method = live_compared(reader, LIVE_CLASS_AM, live_oid(rows, i, METHOD_OID));

		if (!method)
			continue;
		live_begin(reader, FACT_ACCESS_METHOD, method->name);
		live_main(reader, live_letter(rows, i, METHOD_TYPE) == 't' ? "table" : "index");
		live_property(reader, "handler", live_function(reader, rows, i, METHOD_HANDLER));
		live_comment(reader, LIVE_CLASS_AM, method->oid, 0);
		live_end(reader);
	}
}

/* The system's languages can have other privileges, too, and another owner; plpgsql is a member of an extension. */
static void
tell_languages(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_LANGUAGES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, LANGUAGE_OID);
		unsigned	owner = live_oid(rows, i, LANGUAGE_OWNER);
		const char *name = live_name(reader, LIVE_CLASS_LANGUAGE, oid);

		live_privileges(reader, 'l', arena_format(reader->arena, "language %s", name), owner,
						pipeline_value(rows, i, LANGUAGE_ACL));
		if (!live_compared(reader, LIVE_CLASS_LANGUAGE, oid))
			continue;
		live_begin(reader, FACT_LANGUAGE, name);
		live_flag(reader, "trusted", pipeline_bool(rows, i, LANGUAGE_TRUSTED));
		live_property(reader, "handler", live_function(reader, rows, i, LANGUAGE_HANDLER));
		live_property(reader, "inline", live_function(reader, rows, i, LANGUAGE_INLINE));
		live_property(reader, "validator", live_function(reader, rows, i, LANGUAGE_VALIDATOR));
		live_owner(reader, owner);
		live_comment(reader, LIVE_CLASS_LANGUAGE, oid, 0);
		live_end(reader);
	}
}

static void
tell(struct live_reader *reader)
{
	tell_languages(reader);
	tell_access_methods(reader);
	tell_collations(reader);
	tell_conversions(reader);
	tell_casts(reader);
	tell_transforms(reader);
}

const struct live_part live_casts = {ask, enter, tell};
