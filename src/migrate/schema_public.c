/* Which roles may create objects in schema public, and that they can no longer. */
#include "migrate/schema_public.h"

#include <stdio.h>
#include <string.h>

#include "base/backoff.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "migrate/attempt.h"
#include "pg/lock_watch.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/trust.h"

#include "base/banned.h"

enum {
	FIRST_PAUSE = 20,			/* milliseconds between two looks, at first and at most */
	LONGEST_PAUSE = 1000
};

#define REVOKE "REVOKE CREATE ON SCHEMA public FROM"
#define GRANT "GRANT CREATE ON SCHEMA public TO"

/*
 * A row for each untrusted role that has the privilege by its name; one if PUBLIC has it; and, then, one for each role
 * that needs it and has no other. No row "checked": the login may not change the privileges. Who owns the schema is
 * looked at by trust_check_record.
 */
#define FIND_CREATORS \
	"WITH here AS (SELECT n.nspowner, n.nspacl, d.datdba FROM pg_namespace n, pg_database d, pg_roles l" \
	" WHERE n.nspname = 'public' AND d.datname = current_database() AND l.rolname = session_user" \
	" AND (l.rolsuper OR pg_has_role(n.nspowner, 'USAGE')))," \
	" may AS (SELECT x.grantee FROM here h, aclexplode(h.nspacl) x WHERE x.privilege_type = 'CREATE')" \
	" SELECT 'checked' AS kind, NULL::text AS role, NULL::text AS sql FROM here" \
	" UNION ALL SELECT DISTINCT 'role', r.rolname::text, quote_ident(r.rolname)" \
	" FROM may m JOIN pg_roles r ON r.oid = m.grantee WHERE NOT " TRUST_ROLE("r.oid", "$1::name") \
	" UNION ALL SELECT DISTINCT 'open', NULL, 'PUBLIC' FROM may m WHERE m.grantee = 0" \
	" UNION ALL SELECT 'keep', r.rolname::text, quote_ident(r.rolname) FROM here h, pg_roles r" \
	" WHERE EXISTS (SELECT FROM may m WHERE m.grantee = 0) AND (r.oid = h.datdba OR r.rolname = current_user)" \
	" AND NOT pg_has_role(r.oid, h.nspowner, 'USAGE') AND r.oid NOT IN (SELECT m.grantee FROM may m)"

/* Another role may have granted it with its grant option; the owner's REVOKE leaves that. */
#define IS_CLOSED \
	"SELECT FROM pg_namespace n WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM aclexplode(n.nspacl) x" \
	" WHERE x.privilege_type = 'CREATE' AND NOT " TRUST_ROLE("x.grantee", "$1::name") ")"

/*
 * Transactions of untrusted roles. One that has begun may use the privileges that it has read before, whether it has
 * written anything yet or not. If the privileges were changed by an earlier run or by hand, only those are known to be
 * older that have written something. $2: the change is ours; $3: of these; null: of all.
 */
#define FIND_OPEN \
	"SELECT w.session, w.key, w.pid FROM (SELECT " LOCK_WATCH_SESSION " AS session, l.virtualxid AS key, a.pid," \
	" EXISTS (SELECT FROM pg_locks t WHERE t.pid = a.pid AND t.locktype = 'transactionid' AND t.granted" \
	" AND age(n.xmin) BETWEEN 0 AND age(t.transactionid)) AS older" \
	" FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid, pg_namespace n WHERE n.nspname = 'public'" \
	" AND l.locktype = 'virtualxid' AND l.granted AND l.mode = 'ExclusiveLock' AND a.datname = current_database()" \
	" AND a.usesysid IS NOT NULL AND NOT " TRUST_ROLE("a.usesysid", "$1::name") \
	" UNION ALL SELECT format('prepared transaction %L (user \"%s\")', x.gid, replace(x.owner::text, '\"', '\"\"'))," \
	" 'prepared ' || x.transaction, NULL, age(n.xmin) BETWEEN 0 AND age(x.transaction)" \
	" FROM pg_prepared_xacts x JOIN pg_roles r ON r.rolname = x.owner, pg_namespace n WHERE n.nspname = 'public'" \
	" AND x.database = current_database() AND NOT " TRUST_ROLE("r.oid", "$1::name") ") w" \
	" WHERE ($2::boolean OR w.older) AND ($3::text[] IS NULL OR w.key = ANY ($3::text[])) ORDER BY w.pid"

