/* Run commands in libpq's pipeline mode. Nearly all waiting for the server is done here; copy_out.c has the rest. */
#include "pg/pipeline.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mask.h"
#include "base/mem.h"
#include "base/signals.h"
#include "pg/connection_private.h"

#include "base/banned.h"

enum {
	CANCEL_AGAIN = 1000,		/* milliseconds until the next cancel request: one between two commands has no effect */
	BIGINT_OID = 20,			/* pg_type.oid, the same in all versions */
	INTEGER_OID = 23
};

struct pipeline_rows {
	PGresult   *result;
};

/* The state of a pipeline that has been sent. */
struct pipeline_state {
	size_t		current;		/* the command whose results come next */
	size_t		syncs;			/* synchronization points still to come */
	size_t		uninterruptible;	/* number of commands, from the first one on, that must not be cancelled */
	long		probe_at;		/* time of the next probe, 0: never */
	long		cancel_at;		/* time of the next cancel request, 0: none sent yet */
	long		end_at;			/* time of the timeout, 0: never */
};

static struct pipeline_command *
append(struct pipeline *pipeline, char *sql, int count)
{
	struct pipeline_command *command;

	pipeline->commands = mem_grow(pipeline->commands, pipeline->count + 1, sizeof(*pipeline->commands));
	command = &pipeline->commands[pipeline->count++];
	*command = (struct pipeline_command) {.sql = sql,.count = count};
	command->values = mem_alloc(sizeof(char *) * (size_t) (count + 1));
	return command;
}

struct pipeline_command *
pipeline_add(struct pipeline *pipeline, const char *sql, int count,...)
{
	struct pipeline_command *command = append(pipeline, mem_string(sql), count);
	va_list		args;

	va_start(args, count);
	for (int i = 0; i < count; i++)
		command->values[i] = mem_string(va_arg(args, const char *));
	va_end(args);
	return command;
}

struct pipeline_command *
pipeline_add_text(struct pipeline *pipeline, const char *sql, size_t length)
{
	return append(pipeline, mem_copy(sql, length), 0);
}

static void
error_clear(struct pipeline_error *error)
{
	mem_free(error->message);
	mem_free(error->detail);
	mem_free(error->hint);
	mem_free(error->context);
	mem_free(error->schema);
	mem_free(error->table);
	mem_free(error->constraint);
	*error = (struct pipeline_error) {0};
}

void
pipeline_clear(struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		struct pipeline_command *command = &pipeline->commands[i];

		if (command->rows)
			PQclear(command->rows->result);
		mem_free(command->rows);
		error_clear(&command->error);
		for (int k = 0; k < command->count; k++)
			mem_free(command->values[k]);
		mem_free(command->values);
		mem_free(command->sql);
	}
	mem_free(pipeline->commands);
	*pipeline = (struct pipeline) {0};
}

static void
set_failed(struct pipeline_command *command, const char *message, bool lost)
{
	char	   *line = mem_copy(message, strcspn(message, "\n"));

	error_clear(&command->error);
	command->outcome = PIPELINE_FAILED;
	command->error.message = mask_passwords(line);
	command->error.lost = lost;
	mem_free(line);
}

/* The connection is lost: mark the first command that failed or, if none did, the current one. */
static void
set_lost(struct connection *connection, struct pipeline *pipeline, size_t current, bool late)
{
	for (size_t i = 0; i < pipeline->count; i++)
		if (pipeline->commands[i].outcome == PIPELINE_FAILED) {
			pipeline->commands[i].error.lost = true;
			return;
		}
	if (pipeline->count > 0) {
		const char *message = connection->lost ? connection->lost : late ? CONNECTION_TOO_LATE
		: PQerrorMessage(connection->pg);

		set_failed(&pipeline->commands[current < pipeline->count ? current : pipeline->count - 1],
				   message[0] ? message : "the connection to the server was lost", true);
	}
}

static char *
copy_field(const PGresult *result, int field)
{
	const char *text = PQresultErrorField(result, field);

	return text ? mem_string(text) : NULL;
}

