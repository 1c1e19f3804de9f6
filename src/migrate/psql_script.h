/*
 * psql_script.h - print an upgrade as a script for psql, with the same statements and transactions as a run. Nothing is
 * changed.
 */
#ifndef PSQL_SCRIPT_H
#define PSQL_SCRIPT_H

#include <stdbool.h>

#include "migrate/migrator.h"

/* psql_script_prepare - read from the database what the script depends on. Returns false, reported, on failure. */
bool		psql_script_prepare(struct migrator *migrator);

/* psql_script_print - print the script for these steps to stdout. Returns an exit status; errors are reported. */
int			psql_script_print(struct migrator *migrator, const char *command, const struct steps *plan);

#endif
