/*
 * exit_status.h - the exit statuses of the program, the same for every command.
 */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

enum exit_status {
	STATUS_OK = 0,
	STATUS_BEHIND = 1,			/* status: migrations are pending */
	STATUS_DIFFERENT = 1,		/* verify: the schema differs; upgrade, repair: differences remain */
	STATUS_INCOMPLETE = 1,		/* plan: the upgrade would be refused, fail or end incomplete */
	STATUS_FAILED = 2,			/* status: ahead, incomplete or checksum mismatch; others: not finished, stopped */
	STATUS_UNKNOWN = 3			/* nothing was changed: lock not obtained, refused; or the result was lost */
};

#endif
