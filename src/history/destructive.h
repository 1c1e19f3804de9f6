/*
 * destructive.h - may a statement destroy rows, columns or tables, as far as its words say? Pure.
 *
 * Comments, strings and quoted names are told apart from keywords. The code of a DO block is read too, and where it
 * uses EXECUTE, so are the strings in that code. In case of doubt the answer is that it may. Not seen are the bodies of
 * functions and triggers, rules, foreign-key actions and values that are overwritten: the check before each COMMIT
 * (loss_guard.h) finds what these delete.
 */
#ifndef DESTRUCTIVE_H
#define DESTRUCTIVE_H

#include <stdbool.h>
#include <stddef.h>

enum destructive {
	DESTRUCTIVE_NONE,
	DESTRUCTIVE_NAMED,					/* of tables that it names */
	DESTRUCTIVE_ANY					/* of any table: CASCADE, or SQL that is put together at run time */
};

/* destructive_of - what the statement of `length` bytes may destroy. */
enum destructive destructive_of(const char *sql, size_t length);

/* destructive_deletes - may it delete rows? */
bool		destructive_deletes(const char *sql);

/* destructive_updates - does it update rows, which may move them between partitions: UPDATE or MERGE? */
bool		destructive_updates(const char *sql);

/* destructive_is_code - does it run code of its own or of functions: DO, CALL, SELECT and the like? */
bool		destructive_is_code(const char *sql);

/* destructive_names - does the name occur in it, as a word, in upper or lower case? Comments and strings count. */
bool		destructive_names(const char *sql, const char *name);

/* destructive_renames - does it give a table another name? Then later statements may use that name. */
bool		destructive_renames(const char *sql);

#endif
