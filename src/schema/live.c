/* Read the facts of a live database: the transaction, and what all parts use. */
#include "schema/live.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* Settings that change the text of definitions, besides those of session_add_own_settings. */
#define SETTINGS_OF_TEXTS \
	"SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true)," \
	" set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true)," \
	" set_config('bytea_output', 'hex', true), set_config('quote_all_identifiers', 'off', true)," \
	" set_config('standard_conforming_strings', 'on', true)"

#define PUBLIC_SCHEMA "2200"

static const struct live_part *const parts[] = {
	&live_types, &live_objects, &live_routines, &live_operators, &live_casts, &live_relations, &live_columns,
	&live_sequences, &live_indexes, &live_constraints, &live_views, &live_triggers, &live_text_search, &live_foreign,
	&live_replication, &live_dependents, &live_outside
};

enum {
	PART_COUNT = sizeof(parts) / sizeof(const struct live_part *),
	MOST_READINGS = 8
};

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_DATABASE, "SELECT datdba, oid, datacl, datconnlimit, datistemplate"
			 " FROM pg_database WHERE datname = current_database()");
	live_ask(reader, LIVE_ROLES, "SELECT oid, rolname, rolsuper, rolbypassrls,"
			 " pg_has_role(oid, 'MEMBER') AND (rolsuper OR oid = (SELECT datdba FROM pg_database WHERE datname ="
			 " current_database()) OR rolname IN ('pg_database_owner', session_user, current_user))"
			 " FROM pg_roles ORDER BY oid");
	live_ask(reader, LIVE_NAMESPACES, "SELECT oid, nspname, nspowner, nspacl FROM pg_namespace");
	/* The numbers are oids of catalogs. */
	live_ask(reader, LIVE_MEMBERS, "SELECT classid, objid, refobjid FROM pg_depend"
			 " WHERE refclassid = 3079 AND deptype = 'e'");
	live_ask(reader, LIVE_COMMENTS, "SELECT classoid, objoid, objsubid, description FROM pg_description"
			 " WHERE objoid >= " LIVE_FIRST_USER_OID " OR (classoid = 3079 AND objoid >= 12000) OR (classoid = 2615 AND objoid = "
			 PUBLIC_SCHEMA ") UNION ALL SELECT classoid, objoid, 0, description FROM pg_shdescription"
			 " WHERE classoid = 1262");
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i]->ask)
			parts[i]->ask(reader);
	for (size_t i = 0; i < reader->late_count; i++)
		live_ask(reader, reader->late[i].query, reader->late[i].sql);
}

static void
enter_roles(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_ROLES);
	struct live *live = reader->live;

	live->role_count = (size_t) pipeline_row_count(rows);
	live->roles = mem_grow(NULL, live->role_count + 1, sizeof(*live->roles));
	live->superusers = mem_grow(NULL, live->role_count + 1, sizeof(*live->superusers));
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *name = fact_identifier(reader->arena, pipeline_text(rows, i, 1));
		struct live_object *role = live_object(reader, LIVE_CLASS_ROLE, live_oid(rows, i, 0));

		role->name = live->roles[i] = name;
		if (pipeline_bool(rows, i, 2))
			live->superusers[live->superuser_count++] = name;
		if (live_oid(rows, i, 0) == reader->owner)
			live->unfiltered = pipeline_bool(rows, i, 2) || pipeline_bool(rows, i, 3);
	}
	qsort(live->roles, live->role_count, sizeof(*live->roles), text_compare);
	qsort(live->superusers, live->superuser_count, sizeof(*live->superusers), text_compare);
}

/*
 * All but the system's schemas, ours and temporary ones are compared. Users' objects can also be in some of the
 * system's, and in one that is a member of an extension, though they are none.
 */
static void
enter_namespaces(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_NAMESPACES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *name = pipeline_text(rows, i, 1);
		struct live_object *schema = live_object(reader, LIVE_CLASS_NAMESPACE, live_oid(rows, i, 0));

		schema->kind = FACT_SCHEMA;
		schema->name = fact_identifier(reader->arena, name);
		schema->holds_compared = strcmp(name, "fitsdb_schema") != 0
			&& (strncmp(name, "pg_", 3) != 0 || schema->oid == LIVE_SYSTEM_SCHEMA);
		/* The views of this one can be made again, as some updates advise. */
		if (strcmp(name, "information_schema") == 0)
			schema->holds_compared = schema->oid < LIVE_FIRST_USER_OBJECT;
		schema->compared = schema->holds_compared && !schema->member && strcmp(name, "information_schema") != 0
			&& schema->oid != LIVE_SYSTEM_SCHEMA;
	}
}

static void
enter_all(struct live_reader *reader)
{
	const struct pipeline_command *members = live_rows(reader, LIVE_MEMBERS);

	for (int i = 0; i < pipeline_row_count(members); i++)
		live_object(reader, live_oid(members, i, 0), live_oid(members, i, 1))->member = true;
	enter_roles(reader);
	enter_namespaces(reader);
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i]->enter)
			parts[i]->enter(reader);
}

