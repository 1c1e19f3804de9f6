/*
 * data_loss.h - before an upgrade or a downgrade: find the data that it would destroy, and ask for consent.
 *
 * It is known what the up and the down of each migration of this build drop (history/drops.h); the database's record
 * says it of the stored downs of other builds. Only what is there now counts, with the rows that it has now
 * (loss_forecast.h). If it is not known of a step, because an older build has stored its down, then the names in its
 * statements must do, and the list is only of what may be destroyed.
 *
 * Data loss that depends on rows, or on objects that no migration has made, is found before each COMMIT (loss_guard.h).
 */
#ifndef DATA_LOSS_H
#define DATA_LOSS_H

#include <stdbool.h>

#include "migrate/loss_guard.h"
#include "migrate/migrator.h"

/* Zero is empty. */
struct data_loss {
	struct loss_guard_list list;
	char	   *why;			/* the reason why the list is not exact, or NULL */
	bool		single;			/* a non-transactional statement may be the cause */
};

/*
 * data_loss_find - find what the tasks would destroy; nothing is changed. It also sets migrator->expected. *loss is
 * overwritten; free `list` and `why` in any case. Returns an exit status: STATUS_OK, or another one, reported.
 */
int			data_loss_find(struct data_loss *loss, struct migrator *migrator);

/*
 * data_loss_agree - print what would be destroyed, and get consent: by --yes, or from a person at the terminal. Consent
 * covers only what was listed, and is stored in migrator->consent. Returns an exit status: STATUS_OK, or another one,
 * reported; then nothing was changed.
 */
int			data_loss_agree(struct migrator *migrator);

#endif
