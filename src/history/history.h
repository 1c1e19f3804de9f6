/*
 * history.h - the schema history that is compiled into this build.
 *
 * The generator (gen/) writes it as tables (history_tables.h), and history.c reads these. All data is constant and
 * lives as long as the program. This header knows nothing of connections, nor of the migrations that a database has
 * applied.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>

/* Permission for a statement to break a rule of lint_rule.h: a line "-- lint:allow RULE: reason" before it. */
struct history_allow {
	const char *rule;
	const char *reason;
	unsigned	line;			/* in its file, from 1 */
};

/*
 * How a batched statement is run, once for each batch of rows with $1 <= key < $2: a line
 * "-- migrate:batch table=... key=... rows=..." before it.
 */
struct history_batch {
	const char *table;			/* its name, optionally with a schema */
	const char *key;			/* the name of the key column */
	int			rows;			/* at most so many rows in a batch */
};

/*
 * One SQL statement, without its semicolon: `length` bytes at `offset` of its file. Or a part of one, which drops one of
 * several objects (gen/parts.h): then it has a `text`, in which those bytes follow words that all its parts share.
 */
struct history_statement {
	size_t		offset;
	size_t		length;
	unsigned	line;			/* of its first byte, from 1 */
	unsigned	lead;			/* of a part: the number of characters before those bytes */
	const char *text;			/* of a part; otherwise NULL */
	bool		concurrent;		/* it says CONCURRENTLY: it blocks no session while it waits */
	const char *index;			/* of CREATE INDEX CONCURRENTLY: the index's name, as written; otherwise NULL */
	const struct history_batch *batch;	/* NULL: the statement is run once */
	size_t		allow_count;
	const struct history_allow *allows;
};

/* The statements of a file, or of one section of it. */
struct history_section {
	size_t		offset;			/* of the section's text, after its marker line */
	size_t		length;
	bool		transactional;	/* true: one transaction; false: each statement commits by itself */
	size_t		count;
	const struct history_statement *statements;
};

/* A file as of build time, with LF line ends; not terminated by a NUL. */
struct history_source {
	const char *file;			/* its name within the migrations folder, for messages */
	const unsigned char *text;
	size_t		length;
	const char *checksum;		/* SHA-256 of the text, in hexadecimal */
};

struct history_migration {
	int			version;
	const char *name;			/* "add_datafile_timestamp" */
	struct history_source source;
	size_t		allow_count;	/* in its header: for every statement of the up */
	const struct history_allow *allows;
	struct history_section up;
	struct history_section down;
	const char *up_drops;		/* what it drops, empties, rewrites and renames, as JSON (drops.h); NULL: not known */
	const char *down_drops;
};

/* A file without sections: grants.sql, and the snapshot of the schema at one version. */
struct history_script {
	struct history_source source;
	struct history_section body;	/* always transactional */
};

/* Objects that are not compared: "ignore KIND NAME: REASON" or "ignore from N KIND NAME: ..." in the folder's SETTINGS. */
struct history_ignore {
	int			first;			/* N: from this version on, also what migrations make; 0: only what none makes */
	const char *kind;			/* the word for a kind of fact, as "table"; "*": all kinds */
	const char *name;			/* a pattern for fnmatch() */
	const char *reason;
	unsigned	line;			/* in SETTINGS; only the generator knows it */
};

/* A release of the software that uses the database: "release NAME: VERSION" in SETTINGS. */
struct history_release {
	const char *name;			/* "3.6" */
	int			version;		/* that of its data models */
	int			first;			/* it runs on these versions */
	int			last;
};

/* How long the rewrite of a table takes: "rewrite VERSION: NUMBER us a row: WHERE" in SETTINGS. */
struct history_rewrite {
	int			version;		/* of the migration that rewrites it */
	double		microseconds;	/* for each row */
	const char *where;			/* it was measured; a text for people */
};

struct history {
	const char *build;			/* the version of the build: "1.0.0" */
	const char *database;		/* the default name of the database */
	const char *repository_id;	/* key of the row in migrate_version, as sqlalchemy-migrate wrote it */
	const char *repository_path;
	const char *folder;			/* the name of the migrations folder, for messages */
	int			latest;			/* the last version; the first one is 0 */
	const struct history_script *grants;	/* run after every change; or NULL */
	const struct history_script *snapshot;	/* the schema at snapshot_version as one script; or NULL */
	int			snapshot_version;
	const struct history_source *schema;	/* SCHEMA, as schema/fact_history.h describes it; or NULL */
	size_t		ignore_count;
	const struct history_ignore *ignores;
	size_t		release_count;
	const struct history_release *releases;	/* their versions do not decrease */
	size_t		rewrite_count;
	const struct history_rewrite *rewrites;
};

extern const struct history history;

/* history_migration - the migration to `version`, which must be from 0 to the latest. */
const struct history_migration *history_migration(int version);

/* history_checksum - the history checksum: of all migrations up to `version`, which must be as above. */
const char *history_checksum(int version);

/*
 * history_rebuilds - does the migration to `version` build an index of this name concurrently? An invalid one, which an
 * interrupted build has left, is then dropped and built again.
 */
bool		history_rebuilds(int version, const char *index);

#endif
