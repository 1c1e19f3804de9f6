/*
 * folder.h - a folder of migrations: its file names, and the seals of its released migrations.
 *
 * The numbers of the migrations run from 000 without a gap. SHA256SUMS seals released migrations: a sealed migration
 * must not change. It has the format of sha256sum. Its checksums are those of the text with LF line ends, so
 * `sha256sum -c` agrees if the files have LF line ends. The migrations themselves are parsed in parse.h.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "base/arena.h"
#include "errors.h"

struct folder_entry {
	int			version;
	const char *file;			/* "017_add_datafile_timestamp.sql" */
	const char *name;			/* "add_datafile_timestamp" */
	bool		sealed;			/* SHA256SUMS has it */
};

struct folder {
	const char *path;
	struct folder_entry *entries;	/* sorted by version, then by file name */
	size_t		count;
	bool		grants;			/* the folder has a grants.sql */
	bool		seals;			/* the folder has a SHA256SUMS */
	bool		settings;		/* the folder has a SETTINGS */
};

#define FOLDER_GRANTS "grants.sql"
#define FOLDER_SEALS "SHA256SUMS"
#define FOLDER_SETTINGS "SETTINGS"
#define FOLDER_ROLES "roles.sql"	/* for throwaway servers: the build does not need it */

/*
 * folder_entry_parse - parse the file name of a migration: number, underscore, name, ".sql".
 *
 * The number has three digits, or more if it needs more. Returns false, and leaves `entry` unchanged, if `file` is not
 * such a name. The strings of `entry` live in the arena.
 */
bool		folder_entry_parse(struct arena *arena, const char *file, struct folder_entry *entry);

/*
 * folder_read - list the files in the folder at `path`, which is borrowed.
 *
 * Adds an error and returns false if the folder cannot be read, and for invalid names, gaps and duplicates. `folder`
 * has the files that were found in any case; its entries live in the arena.
 */
bool		folder_read(struct arena *arena, const char *path, struct folder *folder, struct errors *errors);

/* folder_path - return the path of a file in the folder; it lives in the arena. */
const char *folder_path(struct arena *arena, const struct folder *folder, const char *file);

/*
 * folder_check_seals - compare the migrations with SHA256SUMS, if the folder has that file.
 *
 * `migrations` has one for each entry of the folder, in the same order. Adds an error and returns false for a malformed
 * line, and for a sealed migration that is missing or has changed.
 */
bool		folder_check_seals(struct arena *arena, struct errors *errors, const struct folder *folder,
							   const struct history_migration *migrations);

/*
 * folder_check_todo - find "-- TODO" in migrations that are not sealed yet, also in the bodies of functions.
 *
 * `migrations` as above. Adds an error for each line that has one, and returns false if there are any.
 */
bool		folder_check_todo(struct arena *arena, struct errors *errors, const struct folder *folder,
							  const struct history_migration *migrations);

/*
 * folder_write_seals - seal each migration that is not sealed yet.
 *
 * To be called only after folder_check_seals and every other check have succeeded. Does not touch the file if all
 * migrations are sealed. Adds an error and returns false if the file could not be written.
 */
bool		folder_write_seals(struct arena *arena, struct errors *errors, const struct folder *folder,
							   const struct history_migration *migrations);

#endif