static void
make_facts(struct live_reader *reader)
{
	reader->owner = live_oid(live_rows(reader, LIVE_DATABASE), 0, 0);
	enter_all(reader);
	reader->live->owner = live_name(reader, LIVE_CLASS_ROLE, reader->owner);
	live_read_comments(reader);
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i]->tell)
			parts[i]->tell(reader);
	live_uncompared(reader, reader->unknown_options, "unknown option");
	fact_set_sort(&reader->live->facts);
	mem_free(reader->objects);
	mem_free(reader->comments);
	mem_free(reader->text);
}

/*
 * Functions such as pg_get_constraintdef() see the present catalogs, not those of the transaction's snapshot. They fail
 * with "cache lookup failed", or return NULL, if another session has just dropped the object. The next reading does not
 * see it.
 */
static bool
vanished(const struct pipeline *pipeline)
{
	static const char *const states[] = {
		SQLSTATE_INTERNAL_ERROR, SQLSTATE_UNDEFINED_TABLE, SQLSTATE_UNDEFINED_OBJECT, SQLSTATE_UNDEFINED_FUNCTION,
		SQLSTATE_UNDEFINED_COLUMN
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(pipeline_failed(pipeline)->error.sqlstate, states[i]) == 0)
			return true;
	return false;
}

/* False, and reported unless `again`: a definition was NULL. */
static bool
is_complete(const struct live_reader *reader, bool again)
{
	if (reader->incomplete && !again) {
		report_error("could not read the schema: other sessions changed it during each attempt");
		report_hint("Try again later.");
	}
	return !reader->incomplete;
}

/* How often a reading is repeated. Zero: never. */
struct live_tries {
	int			left;			/* because other sessions have changed the schema */
	const char *title;			/* with lock_watch_pause; NULL: not after a lock timeout */
	int			waits;
	bool		again;			/* it is worth a new transaction; then nothing was reported */
};

/* Run the pipeline; with a title, report the sessions that block it. */
static bool
run(struct live_reader *reader, const struct live_tries *tries)
{
	struct session *session = reader->session;
	struct lock_watch watch;
	bool		done;

	if (tries->title)
		lock_watch_start(&watch, session, NULL);
	connection_set_interruptible(session->connection, true);
	done = pipeline_run(session->connection, &reader->pipeline);
	connection_set_interruptible(session->connection, false);
	if (tries->title)
		lock_watch_end(&watch);
	return done;
}

/* After a failure: end the transaction, and decide. */
static bool
try_again(struct session *session, const struct pipeline *failed, struct live_tries *tries)
{
	struct pipeline rollback = {0};

	pipeline_add(&rollback, "ROLLBACK", 0);
	(void) pipeline_run(session->connection, &rollback);
	pipeline_clear(&rollback);
	return (vanished(failed) && tries->left-- > 0)
		|| (tries->title && lock_watch_pause(session, tries->title, &pipeline_failed(failed)->error, ++tries->waits));
}

/* `within` a transaction of the caller's, `tries` are none. */
static bool
read_all(struct live *live, struct session *session, bool within, struct live_tries *tries)
{
	struct live_reader reader = {.session = session,.live = live,.arena = &live->facts.arena};
	bool		done;

	*live = (struct live) {.server = connection_server_version(session->connection)};
	reader.server = live->server;
	if (!within)
		pipeline_add(&reader.pipeline, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0);
	session_add_timeouts(session, &reader.pipeline);
	pipeline_add(&reader.pipeline, SETTINGS_OF_TEXTS, 0);
	if (live->server >= 110000)
		pipeline_add(&reader.pipeline, "SET LOCAL jit = off", 0);
	ask(&reader);
	if (!within)
		pipeline_add(&reader.pipeline, "COMMIT", 0);
	done = run(&reader, tries);
	if (!done) {
		tries->again = !within && try_again(session, &reader.pipeline, tries);
		if (!tries->again)
			session_report_failed(session, &reader.pipeline, "read the schema");
	} else {
		make_facts(&reader);
		done = is_complete(&reader, tries->left > 0);
		tries->again = !done && tries->left-- > 0;
	}
	pipeline_clear(&reader.pipeline);
	return done;
}

bool
live_read_within(struct live *live, struct session *session)
{
	struct live_tries none = {0};

	return read_all(live, session, true, &none);
}

bool
live_read_waiting(struct live *live, struct session *session, const char *title)
{
	struct live_tries tries = {.left = MOST_READINGS - 1,.title = title};

	while (!read_all(live, session, false, &tries)) {
		live_clear(live);
		if (!tries.again)
			return false;
	}
	return true;
}

bool
live_read(struct live *live, struct session *session)
{
	return live_read_waiting(live, session, NULL);
}

void
live_clear(struct live *live)
{
	fact_set_clear(&live->facts);
	mem_free(live->roles);
	mem_free(live->superusers);
	mem_free(live->uncompared);
	mem_free(live->dependents);
	mem_free(live->notes);
	*live = (struct live) {0};
}
