/* Find the data that an upgrade or a downgrade would destroy, and ask for consent. */
#include "shadow/data_loss.h"

#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/prompt.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/destructive.h"
#include "migrate/loss_guard.h"
#include "migrate/migrator.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/row_count.h"
#include "shadow/rehearse.h"

#include "base/banned.h"

/* What is planned, and what its words say. */
struct intent {
	size_t		count;
	struct task *jobs;
	bool		risky;			/* something may be destroyed */
	bool		any;			/* it may be of any table */
	bool		deletes;		/* rows may be deleted */
	bool		single;			/* it may be in a statement that commits by itself */
};

static bool
read_intent(struct intent *intent, struct migrator *migrator, const char *command, const struct steps *plan)
{
	bool		renames = false;

	for (size_t i = 0; i < plan->count; i++) {
		struct task *task;

		intent->jobs = mem_grow(intent->jobs, intent->count + 1, sizeof(*intent->jobs));
		task = &intent->jobs[intent->count++];
		if (!migrator_task(migrator, task, command, &plan->steps[i]))
			return false;
		for (size_t k = 0; k < task->list.count; k++) {
			enum destructive risk = task->list.statements[k].risk;

			renames = renames || destructive_renames(task->list.statements[k].text);
			intent->risky = intent->risky || risk != DESTRUCTIVE_NONE;
			intent->deletes = intent->deletes || destructive_deletes(task->list.statements[k].text);
			intent->single = intent->single || (risk != DESTRUCTIVE_NONE && !task->list.transactional);
			intent->any = intent->any || risk == DESTRUCTIVE_ANY || (risk == DESTRUCTIVE_NAMED && renames);
		}
	}
	return true;
}

static void
intent_clear(struct intent *intent)
{
	for (size_t i = 0; i < intent->count; i++)
		task_clear(&intent->jobs[i]);
	mem_free(intent->jobs);
}

/* Does a statement that may destroy something name both? */
static bool
names(const struct intent *intent, const char *schema, const char *table)
{
	for (size_t i = 0; i < intent->count; i++)
		for (size_t k = 0; k < intent->jobs[i].list.count; k++) {
			const struct statement_list_item *statement = &intent->jobs[i].list.statements[k];

			if (statement->risk != DESTRUCTIVE_NONE && destructive_names(statement->text, table)
				&& (strcmp(schema, "public") == 0 || destructive_names(statement->text, schema)))
				return true;
		}
	return false;
}

/* The columns of FIND_TABLES. */
enum {
	FOUND_OID,
	FOUND_SCHEMA,
	FOUND_NAME,
	FOUND_RELATION,				/* both, quoted */
	FOUND_SHOWN,
	FOUND_VIEW
};

/* The query begins with r (oid), whatever that is; views are there for what is deleted through them. */
#define FIND_TABLES \
	" SELECT c.oid::bigint, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname)," \
	" CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind = 'v'" \
	" FROM r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p', 'v') AND c.relpersistence <> 't' AND c.oid >= 16384" \
	" AND n.nspname <> 'fitsdb_schema' AND NOT (n.nspname = 'public' AND c.relname = 'migrate_version')" \
	" ORDER BY n.nspname <> 'public', n.nspname, c.relname"
#define ALL_TABLES "WITH r AS (SELECT oid FROM pg_class)"

/* $1: tables of which rows are deleted; what foreign keys then delete with them. */
#define CASCADED \
	"WITH RECURSIVE r AS (SELECT t.oid::oid AS oid FROM unnest($1::bigint[]) t (oid)" \
	" UNION SELECT k.conrelid FROM r JOIN pg_constraint k ON k.confrelid = r.oid" \
	" WHERE k.contype = 'f' AND k.confdeltype = 'c')"

/* Append a line of FIND_TABLES to the list, if the table holds anything. False, and reported, on failure. */
static bool
add_table(struct loss_guard_list *list, struct session *session, const struct pipeline_command *tables, int line,
		  enum loss_guard_kind kind)
{
	struct loss_guard_item item = {.kind = kind,.relation = (unsigned) pipeline_number(tables, line, FOUND_OID)};

	if (!row_count_read(session, pipeline_text(tables, line, FOUND_RELATION), NULL, &item.count))
		return false;
	if (item.count.rows == 0)
		return true;
	item.table = mem_string(pipeline_text(tables, line, FOUND_SHOWN));
	loss_guard_list_add(list, item);
	return true;
}

