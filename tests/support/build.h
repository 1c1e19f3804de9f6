/*
 * build.h - executables with other histories: of a folder of migrations tests/e2e/NAME, or of its versions 0 to LAST.
 *
 * `make tests` links all of them, as histories/NAME/fitsdb-schema and histories/NAME-LAST/fitsdb-schema beside the
 * executable under test, before a suite starts. A folder in tests/e2e is one of them if it has a 000_base.sql; NAME-LAST
 * has to be in the list `histories` of the Makefile. Nothing is compiled while the tests run.
 */
#ifndef BUILD_H
#define BUILD_H

/*
 * build_use - start the server, and let tool.h run the executable of tests/e2e/NAME; build_database takes its
 * 000_base.sql from there.
 */
void		build_use(const char *name);

/* build_run - let tool.h run another one, NAME or NAME-LAST. */
void		build_run(const char *name);

/* build_trouble and the like - build_use as a fixture; build_end lets tool.h run the usual executable again. */
void		build_trouble(void);
void		build_steps(void);
void		build_lint_bad(void);
void		build_lint_good(void);
void		build_losses(void);
void		build_batches(void);
void		build_prepared(void);
void		build_consent(void);
void		build_end(void);

/* build_database - a database "fitsdata" at a version of that history; returns how to connect to it, to be freed. */
char	   *build_database(int version);

#endif
