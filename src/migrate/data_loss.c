/* Ask for consent to the data that an upgrade or a downgrade would destroy. */
#include "migrate/data_loss.h"

#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/prompt.h"
#include "base/report.h"
#include "base/signals.h"
#include "migrate/loss_guard.h"
#include "pg/connection.h"

#include "base/banned.h"

static void
print_all(const struct data_loss *loss, const char *indent, void (*line) (const char *format,...))
{
	for (size_t i = 0; i < loss->list.count; i++) {
		char	   *text = loss_guard_text(&loss->list.items[i]);

		line("%s%s", indent, text);
		mem_free(text);
	}
	if (loss->why)
		line("%sthe list may be incomplete: %s", indent, loss->why);
}

int
data_loss_agree(struct migrator *migrator)
{
	const struct task *last = &migrator->tasks[migrator->task_count - 1];
	const char *command = last->command;
	int			target = last->step.after;
	const char *database = connection_database(migrator->database.session.connection);
	bool		asks = prompt_possible();
	struct data_loss loss;
	int			status = data_loss_find(&loss, migrator);

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
		report_hint("To allow this data loss, use --yes.");
	}
	if (signals_stop())
		status = STATUS_FAILED;
done:
	loss_guard_list_clear(&loss.list);
	mem_free(loss.why);
	return status;
}
