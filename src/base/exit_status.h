/*
 * exit_status.h - the exit statuses of the program, the same for every command.
 */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

enum exit_status {
	STATUS_OK = 0,
	STATUS_BEHIND = 1,			/* status: migrations are pending */
	STATUS_DIFFERENT = 1,		/* verify: the schema is another */
	STATUS_RULE_BROKEN = 1,		/* plan --lint */
	STATUS_FAILED = 2,			/* begun and not finished; status: ahead, half-way, or applied text differs */
	STATUS_UNKNOWN = 3			/* nothing was changed: lock not obtained, refused; or the result could not be told */
};

#endif
