/* Run migrations on a throwaway server, and try scripts there. */
#include "measure/server.h"

#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "history/sql_lexer.h"
#include "history/steps.h"
#include "migrate/attempt.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "schema/compare_pairs.h"
#include "schema/fact_history.h"

#include "base/banned.h"

#define CLONE "measure_clone"

static struct session *
session_of(struct server *server)
{
	return server->cloning ? &server->clone : &server->migrator.database.session;
}

static bool
begin(struct server *server)
{
	struct migrator *migrator = &server->migrator;

	return migrator_begin(migrator, &server->options, true) == STATUS_OK
		&& migrator_may(migrator, "init", true) == STATUS_OK
		&& migrator_may_run(migrator) == STATUS_OK
		&& migrator_transfer_ownership(migrator) == STATUS_OK;
}

bool
server_open(struct server *server)
{
	*server = (struct server) {.options = {.target.default_dbname = history.database,.lock_timeout = 10000,
			.lock_wait = 10
		}
	};
	server->elsewhere = server->options;
	if (!begin(server))
		return false;
	server->servers = fact_servers_of(connection_server_version(session_of(server)->connection));
	if (!server->migrator.database.record.versioned)
		return true;
	report_error("database \"%s\" is not empty", connection_database(session_of(server)->connection));
	return false;
}

void
server_close(struct server *server)
{
	session_close(&server->clone);
	session_close(&server->clones);
	mem_free(server->error);
	mem_free(server->name);
	mem_free(server->owner);
	migrator_end(&server->migrator);
}

bool
server_run(struct server *server, int version)
{
	const struct steps_item step = {.version = version,.up = true,.before = version - 1,.after = version};
	struct task	task = task_of_migration(version == 0 ? "init" : "upgrade", &step);
	bool		done;

	task.consent = &server->migrator.consent;
	done = migrator_run_one(&server->migrator, &task, version, history_migration(version)->name);
	task_clear(&task);
	server->version = version;
	return done;
}

/* Is the object, or the one that a privilege is for, ignored? */
static bool
is_ignored(int version, const struct fact *fact)
{
	struct compare_object object;
	const char *role;
	bool		found = false;

	for (size_t i = 0; i < history.ignore_count && !found; i++) {
		const struct history_ignore *ignore = &history.ignores[i];

		if (ignore->first == 0)
			continue;
		found = fact_is_ignored(ignore, version, fact->kind, fact->name);
		if (!found && fact->kind == FACT_PRIVILEGE && compare_privilege(fact->name, &object, &role)) {
			char	   *name = mem_copy(object.name, object.length);

			found = fact_is_ignored(ignore, version, object.kind, name);
			mem_free(name);
		}
	}
	return found;
}

static void
leave_out_ignored(int version, struct fact_set *facts)
{
	size_t		count = 0;

	for (size_t i = 0; i < facts->count; i++)
		if (!is_ignored(version, &facts->facts[i]))
			facts->facts[count++] = facts->facts[i];
	facts->count = count;
}

bool
server_read(struct server *server, struct live *live)
{
	bool		done = live_read(live, session_of(server));

	leave_out_ignored(server->version, &live->facts);
	return done;
}

bool
server_query(struct server *server, struct pipeline *pipeline)
{
	struct connection *connection = session_of(server)->connection;
	const struct pipeline_command *failed;

	connection_set_interruptible(connection, true);
	pipeline_run(connection, pipeline);
	connection_set_interruptible(connection, false);
	failed = pipeline_failed(pipeline);
	if (failed && failed->error.lost)
		report_error("could not measure: %s", failed->error.message);
	return !failed;
}

/* A clone is made of a database without sessions. */
bool
server_set_cloning(struct server *server, bool cloning)
{
	const struct session *session = &server->migrator.database.session;

	if (cloning == server->cloning)
		return true;
	if (!cloning) {
		server->cloning = false;
		session_close(&server->clones);
		return begin(server);
	}
	mem_free(server->name);
	mem_free(server->owner);
	server->name = mem_string(connection_database(session->connection));
	server->owner = connection_identifier(session->connection, session->owner);
	migrator_end(&server->migrator);
	server->migrator = (struct migrator) {0};
	server->cloning = true;
	server->elsewhere.target.dbname = "postgres";
	return session_open_or_report(&server->clones, &server->elsewhere);
}

static bool
run_elsewhere(struct server *server, const char *verb, const char *rest)
{
	struct pipeline pipeline = {0};
	char	   *sql = mem_format("%s DATABASE %s%s", verb, CLONE, rest);
	bool		done;

	pipeline_add(&pipeline, sql, 0);
	done = session_query(&server->clones, &pipeline, "clone the database");
	pipeline_clear(&pipeline);
	mem_free(sql);
	return done;
}

