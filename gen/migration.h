/*
 * migration.h - parse one file of the history: its sections, their statements, and whether they obey the rules.
 */
#ifndef MIGRATION_H
#define MIGRATION_H

#include <stdbool.h>

#include "history/history.h"
#include "arena.h"
#include "complain.h"
#include "folder.h"
#include "source.h"

/*
 * migration_parse - read the numbered migration `entry` at `path`.
 *
 * `migration` lives in the arena; its source has a checksum in any case ("" for a file that could not be read). False
 * where something was complained of.
 */
bool		migration_parse(struct arena *arena, struct complaints *complaints, const char *path,
							const struct folder_entry *entry, struct migration *migration);

/*
 * migration_parse_script - the same for a file without sections, known as `file`.
 *
 * With `why` its statements must be repeatable, and that sentence says why; NULL for a script that runs once. `input`
 * is left to the caller, who may look for more in it; its first three members are set.
 */
bool		migration_parse_script(struct input *input, const char *file, const char *why, struct script *script);

#endif
