/*
 * destructive.h - classify an SQL statement by its text: may it destroy rows, columns or tables? Pure.
 *
 * Keywords are recognized outside comments, strings and quoted names. The code of a DO block is scanned too and, if it
 * uses EXECUTE, also the strings in that code. In case of doubt the answer is yes. The text does not show the effects
 * of functions, triggers, rules and foreign-key actions, nor values that are overwritten; the check before each COMMIT
 * (migrate/loss_guard.h) detects what the first four delete.
 */
#ifndef DESTRUCTIVE_H
#define DESTRUCTIVE_H

#include <stdbool.h>
#include <stddef.h>

enum destructive {
	DESTRUCTIVE_NONE,
	DESTRUCTIVE_NAMED,			/* it may destroy objects or rows of tables that it names */
	DESTRUCTIVE_ANY				/* of any table: CASCADE, or SQL built at run time */
};

/* destructive_of - what the statement of `length` bytes may destroy. */
enum destructive destructive_of(const char *sql, size_t length);

/* destructive_deletes - may the statement delete rows (DELETE, TRUNCATE)? */
bool		destructive_deletes(const char *sql);

/* destructive_updates - may the statement update rows (UPDATE, MERGE), and so move them between partitions? */
bool		destructive_updates(const char *sql);

/* destructive_is_code - can the statement run arbitrary code: is it DO, CALL, SELECT, EXECUTE or similar? */
bool		destructive_is_code(const char *sql);

/* destructive_names - does `name` occur in the statement as a word, ignoring case? Also in comments and strings. */
bool		destructive_names(const char *sql, const char *name);

/* destructive_renames - does the statement rename a table? If so, later statements may use the new name. */
bool		destructive_renames(const char *sql);

#endif
