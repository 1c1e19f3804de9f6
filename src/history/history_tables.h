/*
 * history_tables.h - the migrations as the generator writes them, for history.c.
 *
 * Pointers in a table are relocated whenever the program starts, for which the pages that they are in are copied. With
 * thousands of migrations `status` would feel that, so there are few; the rest is found by its place.
 */
#ifndef HISTORY_TABLES_H
#define HISTORY_TABLES_H

#include "history/history.h"

struct packed_section {
	unsigned	offset;
	unsigned	length;
	unsigned	count;
	bool		transactional;
};

struct packed_migration {
	unsigned	name;			/* where in `strings` it begins, as the next three */
	unsigned	file;
	unsigned	checksum;
	unsigned	chain;			/* the checksum of the whole history up to here */
	unsigned	length;			/* of its text */
	unsigned	allow_count;
	struct packed_section up;
	struct packed_section down;
};

/* Each has a place for each version, but for `strings`. */
struct history_tables {
	const char *strings;		/* one after the other, each with its NUL */
	const struct packed_migration *packed;
	const unsigned char *const *texts;
	const struct statement *const *ups;
	const struct statement *const *downs;
	const struct allow *const *allows;
	struct migration *unpacked;	/* zero where nobody has asked for it yet */
};

extern const struct history_tables history_tables;

#endif
