/*
 * build.h - executables built from other folders of migrations, by the project's own Makefile.
 *
 * They are put below the folder in the environment variable BUILD, by default build, and stay there: the next run of
 * the tests builds only what has changed. Several runs at once take turns.
 */
#ifndef BUILD_H
#define BUILD_H

#include "process.h"

/* build_folder - the absolute path of build/NAME; the caller frees it. */
char	   *build_folder(const char *name);

/* build_lock, build_unlock - keep other runs of the tests out of such a folder; the lock is a file descriptor. */
int			build_lock(const char *folder);
void		build_unlock(int lock);

/* build_make - run make, to build in `folder` from the folder `migrations`; does not look how it ended. */
void		build_make(struct process *process, const char *migrations, const char *folder);

/*
 * build_trouble, build_steps, build_lint_bad, build_lint_good, build_batches, build_prepared, build_end - fixtures:
 * start the server, and let tool.h run an executable that is built from the folder of that name in tests/e2e; and no
 * longer.
 */
void		build_trouble(void);
void		build_steps(void);
void		build_lint_bad(void);
void		build_lint_good(void);
void		build_batches(void);
void		build_prepared(void);
void		build_end(void);

/* build_older - build another one in build/NAME, from the versions 0 to `last` of the folder `migrations`. */
void		build_older(const char *name, const char *migrations, int last);

/* build_run - let tool.h run the executable in build/NAME. */
void		build_run(const char *name);

/* build_database - a database "fitsdata" at a version of that history; returns how to connect to it, to be freed. */
char	   *build_database(int version);

#endif