void
schema_public_clear(struct schema_public *schema)
{
	mem_free(schema->from);
	mem_free(schema->keep);
	*schema = (struct schema_public) {0};
}

/* Read with the role that we act as; with `grants`, as it would be after grants.sql. */
static const struct pipeline_command *
add_find(struct pipeline *pipeline, const struct session *session, bool grants)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_record_settings(session, pipeline);
	if (grants)
		attempt_add_grants(pipeline);
	pipeline_add(pipeline, FIND_CREATORS, 1, session->options->role);
	pipeline_add(pipeline, "ROLLBACK", 0);
	return &pipeline->commands[pipeline->count - 2];
}

static bool
is_kind(const struct pipeline_command *found, int line, const char *kind)
{
	return strcmp(pipeline_text(found, line, 0), kind) == 0;
}

static bool
has_role(const struct pipeline_command *found, const char *name)
{
	for (int i = 0; i < pipeline_row_count(found); i++)
		if (is_kind(found, i, "role") && strcmp(pipeline_text(found, i, 1), name) == 0)
			return true;
	return false;
}

/* The roles that may create objects by their names, and that still may after grants.sql. */
static bool
report_roles(const struct pipeline_command *found)
{
	char	   *roles = NULL;

	for (int i = 0; i < pipeline_row_count(found); i++)
		if (is_kind(found, i, "role")) {
			report_error("role \"%s\" may create objects in schema public", pipeline_text(found, i, 1));
			mem_append(&roles, ", ", pipeline_text(found, i, 2));
		}
	if (!roles)
		return false;
	report_detail("A function or an operator there could run with the privileges of this session. Nothing was"
				  " changed.");
	report_hint("As a superuser: REVOKE CREATE ON SCHEMA public FROM %s; Then wait until the open transactions of such"
				" roles have ended, and run the same command again.", roles);
	mem_free(roles);
	return true;
}

/* `after`: what is found once grants.sql has run. */
static void
take(struct schema_public *schema, const struct pipeline_command *found, const struct pipeline_command *after)
{
	for (int i = 0; i < pipeline_row_count(found); i++) {
		const char *role = pipeline_text(found, i, 2);

		schema->checked = schema->checked || is_kind(found, i, "checked");
		if (is_kind(found, i, "open") || (is_kind(found, i, "role") && !has_role(after, pipeline_text(found, i, 1))))
			mem_append(&schema->from, ", ", role);
		if (is_kind(found, i, "keep"))
			mem_append(&schema->keep, ", ", role);
	}
}

#define READ "read the privileges of schema public"

/* As it would be after grants.sql. If that fails, it revokes nothing. */
static bool
find_after(struct pipeline *pipeline, struct session *session)
{
	add_find(pipeline, session, true);
	if (pipeline_run(session->connection, pipeline))
		return true;
	pipeline_clear(pipeline);
	pipeline_add(pipeline, "ROLLBACK", 0);
	pipeline_run(session->connection, pipeline);
	pipeline_clear(pipeline);
	add_find(pipeline, session, false);
	return session_query(session, pipeline, READ);
}

bool
schema_public_check(struct schema_public *schema, struct session *session)
{
	struct pipeline pipeline = {0};
	struct pipeline after = {0};
	const struct pipeline_command *found = add_find(&pipeline, session, false);
	bool		may = session_query(session, &pipeline, READ);
	bool		named = false;

	*schema = (struct schema_public) {0};
	for (int i = 0; i < pipeline_row_count(found); i++)
		named = named || is_kind(found, i, "role");
	if (may && named)
		may = find_after(&after, session) && !report_roles(&after.commands[after.count - 2]);
	if (may)
		take(schema, found, named ? &after.commands[after.count - 2] : found);
	pipeline_clear(&after);
	pipeline_clear(&pipeline);
	return may;
}

