/*
 * written.h - the migrations that build/gen/difference writes from a database, and their sections run by hand.
 */
#ifndef WRITTEN_H
#define WRITTEN_H

#include "support/lines.h"

/* Zero is empty. */
struct written {
	int			base;			/* the version before them */
	char	   *folder;			/* has all migrations */
	struct lines paths;			/* of the new ones, in order */
	char	   *notes;			/* what the program said of other differences */
};

/* written_program - the path of the program; the caller frees it. */
char	   *written_program(void);

/*
 * written_make - write the migrations from version `base` to the schema of a database, taking what may be renamed for
 * dropped and created; none if there is no difference. The generator must accept the folder. `title` is for messages.
 * If WRITTEN is in the environment, the folders stay in that folder, each with the title.
 */
void		written_make(struct written *written, int base, const char *conninfo, const char *title);

/* written_run - run all their up sections, or all their down sections in reverse, in a database. */
void		written_run(const struct written *written, const char *conninfo, bool up, const char *title);

void		written_clear(struct written *written);

/*
 * written_facts - the facts of a database that migrations are responsible for, sorted: without labels, privileges and
 * owners, without the order of columns, and as if all indexes were valid.
 */
void		written_facts(const char *conninfo, struct lines *facts);

#endif
