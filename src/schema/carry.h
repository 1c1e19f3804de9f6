/*
 * carry.h - which objects of the database were there before each migration of an upgrade, and which statements of the
 * stored downs are left out for that. Pure.
 *
 * One reading before the upgrade is carried forward migration by migration: what the history's versions add, change and
 * drop, and what the migrations ensure. A statement of a down is left out
 *
 * - if it drops an object that was there before the migration, in whatever form, or that the migration does not create,
 *   because another object has its name;
 * - if it changes one, unless that was there in the form that the statement gives it;
 * - if it creates one that was not there;
 * - if nothing is recorded of it, and it is a DROP that names an object which is kept for these reasons.
 *
 * An object that a statement drops and a later one creates again in the same form is not looked at, nor are parts of a
 * table, a column or a type that the same statement drops or creates. Where the schema before a migration is that of
 * the version before, nothing is left out.
 */
#ifndef CARRY_H
#define CARRY_H

#include <stdbool.h>
#include <stddef.h>

#include "history/drops.h"
#include "history/statement_list.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

/* An object that a migration has changed since the reading: gone (no run), or as a version has it. */
struct carry_change {
	enum fact_kind kind;
	const char *name;
	const struct fact_run *run;
};

/* The facts before the migration to `version` + 1. */
struct carry {
	const struct live *live;	/* borrowed, as is the rest */
	const struct fact_history *known;
	const struct prediction *prediction;	/* of the same upgrade: what migrations will skip; or NULL */
	int			start;			/* the version of the reading */
	int			version;
	size_t		count;
	struct carry_change *changes;	/* the last one of an object counts */
};

/* carry_begin - begin with the facts that were read at `version`; what is given must live as long. */
void		carry_begin(struct carry *carry, const struct live *live, const struct fact_history *known,
						const struct prediction *prediction, int version);

/*
 * carry_down - take out of the down of the next migration what is to be left out, and out of *drops what these
 * statements would drop. Returns the number of statements that were left out.
 */
size_t		carry_down(const struct carry *carry, struct statement_list *down, struct drops *drops);

/* carry_forward - go on to the schema after the next migration. */
void		carry_forward(struct carry *carry);

/* carry_clear - free it. */
void		carry_clear(struct carry *carry);

#endif