static void
add_sql(struct pipeline *pipeline, const char *format, const char *roles)
{
	char	   *sql = mem_format("%s %s", format, roles);

	pipeline_add(pipeline, sql, 0);
	mem_free(sql);
}

/* Revoke it from some and grant it to those who need it, or the other way round. */
static void
add_change(struct pipeline *pipeline, const struct schema_public *schema, bool revoke)
{
	add_sql(pipeline, revoke ? REVOKE : GRANT, schema->from);
	if (schema->keep)
		add_sql(pipeline, revoke ? GRANT : REVOKE, schema->keep);
}

/* The role that we act as owns the schema, or the login is a superuser. */
static void
add_begin(struct pipeline *pipeline, const struct session *session)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_record_settings(session, pipeline);
	if (session->superuser)
		pipeline_add(pipeline, "SET LOCAL ROLE NONE", 0);
}

static bool
change(const struct schema_public *schema, struct session *session, bool revoke)
{
	struct pipeline pipeline = {0};
	bool		done;

	add_begin(&pipeline, session);
	add_change(&pipeline, schema, revoke);
	if (revoke)
		pipeline_add(&pipeline, IS_CLOSED, 1, session->options->role)->unless_one =
			"a role other than the schema's owner has granted CREATE";
	pipeline_add(&pipeline, "COMMIT", 0);
	done = session_query(session, &pipeline, revoke ? "revoke CREATE on schema public"
						 : "grant CREATE on schema public again");
	if (!done && !pipeline_failed(&pipeline)->error.lost) {
		struct pipeline rollback = {0};

		pipeline_add(&rollback, "ROLLBACK", 0);
		pipeline_run(session->connection, &rollback);
		pipeline_clear(&rollback);
	}
	pipeline_clear(&pipeline);
	return done;
}

/* As an array for the next look; a new string. */
static char *
keys_of(const struct pipeline_command *found)
{
	char	   *keys;
	size_t		length;
	FILE	   *stream = mem_stream_open(&keys, &length);

	fputc('{', stream);
	for (int i = 0; i < pipeline_row_count(found); i++)
		fprintf(stream, "%s\"%s\"", i == 0 ? "" : ",", pipeline_text(found, i, 1));
	fputc('}', stream);
	mem_stream_close(stream);
	return keys;
}

/* A wait for transactions. */
struct wait {
	bool		revoked;		/* by this run */
	char	   *keys;			/* that are still open; NULL: not known yet */
	char	   *session;		/* the first of them */
	long		pid;			/* and its PID; 0: a prepared transaction */
};

static bool
find_open(struct wait *wait, struct session *session, bool *open)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;
	bool		answered;

	session_begin_reading(session, &pipeline);
	/* It sees what the others are doing. */
	if (session->superuser)
		pipeline_add(&pipeline, "SET LOCAL ROLE NONE", 0);
	pipeline_add(&pipeline, FIND_OPEN, 3, session->options->role, wait->revoked ? "true" : "false", wait->keys);
	session_end_reading(&pipeline);
	answered = session_query(session, &pipeline, "look for open transactions");
	found = session_result(&pipeline);
	*open = answered && pipeline_row_count(found) > 0;
	mem_free(wait->session);
	mem_free(wait->keys);
	wait->keys = answered ? keys_of(found) : NULL;
	wait->session = *open ? lock_watch_session(found, 0) : NULL;
	wait->pid = *open ? pipeline_number(found, 0, 2) : 0;
	pipeline_clear(&pipeline);
	return answered;
}

/* Until none is open. False: reported. */
static bool
await(struct wait *wait, struct session *session)
{
	long		deadline = clock_milliseconds() + backoff_total(session->options->lock_retries,
																session->options->lock_timeout);
	bool		told = false;
	bool		open = true;

	for (int pause = FIRST_PAUSE;; pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE) {
		if (!find_open(wait, session, &open))
			return false;
		if (!open)
			return true;
		if (clock_milliseconds() >= deadline) {
			report_error("a transaction began before CREATE on schema public was revoked, and has not ended");
			report_detail("It may still create objects there: %s", wait->session);
			return false;
		}
		if (!told)
			report_note("waiting for a transaction that may still create objects in schema public: %s", wait->session);
		told = true;
		signals_pause(pause);
		if (signals_stop()) {
			report_error("stopped by %s while waiting for a transaction of another role", signals_stop());
			return false;
		}
	}
}

