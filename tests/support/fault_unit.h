/*
 * fault_unit.h - the messages of a command in units, which are the same wherever the command begins. For fault.c only.
 */
#ifndef FAULT_UNIT_H
#define FAULT_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "support/fault_private.h"
#include "support/process.h"
#include "support/proxy.h"

enum {
	FAULT_PREPARED = 32			/* at most so many statements of a session */
};

/*
 * A command's messages are counted in units. The first unit comes before the first script; each other one begins where
 * the session is reset for a script or for a part of it. Messages that are sent before that in the same pipeline, such
 * as the COMMIT of the previous script, belong to the previous unit, and so do their answers. Messages that prepare a
 * statement for the session come with its first use, and belong to the first unit. So a message has the same number in
 * its unit wherever the command begins.
 *
 * An upgrade reads the schema before its first script and after its last one. Each reading begins a unit, which goes on
 * to the next script or to the end. How many messages the first reading has depends on the schema that it finds, so its
 * points are tried in commands that begin at the scenario's version only.
 */
struct fault_unit {
	int			step;			/* of the steps from version to version, from 0 */
	int			done;			/* so many of the step's statements come before it */
	bool		opening;		/* it commits the beginning of a step in single statements */
	bool		probes;			/* it counts the tables' rows, since the statement before it has committed by itself */
	bool		reading;		/* it begins with a reading of the schema */
	int			read;			/* the client's last message of the reading */
	int			count[PROXY_SENDERS];
	int			commit[PROXY_SENDERS];	/* the first message of the COMMIT that it waits for, or 0 */
	bool	   *wanted[PROXY_SENDERS];	/* by the message's number: still to be tried? */
};

/* The scenario of the process, and the units of its command. */
struct fault_ground {
	struct fault_truth truth;
	struct fault_unit *units;
	int			count;
};

extern struct fault_ground fault_ground;

/* The unit of the messages that pass. */
struct fault_follower {
	bool		tracing;		/* the units are being recorded */
	struct fault_place from;
	int			puts_back;		/* how often the session was reset */
	int			unit;
	int			number[PROXY_SENDERS];
	int			asked;			/* commands sent since the client has last waited */
	int			owed;			/* answers still to come to what was sent for the unit before */
	int			unit_before;
	int			number_before;	/* of its last answer */
	int			prepares[PROXY_SENDERS];	/* the number of the last message that belongs to the first unit */
	struct {
		char	   *name;
		char	   *text;
	}			prepared[FAULT_PREPARED];
	size_t		parses;			/* the parses that were sent, and what has been answered of them */
	size_t		parsed;
	bool	   *named;			/* for each: does it prepare a statement? */
	bool		notes_progress; /* the unit that is traced records it */
	bool		ends_step;
	/* the point to strike at */
	int			target;
	enum proxy_sender sender;
	int			target_number;
	/* and the fault */
	enum fault_kind kind;
	const struct process *process;
};

/* fault_step_at - the number, from 0, of the step that begins at a version. */
int			fault_step_at(int version);

/* fault_find_unit - the unit of a step: its opening, or after `done` statements; fails the test if there is none. */
int			fault_find_unit(int step, int done, bool opening);

/* fault_find_reading - the unit that begins with the first or the last reading of the schema, or 0. */
int			fault_find_reading(bool last);

/* fault_follow - for proxy_plan, with a struct fault_follower: count a message; true: it is the point to strike at. */
bool		fault_follow(struct proxy_message *message, void *context);

/* fault_follow_end - free what the follower has recorded. */
void		fault_follow_end(struct fault_follower *follower);

#endif
