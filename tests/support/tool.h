/*
 * tool.h - the executable under test; run by $TOOL_UNDER, where that is set.
 *
 * It is the build, $FITSDB_SCHEMA, by default build/fitsdb-schema; or, after tool_use_archive, the build's program with
 * versions 0 to 39 of the archive. These are sealed, so that what a suite expects stays true when a migration is added.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>

#include "support/process.h"

/* ARGS("upgrade", "18"): the arguments of a command. */
#define ARGS(...) ((const char *const[]) {__VA_ARGS__, NULL})

/* tool_use_archive - from now on the usual executable is histories/migrations-39/fitsdb-schema, or the build. */
void		tool_use_archive(bool archive);

/* tool_use - run another executable from now on; NULL: the usual one. */
void		tool_use(const char *path);

/* tool_beside - the path of a file in the build's folder; the caller frees it. */
char	   *tool_beside(const char *name);

/* tool_path - the absolute path of the executable; the caller frees it. */
char	   *tool_path(void);

/* tool_start - start it with "--dbname=CONNINFO", where that is not NULL, and the arguments. */
void		tool_start(struct process *process, const char *conninfo, const char *const *arguments);

/* tool_start_with - the same with options of the test's own. */
void		tool_start_with(struct process *process, const char *conninfo, const char *const *arguments,
							const struct process_options *options);

/* tool_run - tool_start and process_wait. */
void		tool_run(struct process *process, const char *conninfo, const char *const *arguments);

/* tool_run_with - tool_run with an executable (NULL: the one under test) and options of the test's own. */
void		tool_run_with(struct process *process, const char *executable, const char *conninfo,
						  const char *const *arguments, const struct process_options *options);

/* tool_ended - it must have ended with this status; free what it wrote. */
void		tool_ended(struct process *process, int status);

/*
 * tool_expect - run it: it must end with this status, having written these texts to stdout and stderr.
 *
 * NULL: it must have written nothing there; "": whatever. Several texts are separated by \n, in any order.
 */
void		tool_expect(const char *conninfo, const char *const *arguments, int status, const char *out,
						const char *err);

/* tool_wrote - the same for one that has ended already; does not free what it wrote. */
void		tool_wrote(const struct process *process, int status, const char *out, const char *err);

/* tool_must - run it: it must end with status 0 and have nothing to say on stderr. */
void		tool_must(const char *conninfo, const char *const *arguments);

#endif
