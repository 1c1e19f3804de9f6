/*
 * record.h - what the database says of its own version: public.migrate_version, and the tables of schema fitsdb_schema.
 *
 * Reading is one round trip where nothing stopped half-way. Writing only appends to a batch, so that a version change
 * and its record commit together with the migration; whoever owns the batch runs it, or prints it.
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
	char	   *history_checksum;			/* the checksum of the history up to it */
	char	   *applied_at;		/* NULL: before there was a record, or not yet completely */
};

/* What is wrong with the version, and could be set right by a stamp. */
enum record_fault {
	RECORD_SOUND,
	RECORD_NO_ROW,
	RECORD_OTHERS,				/* rows of other repositories, none of this one */
	RECORD_NO_NUMBER				/* null, or negative */
};

/* Zero is a database of which nothing is known. */
struct record {
	bool		locked;			/* it could not be read, as somebody has a lock on it */
	bool		versioned;		/* migrate_version is there */
	enum record_fault fault;		/* then `version` says nothing */
	char	   *others;			/* the other repositories, with RECORD_OTHERS */
	int			version;
	bool		recorded;		/* fitsdb_schema is there and can be read */
	bool		hidden;			/* it is there, but may not be read */
	bool		crowded;		/* table standing has several rows, of which this is the best: a restore of data does that */
	bool		keyed;			/* it has a primary key; known after record_load */
	bool		has_history_checksum;		/* there is a record of the current version */
	char		history_checksum[SHA256_SIZE];
	bool		has_last;		/* there is a last change that was done */
	int			last_version;	/* and what it led to */
	bool		log_read;		/* the next two, and whether something stopped half-way, are known from the log */
	char	   *last_command;
	char	   *last_build;
	struct steps_incomplete incomplete;
	char	   *incomplete_change;	/* its row in fitsdb_schema.change */
	char	   *incomplete_position;	/* in its next statement, a batched one, keys below this are done; or NULL */
	bool		settled;		/* no table and no record is missing any more */
	long		last_change;	/* the id of the change that this session has logged last; 0: none yet */
	bool		loaded;			/* record_load has read all rows */
	size_t		count;
	struct record_migration *migrations; /* ordered by version */
};

/*
 * record_read - read the state. False, and reported, when it cannot be read or makes no sense; that there is none is no
 * failure, but state->versioned is false then. *state is overwritten; clear it in any case.
 */
bool		record_read(struct session *session, struct record *record);

/* record_read_to_stamp - the same, but a fault of the version that a stamp sets right is none. */
bool		record_read_to_stamp(struct session *session, struct record *record);

/*
 * record_read_fast - as record_read, but cheaper, and only where all is as it should be: a version that this build
 * has, the record of the change that led to it, and nothing stopped half-way. Otherwise false, nothing is reported and
 * *state is empty, but for state->locked.
 */
bool		record_read_fast(struct session *session, struct record *record);

/*
 * record_read_if_at - is the database, beyond any doubt, at `version`: with the history that this build has, nothing
 * stopped half-way, and on a server that could be written to? Then *state says so. Otherwise false, nothing is reported
 * and *state is empty, but for state->locked; it says neither why, nor that it is not.
 */
bool		record_read_if_at(struct session *session, struct record *record, int version);

/* record_load - read all rows of fitsdb_schema.migration too, where it is there. False, and reported, on failure. */
bool		record_load(struct session *session, struct record *record);

/* record_find - the row of a version, or NULL; after record_load. */
const struct record_migration *record_find(const struct record *record, int version);

/* record_highest - the highest version that the database has, or has begun and not finished. */
int			record_highest(const struct record *record);

/* record_mismatch - was the applied text of any version up to the current one another than this build's? */
bool		record_mismatch(const struct record *record);

/*
 * record_mismatched_versions - which versions up to the current one have another checksum on record than this build's text, as
 * " 3 7", a new string; after record_load. It is empty where only the checksum of the whole history is another.
 */
