/* Facts about foreign data: wrappers, servers and user mappings. Foreign tables are relations. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/array.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_reader.h"
#include "schema/normal.h"

#include "base/banned.h"

/* The columns. A function has two columns. */
enum {
	WRAPPER_OID, WRAPPER_NAME, WRAPPER_OWNER, WRAPPER_ACL, WRAPPER_OPTIONS, WRAPPER_HANDLER,
	WRAPPER_VALIDATOR = WRAPPER_HANDLER + 2
};
enum {
	SERVER_OID, SERVER_NAME, SERVER_OWNER, SERVER_ACL, SERVER_OPTIONS, SERVER_WRAPPER, SERVER_TYPE, SERVER_VERSION
};
enum {
	MAPPING_SERVER, MAPPING_ROLE
};

/* The options of user mappings are passwords, which most roles may not read. */
static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_FOREIGN_DATA_WRAPPERS, "SELECT oid, fdwname, fdwowner, fdwacl, fdwoptions, "
			 LIVE_FUNCTION("fdwhandler") ", " LIVE_FUNCTION("fdwvalidator") " FROM pg_foreign_data_wrapper");
	live_ask(reader, LIVE_SERVERS, "SELECT oid, srvname, srvowner, srvacl, srvoptions, srvfdw, srvtype, srvversion"
			 " FROM pg_foreign_server");
	live_ask(reader, LIVE_USER_MAPPINGS, "SELECT srvid, umuser FROM pg_user_mappings");
}

static void
enter(struct live_reader *reader)
{
	live_enter_named(reader, LIVE_FOREIGN_DATA_WRAPPERS, LIVE_CLASS_FOREIGN_DATA_WRAPPER, FACT_FOREIGN_DATA_WRAPPER);
	live_enter_named(reader, LIVE_SERVERS, LIVE_CLASS_FOREIGN_SERVER, FACT_SERVER);
}

/* A property "option NAME" for each option, in order. Their values may be secrets, so their hashes are told. */
static void
tell_options(struct live_reader *reader, const char *options)
{
	struct fact_set sorted = {0};
	const char *option;

	while (options && (option = array_next(reader->arena, &options)) != NULL) {
		size_t		length = strcspn(option, "=");
		char		hash[NORMAL_HASH_SIZE];

		normal_hash(option + length + (option[length] == '='), hash);
		fact_add(&sorted, FACT_SERVER, arena_copy(reader->arena, option, length), arena_string(reader->arena, hash));
	}
	fact_set_sort(&sorted);
	for (size_t i = 0; i < sorted.count; i++)
		live_property(reader, arena_format(reader->arena, "option %s",
										   fact_identifier(reader->arena, sorted.facts[i].name)),
					  sorted.facts[i].definition);
	fact_set_clear(&sorted);
}

static void
tell_wrappers(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_FOREIGN_DATA_WRAPPERS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, WRAPPER_OID);
		const struct live_object *wrapper = live_compared(reader, LIVE_CLASS_FOREIGN_DATA_WRAPPER, oid);

		if (!wrapper)
			continue;
		live_begin(reader, FACT_FOREIGN_DATA_WRAPPER, wrapper->name);
		live_property(reader, "handler", live_function(reader, rows, i, WRAPPER_HANDLER));
		live_property(reader, "validator", live_function(reader, rows, i, WRAPPER_VALIDATOR));
		tell_options(reader, pipeline_value(rows, i, WRAPPER_OPTIONS));
		live_end_object(reader, wrapper, 'F', live_oid(rows, i, WRAPPER_OWNER), pipeline_value(rows, i, WRAPPER_ACL));
	}
}

static void
tell_servers(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_SERVERS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, SERVER_OID);
		const struct live_object *server = live_compared(reader, LIVE_CLASS_FOREIGN_SERVER, oid);

		if (!server)
			continue;
		live_begin(reader, FACT_SERVER, server->name);
		live_main(reader, "foreign data wrapper %s", live_name(reader, LIVE_CLASS_FOREIGN_DATA_WRAPPER,
															   live_oid(rows, i, SERVER_WRAPPER)));
		live_property(reader, "type", pipeline_value(rows, i, SERVER_TYPE));
		live_property(reader, "version", pipeline_value(rows, i, SERVER_VERSION));
		tell_options(reader, pipeline_value(rows, i, SERVER_OPTIONS));
		live_end_object(reader, server, 'S', live_oid(rows, i, SERVER_OWNER), pipeline_value(rows, i, SERVER_ACL));
	}
}

static void
tell_user_mappings(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_USER_MAPPINGS);
	const int	count = pipeline_row_count(rows);

	for (int i = 0; i < count; i++) {
		live_begin(reader, FACT_USER_MAPPING,
				   arena_format(reader->arena, "for %s server %s", live_role(reader, live_oid(rows, i, MAPPING_ROLE)),
								live_name(reader, LIVE_CLASS_FOREIGN_SERVER, live_oid(rows, i, MAPPING_SERVER))));
		live_end(reader);
	}
	if (count > 0)
		live_not_compared(reader, "options of %d user mapping%s", count, count == 1 ? "" : "s");
}

static void
tell(struct live_reader *reader)
{
	tell_wrappers(reader);
	tell_servers(reader);
	tell_user_mappings(reader);
}

const struct live_part live_foreign = {ask, enter, tell};
