/*
 * risk.h - may a statement destroy rows, columns or tables? As far as its words say, comments and strings included, so
 * that what a DO block runs is seen too. Pure.
 *
 * It errs on the side of "it may": whether it really does, a rehearsal tells (loss.h). What no word of it says is out
 * of sight: the body of a function that it calls, values that an UPDATE or a change of type makes other ones.
 */
#ifndef RISK_H
#define RISK_H

#include <stdbool.h>

enum risk {
	RISK_NONE,
	RISK_NAMED,					/* of tables that it names */
	RISK_ANY					/* of any table: CASCADE, or SQL that is put together as it runs */
};

enum risk	risk_of(const char *sql);

/* risk_names - does the name occur in it, as a word, in upper or lower case? */
bool		risk_names(const char *sql, const char *name);

/* risk_renames - does it give a table another name? Then what follows may name it by that. */
bool		risk_renames(const char *sql);

#endif