static void
store_error(struct pipeline_command *command, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);

	set_failed(command, message ? message : PQresultErrorMessage(result), false);
	if (sqlstate && strlen(sqlstate) < sizeof(command->error.sqlstate))
		memcpy(command->error.sqlstate, sqlstate, strlen(sqlstate) + 1);
	command->error.detail = mask_passwords(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	command->error.hint = mask_passwords(PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
	command->error.context = mask_passwords(PQresultErrorField(result, PG_DIAG_CONTEXT));
	command->error.schema = copy_field(result, PG_DIAG_SCHEMA_NAME);
	command->error.table = copy_field(result, PG_DIAG_TABLE_NAME);
	command->error.constraint = copy_field(result, PG_DIAG_CONSTRAINT_NAME);
	/* An error without SQLSTATE is libpq's own, and replaces the result of the server. */
	command->error.lost = !sqlstate;
	if (position)
		command->error.position = (int) strtol(position, NULL, 10);
}

/* Store the result of the current command, or free it. False: the connection cannot be used any more. */
static bool
store_result(struct pipeline_command *command, PGresult *result)
{
	switch (PQresultStatus(result)) {
		case PGRES_COMMAND_OK:
		case PGRES_TUPLES_OK:
			if (command->unless_one && strcmp(PQcmdTuples(result), "1") != 0)
				set_failed(command, command->unless_one, false);
			else
				command->outcome = PIPELINE_DONE;
			if (command->rows)
				PQclear(command->rows->result);
			else
				command->rows = mem_alloc(sizeof(*command->rows));
			command->rows->result = result;
			return true;
		case PGRES_PIPELINE_ABORTED:
			break;
		case PGRES_EMPTY_QUERY:
			command->outcome = PIPELINE_DONE;
			break;
		case PGRES_FATAL_ERROR:
			store_error(command, result);
			if (!command->error.lost)
				break;
			/* libpq has run out of memory: this may replace a synchronization point, which then never comes. */
			PQclear(result);
			return false;
		default:
			set_failed(command, "COPY FROM STDIN and COPY TO STDOUT are not possible in a migration", true);
			PQclear(result);
			return false;
	}
	PQclear(result);
	return true;
}

/* The server buffers results. Request a flush if the end of the command must be known at once. */
static bool
send_command(struct connection *connection, struct pipeline_command *command, bool prepare)
{
	static const Oid types[2] = {0, BIGINT_OID};
	bool		sent;

	if (command->prepared && prepare && !connection->prepared.given_up)
		sent = prepared_send(connection, command);
	else
		sent = PQsendQueryParams(connection->pg, command->sql, command->count, command->bigint ? types : NULL,
								 (const char *const *) command->values, NULL, NULL, 0) != 0;
	return sent && ((!command->on_done && !command->uninterruptible) || PQsendFlushRequest(connection->pg));
}

static void
send_cancel(struct connection *connection)
{
	PGcancel   *cancel = PQgetCancel(connection->pg);

	/* If this fails, a second signal ends the program, which the server notices. */
	if (cancel) {
		char		ignored[256];

		(void) PQcancel(cancel, ignored, sizeof(ignored));
	}
	PQfreeCancel(cancel);
}

/* Probe and cancel if it is time to. Returns the milliseconds until it is time again; -1: never. */
static int
probe_and_cancel(struct connection *connection, struct pipeline_state *state)
{
	long		now = clock_milliseconds();
	long		due = LONG_MAX;

	if (connection->interruptible && signals_stop() && state->current >= state->uninterruptible
		&& now >= state->cancel_at) {
		send_cancel(connection);
		state->cancel_at = now + CANCEL_AGAIN;
	}
	if (state->probe_at && now >= state->probe_at) {
		connection->probe(connection->probe_argument);
		now = clock_milliseconds();
		state->probe_at = now + connection->probe_interval;
	}
	if (state->cancel_at)
		due = state->cancel_at;
	else if (connection->interruptible)
		due = now + CANCEL_AGAIN;
	if (state->probe_at && state->probe_at < due)
		due = state->probe_at;
	if (state->end_at && state->end_at < due)
		due = state->end_at;
	return due == LONG_MAX ? -1 : due > now ? (int) (due - now) : 0;
}

/*
 * Wait for the next result. False: the connection is lost, or cannot be used any more.
 *
 * When memory is exhausted, libpq drops a message of the server, adds an error message and waits for more. At a
 * synchronization point it would wait for ever; hence the check for a new error message.
 */
static bool
await_result(struct connection *connection, struct pipeline_state *state)
{
	size_t		message_length = strlen(PQerrorMessage(connection->pg));

	while (PQisBusy(connection->pg)) {
		int			unsent = PQflush(connection->pg);
		int			timeout = probe_and_cancel(connection, state);
		struct pollfd fds[2] = {
			{.fd = PQsocket(connection->pg),.events = (short) (unsent ? POLLIN | POLLOUT : POLLIN)},
			{.fd = connection->interruptible && !signals_stop() ? signals_fd() : -1,.events = POLLIN},
		};

		if (unsent < 0 || fds[0].fd < 0 || strlen(PQerrorMessage(connection->pg)) != message_length)
			return false;
		if (state->end_at && timeout == 0 && clock_milliseconds() >= state->end_at)
			return false;
		if (poll(fds, 2, timeout) < 0 && errno != EINTR)
			return false;
		if (fds[0].revents && !PQconsumeInput(connection->pg))
			return false;
	}
	return true;
}

static bool
send_all(struct connection *connection, struct pipeline *pipeline, struct pipeline_state *state)
{
	if (!PQenterPipelineMode(connection->pg) || PQsetnonblocking(connection->pg, 1) != 0)
		return false;
	for (size_t i = 0; i < pipeline->count; i++) {
		struct pipeline_command *command = &pipeline->commands[i];

		if (!send_command(connection, command, pipeline->prepare))
			return false;
		if (command->uninterruptible)
			state->uninterruptible = i + 1;
		if (command->sync_point || i + 1 == pipeline->count) {
			if (!PQpipelineSync(connection->pg))
				return false;
			state->syncs++;
		}
	}
	return true;
}

/* All results of the current command have arrived, or the result of preparing it. */
static void
end_results(struct pipeline_state *state, struct pipeline_command *command)
{
	if (command->preparing) {
		command->preparing = false;
		return;
	}
	state->current++;
	if (command->outcome == PIPELINE_DONE && command->on_done)
		command->on_done(command->on_done_argument);
}

static bool
receive_all(struct connection *connection, struct pipeline *pipeline, struct pipeline_state *state)
{
	bool		answered = false;	/* the current command has had a result */
	bool		ended = false;	/* the last call returned no result; two such calls mean a lost connection */

	while (state->syncs > 0) {
		PGresult   *result;

		if (!await_result(connection, state))
			return false;
		result = PQgetResult(connection->pg);
		if (!result) {
			/* The end of a command's results; without any result, the connection is closed. */
			if (!answered && (ended || PQstatus(connection->pg) != CONNECTION_OK))
				return false;
			if (answered)
				end_results(state, &pipeline->commands[state->current]);
			ended = !answered;
			answered = false;
		} else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			state->syncs--;
		} else if (state->current >= pipeline->count) {
			PQclear(result);
			return false;
		} else {
			struct pipeline_command *command = &pipeline->commands[state->current];

			answered = true;
			if (command->preparing && PQresultStatus(result) == PGRES_COMMAND_OK) {
				prepared_done(connection, command);
				PQclear(result);
			} else if (!store_result(command, result))
				return false;
		}
	}
	return true;
}

