/* Print an upgrade as a script for psql. */
#include "migrate/psql_script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "history/destructive.h"
#include "history/drops.h"
#include "history/history.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "migrate/ownership_transfer.h"
#include "migrate/privileges.h"
#include "migrate/schema_check.h"
#include "migrate/schema_public.h"
#include "migrate/statement.h"
#include "migrate/statements.h"
#include "migrate/task.h"
#include "migrate/transaction.h"
#include "pg/advisory_lock.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/batch_key.h"
#include "record/database.h"
#include "record/record.h"
#include "record/trust.h"
#include "record/untrusted.h"

#include "base/banned.h"

/*
 * The SQL of each batch. psql sends it as one query, so it is one transaction. The statement runs with the script's
 * settings, the rest with those of the program's own SQL.
 */
#define BATCH_BEGIN "'RESET timezone;\n"
#define BATCH_END \
	" SELECT pg_catalog.set_config(''search_path'', ''public'', true);" \
	" EXECUTE fitsdb_schema_batch(%1$L, %2$L);" \
	" SELECT pg_catalog.set_config(''search_path'', ''pg_catalog, pg_temp'', true);" \
	" UPDATE fitsdb_schema.change SET position = %2$L WHERE id = (SELECT max(l.id) FROM fitsdb_schema.change l)'"

/* Set *key to the key's properties; if the table does not exist yet, they are assumed. */
static void
read_key(struct batch_key *key, struct session *session, const struct statement_list_batch *of)
{
	struct pipeline pipeline = {0};
	char	   *fault = NULL;
	char	   *hint = NULL;

	batch_key_add_facts(&pipeline, of);
	if (pipeline_run(session->connection, &pipeline))
		fault = batch_key_read(key, session->connection, of, &pipeline.commands[pipeline.count - 1], &hint);
	if (!key->table)
		batch_key_assume(key, session->connection, of);
	pipeline_clear(&pipeline);
	mem_free(fault);
	mem_free(hint);
}

/*
 * Print a batched statement, from key `position` on. Each batch records its progress in its transaction, so that this
 * program can resume it. The batches are determined once, before the first.
 */
static void
print_batched_statement(struct session *session, const struct statement_list_item *statement, const char *position)
{
	struct batch_key key = {0};
	struct pipeline pipeline = {0};
	char	   *from;
	char	   *check;
	char	   *cell;
	char	   *batches;
	char	   *types;

	read_key(&key, session, &statement->batch);
	pipeline_add(&pipeline, "$1", 1, position);
	from = pipeline_render(session->connection, &pipeline.commands[0]);
	check = untrusted_range(session, statement);
	cell = mem_format("%s%s%s", BATCH_BEGIN, check, BATCH_END);
	types = batch_key_types(&key);
	batches = batch_key_all_batches(&key, position ? from : NULL, statement->batch.rows, cell);
	printf("-- Runs in batches, each in its own transaction. Rows that other sessions insert meanwhile are not"
		   " included.\n");
	if (types)
		printf("%s\n\\gset\n", types);
	printf("PREPARE fitsdb_schema_batch %sAS\n%s\n;\n", types ? ":fitsdb_schema_types " : "", statement->text);
	printf("SET timezone = 'UTC';\nSELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false);\n%s\n"
		   "\\gexec\nDEALLOCATE fitsdb_schema_batch;\n", batches);
	mem_free(cell);
	mem_free(check);
	mem_free(batches);
	mem_free(types);
	mem_free(from);
	pipeline_clear(&pipeline);
	batch_key_clear(&key);
}

bool
psql_script_prepare(struct migrator *migrator)
{
	return session_prepare(&migrator->database.session, false) && trust_check_record(&migrator->database.session)
		&& database_load(&migrator->database);
}

/*
 * Print a command. If it must affect one row, the script stops unless it does. The semicolon is on its own line because
 * a statement may end with a comment.
 */
