/*
 * psql_script.h - an upgrade as a script for psql: the same statements and the same transactions as would be run.
 */
#ifndef PSQL_SCRIPT_H
#define PSQL_SCRIPT_H

#include <stdbool.h>

#include "migrate/migrator.h"

/* psql_script_prepare - find out what the script needs to know of the server. False, and reported, on failure. */
bool		psql_script_prepare(struct migrator *migrator);

/* psql_script_print - print the script for these steps to stdout; nothing is changed. The result is an exit status. */
int			psql_script_print(struct migrator *migrator, const char *command, const struct steps *plan);

#endif
