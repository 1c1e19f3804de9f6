/*
 * mutation.h - random changes of a schema, drawn from tests/e2e/verify/mutations.sql.
 */
#ifndef MUTATION_H
#define MUTATION_H

#include <stdbool.h>

struct mutation {
	const char *kind;			/* what it does, in words */
	const char *statement;		/* or several */
	const char *differences;	/* that there must be then, as differences.h has them, a line each */
};

/* mutation_find - find all possible changes of a database of the main server, with its superuser's rights. */
void		mutation_find(const char *database);

/* mutation_draw - the change of a seed. The kinds take turns, so that each comes; the way to do it is drawn. */
struct mutation mutation_draw(unsigned seed);

/* mutation_last - the change of this number, from 0, of the last kind, which has but a few; false: there is none. */
bool		mutation_last(int number, struct mutation *mutation);

/* mutation_forget - free them. */
void		mutation_forget(void);

#endif
