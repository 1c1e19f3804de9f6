/*
 * drops.h - what a script drops, empties, rewrites and renames of what existed before it, measured on a throwaway
 * server: by the numbers of tables and columns, so that names do not matter.
 */
#ifndef MEASURE_DROPS_H
#define MEASURE_DROPS_H

#include "history/statement_list.h"
#include "measure/server.h"
#include "schema/fact.h"

/*
 * drops_find - try the statements (server_try), and call `found(argument, word, fact)` for each table and column that
 * existed before: the word is "drops"; "empties" for a table from which rows are deleted, whatever there would be;
 * "rewrites" for one that is written anew;
 * "renames", whose definition is the property "to". The caller ends the trial with server_roll_back, unless this
 * returns SERVER_OVER.
 */
enum server_result drops_find(struct server *server, const struct statement_list *list,
							  void (*found) (void *argument, const char *word, const struct fact *fact),
							  void *argument);

#endif
