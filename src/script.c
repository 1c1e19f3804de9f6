#include "script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batch.h"
#include "commands.h"
#include "lock.h"
#include "mem.h"
#include "printable.h"
#include "report.h"
#include "trust.h"
#include "untrusted.h"

#include "banned.h"

bool
script_prepare(struct work *work)
{
	return session_prepare(&work->session, false) && trust_run(&work->session) && work_load(work);
}

/*
 * Print a command; where it must touch one row, so that the script ends if it does not. The semicolon has a line of its
 * own, since a statement may end with a comment.
 */
static void
print_command(struct work *work, const struct db_command *command)
{
	char	   *text = untrusted_statement(work->session.db, command);

	if (!text)
		text = command->count > 0 ? db_render(work->session.db, command) : mem_string(command->sql);

	if (command->unless_one)
		printf("DO $fitsdb_schema$\nDECLARE\n\ttouched bigint;\nBEGIN\n\t%s\n\t;\n"
			   "\tGET DIAGNOSTICS touched = ROW_COUNT;\n"
			   "\tIF touched <> 1 THEN\n\t\tRAISE EXCEPTION '%s';\n\tEND IF;\nEND\n$fitsdb_schema$;\n",
			   text, command->unless_one);
	else
		printf("%s\n;\n", text);
	mem_free(text);
}

static void
print_batch(struct work *work, struct db_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		print_command(work, &batch->commands[i]);
	db_batch_clear(batch);
}

static void
print_settings(struct work *work)
{
	struct db_batch batch = {0};

	session_add_script(&work->session, &batch, work->session.options->lock_timeout);
	print_batch(work, &batch);
}

static void
print_transaction(struct work *work, const struct job *job)
{
	struct db_batch batch = {0};
	struct apply_layout layout;

	print_settings(work);
	apply_compose(&batch, &work->session, &work->state, job, &layout);
	db_add(&batch, "COMMIT", 0);
	print_batch(work, &batch);
}

/* The look-up of an index, as an SQL expression; put in parentheses by the caller. */
static char *
index_lookup(struct work *work, const char *index, const char *condition)
{
	struct db_batch batch = {0};
	char	   *sql = mem_format("%s AND %s", APPLY_FIND_INDEX, condition);
	char	   *text;

	db_add(&batch, sql, 1, index);
	text = db_render(work->session.db, &batch.commands[0]);
	db_batch_clear(&batch);
	mem_free(sql);
	return text;
}

/* A statement by itself; an index that is half-built is dropped before, and must be valid behind it. */
static void
print_statement(struct work *work, const struct sql_statement *statement)
{
	if (statement->index) {
		char	   *invalid = index_lookup(work, statement->index, "NOT i.indisvalid");

		printf("SELECT $$DROP INDEX CONCURRENTLY IF EXISTS %s$$ WHERE EXISTS (%s) \\gexec\n", statement->index,
			   invalid);
		mem_free(invalid);
	}
	printf("%s\n;\n", statement->text);
	if (statement->index) {
		char	   *valid = index_lookup(work, statement->index, "i.indisvalid");

		printf("DO $fitsdb_schema$\nBEGIN\n\tIF NOT EXISTS (%s) THEN\n\t\tRAISE EXCEPTION 'the index is not valid';\n"
			   "\tEND IF;\nEND\n$fitsdb_schema$;\n", valid);
		mem_free(valid);
	}
}

/* Can it not be in a transaction? */
static bool
is_alone(const struct work *work, const struct sql_statement *statement)
{
	bool		adds = strncasecmp(statement->text, "ALTER TYPE", 10) == 0;

	return statement->concurrent || (adds && db_server_version(work->session.db) < 120000)
		|| strncasecmp(statement->text, "VACUUM", 6) == 0 || strncasecmp(statement->text, "CALL", 4) == 0;
}

