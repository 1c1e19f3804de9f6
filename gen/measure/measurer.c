/* Run migrations in a database with rows, and measure them. */
#include "measure/measurer.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "file.h"
#include "history/history.h"
#include "measure/measuring.h"
#include "measure/probe_read.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/task.h"
#include "pg/connection.h"

#include "base/banned.h"

#define DATABASE "measure_effects"

/* rows.sql */
static const unsigned char rows[] = {
#include "rows.h"
	, '\0'
};

/* --- the database --- */

static bool
create_database(struct measurer *measurer, struct server *server)
{
	struct session *session = &server->migrator.database.session;
	char	   *owner = connection_identifier(session->connection, session->owner);
	char	   *create = mem_format("CREATE DATABASE " DATABASE " OWNER %s", owner);
	struct session creator = {0};
	struct pipeline pipeline = {0};
	bool		done;

	measurer->options = server->options;
	measurer->options.target.dbname = "postgres";
	/* On this server it may have been measured before. */
	pipeline_add(&pipeline, "DROP DATABASE IF EXISTS " DATABASE, 0)->sync_point = true;
	pipeline_add(&pipeline, create, 0)->sync_point = true;
	/* Which functions were called. */
	pipeline_add(&pipeline, "ALTER DATABASE " DATABASE " SET track_functions = 'all'", 0);
	done = session_open_or_report(&creator, &measurer->options)
		&& session_query(&creator, &pipeline, "create a database");
	session_close(&creator);
	pipeline_clear(&pipeline);
	measurer->options.target.dbname = DATABASE;
	mem_free(create);
	mem_free(owner);
	return done;
}

/* The server runs one statement at a time: a script is the argument of a function, but the functions come first. */
static bool
create_functions(struct measurer *measurer)
{
	struct pipeline pipeline = {0};
	const char *text = (const char *) rows;
	bool		done;

	pipeline_add(&pipeline, "SET search_path = public", 0);
	for (const char *end; (end = strstr(text, "\nEND $$;\n")); text = end) {
		end += strlen("\nEND $$;\n");
		pipeline_add_text(&pipeline, text, (size_t) (end - text));
	}
	done = session_query(&measurer->other, &pipeline, "create functions");
	pipeline_clear(&pipeline);
	return done;
}

bool
measurer_open(struct measurer *measurer, struct server *server, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct session *session = &measurer->session;
	struct pipeline pipeline = {0};
	bool		done;

	*measurer = (struct measurer) {.folder = slash ? mem_copy(path, (size_t) (slash - path)) : mem_string("."),
		.empty = mem_string("")
	};
	if (!create_database(measurer, server) || !session_open_or_report(&measurer->other, &measurer->options)
		|| !session_open_or_report(session, &measurer->options) || !session_prepare(session, true)
		|| !create_functions(measurer))
		return false;
	pipeline_add(&pipeline, "BEGIN", 0);
	session_add_record_settings(session, &pipeline);
	probe_read_add_setup(&pipeline, connection_server_version(session->connection));
	pipeline_add(&pipeline, "COMMIT", 0);
	done = session_query(session, &pipeline, "create functions");
	pipeline_clear(&pipeline);
	return done;
}

void
measurer_close(struct measurer *measurer)
{
	session_close(&measurer->session);
	session_close(&measurer->other);
	mem_free(measurer->folder);
	mem_free(measurer->empty);
	*measurer = (struct measurer) {0};
}

/* --- rows --- */

/* The folder's own rows for a version; *text is NULL if it has none. New strings. */
static bool
read_own_rows(const struct measurer *measurer, int version, char **path, char **text)
{
	size_t		length;

	*path = mem_format("%s/rows/%03d.sql", measurer->folder, version);
	if (file_read(*path, text, &length) || errno == ENOENT || errno == ENOTDIR)
		return true;
	report_error("could not read %s: %s", *path, strerror(errno));
	return false;
}

static bool
add_own_rows(struct measurer *measurer, int version)
{
	struct pipeline pipeline = {0};
	char	   *path;
	char	   *text;
	bool		done = read_own_rows(measurer, version, &path, &text);

	if (done && text) {
		pipeline_add(&pipeline, "SELECT pg_temp.run($1)", 1, text);
		done = pipeline_run(measurer->other.connection, &pipeline);
		if (!done)
			report_error("%s failed: %s", path, pipeline_failed(&pipeline)->error.message);
		pipeline_clear(&pipeline);
	}
	mem_free(path);
	mem_free(text);
	return done;
}

/* Once for each table. */
static void
warn_of_empty(struct measurer *measurer, int version, const char *why)
{
	int			length = (int) strcspn(why, ":");
	char	   *line = mem_format("\n%.*s\n", length, why);

	if (!strstr(measurer->empty, line)) {
		mem_append(&measurer->empty, "", line);
		report_warning("table %.*s has no rows%s", length, why, why + length);
		report_hint("Insert rows in %s/rows/%03d.sql.", measurer->folder, version);
	}
	mem_free(line);
}

/* Before a version's up: rows in every table, and triggers that note when rows are changed. */
static bool
fill(struct measurer *measurer, int version)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *without;
	bool		done;

	pipeline_add(&pipeline, "SELECT pg_temp.fill_all(4, EXISTS (SELECT FROM fitsdb_measure.note"
				 " WHERE operation = 'DELETE'))", 0)->sync_point = true;
	probe_read_add_triggers(&pipeline);
	pipeline_add(&pipeline, "SELECT coalesce(max(id), 0) FROM fitsdb_measure.note", 0);
	done = version == 0 || session_query(&measurer->other, &pipeline, "put rows into the tables");
	without = &pipeline.commands[0];
	for (int i = 0; done && version > 0 && i < pipeline_row_count(without); i++)
		warn_of_empty(measurer, version, pipeline_text(without, i, 0));
	if (done && version > 0)
		measurer->noted = pipeline_number(&pipeline.commands[2], 0, 0);
	pipeline_clear(&pipeline);
	return done && add_own_rows(measurer, version);
}

