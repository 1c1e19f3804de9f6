/*
 * record.h - the database's record of its version: table public.migrate_version, and the tables of schema
 * fitsdb_schema.
 *
 * To read it takes one round trip, unless a migration is incomplete. To write it, functions append commands to a
 * pipeline, so that a version change and its record commit together with the migration; the caller runs the pipeline,
 * or prints it.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>

#include "base/sha256.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "history/steps.h"
#include "pg/session.h"

/* A row of fitsdb_schema.migration. */
struct record_migration {
	int			version;
	char	   *name;
	char	   *checksum;
	char	   *history_checksum;
	char	   *applied_at;		/* NULL: applied before there was a record, or incomplete */
};

/* Faults of migrate_version that `stamp` can correct. */
enum record_fault {
	RECORD_SOUND,
	RECORD_NO_ROW,
	RECORD_OTHERS,				/* it has rows of other repositories, but none of this one */
	RECORD_NO_NUMBER			/* the version is null or negative */
};

/* Zero: nothing is known of the database. */
struct record {
	bool		locked;			/* it could not be read, because a table is locked */
	bool		versioned;		/* table migrate_version exists */
	enum record_fault fault;	/* if there is one, `version` is not valid */
	char	   *others;			/* the names of the other repositories, with RECORD_OTHERS */
	int			version;
	bool		recorded;		/* schema fitsdb_schema exists and can be read */
	bool		hidden;			/* it exists, but the role lacks the privilege to read it */
	bool		crowded;		/* table standing has several rows, after a restore of data; this is the best one */
	bool		keyed;			/* table standing has a primary key; known after record_load */
	bool		stores_drops;	/* table migration has a column for them; known after record_load */
	bool		has_history_checksum;	/* table standing has the history checksum of the current version */
	char		history_checksum[SHA256_SIZE];
	bool		has_last;		/* a finished change is recorded */
	int			last_version;	/* the version that it led to */
	bool		log_read;		/* the next three members have been read from the log */
	char	   *last_command;
	char	   *last_build;
	struct steps_incomplete incomplete;
	char	   *incomplete_change;	/* the id of its row in fitsdb_schema.change */
	char	   *incomplete_position;	/* in its next statement, a batched one, keys below this are done; or NULL */
	bool		complete;		/* all tables and rows of the record exist */
	long		last_change;	/* the id of the change that this session logged last; 0: none yet */
	bool		loaded;			/* record_load has read `migrations` */
	size_t		count;
	struct record_migration *migrations;	/* ordered by version */
};

/*
 * record_read - read the record; *record is overwritten. False, and reported, if it cannot be read or is invalid. A
 * database without a record is not an error; record->versioned is false then. Call record_clear in any case.
 */
bool		record_read(struct session *session, struct record *record);

/* record_read_to_stamp - the same, but record->fault, which `stamp` can correct, is not an error. */
bool		record_read_to_stamp(struct session *session, struct record *record);

/*
 * record_read_fast - a cheaper record_read for the usual case: this build has the version, the change that led to it is
 * recorded, and no migration is incomplete. With `ahead`, the build need not have the version. In all other cases it
 * returns false, reports nothing, and leaves *record empty except for record->locked.
 */
bool		record_read_fast(struct session *session, struct record *record, bool ahead);

/*
 * record_read_if_at - is the database certainly at `version`, with this build's history, without an incomplete
 * migration, and on a primary server? If so, sets *record. False means that it is not, or that this is not certain;
 * nothing is reported, and *record is empty except for record->locked.
 */
bool		record_read_if_at(struct session *session, struct record *record, int version);

/* record_load - read the log and all rows of fitsdb_schema.migration, if it exists. False, and reported, on failure. */
bool		record_load(struct session *session, struct record *record);

/* record_find - the recorded migration to `version`, or NULL; after record_load. */
const struct record_migration *record_find(const struct record *record, int version);

/* record_was_applied - is the version the last one recorded, and was its migration run? After record_load. */
bool		record_was_applied(const struct record *record, int version);

/* record_holds - is the migration recorded with the text that this build has? After record_load. */
bool		record_holds(const struct record *record, const struct history_migration *migration);

/* record_highest - the highest version that the database has, or that is incomplete. */
int			record_highest(const struct record *record);

/* record_mismatch - does the history checksum of the current version differ from this build's? */
bool		record_mismatch(const struct record *record);

/*
 * record_mismatched_versions - the versions up to the current one whose recorded checksum differs from this build's, as
 * " 3 7", a new string; after record_load. It may be empty although record_mismatch is true.
 */
