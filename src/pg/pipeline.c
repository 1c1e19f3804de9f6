/* Batches of commands in libpq's pipeline mode, and the one place that waits for the server. */
#include "pg/pipeline.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mask.h"
#include "base/mem.h"
#include "base/signals.h"
#include "pg/connection_private.h"

#include "base/banned.h"

enum {
	CANCEL_AGAIN = 1000,		/* milliseconds: a cancel request between two commands comes to nothing */
	BIGINT_OID = 20,			/* pg_type.oid, fixed since ever */
	INTEGER_OID = 23
};

struct pipeline_rows {
	PGresult   *result;
};

/* How a batch that has been sent is doing. */
struct progress {
	size_t		current;		/* the command whose results come next */
	size_t		syncs;			/* synchronization points still to come */
	size_t		uninterruptible;			/* commands from the first one on that are not to be cancelled */
	long		watch_at;		/* when to look next, 0: never */
	long		cancel_at;		/* when to ask for a cancel again, 0: not asked yet */
	long		end_at;			/* when patience ends, 0: never */
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
fail(struct pipeline_command *command, const char *message, bool lost)
{
	char	   *line = mem_copy(message, strcspn(message, "\n"));

	error_clear(&command->error);
	command->outcome = PIPELINE_FAILED;
	command->error.message = mask_passwords(line);
	command->error.lost = lost;
	mem_free(line);
}

/* The connection is gone, or given up: the first command that failed says so, or else the one that was waited for. */
static void
lose(struct connection *connection, struct pipeline *pipeline, size_t current, bool late)
{
	for (size_t i = 0; i < pipeline->count; i++)
		if (pipeline->commands[i].outcome == PIPELINE_FAILED) {
			pipeline->commands[i].error.lost = true;
			return;
		}
	if (pipeline->count > 0) {
		const char *message = connection->lost ? connection->lost : late ? CONNECTION_TOO_LATE
		: PQerrorMessage(connection->pg);

		fail(&pipeline->commands[current < pipeline->count ? current : pipeline->count - 1],
			 message[0] ? message : "the connection to the server was lost", true);
	}
}

static void
take_error(struct pipeline_command *command, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);

