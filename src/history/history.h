/*
 * history.h - the schema history that is compiled into this build.
 *
 * The generator (gen/) writes its tables (history_tables.h), and history.c reads them; to whoever includes this header
 * everything is constant, and lives as long as the program. It knows nothing of connections, and nothing of what a
 * particular database has applied.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>

/* Why a statement may break a rule of lint_rule.h: a line "-- lint:allow RULE: reason" before it. */
struct history_allow {
	const char *rule;
	const char *reason;
	unsigned	line;			/* in its file, from 1 */
};

/* How a statement is run in ranges of keys, $1 <= key < $2: "-- migrate:batch table=... key=... rows=..." before it. */
struct history_batch {
	const char *table;			/* its name, perhaps with its schema and a dot before it */
	const char *key;			/* the name of its column */
	int			rows;			/* so many in a range, at most */
};

/* One SQL statement, without its semicolon: `length` bytes at `offset` of the file that holds it. */
struct history_statement {
	size_t		offset;
	size_t		length;
	unsigned	line;			/* of its first byte, counted from 1 */
	bool		concurrent;		/* it says CONCURRENTLY: does its waiting without blocking others */
	unsigned char risk;			/* enum risk: what it may destroy */
	const char *index;			/* CREATE INDEX CONCURRENTLY: the name of the index, as written; else NULL */
	const struct history_batch *batch;	/* NULL: it is run once */
	size_t		allow_count;
	const struct history_allow *allows;
};

/* The statements of a file or of one section of it. */
struct history_section {
	size_t		offset;			/* of the section's text, behind its marker line */
	size_t		length;
	bool		transactional;	/* one transaction, or each statement by itself */
	size_t		count;
	const struct history_statement *statements;
};

/* A file as it was at build time, with LF line ends; not terminated by a NUL. */
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
	size_t		allow_count;	/* in its head: for every statement of the up */
	const struct history_allow *allows;
	struct history_section up;
	struct history_section down;
};

/* A file without sections: grants.sql, and the snapshot of the schema at one version. */
struct history_script {
	struct history_source source;
	struct history_section body;		/* always transactional */
};

struct history {
	const char *build;			/* the build's own version: "1.0.0" */
	const char *database;		/* the name of the database where none is given */
	const char *repository_id;	/* the row of migrate_version, as sqlalchemy-migrate knows it */
	const char *repository_path;
	const char *folder;			/* the name of the folder that the migrations came from, for messages */
	int			latest;			/* the last version; the first is 0 */
	const struct history_script *grants;	/* to run after every change, or NULL */
	const struct history_script *snapshot;	/* the schema at snapshot_version in one script, or NULL */
	int			snapshot_version;
};

extern const struct history history;

/* history_migration - the migration to a version, from 0 to the latest. */
const struct history_migration *history_migration(int version);

/* history_checksum - the checksum of the whole history up to it. */
const char *history_checksum(int version);

#endif
