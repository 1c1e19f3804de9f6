/*
 * build.h - executables with other histories: of a folder of migrations tests/histories/NAME, or of its versions 0 to
 * LAST. "first_release-39" has the archive's own migrations with the SQL that release 0.1.0 had.
 *
 * `make tests` links all of them before a suite starts, as histories/NAME/fitsdb-schema and
 * histories/NAME-LAST/fitsdb-schema beside the executable under test. A folder in tests/histories is found by its
 * 000_base.sql; NAME-LAST must be in the list `histories` of the Makefile. Nothing is compiled while the tests run.
 */
#ifndef BUILD_H
#define BUILD_H

/*
 * build_use - start the server, and let tool.h run the executable of tests/histories/NAME; build_database takes its
 * 000_base.sql from there.
 */
void		build_use(const char *name);

/* build_run - let tool.h run the executable of NAME or NAME-LAST. */
void		build_run(const char *name);

/*
 * build_failures and the other build_NAME - build_use("NAME") as a fixture. build_end lets tool.h run the usual
 * executable again.
 */
void		build_failures(void);
void		build_steps(void);
void		build_losses(void);
void		build_batches(void);
void		build_prepared(void);
void		build_consent(void);
void		build_end(void);

/* build_database - a database "fitsdata" at a version of that history; returns how to connect to it, to be freed. */
char	   *build_database(int version);

#endif
