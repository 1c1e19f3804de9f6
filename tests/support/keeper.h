/*
 * keeper.h - a process that outlives its owner for a moment, to stop the owner's server and remove its directory.
 */
#ifndef KEEPER_H
#define KEEPER_H

/* keeper_start - for the server in this directory, whose data is in "data" there; when we end, or however we die. */
void		keeper_start(const char *directory);

#endif
