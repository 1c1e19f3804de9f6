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

/*
 * schema_file_read - read the file at `paths->schema` into result->history.schema. The migrations in `result` are complete and
 * without errors; they are in `folder`. Adds an error and returns false if it has another form, or was made from other
 * migrations, and for each migration that does not pass lint (judge.h), unless they are not to be judged.
 */
bool		schema_file_read(struct arena *arena, struct errors *errors, const struct folder *folder,
							 const struct parse_paths *paths, struct parse_result *result);

#endif
