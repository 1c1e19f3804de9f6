/*
 * loss_intent.h - what planned steps drop, as is recorded of them; and what the words of those steps say of which it is
 * not recorded.
 */
#ifndef LOSS_INTENT_H
#define LOSS_INTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "history/drops.h"
#include "migrate/migrator.h"
#include "migrate/task.h"

/* A step that is planned. */
struct loss_intent_step {
	const struct task *task;	/* the migrator's */
	bool		known;			/* what it drops */
	struct drops drops;
};

/* Zero is nothing. */
struct loss_intent {
	size_t		count;
	struct loss_intent_step *steps;
	bool		risky;			/* something may be destroyed */
	bool		any;			/* it may be of any table */
	bool		deletes;		/* rows may be deleted */
	bool		single;			/* it may be in a statement that commits by itself */
	char	   *why;			/* something is not known: of which step */
};

/*
 * loss_intent_read - read what the tasks say, and add it to *intent, which must not outlive them. loss_intent_clear
 * frees it.
 */
void		loss_intent_read(struct loss_intent *intent, const struct migrator *migrator);

/* loss_intent_names - does a statement of an unknown step that may destroy something name both? */
bool		loss_intent_names(const struct loss_intent *intent, const char *schema, const char *table);

/* loss_intent_clear - free the contents. */
void		loss_intent_clear(struct loss_intent *intent);

#endif
