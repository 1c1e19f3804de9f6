/*
 * fact_history.h - the facts of every version, as migrations/SCHEMA lists them. Pure.
 *
 * "make schema" writes that file, and the build compiles it in. It is text in the order of versions:
 *
 *   -- a comment
 *   grants SHA-256                                     of grants.sql, if there is one
 *   version 17 add_datafile_timestamp SHA-256          of the migration's file
 *   - column a.b<TAB>integer                           a fact that ends with this version
 *   + column a.b<TAB>bigint                            a fact that begins with it
 *   +10,15 view v<TAB>...                              as servers 10 to 13 and 14 to 15 print it,
 *   +18 view v<TAB>...                                 and as servers from 16 on do
 *   ~10 function f()                                   not there on servers 10 to 13
 *   needs column a.b                                   without this object the up fails
 *   ensures index a.i                                  without it, the up creates it
 *   drops column a.b                                   the up drops this column or table, which existed before it
 *   empties table a                                    it deletes rows of this table (DELETE, TRUNCATE), if it has any
 *   rewrites table a                                   it writes this table anew (ALTER TABLE ... TYPE)
 *   renames column a.b<TAB>to: c                       it renames this column or table, or moves it to another schema
 *   detaches table a                                   it drops the views that read this table
 *   replaces table a                                   it drops a table of that name, if it is empty, for another one
 *   down drops table a                                 the same of the down: "down empties" and so on
 *   drops unknown                                      it is not known what the up drops; "down drops unknown"
 *   leaves label t.x                                   the down leaves this fact, which the version before has not
 *   lacks index a.i                                    the down does not bring this fact back, which the version before has
 *   down 2 - column a.b                                statement 2 of the down removes this fact, as this version has it
 *   down 2 + column a.c                                it adds this fact, as the version before has it
 *   down 3 + column a.d<TAB>text                       statement 3 adds this fact, in another form
 *   repeatable                                         the up succeeds where it has been run already
 *   measured                                           the effects of its statements were, on all servers
 *   ! 9:1 a<TAB>lock: ACCESS EXCLUSIVE<TAB>scanned     what the statement at line 9, column 1 does to table a,
 *   !10 12:1 a<TAB>rewritten                           which existed before the migration; on servers 10,
 *   ! 14:1 -<TAB>unmeasured                            and what concerns no table
 *   checksum SHA-256                                   of the lines of this version (gen/schema_sum.h), and the last
 *
 * "+" without a number: all servers print it so. A fact that begins only with "+15" is not known on other servers. A
 * fact may end and begin again. See fact.h for the text of a fact, plan/effects.h for the effects. In lines about facts
 * "10" stands for servers 10 to 13; in those about effects, which tell more servers apart, for 10 alone.
 */
#ifndef FACT_HISTORY_H
#define FACT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "schema/fact.h"

/* Servers that work in the same way: a set of bits. Those before 14 print definitions in the same way. */
enum fact_servers {
	FACT_SERVERS_10 = 1,		/* PostgreSQL 10 */
	FACT_SERVERS_11 = 2,		/* 11: it adds columns with a default without a rewrite */
	FACT_SERVERS_12 = 4,		/* 12 and 13: SET NOT NULL trusts a check, and more locks are weaker */
	FACT_SERVERS_15 = 8,		/* 14 and 15 */
	FACT_SERVERS_18 = 16,		/* from 16 on */
	FACT_SERVERS_OLD = FACT_SERVERS_10 | FACT_SERVERS_11 | FACT_SERVERS_12,
	FACT_SERVERS_ALL = 31
};

enum {
	FACT_SERVERS_CLASSES = 5,
	FACT_NEWEST_MAJOR = 18		/* the newest PostgreSQL that has been tried */
};

/* Each of these bits: a class of servers, in the order of their versions. */
struct fact_servers_class {
	const char *word;			/* in SCHEMA */
	unsigned	bit;
	int			first;			/* major version */
	int			last;			/* 0: there is no last one yet */
	unsigned	of_facts;		/* what the word stands for in lines about facts; 0: it is not used there */
};

extern const struct fact_servers_class fact_servers_classes[FACT_SERVERS_CLASSES];

/* A form of a fact. */
struct fact_text {
	const char *definition;
	unsigned	servers;		/* that print it so, as far as it is known */
};

/* A fact during versions `from` to `to` - 1. A fact that changes, or ends and begins again, has several. */
struct fact_run {
	enum fact_kind kind;
	const char *name;
	int			from;
	int			to;
	unsigned	line;
	unsigned	absent;			/* servers that do not have it */
	size_t		count;			/* at least one */
	const struct fact_text *texts;
};

enum fact_claim_kind {
	FACT_NEEDS,
	FACT_ENSURES,
	FACT_DETACHES,
	FACT_REPLACES,
	FACT_LEAVES,
	FACT_LACKS,
	FACT_DROPS,
	FACT_EMPTIES,
	FACT_REWRITES,
	FACT_RENAMES
};