char	   *record_mismatched_versions(const struct record *record);

/* record_report_locked - report that the version could not be read because of a lock, and who holds it. */
void		record_report_locked(struct session *session);

/* record_clear - free what was read, and make the record empty. */
void		record_clear(struct record *record);

/*
 * record_after_commit - update *record after a change to `version` has been committed: what record_add_tables,
 * record_add_history and, unless `migration` is NULL, record_add_migration appended is now in the database.
 */
void		record_after_commit(struct record *record, int version, const struct history_migration *migration);

/*
 * record_add_tables - create migrate_version and the tables of fitsdb_schema where they are missing, and repair table
 * standing; after record_load. The pipeline fails if another role has created such a table meanwhile.
 */
void		record_add_tables(struct pipeline *pipeline, const struct session *session, const struct record *record);

/*
 * record_add_history - record the migrations up to `version` that are not recorded yet, as this build has them.
 * `applied`: they have just been applied. `restate`: also replace recorded ones with another checksum.
 */
void		record_add_history(struct pipeline *pipeline, const struct record *record, int version, bool applied,
							   bool restate);

/*
 * record_add_version - change the version from `before` to `after`. If there is no valid version, correct it, or insert
 * the row.
 */
void		record_add_version(struct pipeline *pipeline, const struct record *record, int before, int after);

/* The down of a migration, as it is to be recorded. */
struct record_down {
	bool		keeps;			/* as it is recorded already: what follows does not matter */
	struct statement_list list;
	char	   *drops;			/* what it drops (history/drops.h); NULL: that is not known */
};

/* record_down_of - the whole down of a migration of this build; free it by record_down_clear. */
struct record_down record_down_of(const struct history_migration *migration);
void		record_down_clear(struct record_down *down);

/*
 * record_add_migration - record a migration as applied or, with `applied` false, as begun. `down`: NULL stands for
 * record_down_of.
 */
void		record_add_migration(struct pipeline *pipeline, const struct record *record,
								 const struct history_migration *migration, const struct record_down *down,
								 bool applied);

/*
 * record_history_checksum - the history checksum of `version`: as recorded, and for versions without a record, by this
 * build's migrations. False if neither is known.
 */
bool		record_history_checksum(const struct record *record, int version, char history_checksum[SHA256_SIZE]);

/* record_next_history_checksum - the history checksum after `migration` is applied to the version below it. */
void		record_next_history_checksum(const struct record *record, const struct history_migration *migration,
										 char next[SHA256_SIZE]);

/* record_add_current - in table standing: a change led to this version and history, and no migration is incomplete. */
void		record_add_current(struct pipeline *pipeline, int version, const char *history_checksum);

/* record_add_incomplete - in table standing: a non-transactional migration was begun. */
void		record_add_incomplete(struct pipeline *pipeline);

/* record_add_removal - delete the recorded migration to `version`; with `above`, those to all versions above it. */
void		record_add_removal(struct pipeline *pipeline, int version, bool above);

/* An SQL expression: when a change started, as text that does not depend on settings. */
#define RECORD_MOMENT "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"

/* A row for fitsdb_schema.change. */
struct record_change {
	long		last;			/* the id of the last recorded change, which this one follows; 0: unknown */
	const char *command;
	int			before;			/* the version; -1: there was none */
	int			after;
	const char *state;			/* "running", "done" or "failed" */
	int			statement;		/* non-transactional: the number of statements done; -1: transactional */
	const char *position;		/* in the next statement, keys below this are done; NULL: none */
	const char *error;
};

/*
 * record_add_change - log a change. The command returns its id and its start time. Both together identify the change;
 * the id alone may be used again if the transaction is rolled back.
 */
struct pipeline_command *record_add_change(struct pipeline *pipeline, const struct record_change *change);

/*
 * record_add_progress - log that `statement` statements of change `id` are done. NULL: of the last change in the log,
 * for scripts that are printed.
 */
void		record_add_progress(struct pipeline *pipeline, const char *id, int statement);

/* record_add_position - log that in the next statement, a batched one, the keys below `position` are done. */
void		record_add_position(struct pipeline *pipeline, const char *id, const char *position);

/* record_add_end - log how change `id` (NULL as above) ended: as "done", "failed" or "interrupted". */
void		record_add_end(struct pipeline *pipeline, const char *id, const char *end, const char *error);

/* record_add_repairs_end - log that repairs whose end is not logged were interrupted. */
void		record_add_repairs_end(struct pipeline *pipeline);

#endif