static void
print_command(struct migrator *migrator, const struct pipeline_command *command)
{
	char	   *text = untrusted_statement(migrator->database.session.connection, command);

	if (!text)
		text = command->count > 0 ? pipeline_render(migrator->database.session.connection, command)
			: mem_string(command->sql);
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
print_pipeline(struct migrator *migrator, struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		print_command(migrator, &pipeline->commands[i]);
	pipeline_clear(pipeline);
}

static void
print_settings(struct migrator *migrator)
{
	struct pipeline pipeline = {0};

	session_add_script_settings(&migrator->database.session, &pipeline,
								migrator->database.session.options->lock_timeout);
	print_pipeline(migrator, &pipeline);
}

static void
print_transaction(struct migrator *migrator, const struct task *task)
{
	struct pipeline pipeline = {0};
	struct transaction_layout layout;

	print_settings(migrator);
	transaction_compose(&pipeline, &migrator->database.session, &migrator->database.record, task, &layout);
	pipeline_add(&pipeline, "COMMIT", 0);
	print_pipeline(migrator, &pipeline);
}

/* A query that returns a row if the index exists and meets the condition, as a new string. */
static char *
index_query(struct migrator *migrator, const char *index, const char *condition)
{
	struct pipeline pipeline = {0};
	char	   *sql = mem_format("%s AND %s", STATEMENT_FIND_INDEX, condition);
	char	   *text;

	pipeline_add(&pipeline, sql, 1, index);
	text = pipeline_render(migrator->database.session.connection, &pipeline.commands[0]);
	pipeline_clear(&pipeline);
	mem_free(sql);
	return text;
}

/* Print a statement. If it builds an index, an invalid one is dropped first, and the new one must be valid. */
static void
print_statement(struct migrator *migrator, const struct statement_list_item *statement)
{
	if (statement->index) {
		char	   *invalid = index_query(migrator, statement->index, "NOT i.indisvalid");

		printf("SELECT $$DROP INDEX CONCURRENTLY IF EXISTS %s$$ WHERE EXISTS (%s) \\gexec\n", statement->index,
			   invalid);
		mem_free(invalid);
	}
	printf("%s\n;\n", statement->text);
	if (statement->index) {
		char	   *valid = index_query(migrator, statement->index, "i.indisvalid");

		printf("DO $fitsdb_schema$\nBEGIN\n\tIF NOT EXISTS (%s) THEN\n\t\tRAISE EXCEPTION 'the index is not valid';\n"
			   "\tEND IF;\nEND\n$fitsdb_schema$;\n", valid);
		mem_free(valid);
	}
}

/* Must the statement be outside a transaction? */
static bool
is_alone(const struct migrator *migrator, const struct statement_list_item *statement)
{
	bool		adds = strncasecmp(statement->text, "ALTER TYPE", 10) == 0;

	return statement->concurrent || (adds && connection_server_version(migrator->database.session.connection) < 120000)
		|| strncasecmp(statement->text, "VACUUM", 6) == 0 || strncasecmp(statement->text, "CALL", 4) == 0;
}

/* Print a statement after the check for code of untrusted owners, in the same transaction if it can be in one. */
static void
print_checked(struct migrator *migrator, const struct statement_list_item *statement)
{
	struct pipeline pipeline = {0};
	bool		alone = is_alone(migrator, statement);

	if (alone)
		untrusted_add_alone(&pipeline, &migrator->database.session, statement);
	else {
		pipeline_add(&pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
		untrusted_add(&pipeline, &migrator->database.session, statement, 1);
	}
	print_pipeline(migrator, &pipeline);
	print_statement(migrator, statement);
	if (!alone)
		printf("COMMIT\n;\n");
}

/* Each statement is committed by itself, and its progress recorded, as in a run. */
static void
print_statements(struct migrator *migrator, struct task *task)
{
	struct pipeline pipeline = {0};
	const char *position;

	task->step.done = statements_resume_at(&migrator->database.record, task);
	position = statements_resume_position(&migrator->database.record, task);
	print_settings(migrator);
	statements_compose_begin(&pipeline, &migrator->database.session, &migrator->database.record, task);
	pipeline_add(&pipeline, "COMMIT", 0);
	print_pipeline(migrator, &pipeline);

	for (size_t i = (size_t) task->step.done; i < task->list.count; i++) {
		print_settings(migrator);
		if (task->list.statements[i].batch.table)
			print_batched_statement(&migrator->database.session, &task->list.statements[i],
									i == (size_t) task->step.done ? position : NULL);
		else
			print_checked(migrator, &task->list.statements[i]);
		pipeline_add(&pipeline, "BEGIN", 0);
		session_add_own_settings(&pipeline);
		record_add_progress(&pipeline, NULL, (int) i + 1);
		pipeline_add(&pipeline, "COMMIT", 0);
		print_pipeline(migrator, &pipeline);
	}

	print_settings(migrator);
	statements_compose_end(&pipeline, &migrator->database.session, &migrator->database.record, task, NULL);
	pipeline_add(&pipeline, "COMMIT", 0);
	print_pipeline(migrator, &pipeline);
}

static void
print_head(const struct migrator *migrator, int target)
{
	/* A line break in the name must not end the comment. */
	char	   *database = printable(connection_database(migrator->database.session.connection));

	printf("-- Database %s from version %d to %d, printed by " PROGRAM " %s.\n", database,
		   migrator->database.record.version, target, history.build);
	printf("-- Run it with psql -X -f. It does not check for lost data before it commits.\n\n");
	printf("\\set ON_ERROR_STOP on\n\\o /dev/null\n\n");
	printf("SELECT pg_catalog.pg_try_advisory_lock(" ADVISORY_LOCK_KEY ") AS locked \\gset\n"
		   "\\if :locked\n\\else\nDO $$BEGIN RAISE EXCEPTION 'another run of " PROGRAM " is in progress'; END$$;\n"
		   "\\endif\n");
	mem_free(database);
}

/* Print what a run does before the first migration. */
static void
print_before(struct migrator *migrator, const struct privileges *ownership)
{
	struct pipeline pipeline = {0};

	printf("\n-- untrusted roles cannot create objects in schema public\n\n");
	print_settings(migrator);
	schema_public_compose(&pipeline, &migrator->schema, &migrator->database.session);
	print_pipeline(migrator, &pipeline);
	if (ownership->count > 0) {
		printf("\n-- ownership transfer of objects that belong to a superuser\n\n");
		print_settings(migrator);
		ownership_transfer_compose(&pipeline, ownership);
		pipeline_add(&pipeline, "COMMIT", 0);
		for (size_t i = 0; i < pipeline.count; i++) {
			char	   *sql = pipeline.commands[i].sql;

			pipeline.commands[i].sql = printable_sql(sql);
			mem_free(sql);
		}
		print_pipeline(migrator, &pipeline);
	}
	untrusted_for_script(&migrator->database.session);
	printf("\n-- check for code of other roles that would run with the privileges of this session\n\n");
	untrusted_add_prepare(&pipeline);
	print_pipeline(migrator, &pipeline);
	if (untrusted_open(&migrator->database.session) > 0 && history.grants) {
		printf("\n-- grants.sql, because other roles may create triggers\n\n");
		print_settings(migrator);
		ownership_transfer_compose_grants(&pipeline, &migrator->database.session, NULL);
		pipeline_add(&pipeline, "COMMIT", 0);
		print_pipeline(migrator, &pipeline);
	}
}

/*
 * The script does not ask for consent when it is run, and is not checked. The words of a migration count beside what it
 * is recorded to drop: that was measured in an empty database, and code may do more where there are rows.
 */
static void
warn_of_loss(const struct task *task)
{
	struct drops drops;
	bool		loses = false;

	(void) drops_of_migration(&drops, task->step.version, task->step.up);
	for (size_t i = 0; i < drops.count; i++)
		loses |= drops.items[i].kind == DROPS_TABLE || drops.items[i].kind == DROPS_COLUMN
			|| drops.items[i].kind == DROPS_ROWS;
	drops_clear(&drops);
	for (size_t i = 0; i < task->list.count; i++)
		loses |= destructive_of(task->list.statements[i].text, strlen(task->list.statements[i].text))
			!= DESTRUCTIVE_NONE;
	if (loses)
		report_warning("%s may destroy data; the script does not ask for consent", task->title);
}

int
psql_script_print(struct migrator *migrator, const char *command, const struct steps *plan)
{
	bool		may;

	migrator_make_tasks(migrator, command, plan);
	may = privileges_check(&migrator->ownership, &migrator->database.session, &migrator->database.record, command, true)
		&& migrator_may_run(migrator) == STATUS_OK
		&& schema_check_read(&migrator->check, &migrator->database);
	if (may) {
		session_warn_of_owner(&migrator->database.session);
		print_head(migrator, plan->steps[plan->count - 1].after);
		print_before(migrator, &migrator->ownership);
	}
	if (!may)
		return STATUS_UNKNOWN;
	migrator_shorten_downs(migrator);
	for (size_t i = 0; i < migrator->task_count; i++) {
		struct task *task = &migrator->tasks[i];
		char	   *title = printable(task->title);

		printf("\n-- %s\n\n", title);
		mem_free(title);
		warn_of_loss(task);
		if (task->list.transactional)
			print_transaction(migrator, task);
		else
			print_statements(migrator, task);
		task_update_record(&migrator->database.record, task);
	}
	printf("\n\\o\n\\echo at version %d\n", migrator->database.record.version);
	return STATUS_OK;
}
