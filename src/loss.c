#include "loss.h"

#include <string.h>

#include "commands.h"
#include "mem.h"
#include "prompt.h"
#include "rehearse.h"
#include "report.h"
#include "risk.h"
#include "signals.h"

#include "banned.h"

/* What is planned, and what its words say. */
struct intent {
	size_t		count;
	struct job *jobs;
	bool		risky;			/* something may be destroyed */
	bool		any;			/* it may be of any table */
	bool		deletes;		/* rows may be deleted */
	bool		single;			/* it may be in a statement that commits by itself */
};

static bool
read_intent(struct intent *intent, struct work *work, const char *command, const struct plan *plan)
{
	bool		renames = false;

	for (size_t i = 0; i < plan->count; i++) {
		struct job *job;

		intent->jobs = mem_grow(intent->jobs, intent->count + 1, sizeof(*intent->jobs));
		job = &intent->jobs[intent->count++];
		if (!work_job(work, job, command, &plan->steps[i]))
			return false;
		for (size_t k = 0; k < job->list.count; k++) {
			enum risk	risk = job->list.statements[k].risk;

			renames = renames || risk_renames(job->list.statements[k].text);
			intent->risky = intent->risky || risk != RISK_NONE;
			intent->deletes = intent->deletes || risk_deletes(job->list.statements[k].text);
			intent->single = intent->single || (risk != RISK_NONE && !job->list.transactional);
			intent->any = intent->any || risk == RISK_ANY || (risk == RISK_NAMED && renames);
		}
	}
	return true;
}

static void
intent_clear(struct intent *intent)
{
	for (size_t i = 0; i < intent->count; i++)
		job_clear(&intent->jobs[i]);
	mem_free(intent->jobs);
}

/* Does a statement that may destroy something name both? */
static bool
names(const struct intent *intent, const char *schema, const char *table)
{
	for (size_t i = 0; i < intent->count; i++)
		for (size_t k = 0; k < intent->jobs[i].list.count; k++) {
			const struct sql_statement *statement = &intent->jobs[i].list.statements[k];

			if (statement->risk != RISK_NONE && risk_names(statement->text, table)
				&& (strcmp(schema, "public") == 0 || risk_names(statement->text, schema)))
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
add_table(struct guard_list *list, struct session *session, const struct db_command *tables, int line,
		  enum guard_kind kind)
{
	struct guard_item item = {.kind = kind,.relation = (unsigned) db_number(tables, line, FOUND_OID)};

	if (!count_rows(session, db_text(tables, line, FOUND_RELATION), NULL, &item.count))
		return false;
	if (item.count.rows == 0)
		return true;
	item.table = mem_string(db_text(tables, line, FOUND_SHOWN));
	guard_list_add(list, item);
	return true;
}

/* The tables that may be meant and hold something. */
static bool
find_meant(struct guard_list *list, struct session *session, struct intent *intent)
{
	struct db_batch batch = {0};
	const struct db_command *tables;
	bool		found;

	session_add_own(&batch);
	db_add(&batch, ALL_TABLES FIND_TABLES, 0);
	found = session_query(session, &batch, "look at the tables");
	tables = &batch.commands[1];
	for (int i = 0; found && i < db_lines(tables); i++)
		if (db_truth(tables, i, FOUND_VIEW) && names(intent, db_text(tables, i, FOUND_SCHEMA),
													 db_text(tables, i, FOUND_NAME)))
			intent->any = true;
	for (int i = 0; found && i < db_lines(tables); i++)
		if (!db_truth(tables, i, FOUND_VIEW) && (intent->any || names(intent, db_text(tables, i, FOUND_SCHEMA),
																	  db_text(tables, i, FOUND_NAME))))
			found = add_table(list, session, tables, i, GUARD_ANYTHING);
	db_batch_clear(&batch);
	return found;
}

/* The tables from which rows go with what is deleted: a scratch database has none, and does not show it. */
static bool
find_cascaded(struct guard_list *list, struct session *session)
{
	struct db_batch batch = {0};
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	const struct db_command *tables;
	bool		found;

	/* No table has the number 0. */
	fputs("{0", stream);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == GUARD_ROWS || list->items[i].kind == GUARD_ANYTHING)
			fprintf(stream, ",%u", list->items[i].relation);
	fputs("}", stream);
	mem_stream_close(stream);
	session_add_own(&batch);
	db_add(&batch, CASCADED FIND_TABLES, 1, text);
	found = session_query(session, &batch, "look at the foreign keys");
	tables = &batch.commands[1];
	for (int i = 0; found && i < db_lines(tables); i++) {
		struct guard_item rows = {.kind = GUARD_ROWS,.relation = (unsigned) db_number(tables, i, FOUND_OID)};

		if (!guard_covers(list, &rows))
			found = add_table(list, session, tables, i, GUARD_CASCADE);
	}
	db_batch_clear(&batch);
	mem_free(text);
	return found;
}

static const struct guard_item *
find_item(const struct guard_list *list, const char *table)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].table, table) == 0)
			return &list->items[i];
	return NULL;
}

