/*
 * parse.h - from a folder of migrations to the history that is compiled in, or to all errors in its files.
 *
 * It calls the modules that read one part of a file each: sections.h, split.h, rules.h, repeat.h, allow.h and
 * batch_directive.h; folder_settings.h and schema_file.h read files of other kinds. All strings and structures that it
 * returns live in the arena.
 */
#ifndef PARSE_H
#define PARSE_H

#include <stdbool.h>

#include "history/history.h"
#include "base/arena.h"
#include "errors.h"
#include "folder.h"
#include "schema/fact_history.h"
#include "source.h"

/* What to parse. */
struct parse_paths {
	const char *folder;
	const char *snapshot;		/* or NULL */
	const char *schema;			/* or NULL */
	bool		unjudged;		/* lint does not judge the migrations */
};

/* What a migration drops, as JSON (history/drops.h). NULL: it is not known. */
struct parse_drops {
	const char *up;
	const char *down;
};

/* Everything that is compiled in. */
struct parse_result {
	struct history history;		/* as the program has it */
	const struct history_migration *migrations;	/* history.latest + 1; migrations[v].version == v */
	const char *const *checksums;	/* checksums[v]: the history checksum up to version v */
	struct fact_history facts;	/* what SCHEMA says */
	const struct parse_drops *drops;	/* drops[v]: of the migration to version v; NULL: there is no SCHEMA */
};

/*
 * parse_folder - parse the folder, the snapshot and the schema.
 *
 * Sets `folder`, and everything in `result` except the members of history that are settings of the build. Returns
 * false if an error was added; `result` is then not to be used. Call fact_history_clear for result->facts in any case.
 */
bool		parse_folder(struct arena *arena, struct errors *errors, const struct parse_paths *paths,
						 struct folder *folder, struct parse_result *result);

/*
 * parse_migration - parse the numbered migration `entry` at `path`, and check it against all rules.
 *
 * Returns false if an error was added. migration->source has a checksum in any case: "" if the file could not be read.
 */
bool		parse_migration(struct arena *arena, struct errors *errors, const char *path,
							const struct folder_entry *entry, struct history_migration *migration);

/*
 * parse_script - parse a file without sections, whose name in the history is `file`.
 *
 * If `why` is not NULL, the statements must be repeatable, and that sentence says why; NULL is for a script that runs
 * once. The caller sets the first three members of `input`, and can read more from it afterwards. Returns false if an
 * error was added.
 */
bool		parse_script(struct source_input *input, const char *file, const char *why, struct history_script *script);

/*
 * parse_snapshot - parse the script at `path`, which creates the schema of one version.
 *
 * Its comments at the top name the version and the history checksum up to that version:
 *
 *   -- version: 37
 *   -- history: (64 hexadecimal digits)
 *
 * Sets snapshot and snapshot_version of result->history. If `comparable`, the migrations in `result` are complete and
 * without errors, and the snapshot must have been made from them. Returns false if an error was added.
 */
bool		parse_snapshot(struct arena *arena, struct errors *errors, const char *path, bool comparable,
						   struct parse_result *result);

#endif