bool
pipeline_run(struct connection *connection, struct pipeline *pipeline)
{
	struct pipeline_state state = {0};

	if (pipeline->count == 0)
		return true;
	if (connection->probe_interval > 0)
		state.probe_at = clock_milliseconds() + connection->probe_interval;
	if (connection->timeout > 0)
		state.end_at = clock_milliseconds() + connection->timeout;
	if (connection->lost || !send_all(connection, pipeline, &state) || !receive_all(connection, pipeline, &state)
		|| PQstatus(connection->pg) != CONNECTION_OK || !PQexitPipelineMode(connection->pg))
		set_lost(connection, pipeline, state.current, state.end_at && clock_milliseconds() >= state.end_at);
	prepared_end_pipeline(connection);
	return pipeline_failed(pipeline) == NULL;
}

const struct pipeline_command *
pipeline_failed(const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		if (pipeline->commands[i].outcome == PIPELINE_FAILED)
			return &pipeline->commands[i];
	return NULL;
}

int
pipeline_row_count(const struct pipeline_command *command)
{
	return command->rows ? PQntuples(command->rows->result) : 0;
}

const char *
pipeline_value(const struct pipeline_command *command, int line, int column)
{
	if (!command->rows || PQgetisnull(command->rows->result, line, column))
		return NULL;
	return PQgetvalue(command->rows->result, line, column);
}

const char *
pipeline_text(const struct pipeline_command *command, int line, int column)
{
	/* Libpq has "" for null, and NULL for what is not there: a server may return anything. */
	const char *value = command->rows ? PQgetvalue(command->rows->result, line, column) : NULL;

	return value ? value : "";
}

long
pipeline_number(const struct pipeline_command *command, int line, int column)
{
	const char *value = pipeline_value(command, line, column);

	return value ? strtol(value, NULL, 10) : 0;
}

bool
pipeline_bool(const struct pipeline_command *command, int line, int column)
{
	const char *value = pipeline_value(command, line, column);

	return value && value[0] == 't';
}

bool
pipeline_is_integer(const struct pipeline_command *command, int column)
{
	return command->rows && PQftype(command->rows->result, column) == INTEGER_OID;
}
