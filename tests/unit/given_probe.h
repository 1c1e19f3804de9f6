/*
 * given_probe.h - a probe made by hand, which a test changes.
 */
#ifndef GIVEN_PROBE_H
#define GIVEN_PROBE_H

#include "measure/probe.h"

enum {
	GIVEN_TABLE = 20000, GIVEN_INDEX = 20001, GIVEN_TOAST = 20002, GIVEN_OTHER = 20010, GIVEN_CHECK = 20020,
	GIVEN_TRIGGER = 20030, GIVEN_RULE = 20031, GIVEN_VIEW = 20040, GIVEN_FUNCTION = 20041,
	GIVEN_NEW = 30000			/* and above: not in the probe */
};

struct given_probe {
	struct probe probe;
	struct probe_relation relations[8];
	struct probe_column columns[4];
	struct probe_constraint constraints[4];
	struct probe_lock locks[4];
	struct probe_note notes[4];
	struct probe_trigger triggers[1];
	struct probe_block blocks[1];
	struct probe_object objects[2];
};

/*
 * given_probe_init - tables a and b, view v and function f. Table a has columns one and two, of which the second has a
 * default, an index, a TOAST table, a trigger, and a check that column one is not null.
 */
void		given_probe_init(struct given_probe *given);

/* given_probe_add_constraint - add a constraint. */
void		given_probe_add_constraint(struct given_probe *given, struct probe_constraint constraint);

/* given_probe_require - an INSERT must now fill column two, and a new column, three. */
void		given_probe_require(struct given_probe *given);

/* given_probe_block - add a rule that blocks statements on table a. */
void		given_probe_block(struct given_probe *given);

#endif