extern const char *const fact_claim_words[];

struct fact_claim {
	enum fact_claim_kind kind;
	bool		down;			/* it is about the down; FACT_LEAVES and FACT_LACKS are anyway */
	int			version;
	struct fact fact;			/* only FACT_LEAVES and FACT_RENAMES have a definition */
	unsigned	line;
};

/*
 * A fact that a statement of a down removes from the schema, or adds to it. A fact that it changes is removed in one
 * form and added in another; a change of the property "after" does not count. The columns, indexes, labels and so on of
 * a removed table, view or type are not listed; those of an added one are.
 */
struct fact_down {
	int			version;
	size_t		statement;		/* its place in the down section, from 0 */
	bool		adds;
	struct fact fact;
	/* The fact at this version (removed) or the one before (added); NULL: it has another form, fact.definition. */
	const struct fact_run *run;
	unsigned	line;
};

/* The effects of a statement of an up on one table, or on none. */
struct fact_effect {
	int			version;
	unsigned	servers;		/* on which it does so */
	unsigned	line;			/* of the statement in the migration's file, from 1 */
	unsigned	column;			/* in characters, from 1 */
	const char *table;			/* its name before the statement; NULL: what concerns no table */
	const char *definition;		/* see plan/effects.h */
	unsigned	schema_line;	/* in migrations/SCHEMA */
};

struct fact_version {
	const char *name;
	const char *checksum;
	bool		repeatable;
	bool		drops_unknown;	/* it is not known what the up drops */
	bool		down_drops_unknown;
	unsigned	measured;		/* servers on which the effects of its statements were measured */
	unsigned	line;			/* of "version" */
	size_t		begin;			/* the offset of that line in the text */
	size_t		start;			/* of what follows it */
	size_t		end;
	const char *sum;			/* the checksum; NULL: it has none */
	size_t		sum_begin;		/* the offset of its line */
};

/* Zero is empty. */
struct fact_history {
	struct arena arena;
	const char *grants;			/* checksum; NULL: there was no grants.sql */
	int			version_count;
	struct fact_version *versions;
	size_t		run_count;
	struct fact_run *runs;		/* ordered by kind, name and version */
	size_t		claim_count;
	struct fact_claim *claims;	/* ordered by version */
	size_t		down_count;
	struct fact_down *downs;	/* ordered by version and statement; none of a down that could not be measured */
	size_t		effect_count;
	struct fact_effect *effects;	/* ordered by version, then as in the file */
};

/*
 * fact_history_parse - parse `length` bytes of text, which are copied. False if it is not such a text: then *line and
 * *message, a new string, say where and why. *history is overwritten; call fact_history_clear in any case.
 */
bool		fact_history_parse(struct fact_history *history, const char *text, size_t length, unsigned *line,
							   char **message);

/* fact_history_at - the facts of a version, as the servers print them, or as any do; the set borrows the strings. */
void		fact_history_at(struct fact_set *set, const struct fact_history *history, int version, unsigned servers);

/* fact_history_run - the run of the fact of this kind and name that a version has; NULL: the version has none. */
const struct fact_run *fact_history_run(const struct fact_history *history, enum fact_kind kind, const char *name,
										int version);

/*
 * fact_run_before - the run of the same fact that ends where this one of the history begins, which is the fact in
 * another form; NULL: there is none. fact_run_after: the one that begins where this one ends.
 */
const struct fact_run *fact_run_before(const struct fact_history *history, const struct fact_run *run);
const struct fact_run *fact_run_after(const struct fact_history *history, const struct fact_run *run);

/*
 * fact_run_renamed - the run that begins with the fact's new name where this one ends, because the migration renames it,
 * or the table that it belongs to. NULL: there is none, or the migration creates that where this one is missing.
 */
const struct fact_run *fact_run_renamed(const struct fact_history *history, const struct fact_run *run);

/*
 * fact_history_gives - does the migration that creates the object of this run with its table or type also add it to one
 * that is there already?
 */
bool		fact_history_gives(const struct fact_history *history, const struct fact_run *run);

/* fact_claim_to - the name that a FACT_RENAMES gives: of a table whole, of a column its own; "": it says none. */
const char *fact_claim_to(const struct fact_claim *claim);

/*
 * fact_history_replaces - is this the claim (FACT_REPLACES) of a migration that, in a database with these facts, drops
 * the table and gives its name to another one, which is there?
 */
bool		fact_history_replaces(const struct fact_history *history, const struct fact_claim *claim,
								  const struct fact_set *facts);

/* fact_servers_of - the bit of a server, of which `version` is 150004 for 15.4. */
unsigned	fact_servers_of(int version);

/* fact_servers_write - write them as in SCHEMA, "10,15"; nothing if they are all. `facts`: in a line about a fact. */
void		fact_servers_write(FILE *stream, unsigned servers, bool facts);

/* fact_history_clear - free it. */
void		fact_history_clear(struct fact_history *history);

#endif
