/*
 * folder_settings.h - SETTINGS in a folder of migrations: what the folder says about itself.
 *
 * It is text. Empty lines and lines that begin with "--" are comments. Each other line is
 *
 *   ignore KIND NAME: REASON          objects of a live database that are not compared with the schema
 *   ignore from N KIND NAME: REASON   the same from version N (1 and up) on, of objects that migrations may make, too:
 *                                     from N on they are not recorded
 *   release NAME: VERSION             a release of the software that uses the database, and the version of its data
 *                                     models
 *   release NAME: VERSION, runs on FIRST to LAST
 *   rewrite VERSION: NUMBER us a row: WHERE     how long the migration's rewrites take, and where that was measured
 *
 * KIND is the word for a kind of fact (schema/fact.h), or "*"; its NAME is a pattern of shells. The releases are in the
 * order of their versions.
 */
#ifndef FOLDER_SETTINGS_H
#define FOLDER_SETTINGS_H

#include <stdbool.h>

#include "history/history.h"
#include "base/arena.h"
#include "errors.h"
#include "folder.h"
#include "schema/fact_history.h"

/*
 * folder_settings_read - read the file, if the folder has it, into `common`, whose `latest` is set; the strings live in
 * the arena. Adds an error and returns false for a line of another form, an unknown kind, a missing reason, a pattern
 * for every object, and one that is not a name as in SQL; and for a release of a version that the folder does not have,
 * that is named twice or like a version, or whose version is lower than that of the one before it; and for a rewrite of
 * such a version, or one that is named twice.
 */
bool		folder_settings_read(struct arena *arena, struct errors *errors, const struct folder *folder,
								 struct history *common);

/* folder_settings_check - adds an error and returns false if an object of the schema would be ignored. */
bool		folder_settings_check(struct arena *arena, struct errors *errors, const struct folder *folder,
								  const struct history *common, const struct fact_history *facts);

#endif
