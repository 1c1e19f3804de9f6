/*
 * schema_file.h - SCHEMA, the facts of every version: does it belong to these migrations, and do these pass lint?
 * schema/fact_history.h has its format.
 */
#ifndef SCHEMA_FILE_H
#define SCHEMA_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "errors.h"
#include "folder.h"
#include "parse.h"
#include "schema/fact_history.h"

/*
 * schema_file_read - read the file at `paths->schema` into history.schema, facts and drops of the result. The migrations
 * in it are complete and without errors; they are in `folder`. Adds an error and returns false if it has another form,
 * or was made from other migrations, or if the folder's SETTINGS ignore one of its facts, and for each migration that
 * does not pass lint (judge.h), unless they are not to be judged.
 */
bool		schema_file_read(struct arena *arena, struct errors *errors, const struct folder *folder,
							 const struct parse_paths *paths, struct parse_result *result);

/*
 * schema_file_is_known - do the servers of all versions print the facts of the file at `path` as it says? Adds an error
 * and returns false if that is not known of one: a line "+15".
 */
bool		schema_file_is_known(struct errors *errors, const char *path, const struct fact_history *facts);

#endif