/* A statement with the look for code of other roles before it: in the same transaction, where it can be in one. */
static void
print_checked(struct work *work, const struct sql_statement *statement)
{
	struct db_batch batch = {0};
	bool		alone = is_alone(work, statement);

	if (alone)
		untrusted_add_alone(&batch, &work->session, statement);
	else {
		db_add(&batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
		untrusted_add(&batch, &work->session, statement, 1);
	}
	print_batch(work, &batch);
	print_statement(work, statement);
	if (!alone)
		printf("COMMIT\n;\n");
}

/* Each statement commits by itself, with its progress behind it, as a real run would. */
static void
print_single(struct work *work, struct job *job)
{
	struct db_batch batch = {0};
	const char *position;

	job->step.done = apply_resume_at(&work->state, job);
	position = apply_resume_position(&work->state, job);
	print_settings(work);
	apply_compose_begin(&batch, &work->session, &work->state, job);
	db_add(&batch, "COMMIT", 0);
	print_batch(work, &batch);

	for (size_t i = (size_t) job->step.done; i < job->list.count; i++) {
		print_settings(work);
		if (job->list.statements[i].batch.table)
			batch_script(&work->session, &job->list.statements[i], i == (size_t) job->step.done ? position : NULL);
		else
			print_checked(work, &job->list.statements[i]);
		db_add(&batch, "BEGIN", 0);
		session_add_own(&batch);
		state_add_progress(&batch, NULL, (int) i + 1);
		db_add(&batch, "COMMIT", 0);
		print_batch(work, &batch);
	}

	print_settings(work);
	apply_compose_end(&batch, &work->session, &work->state, job, NULL);
	db_add(&batch, "COMMIT", 0);
	print_batch(work, &batch);
}

static void
print_head(const struct work *work, int target)
{
	/* Whatever the name, the comment is one line. */
	char	   *database = printable(db_name(work->session.db));

	printf("-- Database %s from version %d to %d, printed by " PROGRAM " %s.\n", database, work->state.version, target,
		   history.build);
	printf("-- Run it with psql -X -f. Nothing checks before its commits whether it destroys data.\n\n");
	printf("\\set ON_ERROR_STOP on\n\\o /dev/null\n\n");
	printf("SELECT pg_catalog.pg_try_advisory_lock(" LOCK_KEY ") AS locked \\gset\n"
		   "\\if :locked\n\\else\nDO $$BEGIN RAISE EXCEPTION 'another run of " PROGRAM " is at work'; END$$;\n"
		   "\\endif\n");
	mem_free(database);
}

/* What a real run does before the first migration. */
static void
print_before(struct work *work, const struct ownership *ownership)
{
	struct db_batch batch = {0};

	if (ownership->count > 0) {
		printf("\n-- what belongs to a superuser\n\n");
		print_settings(work);
		apply_compose_handover(&batch, ownership);
		db_add(&batch, "COMMIT", 0);
		for (size_t i = 0; i < batch.count; i++) {
			char	   *sql = batch.commands[i].sql;

			batch.commands[i].sql = printable_sql(sql);
			mem_free(sql);
		}
		print_batch(work, &batch);
	}
	untrusted_for_script(&work->session);
	printf("\n-- finds code of other roles that would run with the rights of this session\n\n");
	untrusted_add_prepare(&batch);
	print_batch(work, &batch);
	if (untrusted_open(&work->session) > 0 && history.grants) {
		printf("\n-- grants.sql, as other roles may create triggers\n\n");
		print_settings(work);
		apply_compose_grants(&batch, &work->session, NULL);
		db_add(&batch, "COMMIT", 0);
		print_batch(work, &batch);
	}
}

/* Nobody is asked when the script is run. */
static void
warn_of_loss(const struct job *job)
{
	for (size_t i = 0; i < job->list.count; i++)
		if (job->list.statements[i].risk != RISK_NONE) {
			report_warning("%s may destroy data, and the script does not ask", job->title);
			return;
		}
}

int
script_print(struct work *work, const char *command, const struct plan *plan)
{
	struct ownership ownership;
	bool		may = ownership_check(&ownership, &work->session, &work->state, command, true)
		&& work_may_run(work, command, plan) == STATUS_OK;

	if (may) {
		session_warn_of_owner(&work->session);
		print_head(work, plan->steps[plan->count - 1].after);
		print_before(work, &ownership);
	}
	ownership_clear(&ownership);
	if (!may)
		return STATUS_UNKNOWN;
	for (size_t i = 0; i < plan->count; i++) {
		struct job	job;
		bool		found = work_job(work, &job, command, &plan->steps[i]);

		if (found) {
			char	   *title = printable(job.title);

			printf("\n-- %s\n\n", title);
			mem_free(title);
			warn_of_loss(&job);
			if (job.list.transactional)
				print_transaction(work, &job);
			else
				print_single(work, &job);
			apply_moved(&work->state, &job);
		}
		job_clear(&job);
		if (!found)
			return STATUS_FAILED;
	}
	printf("\n\\o\n\\echo at version %d\n", work->state.version);
	return STATUS_OK;
}