/* The tables that may be meant and hold something. */
static bool
find_meant(struct loss_guard_list *list, struct session *session, struct intent *intent)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *tables;
	bool		found;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, ALL_TABLES FIND_TABLES, 0);
	found = session_query(session, &pipeline, "read the tables");
	tables = &pipeline.commands[1];
	for (int i = 0; found && i < pipeline_row_count(tables); i++)
		if (pipeline_bool(tables, i, FOUND_VIEW) && names(intent, pipeline_text(tables, i, FOUND_SCHEMA),
														  pipeline_text(tables, i, FOUND_NAME)))
			intent->any = true;
	for (int i = 0; found && i < pipeline_row_count(tables); i++)
		if (!pipeline_bool(tables, i, FOUND_VIEW) && (intent->any
													  || names(intent, pipeline_text(tables, i, FOUND_SCHEMA),
																		   pipeline_text(tables, i, FOUND_NAME))))
			found = add_table(list, session, tables, i, LOSS_GUARD_ANYTHING);
	pipeline_clear(&pipeline);
	return found;
}

/* The tables from which rows go with what is deleted: a scratch database has none, and does not show it. */
static bool
find_cascaded(struct loss_guard_list *list, struct session *session)
{
	struct pipeline pipeline = {0};
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	const struct pipeline_command *tables;
	bool		found;

	/* No table has the number 0. */
	fputs("{0", stream);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == LOSS_GUARD_ROWS || list->items[i].kind == LOSS_GUARD_ANYTHING)
			fprintf(stream, ",%u", list->items[i].relation);
	fputs("}", stream);
	mem_stream_close(stream);
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, CASCADED FIND_TABLES, 1, text);
	found = session_query(session, &pipeline, "read the foreign keys");
	tables = &pipeline.commands[1];
	for (int i = 0; found && i < pipeline_row_count(tables); i++) {
		struct loss_guard_item rows = {.kind = LOSS_GUARD_ROWS,.relation = (unsigned) pipeline_number(tables, i,
																									  FOUND_OID)};

		if (!loss_guard_covers(list, &rows))
			found = add_table(list, session, tables, i, LOSS_GUARD_CASCADE);
	}
	pipeline_clear(&pipeline);
	mem_free(text);
	return found;
}

static const struct loss_guard_item *
find_item(const struct loss_guard_list *list, const char *table)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].table, table) == 0)
			return &list->items[i];
	return NULL;
}

/* What the rehearsal has seen go from a table that holds something: append it, if that does. */
static bool
add_vanished(struct loss_guard_list *list, struct session *session, const struct loss_guard_item *table,
			 const struct vanished *vanished)
{
	static const enum loss_guard_kind kinds[] = {LOSS_GUARD_TABLE, LOSS_GUARD_COLUMN, LOSS_GUARD_ROWS};
	struct loss_guard_item item = {.kind = kinds[vanished->kind],.relation = table->relation};
	struct pipeline pipeline = {0};
	char	   *relation = mem_format("%u", table->relation);
	const struct pipeline_command *found;
	bool		counted;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, "SELECT format('%I.%I', n.nspname, c.relname), (SELECT a.attnum FROM pg_attribute a"
				 " WHERE a.attrelid = c.oid AND a.attname = $2) FROM pg_class c"
				 " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::bigint::oid", 2, relation,
				 vanished->column);
	counted = session_query(session, &pipeline, "read the tables");
	found = &pipeline.commands[1];
	if (counted && pipeline_row_count(found) == 1) {
		counted = row_count_read(session, pipeline_text(found, 0, 0), vanished->column, &item.count);
		item.number = (int) pipeline_number(found, 0, 1);
		if (counted && item.count.rows != 0) {
			item.table = mem_string(table->table);
			item.column = mem_string(vanished->column);
			loss_guard_list_add(list, item);
		}
	}
	pipeline_clear(&pipeline);
	mem_free(relation);
	return counted;
}

/*
 * What the rehearsal has shown, as far as it holds something, takes the place of what was only named in schema public;
 * it has none of the others.
 */