/* What the rehearsal has seen go from a table that holds something: append it, if that does. */
static bool
add_vanished(struct guard_list *list, struct session *session, const struct guard_item *table,
			 const struct vanished *vanished)
{
	static const enum guard_kind kinds[] = {GUARD_TABLE, GUARD_COLUMN, GUARD_ROWS};
	struct guard_item item = {.kind = kinds[vanished->kind],.relation = table->relation};
	struct db_batch batch = {0};
	char	   *relation = mem_format("%u", table->relation);
	const struct db_command *found;
	bool		counted;

	session_add_own(&batch);
	db_add(&batch, "SELECT format('%I.%I', n.nspname, c.relname), (SELECT a.attnum FROM pg_attribute a"
		   " WHERE a.attrelid = c.oid AND a.attname = $2) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
		   " WHERE c.oid = $1::bigint::oid", 2, relation, vanished->column);
	counted = session_query(session, &batch, "look at the tables");
	found = &batch.commands[1];
	if (counted && db_lines(found) == 1) {
		counted = count_rows(session, db_text(found, 0, 0), vanished->column, &item.count);
		item.number = (int) db_number(found, 0, 1);
		if (counted && item.count.rows != 0) {
			item.table = mem_string(table->table);
			item.column = mem_string(vanished->column);
			guard_list_add(list, item);
		}
	}
	db_batch_clear(&batch);
	mem_free(relation);
	return counted;
}

/*
 * What the rehearsal has shown, as far as it holds something, takes the place of what was only named in schema public;
 * it has none of the others.
 */
static bool
take_rehearsal(struct guard_list *list, struct session *session, const struct intent *intent,
			   const struct rehearsal *rehearsal)
{
	struct guard_list real = {0};
	bool		counted = true;

	for (size_t i = 0; counted && i < rehearsal->count; i++) {
		const struct guard_item *item = find_item(list, rehearsal->items[i].table);

		counted = !item || add_vanished(&real, session, item, &rehearsal->items[i]);
	}
	for (size_t i = 0; i < list->count; i++) {
		struct guard_item *item = &list->items[i];
		const char *dot = strchr(item->table, '.');
		char	   *schema = dot ? mem_copy(item->table, (size_t) (dot - item->table)) : NULL;

		if (schema && names(intent, schema, dot + 1)) {
			guard_list_add(&real, *item);
			*item = (struct guard_item) {0};
		}
		mem_free(schema);
	}
	guard_list_clear(list);
	*list = real;
	return counted;
}

static bool
find(struct loss *loss, struct work *work, const struct options *options, struct intent *intent)
{
	struct session *session = &work->session;
	struct rehearsal rehearsal = {0};
	bool		found = find_meant(&loss->list, session, intent);

	if (found && loss->list.count > 0) {
		if (rehearse(&rehearsal, session, intent->jobs, intent->count, options->shadow))
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
loss_find(struct loss *loss, struct work *work, const struct options *options, const char *command,
		  const struct plan *plan)
{
	struct intent intent = {0};
	bool		found = read_intent(&intent, work, command, plan);

	*loss = (struct loss) {0};
	/* What a superuser has left behind may be unreadable to the owner, who is given it only once this is agreed to. */
	if (found && intent.risky)
		found = session_as_login(&work->session, true) && find(loss, work, options, &intent)
			&& session_as_login(&work->session, false);
	loss->single = intent.single;
	intent_clear(&intent);
	if (signals_stop()) {
		report_error("stopped by %s; nothing was changed", signals_stop());
		return STATUS_FAILED;
	}
	return found ? STATUS_OK : STATUS_UNKNOWN;
}

static void
say_all(const struct loss *loss, const char *indent, void (*line) (const char *format,...))
{
	for (size_t i = 0; i < loss->list.count; i++) {
		char	   *text = guard_say(&loss->list.items[i]);

		line("%s%s", indent, text);
		mem_free(text);
	}
	if (loss->why)
		line("%swhat exactly is not known: %s", indent, loss->why);
}

int
loss_agree(struct work *work, const struct options *options, const char *command, const struct plan *plan)
{
	int			target = plan->steps[plan->count - 1].after;
	const char *database = db_name(work->session.db);
	bool		asks = prompt_possible();
	struct loss loss;
	int			status = loss_find(&loss, work, options, command, plan);

	if (status != STATUS_OK || loss.list.count == 0)
		goto done;
	/* It may be less: each transaction is checked before its commit. */
	if (loss.why && !loss.single && strcmp(command, "upgrade") == 0 && !options->yes)
		goto done;
	if (options->yes) {
		report_line("the %s to %d destroys data:", command, target);
		say_all(&loss, "  ", report_line);
		goto done;
	}
	status = STATUS_UNKNOWN;
	(asks ? report_warning : report_error) ("the %s of database \"%s\" to %d destroys data", command, database, target);
	say_all(&loss, "", report_detail);
	if (asks) {
		if (prompt_yes("Go on, and lose this?")) {
			work->consent.agreed = loss.list;
			loss.list = (struct guard_list) {0};
			status = STATUS_OK;
		} else
			report_detail("Nothing was changed.");
	} else {
		report_detail("Nothing was changed.");
		report_hint("If it may be lost, give --yes.%s", loss.why ? " To have it found out exactly, give the"
					" role CREATEDB, or --shadow=CONNINFO with a server where it may create a database." : "");
	}
	if (signals_stop())
		status = STATUS_FAILED;
done:
	loss_clear(&loss);
	return status;
}

void
loss_clear(struct loss *loss)
{
	guard_list_clear(&loss->list);
	mem_free(loss->why);
	*loss = (struct loss) {0};
}
