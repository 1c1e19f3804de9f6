/*
 * gather.h - from a folder of migrations to the history that is compiled in, or to everything that speaks against it.
 */
#ifndef GATHER_H
#define GATHER_H

#include <stdbool.h>

#include "arena.h"
#include "complain.h"
#include "folder.h"
#include "whole.h"

/*
 * gather_history - parse the folder at `path`, and the snapshot at `snapshot` unless that is NULL.
 *
 * Sets everything in `whole` but what comes from the build's settings, and `folder`, which may be used to seal it.
 * All of it lives in the arena. False where something was complained of; `whole` is then not to be used.
 */
bool		gather_history(struct arena *arena, struct complaints *complaints, const char *path, const char *snapshot,
						   struct folder *folder, struct whole *whole);

#endif