static bool
take_rehearsal(struct loss_guard_list *list, struct session *session, const struct intent *intent,
			   const struct rehearsal *rehearsal)
{
	struct loss_guard_list real = {0};
	bool		counted = true;

	for (size_t i = 0; counted && i < rehearsal->count; i++) {
		const struct loss_guard_item *item = find_item(list, rehearsal->items[i].table);

		counted = !item || add_vanished(&real, session, item, &rehearsal->items[i]);
	}
	for (size_t i = 0; i < list->count; i++) {
		struct loss_guard_item *item = &list->items[i];
		const char *dot = strchr(item->table, '.');
		char	   *schema = dot ? mem_copy(item->table, (size_t) (dot - item->table)) : NULL;

		if (schema && names(intent, schema, dot + 1)) {
			loss_guard_list_add(&real, *item);
			*item = (struct loss_guard_item) {0};
		}
		mem_free(schema);
	}
	loss_guard_list_clear(list);
	*list = real;
	return counted;
}

static bool
find(struct data_loss *loss, struct migrator *migrator, const char *shadow, struct intent *intent)
{
	struct session *session = &migrator->database.session;
	struct rehearsal rehearsal = {0};
	bool		found = find_meant(&loss->list, session, intent);

	if (found && loss->list.count > 0) {
		if (rehearse(&rehearsal, session, intent->jobs, intent->count, shadow))
			found = take_rehearsal(&loss->list, session, intent, &rehearsal);
		else {
			found = rehearsal.why != NULL;
			loss->why = mem_string(rehearsal.why);
		}
		found = found && (!intent->deletes || find_cascaded(&loss->list, session));
	}
	rehearse_clear(&rehearsal);
	return found;
}

int
data_loss_find(struct data_loss *loss, struct migrator *migrator, const char *shadow, const char *command,
			   const struct steps *plan)
{
	struct intent intent = {0};
	bool		found = read_intent(&intent, migrator, command, plan);

	*loss = (struct data_loss) {0};
	/* What a superuser has left behind may be unreadable to the owner, who is given it only once this is agreed to. */
	if (found && intent.risky)
		found = session_as_login(&migrator->database.session, true) && find(loss, migrator, shadow, &intent)
			&& session_as_login(&migrator->database.session, false);
	loss->single = intent.single;
	intent_clear(&intent);
	if (signals_stop()) {
		report_error("stopped by %s; nothing was changed", signals_stop());
		return STATUS_FAILED;
	}
	return found ? STATUS_OK : STATUS_UNKNOWN;
}

static void
print_all(const struct data_loss *loss, const char *indent, void (*line) (const char *format,...))
{
	for (size_t i = 0; i < loss->list.count; i++) {
		char	   *text = loss_guard_text(&loss->list.items[i]);

		line("%s%s", indent, text);
		mem_free(text);
	}
	if (loss->why)
		line("%sthe exact list is not known: %s", indent, loss->why);
}

int
data_loss_agree(struct migrator *migrator, const char *shadow, const char *command, const struct steps *plan)
{
	int			target = plan->steps[plan->count - 1].after;
	const char *database = connection_database(migrator->database.session.connection);
	bool		asks = prompt_possible();
	struct data_loss loss;
	int			status = data_loss_find(&loss, migrator, shadow, command, plan);

	if (status != STATUS_OK || loss.list.count == 0)
		goto done;
	/* It may be less: each transaction is checked before its commit. */
	if (loss.why && !loss.single && strcmp(command, "upgrade") == 0 && !migrator->consent.all)
		goto done;
	if (migrator->consent.all) {
		report_line("the %s to %d destroys data:", command, target);
		print_all(&loss, "  ", report_line);
		goto done;
	}
	status = STATUS_UNKNOWN;
	(asks ? report_warning : report_error) ("the %s of database \"%s\" to %d destroys data", command, database, target);
	print_all(&loss, "", report_detail);
	if (asks) {
		if (prompt_yes("Destroy this data and continue?")) {
			migrator->consent.agreed = loss.list;
			loss.list = (struct loss_guard_list) {0};
			status = STATUS_OK;
		} else
			report_detail("Nothing was changed.");
	} else {
		report_detail("Nothing was changed.");
		report_hint("To allow this data loss, use --yes.%s", loss.why ? " For an exact list, give the role CREATEDB,"
					" or use --shadow=CONNINFO with a server where it may create a database." : "");
	}
	if (signals_stop())
		status = STATUS_FAILED;
done:
	data_loss_clear(&loss);
	return status;
}

void
data_loss_clear(struct data_loss *loss)
{
	loss_guard_list_clear(&loss->list);
	mem_free(loss->why);
	*loss = (struct data_loss) {0};
}