/* --- run --- */

void
measuring_report(struct measuring *measuring, const struct pipeline_error *error, size_t number)
{
	const struct history_migration *migration = measuring->migration;
	int			version = migration->version;
	struct steps_item step = {.version = version,.up = true,.before = version - 1,.after = version};
	struct task	task = task_of_migration("upgrade", &step);
	struct failure_place place = {.doing = "in a database with rows"};

	if (number < migration->up.count)
		place = (struct failure_place) {.source = &migration->source,
			.offset = migration->up.statements[number].offset
		};
	failure_report(&measuring->measurer->session, &task, &place, error,
				   "The migration failed in a throwaway database whose tables have rows.");
	if (!error->lost)
		report_hint("Change the migration so that it succeeds with these rows. If the archive has no such rows, change"
					" or delete them in %s/rows/%03d.sql, which runs before the migration.",
					measuring->measurer->folder, version);
	task_clear(&task);
}

const struct pipeline_command *
measuring_run_quietly(struct measuring *measuring, struct pipeline *pipeline)
{
	struct connection *connection = measuring->measurer->session.connection;

	connection_set_interruptible(connection, true);
	pipeline_run(connection, pipeline);
	connection_set_interruptible(connection, false);
	return pipeline_failed(pipeline);
}

bool
measuring_run(struct measuring *measuring, struct pipeline *pipeline, size_t number)
{
	const struct pipeline_command *failed = measuring_run_quietly(measuring, pipeline);
	bool		done = !failed;

	if (failed)
		measuring_report(measuring, &failed->error, number);
	pipeline_clear(pipeline);
	return done;
}

void
measuring_add_settings(struct measuring *measuring, struct pipeline *pipeline)
{
	const struct session *session = &measuring->measurer->session;

	session_add_script_settings(session, pipeline, session->options->lock_timeout);
	/* That an identifier is truncated is no more than a notice. */
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('client_min_messages', 'notice', false),"
				 " pg_catalog.set_config('synchronous_commit', 'off', false)", 0)->sync_point = true;
}

/*
 * A batched statement gets the keys of the rows that are there. The other session reads them, since this one is probed.
 * There is an index of the key, which is not used for so few rows unless it must be.
 */
static void
add_batched(const struct measuring *measuring, struct pipeline *pipeline, const char *text,
			const struct history_batch *batch)
{
	struct pipeline keys = {0};

	pipeline_add(&keys, "SELECT low, high FROM pg_temp.bounds($1, $2)", 2, batch->table, batch->key);
	/* If this fails, the statement does, too. */
	(void) pipeline_run(measuring->measurer->other.connection, &keys);
	pipeline_add(pipeline, "SET LOCAL enable_seqscan = off", 0);
	pipeline_add(pipeline, text, 2, pipeline_value(&keys.commands[0], 0, 0), pipeline_value(&keys.commands[0], 0, 1));
	pipeline_clear(&keys);
}

void
measuring_add_statement(const struct measuring *measuring, struct pipeline *pipeline, size_t number)
{
	const struct history_statement *statement = &measuring->migration->up.statements[number];
	const char *sql = (const char *) measuring->migration->source.text + statement->offset;
	char	   *text = mem_copy(sql, statement->length);

	if (statement->batch)
		add_batched(measuring, pipeline, text, statement->batch);
	else
		pipeline_add_text(pipeline, text, statement->length);
	mem_free(text);
}

static bool
run_only(struct measuring *measuring)
{
	const struct history_section *up = &measuring->migration->up;
	struct pipeline pipeline = {0};
	bool		done = true;

	measuring_add_settings(measuring, &pipeline);
	if (up->transactional)
		pipeline_add(&pipeline, "BEGIN", 0);
	done = measuring_run(measuring, &pipeline, SIZE_MAX);
	for (size_t i = 0; done && i < up->count; i++) {
		measuring_add_statement(measuring, &pipeline, i);
		done = measuring_run(measuring, &pipeline, i);
	}
	if (done && up->transactional) {
		pipeline_add(&pipeline, "COMMIT", 0);
		done = measuring_run(measuring, &pipeline, SIZE_MAX);
	}
	return done;
}

static bool
run_grants(struct measuring *measuring)
{
	struct pipeline pipeline = {0};

	measuring_add_settings(measuring, &pipeline);
	pipeline_add(&pipeline, "BEGIN", 0);
	session_add_record_settings(&measuring->measurer->session, &pipeline);
	attempt_add_grants(&pipeline);
	pipeline_add(&pipeline, "COMMIT", 0);
	return measuring_run(measuring, &pipeline, SIZE_MAX);
}

bool
measurer_run(struct measurer *measurer, int version, struct effects *effects)
{
	struct measuring measuring = {.measurer = measurer,.effects = effects,.migration = history_migration(version)};
	size_t		count = measuring.migration->up.count;
	bool		done;

	if (effects)
		*effects = (struct effects) {.migration = measuring.migration,
			.statements = mem_alloc((count + 1) * sizeof(*effects->statements)),.count = count
		};
	/* Before version 0 there were no tables. */
	done = fill(measurer, version) && (effects && version > 0 ? measuring_statements(&measuring) : run_only(&measuring))
		&& run_grants(&measuring);
	probe_clear(&measuring.start);
	probe_clear(&measuring.before);
	mem_free(measuring.settings.items);
	mem_free(measuring.changing.items);
	arena_clear(&measuring.arena);
	return done;
}
