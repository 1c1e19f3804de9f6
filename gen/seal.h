/*
 * seal.h - SHA256SUMS, which seals released migrations: a sealed one may not change any more.
 *
 * The file is in sha256sum's format. The sums are of the text with LF line ends, so that `sha256sum -c` agrees wherever
 * the files have these.
 */
#ifndef SEAL_H
#define SEAL_H

#include <stdbool.h>

#include "history/history.h"
#include "arena.h"
#include "complain.h"
#include "folder.h"

/*
 * seal_check - compare the folder's migrations with its SHA256SUMS, if it has one.
 *
 * `migrations` has one for each of the folder's entries. Complains, and returns false, of a line that is none, and of a
 * sealed migration that changed or is missing.
 */
bool		seal_check(struct arena *arena, struct complaints *complaints, const struct folder *folder,
					   const struct migration *migrations);

/*
 * seal_write - seal every migration of the folder that is not sealed yet.
 *
 * To be called when nothing was complained of. Does nothing where all are. Complains, and returns false, where the file
 * could not be written.
 */
bool		seal_write(struct arena *arena, struct complaints *complaints, const struct folder *folder,
					   const struct migration *migrations);

#endif