static void
hint(const struct wait *wait)
{
	if (wait->pid)
		report_hint("Wait until it has ended, or end it as a superuser or as its role (SELECT"
					" pg_terminate_backend(%ld);). Then run the same command again.", wait->pid);
	else if (wait->session)
		report_hint("Commit it or roll it back. Then run the same command again.");
}

bool
schema_public_close(const struct schema_public *schema, struct session *session)
{
	struct wait wait = {.revoked = schema->from != NULL};
	bool		closed;

	if (!schema->checked)
		return true;
	if (schema->from && !change(schema, session, true))
		return false;
	closed = await(&wait, session);
	if (closed && schema->from)
		report_line("CREATE on schema public was revoked from %s; to grant it again: " GRANT " %s;", schema->from,
					schema->from);
	/* Were it left revoked, the next run would not know which transactions are older. */
	if (!closed && (!schema->from || change(schema, session, false))) {
		report_detail("Nothing was changed.");
		hint(&wait);
	}
	mem_free(wait.session);
	mem_free(wait.keys);
	session->committed = session->committed || (closed && schema->from);
	return closed;
}

/* What a script does at that place; $fitsdb_schema$ is around it. The settings are those of the program's own SQL. */
#define SCRIPT_BEGIN \
	"DECLARE\n\tuntrusted text;\n\tkeys text[];\n\tsession text;\nBEGIN\n" \
	"\tEXECUTE $look$SELECT min(CASE c.kind WHEN 'open' THEN 'any role' ELSE format('role \"%s\"', c.role) END)" \
	" FROM (" FIND_CREATORS ") c WHERE c.kind IN ('role', 'open')$look$\n\tINTO untrusted USING "
#define SCRIPT_MIDDLE \
	";\n\tIF untrusted IS NOT NULL THEN\n" \
	"\t\tRAISE EXCEPTION 'not trusted: % may create objects in schema public', untrusted;\n\tEND IF;\n" \
	"\tFOR i IN 1 .. 100 LOOP\n\t\tPERFORM pg_stat_clear_snapshot();\n" \
	"\t\tEXECUTE $look$SELECT array_agg(o.key), min(o.session) FROM (" FIND_OPEN ") o$look$\n" \
	"\t\tINTO keys, session USING "
#define SCRIPT_END \
	", keys;\n\t\tEXIT WHEN session IS NULL;\n\t\tPERFORM pg_sleep(0.1);\n\tEND LOOP;\n" \
	"\tIF session IS NOT NULL THEN\n\t\tRAISE EXCEPTION 'not trusted: a transaction may still create objects in" \
	" schema public: %', session;\n\tEND IF;\nEND\n"

static void
add_script(struct pipeline *pipeline, const struct schema_public *schema, const struct session *session)
{
	struct pipeline name = {0};
	char	   *role;
	char	   *sql;

	pipeline_add(&name, "$1::name", 1, session->options->role);
	role = pipeline_render(session->connection, &name.commands[0]);
	sql = mem_format("DO $fitsdb_schema$\n%s%s%s%s, %s%s$fitsdb_schema$", SCRIPT_BEGIN, role, SCRIPT_MIDDLE, role,
					 schema->from ? "true" : "false", SCRIPT_END);
	add_begin(pipeline, session);
	pipeline_add(pipeline, sql, 0);
	pipeline_add(pipeline, "COMMIT", 0);
	mem_free(sql);
	mem_free(role);
	pipeline_clear(&name);
}

void
schema_public_compose(struct pipeline *pipeline, const struct schema_public *schema, const struct session *session)
{
	if (schema->from) {
		add_begin(pipeline, session);
		add_change(pipeline, schema, true);
		pipeline_add(pipeline, "COMMIT", 0);
	}
	add_script(pipeline, schema, session);
}
