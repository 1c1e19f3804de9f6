/*
 * history_tables.h - the migrations as the generator writes them, for history.c.
 *
 * Pointers in a table are relocated whenever the program starts, for which the pages that they are in are copied. With
 * thousands of migrations `status` would feel that, so there are few; the rest is found by its place.
 */
#ifndef HISTORY_TABLES_H
#define HISTORY_TABLES_H

#include "history/history.h"

struct history_tables_section {
	unsigned	offset;
	unsigned	length;
	unsigned	count;
	bool		transactional;
};

struct history_tables_migration {
	unsigned	name;			/* where in `strings` it begins, as the next three */
	unsigned	file;
	unsigned	checksum;
	unsigned	history_checksum;			/* the checksum of the whole history up to here */
	unsigned	length;			/* of its text */
	unsigned	allow_count;
	struct history_tables_section up;
	struct history_tables_section down;
};

/* Each has a place for each version, but for `strings`. */
struct history_tables {
	const char *strings;		/* one after the other, each with its NUL */
	const struct history_tables_migration *packed;
	const unsigned char *const *texts;
	const struct history_statement *const *ups;
	const struct history_statement *const *downs;
	const struct history_allow *const *allows;
	struct history_migration *unpacked;	/* zero where nobody has asked for it yet */
};

extern const struct history_tables history_tables;

#endif
