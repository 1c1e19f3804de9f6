/*
 * folder.h - which files a folder of migrations has, and that their numbers run from 000 without a gap.
 *
 * It reads names only.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "complain.h"

struct folder_entry {
	int			version;
	const char *file;			/* "017_add_datafile_timestamp.sql" */
	const char *name;			/* "add_datafile_timestamp" */
};

struct folder {
	const char *path;
	struct folder_entry *entries;	/* sorted by file name within a version */
	size_t		count;
	bool		grants;			/* it has a grants.sql */
	bool		seals;			/* it has a SHA256SUMS */
};

#define FOLDER_GRANTS "grants.sql"
#define FOLDER_SEALS "SHA256SUMS"

/*
 * folder_entry_parse - take a migration's file name apart: number, underscore, name, ".sql".
 *
 * The number has three digits, or more where it needs them. False where `file` is no such name; `entry` is set only on
 * success, and its strings live in the arena.
 */
bool		folder_entry_parse(struct arena *arena, const char *file, struct folder_entry *entry);

/*
 * folder_read - the files in the folder at `path`, which is borrowed.
 *
 * Complains of names, gaps and duplicates. False where it did; what was found is in `folder` all the same.
 */
bool		folder_read(struct arena *arena, const char *path, struct folder *folder, struct complaints *complaints);

/* folder_path - the path of a file in the folder, in the arena. */
const char *folder_path(struct arena *arena, const struct folder *folder, const char *file);

#endif
