/* Objects that planned steps will destroy, as they are recorded. */
#include "migrate/loss_intent.h"

#include <string.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "history/drops.h"
#include "migrate/migrator.h"
#include "migrate/task.h"

#include "base/banned.h"

/* Read the words of a step of which it is not recorded what it drops: may it destroy anything? */
static bool
read_words(struct loss_intent *intent, const struct loss_intent_step *step)
{
	const struct statement_list *list = &step->task->list;
	bool		named = false;

	for (size_t i = 0; i < list->count; i++) {
		const char *text = list->statements[i].text;
		enum destructive risk = destructive_of(text, strlen(text));

		if (risk == DESTRUCTIVE_NONE)
			continue;
		named = true;
		intent->deletes = intent->deletes || destructive_deletes(text);
		intent->single = intent->single || !list->transactional;
		intent->any = intent->any || risk == DESTRUCTIVE_ANY;
		if (!intent->why)
			intent->why = mem_format("the objects that %s drops are not recorded", step->task->title);
	}
	return named;
}

/* Does any step rename a table, so that the words of others may mean another one? */
static bool
renames(const struct loss_intent *intent)
{
	for (size_t i = 0; i < intent->count; i++)
		for (size_t k = 0; k < intent->steps[i].task->list.count; k++)
			if (destructive_renames(intent->steps[i].task->list.statements[k].text))
				return true;
	return false;
}

void
loss_intent_read(struct loss_intent *intent, const struct migrator *migrator)
{
	bool		named = false;

	intent->steps = mem_alloc((migrator->task_count + 1) * sizeof(*intent->steps));
	for (size_t i = 0; i < migrator->task_count; i++) {
		struct loss_intent_step *step = &intent->steps[intent->count++];
		const struct task *task = &migrator->tasks[i];

		step->task = task;
		step->known = task->source ? drops_of_migration(&step->drops, task->step.version, task->step.up)
			: drops_from_json(&step->drops, task->drops);
		intent->risky = intent->risky || step->drops.count > 0;
		if (!step->known)
			named = read_words(intent, step) || named;
	}
	intent->risky = intent->risky || named;
	intent->any = intent->any || (named && renames(intent));
}

void
loss_intent_clear(struct loss_intent *intent)
{
	for (size_t i = 0; i < intent->count; i++)
		drops_clear(&intent->steps[i].drops);
	mem_free(intent->steps);
	mem_free(intent->why);
}

bool
loss_intent_names(const struct loss_intent *intent, const char *schema, const char *table)
{
	for (size_t i = 0; i < intent->count; i++)
		for (size_t k = 0; k < intent->steps[i].task->list.count && !intent->steps[i].known; k++) {
			const char *text = intent->steps[i].task->list.statements[k].text;

			if (destructive_names(text, table) && (strcmp(schema, "public") == 0 || destructive_names(text, schema))
				&& destructive_of(text, strlen(text)) != DESTRUCTIVE_NONE)
				return true;
		}
	return false;
}
