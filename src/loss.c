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

/* Does a statement that may destroy something name the table? */
static bool
is_meant(const struct intent *intent, const char *table)
{
	if (intent->any)
		return true;
	for (size_t i = 0; i < intent->count; i++)
		for (size_t k = 0; k < intent->jobs[i].list.count; k++) {
			const char *text = intent->jobs[i].list.statements[k].text;

			if (intent->jobs[i].list.statements[k].risk != RISK_NONE && risk_names(text, table))
				return true;
		}
	return false;
}

static void
add(struct loss *loss, enum loss_kind kind, const char *table, const char *column, const struct count *count)
{
	loss->items = mem_grow(loss->items, loss->count + 1, sizeof(*loss->items));
	loss->items[loss->count++] = (struct loss_item) {
		.kind = kind,.table = mem_string(table),.column = mem_string(column),
		.count = *count
	};
}

/* The tables that may be meant and hold something. */
static bool
find_meant(struct loss *loss, struct session *session, const struct intent *intent)
{
	struct db_batch batch = {0};
	const struct db_command *tables;
	bool		found;

	session_add_own(&batch);
	db_add(&batch, "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
		   " AND c.relkind IN ('r', 'p') AND c.relname <> 'migrate_version' ORDER BY c.relname", 0);
	found = session_query(session, &batch, "look at the tables");
	tables = &batch.commands[1];
	for (int i = 0; found && i < db_lines(tables); i++) {
		const char *table = db_text(tables, i, 0);
		struct count count;

		if (!is_meant(intent, table))
			continue;
		found = count_rows(session, table, NULL, &count);
		if (found && count.rows != 0)
			add(loss, LOSS_PERHAPS, table, NULL, &count);
	}
	db_batch_clear(&batch);
	return found;
}

static bool
holds_something(const struct loss *loss, const char *table)
{
	for (size_t i = 0; i < loss->count; i++)
		if (strcmp(loss->items[i].table, table) == 0)
			return true;
	return false;
}

/* What the rehearsal has shown, as far as it holds something, takes the place of what was only named. */
static bool
take_rehearsal(struct loss *loss, struct session *session, const struct rehearsal *rehearsal)
{
	static const enum loss_kind kinds[] = {LOSS_TABLE, LOSS_COLUMN, LOSS_ROWS};
	struct loss real = {0};
	bool		counted = true;

	for (size_t i = 0; counted && i < rehearsal->count; i++) {
		const struct vanished *vanished = &rehearsal->items[i];
		struct count count;

		if (!holds_something(loss, vanished->table))
			continue;
		counted = count_rows(session, vanished->table, vanished->column, &count);
		if (counted && count.rows != 0)
			add(&real, kinds[vanished->kind], vanished->table, vanished->column, &count);
	}
	loss_clear(loss);
	*loss = real;
	return counted;
}

static bool
find(struct loss *loss, struct work *work, const struct options *options, const struct intent *intent)
{
	struct session *session = &work->session;
	struct rehearsal rehearsal = {0};
	bool		found = find_meant(loss, session, intent);

	if (found && loss->count > 0) {
		if (rehearse(&rehearsal, session, intent->jobs, intent->count, options->shadow))
			found = take_rehearsal(loss, session, &rehearsal);
		else {
			found = !options->shadow || !rehearsal.why;
			loss->why = mem_string(rehearsal.why);
		}
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

static char *
say(const struct loss_item *item)
{
	char	   *count = count_say(&item->count);
	char	   *text = NULL;

	switch (item->kind) {
		case LOSS_TABLE:
			text = mem_format("table %s is dropped: %s", item->table, count);
			break;
		case LOSS_COLUMN:
			text = mem_format("column %s of table %s is dropped: a value in %s", item->column, item->table, count);
			break;
		case LOSS_ROWS:
			text = mem_format("rows of table %s are deleted: it has %s", item->table, count);
			break;
		case LOSS_PERHAPS:
			text = mem_format("table %s may lose columns or rows, or be dropped: it has %s", item->table, count);
			break;
	}
	mem_free(count);
	return text;
}

static void
say_all(const struct loss *loss, const char *indent, void (*line) (const char *format,...))
{
	for (size_t i = 0; i < loss->count; i++) {
		char	   *text = say(&loss->items[i]);

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

	if (status != STATUS_OK || loss.count == 0)
		goto done;
	if (loss.why && !loss.single && strcmp(command, "upgrade") == 0 && !options->yes) {
		for (size_t i = 0; i < loss.count; i++)
			guard_add(&work->guard, loss.items[i].table);
		goto done;
	}
	if (options->yes) {
		report_line("the %s to %d destroys data:", command, target);
		say_all(&loss, "  ", report_line);
		goto done;
	}
	status = STATUS_UNKNOWN;
	(asks ? report_warning : report_error) ("the %s of database \"%s\" to %d destroys data", command, database, target);
	say_all(&loss, "", report_detail);
	if (asks) {
		if (prompt_yes("Go on, and lose this?"))
			status = STATUS_OK;
		else
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
	for (size_t i = 0; i < loss->count; i++) {
		mem_free(loss->items[i].table);
		mem_free(loss->items[i].column);
	}
	mem_free(loss->items);
	mem_free(loss->why);
	*loss = (struct loss) {0};
}
