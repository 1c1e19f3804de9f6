/*
 * verdict.h - how a database stands to this build, in one word. Pure.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

enum verdict {
	VERDICT_CURRENT,
	VERDICT_BEHIND,
	VERDICT_AHEAD,
	VERDICT_HALF_WAY,
	VERDICT_DIFFERS
};

/* What it is judged by. */
struct standing {
	int			version;
	int			latest;
	bool		half_way;		/* a migration stopped half-way */
	bool		running;		/* but a run of this program is at work on it */
	bool		differs;		/* the applied text is another than this build's */
};

/* verdict_of - the gravest that is true. */
enum verdict verdict_of(const struct standing *standing);

/* verdict_word - "current", "behind", "ahead", "half-way", "differs". */
const char *verdict_word(enum verdict verdict);

/* verdict_status - the exit status that says it. */
int			verdict_status(enum verdict verdict);

#endif
