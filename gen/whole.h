/*
 * whole.h - all that is compiled in, as the generator's parts hand it on.
 */
#ifndef WHOLE_H
#define WHOLE_H

#include "history/history.h"

struct whole {
	struct history history;		/* the program's, but for its migrations */
	const struct migration *migrations;	/* history.latest + 1; migrations[v].version == v */
	const char *const *chain;	/* chain[v]: the checksum of the whole history up to v */
};

#endif
