/*
 * compare_text.h - compare a live fact with the forms of a fact of a version, property by property. Pure.
 */
#ifndef COMPARE_TEXT_H
#define COMPARE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/fact.h"
#include "schema/fact_history.h"

enum {
	COMPARE_TEXT_MOST = 64		/* properties of a fact that are told apart */
};

/* A property that is not the same. A value of NULL: it has none. The values are escaped, and not terminated. */
struct compare_text {
	const char *label;
	size_t		label_length;
	const char *is;
	size_t		is_length;
	const char *should;
	size_t		should_length;
	bool		unknown;		/* it cannot be compared: no server of this kind has printed what it should be */
	bool		loosely;		/* but it is the same without parentheses and the names of tables */
};

/* compare_text_usual - the form of a fact that the server would print, or another one. */
const struct fact_text *compare_text_usual(const struct fact_run *run, int server);

/*
 * compare_text - fill in the properties that are not the same in any form of `run`, and return their number. The
 * property "after" is not compared. `server` is the server's version: 150004.
 */
size_t		compare_text(const struct fact *is, const struct fact_run *run, int server,
						 struct compare_text texts[COMPARE_TEXT_MOST]);

/*
 * compare_text_loosely - fill in the properties that are the same only without parentheses and the names of tables, and
 * return their number. There are none where a server of this kind has printed the fact.
 */
size_t		compare_text_loosely(const struct fact *is, const struct fact_run *run, int server,
								 struct compare_text texts[COMPARE_TEXT_MOST]);

/* compare_text_is - is the label of the property this one? */
bool		compare_text_is(const struct compare_text *text, const char *label);

/* compare_text_same - are two definitions the same, but for "after"? */
bool		compare_text_same(const struct fact *a, const struct fact *b);

#endif
