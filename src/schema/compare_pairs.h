/*
 * compare_pairs.h - the facts of two sides joined by their names; which of them follow from others. For comparing,
 * predicting, repairing, and writing new migrations (gen/difference). Pure.
 */
#ifndef COMPARE_PAIRS_H
#define COMPARE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

/* A fact of both sides, or of one. */
struct compare_pair {
	enum fact_kind kind;
	const char *name;
	const struct fact *is;		/* NULL: it is not there */
	const struct fact_run *should;	/* NULL: the version has none */
	const struct fact_claim *left;	/* a downgrade from a later version leaves it as it is, or missing; or NULL */
	const struct history_ignore *ignore;	/* it is not compared; or NULL */
	bool		top;			/* the pattern is for it, not for the table it belongs to */
};

/* Ordered by kind and name. */
struct compare_pairs {
	size_t		count;
	struct compare_pair *pairs;
};

enum compare_side {
	COMPARE_IS_MISSING,
	COMPARE_IS_EXTRA
};

/* An object in words, as in the name of a privilege: "table gmos". The name is not terminated. */
struct compare_object {
	enum fact_kind kind;
	const char *name;
	size_t		length;
};

/* compare_pairs_make - join the facts; free them with compare_pairs_clear. */
void		compare_pairs_make(struct compare_pairs *pairs, const struct compare_sides *sides, int version);
void		compare_pairs_clear(struct compare_pairs *pairs);

/* compare_pairs_find - the pair of this kind and name; NULL: there is none. */
struct compare_pair *compare_pairs_find(const struct compare_pairs *pairs, enum fact_kind kind, const char *name,
										size_t length);

/* compare_pairs_from - the index of the first pair that is not before this kind and name. */
size_t		compare_pairs_from(const struct compare_pairs *pairs, enum fact_kind kind, const char *name,
							   size_t length);

/* compare_pairs_container - the table, view or type of this name; NULL: there is none. */
const struct compare_pair *compare_pairs_container(const struct compare_pairs *pairs, const char *name, size_t length);

/* compare_owned_by - the column that a sequence belongs to, "table.column", as its own or its identity; false: none. */
bool		compare_owned_by(const char *definition, struct fact_property *owner);

/*
 * compare_owner_table - the length of the table's name at the beginning of owner->value, the column that a sequence
 * belongs to, as compare_owned_by finds it; 0: it belongs to none.
 */
size_t		compare_owner_table(const char *definition, struct fact_property *owner);

/* compare_is_of_table - is it the table of this name, a part of it, or a sequence of one of its columns? */
bool		compare_is_of_table(const struct fact *fact, const char *table);

/* compare_pairs_follow - does the fact of a pair follow from another one that is only on this side? */
bool		compare_pairs_follow(const struct compare_pairs *pairs, const struct compare_pair *pair,
								 enum compare_side side, const char *definition);

/* compare_pairs_mention - does a text, in a fact of a table, name an object that is only on this side? */
bool		compare_pairs_mention(const struct compare_pairs *pairs, const struct compare_pair *pair,
								  enum compare_side side, const char *text);

/* compare_referred - the table that a foreign key refers to, in its definition, without "public."; NULL: none. */
const char *compare_referred(const struct fact *constraint);

/* compare_can_refer - is that table among these facts? True of what is no foreign key. */
bool		compare_can_refer(const struct fact_set *facts, const struct fact *constraint);

/* compare_name_length - the length of an SQL name with its qualifiers, "a.\"b\""; 0: there is none. */
size_t		compare_name_length(const char *text);

/* compare_default_follows - does a default take its values from a sequence that is missing? */
bool		compare_default_follows(const struct compare_pairs *pairs, const char *text);

/* compare_grantee - the role in the name of a privilege; borrowed. */
const char *compare_grantee(const char *name);

/* compare_privilege - the object and the role of a privilege's name, "table gmos to apache"; false: it has none. */
bool		compare_privilege(const char *name, struct compare_object *object, const char **role);

#endif