	fail(command, message ? message : PQresultErrorMessage(result), false);
	if (sqlstate && strlen(sqlstate) < sizeof(command->error.sqlstate))
		memcpy(command->error.sqlstate, sqlstate, strlen(sqlstate) + 1);
	command->error.detail = mask_passwords(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	command->error.hint = mask_passwords(PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
	command->error.context = mask_passwords(PQresultErrorField(result, PG_DIAG_CONTEXT));
	/* What has no SQLSTATE does not come from the server, but from libpq, in the place of what the server has said. */
	command->error.lost = !sqlstate;
	if (position)
		command->error.position = (int) strtol(position, NULL, 10);
}

/* Note what became of the current command; the result is kept by it, or freed. False: the connection is of no use. */
static bool
take_result(struct pipeline_command *command, PGresult *result)
{
	switch (PQresultStatus(result)) {
		case PGRES_COMMAND_OK:
		case PGRES_TUPLES_OK:
			if (command->unless_one && strcmp(PQcmdTuples(result), "1") != 0)
				fail(command, command->unless_one, false);
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
			take_error(command, result);
			if (!command->error.lost)
				break;
			/* libpq's own, for want of memory: it may be in the place of a synchronization point, never to come. */
			PQclear(result);
			return false;
		default:
			fail(command, "COPY from or to the client is not possible in a migration", true);
			PQclear(result);
			return false;
	}
	PQclear(result);
	return true;
}

/* That it is done has to be known at once where more depends on it; other results come when the server has enough. */
static bool
send_command(struct connection *connection, struct pipeline_command *command, bool prepare)
{
	static const Oid big[2] = {0, BIGINT_OID};
	bool		sent = command->prepared && prepare && !connection->prepared.given_up
	? prepared_send(connection, command)
		: PQsendQueryParams(connection->pg, command->sql, command->count, command->big ? big : NULL,
							(const char *const *) command->values,
							NULL, NULL, 0);

	return sent && ((!command->on_done && !command->uninterruptible) || PQsendFlushRequest(connection->pg));
}

long
connection_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static void
ask_to_cancel(struct connection *connection)
{
	PGcancel   *cancel = PQgetCancel(connection->pg);

	/* Where it cannot be sent, the second signal ends the program, and the server notices that. */
	if (cancel) {
		char		ignored[256];

		(void) PQcancel(cancel, ignored, sizeof(ignored));
	}
	PQfreeCancel(cancel);
}

/* Do what is due (look, cancel); return how long to wait for the server until something is due again, -1: for ever. */
static int
attend(struct connection *connection, struct progress *progress)
{
	long		now = connection_now();
	long		due = LONG_MAX;

	if (connection->interruptible && signals_stop() && progress->current >= progress->uninterruptible
		&& now >= progress->cancel_at) {
		ask_to_cancel(connection);
		progress->cancel_at = now + CANCEL_AGAIN;
	}
	if (progress->watch_at && now >= progress->watch_at) {
		connection->watch_probe(connection->watch_argument);
		now = connection_now();
		progress->watch_at = now + connection->watch_milliseconds;
	}
	if (progress->cancel_at)
		due = progress->cancel_at;
	else if (connection->interruptible)
		due = now + CANCEL_AGAIN;
	if (progress->watch_at && progress->watch_at < due)
		due = progress->watch_at;
	if (progress->end_at && progress->end_at < due)
		due = progress->end_at;
	return due == LONG_MAX ? -1 : due > now ? (int) (due - now) : 0;
}

/*
 * Wait until the server has something to say. False: the connection is gone, or of no use any more.
 *
 * Where libpq finds no memory for what the server has said, it notes that and waits for more: at a synchronization
 * point, that would be for ever.
 */
static bool
await(struct connection *connection, struct progress *progress)
{
	size_t		complaints = strlen(PQerrorMessage(connection->pg));

	while (PQisBusy(connection->pg)) {
		int			unsent = PQflush(connection->pg);
		int			timeout = attend(connection, progress);
		struct pollfd fds[2] = {
			{.fd = PQsocket(connection->pg),.events = (short) (unsent ? POLLIN | POLLOUT : POLLIN)},
			{.fd = connection->interruptible && !signals_stop() ? signals_fd() : -1,.events = POLLIN},
		};

		if (unsent < 0 || fds[0].fd < 0 || strlen(PQerrorMessage(connection->pg)) != complaints)
			return false;
		if (progress->end_at && timeout == 0 && connection_now() >= progress->end_at)
			return false;
		if (poll(fds, 2, timeout) < 0 && errno != EINTR)
			return false;
		if (fds[0].revents && !PQconsumeInput(connection->pg))
			return false;
	}
	return true;
}

static bool
send_all(struct connection *connection, struct pipeline *pipeline, struct progress *progress)
{
	if (!PQenterPipelineMode(connection->pg) || PQsetnonblocking(connection->pg, 1) != 0)
		return false;
	for (size_t i = 0; i < pipeline->count; i++) {
		struct pipeline_command *command = &pipeline->commands[i];

		if (!send_command(connection, command, pipeline->prepare))
			return false;
		if (command->uninterruptible)
			progress->uninterruptible = i + 1;
		if (command->sync_point || i + 1 == pipeline->count) {
			if (!PQpipelineSync(connection->pg))
				return false;
			progress->syncs++;
		}
	}
	return true;
}

/* All of the current command's results have come, or of its being prepared. */
static void
end_results(struct progress *progress, struct pipeline_command *command)
{
	if (command->preparing) {
		command->preparing = false;
		return;
	}
	progress->current++;
	if (command->outcome == PIPELINE_DONE && command->on_done)
		command->on_done(command->on_done_argument);
}

static bool
receive_all(struct connection *connection, struct pipeline *pipeline, struct progress *progress)
{
	bool		answered = false;	/* the current command has had a result */
	bool		ended = false;	/* there was none, twice is too often */

	while (progress->syncs > 0) {
		PGresult   *result;

		if (!await(connection, progress))
			return false;
		result = PQgetResult(connection->pg);
		if (!result) {
			/* The end of a command's results, unless nothing came at all: then the connection is closed. */
			if (!answered && (ended || PQstatus(connection->pg) != CONNECTION_OK))
				return false;
			if (answered)
				end_results(progress, &pipeline->commands[progress->current]);
			ended = !answered;
			answered = false;
		} else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			progress->syncs--;
		} else if (progress->current >= pipeline->count) {
			PQclear(result);
			return false;
		} else {
			struct pipeline_command *command = &pipeline->commands[progress->current];

			answered = true;
			if (command->preparing && PQresultStatus(result) == PGRES_COMMAND_OK) {
				prepared_done(connection, command);
				PQclear(result);
			} else if (!take_result(command, result))
				return false;
		}
	}
	return true;
}

bool
pipeline_run(struct connection *connection, struct pipeline *pipeline)
{
	struct progress progress = {0};

	if (pipeline->count == 0)
		return true;
	if (connection->watch_milliseconds > 0)
		progress.watch_at = connection_now() + connection->watch_milliseconds;
	if (connection->patience > 0)
		progress.end_at = connection_now() + connection->patience;
	if (connection->lost || !send_all(connection, pipeline, &progress) || !receive_all(connection, pipeline, &progress)
		|| PQstatus(connection->pg) != CONNECTION_OK || !PQexitPipelineMode(connection->pg))
		lose(connection, pipeline, progress.current, progress.end_at && connection_now() >= progress.end_at);
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
	const char *value = pipeline_value(command, line, column);

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
