/*
 * script.h - an upgrade as a script for psql: the same statements and the same transactions as would be run.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>

#include "work.h"

/* script_prepare - find out what the script needs to know of the server. False, and reported, on failure. */
bool		script_prepare(struct work *work);

/* script_print - print the script for these steps to stdout; nothing is changed. The result is an exit status. */
int			script_print(struct work *work, const char *command, const struct plan *plan);

#endif
