/*
 * history_tables.h - the history in the form that the generator writes, for history.c only.
 *
 * Each pointer in a table is relocated at program start, and the page that holds it is copied. With thousands of
 * migrations that would slow down `status`. Therefore most references are offsets instead of pointers.
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
	unsigned	name;			/* an offset in `strings`, as the next three */
	unsigned	file;
	unsigned	checksum;
	unsigned	history_checksum;
	unsigned	up_drops;		/* also an offset; 0: they are not known */
	unsigned	down_drops;
	unsigned	length;			/* of its text */
	unsigned	allow_count;
	struct history_tables_section up;
	struct history_tables_section down;
};

/* Each array but `strings` has an item for each version. */
struct history_tables {
	const char *strings;		/* all strings, each with its NUL */
	const struct history_tables_migration *packed;
	const unsigned char *const *texts;
	const struct history_statement *const *ups;
	const struct history_statement *const *downs;
	const struct history_allow *const *allows;
	struct history_migration *unpacked; /* filled by history_migration at its first call for a version */
};

extern const struct history_tables history_tables;

#endif