char	   *record_mismatched_versions(const struct record *record);

/* record_report_locked - report that the version could not be read, and who holds the lock. */
void		record_report_locked(struct session *session);

void		record_clear(struct record *record);

/*
 * record_after_commit - keep *state true after a change to `version` has been committed: what record_add_tables,
 * record_add_history and, with `migration`, record_add_migration appended is in the database now.
 */
void		record_after_commit(struct record *record, int version, const struct history_migration *migration);

/*
 * record_add_tables - create migrate_version and the tables of fitsdb_schema, where they are missing, and put table
 * standing right; after record_load. The batch fails where another role has got there first.
 */
void		record_add_tables(struct pipeline *pipeline, const struct session *session, const struct record *record);

/*
 * record_add_history - record the migrations up to `version` that are not on record yet, as this build has them.
 * `applied`: they were applied just now. `restate`: those on record with another text are replaced too.
 */
void		record_add_history(struct pipeline *pipeline, const struct record *record, int version, bool applied,
							   bool restate);

/* record_add_version - replace version `before`, or what is in its place, by `after`, or write the first one. */
void		record_add_version(struct pipeline *pipeline, const struct record *record, int before, int after);

/* record_add_migration - record a migration as applied, or, with applied false, as begun. */
void		record_add_migration(struct pipeline *pipeline, const struct record *record, const struct history_migration *migration,
								 bool applied);

/*
 * record_history_checksum - the checksum of the history up to a version, as the database has it, and where it has no record as
 * this build does. False where neither knows.
 */
bool		record_history_checksum(const struct record *record, int version, char history_checksum[SHA256_SIZE]);

/* record_next_history_checksum - the same once `migration` is applied on top of what the database has below it. */
void		record_next_history_checksum(const struct record *record, const struct history_migration *migration, char next[SHA256_SIZE]);

/* record_add_current - note that a change has led to a version with this history, and that nothing is half-way. */
void		record_add_current(struct pipeline *pipeline, int version, const char *history_checksum);

/* record_add_incomplete - note that something in single statements has been begun. */
void		record_add_incomplete(struct pipeline *pipeline);

/* record_add_removal - delete the record of a version, or with `above` those of all versions above it. */
void		record_add_removal(struct pipeline *pipeline, int version, bool above);

/* When a change started, as text that no setting of the session has a say in. */
#define RECORD_MOMENT "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"

/* A row for fitsdb_schema.change. */
struct record_change {
	long		last;			/* the id of the last one on record, which this follows; 0: not known */
	const char *command;
	int			before;			/* -1: there was none */
	int			after;
	const char *state;			/* "running", "done" or "failed" */
	int			statement;		/* in single statements: how many are done; -1: one transaction */
	const char *position;		/* in the next of them, keys below this are done; NULL: none */
	const char *error;
};

/*
 * record_add_change - log a change; the command returns its id, and when it started. The two together are no other
 * change's ever; the id alone may be, if the transaction is rolled back.
 */
struct pipeline_command *record_add_change(struct pipeline *pipeline, const struct record_change *change);

/*
 * record_add_progress - note in the log that so many statements of change `id` are done; NULL: of the change that the
 * session has logged last.
 */
void		record_add_progress(struct pipeline *pipeline, const char *id, int statement);

/* record_add_position - note that of its next statement, a batched one, the keys below `position` are done. */
void		record_add_position(struct pipeline *pipeline, const char *id, const char *position);

/* record_add_end - note how change `id` (or NULL, likewise) ended: as "done", "failed" or "interrupted". */
void		record_add_end(struct pipeline *pipeline, const char *id, const char *end, const char *error);

/*
 * record_stored_down - the down statements that are on record for a version, verified. False, and reported, when there are
 * none or they cannot be trusted.
 */
bool		record_stored_down(struct session *session, int version, struct statement_list *list);

#endif
