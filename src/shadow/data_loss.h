/*
 * data_loss.h - what a downgrade or an upgrade would destroy of what the database holds, said and asked before it is
 * begun.
 *
 * First the words of the statements are looked at (destructive.h): most can destroy nothing, or nothing that holds a
 * row, and then that is all. What is left is tried: the statements are run in a scratch database that has the
 * structure of this one and none of its rows (copy.h), and what is gone there by the numbers that the server gives to
 * tables and columns would be gone here, whatever it was called in between, by CASCADE or by a DO block. Not in the
 * archive's own database in a transaction that is rolled back: that would hold its tables against everybody, and a
 * change of a type would write them anew, twice in the end. Not by what this build's migrations make: versions that it
 * does not have are the ones to be undone. Without the privilege to create a database, what the statements name has to
 * do: then it is said to be no more than what might go.
 *
 * What is not found here, as it depends on rows or is in another schema, is found before the commit (loss_guard.h).
 */
#ifndef DATA_LOSS_H
#define DATA_LOSS_H

#include <stdbool.h>

#include "migrate/loss_guard.h"
#include "migrate/migrator.h"

/* Zero is none. */
struct data_loss {
	struct loss_guard_list list;
	char	   *why;			/* why it is not known exactly; or NULL */
	bool		single;			/* it may come of a statement that commits by itself */
};

/*
 * data_loss_find - what these steps would destroy; nothing is changed. The result is an exit status: STATUS_OK, or
 * another, and reported. *loss is overwritten; clear it in any case.
 */
int			data_loss_find(struct data_loss *loss, struct migrator *migrator, const char *shadow, const char *command,
						   const struct steps *plan);

/*
 * data_loss_agree - say what is lost, and have it agreed to: by --yes, or by a person at the terminal, whose yes is
 * for what was listed and goes to work->consent. The result is an exit status: STATUS_OK, or another, and reported;
 * then nothing was changed.
 */
int			data_loss_agree(struct migrator *migrator, const char *shadow, const char *command,
							const struct steps *plan);

void		data_loss_clear(struct data_loss *loss);

#endif
