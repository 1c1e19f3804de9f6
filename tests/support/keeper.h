/*
 * keeper.h - a process that stops a server and removes its directory, after the process that started them has ended.
 */
#ifndef KEEPER_H
#define KEEPER_H

/* keeper_start - for the server in this directory, whose data is in "data" there; when we end, or however we die. */
void		keeper_start(const char *directory);

#endif