static bool
create_clone(struct server *server)
{
	char	   *name = connection_identifier(server->clones.connection, server->name);
	char	   *rest = mem_format(" TEMPLATE %s OWNER %s", name, server->owner);
	bool		done = run_elsewhere(server, "CREATE", rest);

	mem_free(rest);
	mem_free(name);
	server->elsewhere.target.dbname = CLONE;
	return done && session_open_or_report(&server->clone, &server->elsewhere)
		&& session_prepare(&server->clone, true);
}

bool
server_begin(struct server *server)
{
	struct pipeline pipeline = {0};
	bool		done = !server->cloning || create_clone(server);

	if (!done)
		return false;
	session_add_script_settings(session_of(server), &pipeline, server->options.lock_timeout);
	if (!server->cloning)
		pipeline_add(&pipeline, "BEGIN", 0);
	done = session_query(session_of(server), &pipeline, "begin a transaction");
	pipeline_clear(&pipeline);
	return done;
}

/* CREATE INDEX CONCURRENTLY cannot be rolled back. */
static char *
without_concurrently(const char *text)
{
	struct sql_lexer_phrase phrase;
	char	   *copy = mem_string(text);

	phrase_read(&phrase, text, strlen(text));
	for (size_t i = 0; i < phrase.count; i++)
		if (phrase_says(&phrase, i, "concurrently"))
			memset(copy + phrase.words[i].offset, ' ', phrase.words[i].length);
	phrase_clear(&phrase);
	return copy;
}

void
server_add_statement(struct pipeline *pipeline, const struct statement_list_item *statement)
{
	char	   *text = statement->concurrent ? without_concurrently(statement->text) : NULL;

	if (statement->batch.table)
		pipeline_add(pipeline, statement->text, 2, (char *) NULL, (char *) NULL);
	else
		pipeline_add(pipeline, text ? text : statement->text, 0);
	mem_free(text);
}

/* Run one statement, or all that is in the pipeline. `first`: it is the one that takes an object away. */
static enum server_result
run(struct server *server, struct pipeline *pipeline, bool first)
{
	enum server_result result = SERVER_DONE;

	if (!server_query(server, pipeline)) {
		const struct pipeline_command *failed = pipeline_failed(pipeline);

		result = failed->error.lost ? SERVER_OVER : first ? SERVER_NOT_TRIED : SERVER_FAILED;
		server->error = mem_string(failed->error.message);
		server->failed += (size_t) (failed - pipeline->commands);
	}
	pipeline_clear(pipeline);
	return result;
}

enum server_result
server_try(struct server *server, const char *first, const struct statement_list *list,
		   bool (*after) (void *argument, struct server *server, size_t number), void *argument)
{
	struct pipeline pipeline = {0};
	enum server_result result = SERVER_DONE;

	mem_free(server->error);
	server->error = NULL;
	server->failed = 0;
	if (!server_begin(server))
		return SERVER_OVER;
	if (first) {
		pipeline_add(&pipeline, first, 0);
		result = run(server, &pipeline, true);
	}
	for (size_t i = 0; result == SERVER_DONE && i < list->count; i++) {
		server_add_statement(&pipeline, &list->statements[i]);
		if (!server->cloning && !after)
			continue;
		result = run(server, &pipeline, false);
		server->failed += result == SERVER_DONE;
		if (result == SERVER_DONE && after && !after(argument, server, i))
			result = SERVER_OVER;
	}
	if (result != SERVER_DONE)
		return result;
	if (server->cloning)
		pipeline_add(&pipeline, "BEGIN", 0);
	session_add_record_settings(session_of(server), &pipeline);
	pipeline_add(&pipeline, ATTEMPT_DEFERRED, 0);
	attempt_add_grants(&pipeline);
	if (server->cloning)
		pipeline_add(&pipeline, "COMMIT", 0);
	return run(server, &pipeline, false);
}

bool
server_read_tried(struct server *server, int version, struct live *live)
{
	bool		done = server->cloning ? live_read(live, session_of(server)) : live_read_within(live, session_of(server));

	leave_out_ignored(version, &live->facts);
	return done;
}

bool
server_roll_back(struct server *server)
{
	struct pipeline pipeline = {0};
	bool		done;

	if (server->cloning) {
		session_close(&server->clone);
		server->clone = (struct session) {0};
		return run_elsewhere(server, "DROP", "");
	}
	pipeline_add(&pipeline, "ROLLBACK", 0);
	done = session_query(session_of(server), &pipeline, "roll back");
	pipeline_clear(&pipeline);
	return done;
}
