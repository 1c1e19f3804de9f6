/* The advisory lock that allows only one run of this program at a time. */
#include "pg/advisory_lock.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/lock_watch.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

enum {
	FIRST_PAUSE = 50,			/* milliseconds between two tries, at first and at most */
	LONGEST_PAUSE = 1000
};

/* Anybody may take an advisory lock: a run of this program acts as the owner, or else may write to the log. */
#define FIND_HOLDER \
	"SELECT CASE WHEN l.pid IS NULL THEN " LOCK_WATCH_PREPARED " ELSE " LOCK_WATCH_SESSION " END, l.pid," \
	" a.application_name = '" PROGRAM "'" \
	" AND (pg_has_role(a.usesysid, d.datdba, 'MEMBER') OR EXISTS (SELECT FROM pg_class c" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'fitsdb_schema' AND c.relname = 'change'" \
	" AND has_table_privilege(a.usesysid, c.oid, 'INSERT')))" \
	" FROM pg_locks l JOIN pg_database d ON d.oid = l.database LEFT JOIN pg_stat_activity a ON a.pid = l.pid" \
	" WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND d.datname = current_database()" \
	" AND (l.classid::bigint << 32 | l.objid::bigint) = " ADVISORY_LOCK_KEY " LIMIT 1"

void
advisory_lock_find_holder(struct advisory_lock_holder *holder, struct session *session)
{
	struct pipeline pipeline = {0};

	*holder = (struct advisory_lock_holder) {0};
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_HOLDER, 0);
	if (pipeline_run(session->connection, &pipeline)) {
		const struct pipeline_command *found = &pipeline.commands[1];

		if (pipeline_row_count(found) == 1)
			*holder = (struct advisory_lock_holder) {
				.session = lock_watch_session(found, 0),
				.pid = pipeline_number(found, 0, 1),
				.prepared = !pipeline_value(found, 0, 1),
				.is_run = pipeline_bool(found, 0, 2)
			};
	}
	pipeline_clear(&pipeline);
}

static bool
try_lock(struct session *session, bool *obtained)
{
	struct pipeline pipeline = {0};
	bool		answered;

	pipeline_add(&pipeline, "SELECT pg_catalog.pg_try_advisory_lock(" ADVISORY_LOCK_KEY ")", 0);
	answered = session_query(session, &pipeline, "request the advisory lock");
	*obtained = answered && pipeline_bool(&pipeline.commands[0], 0, 0);
	pipeline_clear(&pipeline);
	return answered;
}

static void
report_not_obtained(struct session *session, bool again)
{
	struct advisory_lock_holder holder;
	bool		other;

	advisory_lock_find_holder(&holder, session);
	other = holder.session && !holder.is_run;
	report_error("could not obtain the advisory lock within %d s: another %s", session->options->lock_wait,
				 holder.prepared ? "session's prepared transaction holds it" : other ? "session holds it"
				 : "run of this program holds it");
	if (holder.session)
		report_detail("The lock is held by %s.", holder.session);
	if (!again)
		report_detail("Nothing was changed.");
	if (holder.prepared)
		report_hint("End it as a superuser or as its role, in this database (ROLLBACK PREPARED, with its name). Then run"
					" the same command again.");
	else if (other)
		report_hint("If that is not a run of this program, end it as a superuser or as its role (SELECT"
					" pg_terminate_backend(%ld);). Then run the same command again.", holder.pid);
	else
		report_hint("Wait until that run has finished, or use a longer --lock-wait.");
	mem_free(holder.session);
}

static void
note_holder(struct session *session)
{
	struct advisory_lock_holder holder;

	advisory_lock_find_holder(&holder, session);
	report_note("waiting for %s%s%s", holder.session && !holder.is_run ? "the lock, held by "
				: "another run of this program", holder.is_run ? ": " : "", holder.session ? holder.session : "");
	mem_free(holder.session);
}

enum advisory_lock_outcome
advisory_lock_acquire(struct session *session, bool again)
{
	long		deadline = clock_milliseconds() + 1000L * session->options->lock_wait;
	int			pause = FIRST_PAUSE;
	bool		told = false;

	for (;;) {
		bool		obtained;

		if (!try_lock(session, &obtained))
			return ADVISORY_LOCK_FAILED;
		if (obtained)
			return ADVISORY_LOCK_HELD;
		if (clock_milliseconds() >= deadline) {
			report_not_obtained(session, again);
			return ADVISORY_LOCK_NOT_OBTAINED;
		}
		if (!told) {
			note_holder(session);
			told = true;
		}
		signals_pause(pause);
		if (signals_stop()) {
			report_error("stopped by %s while waiting for the advisory lock%s", signals_stop(),
						 again ? "" : "; nothing was changed");
			return ADVISORY_LOCK_STOPPED;
		}
		pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE;
	}
}

void
advisory_lock_release(struct session *session)
{
	struct pipeline pipeline = {0};

	/* If this fails, the session has ended, and with it the lock. */
	pipeline_add(&pipeline, "SELECT pg_catalog.pg_advisory_unlock(" ADVISORY_LOCK_KEY ")", 0);
	(void) pipeline_run(session->connection, &pipeline);
	pipeline_clear(&pipeline);
}

void
advisory_lock_add_check(struct pipeline *pipeline, const struct session *session)
{
	char	   *backend;

	if (!session->pooled)
		return;
	/* The search path is the script's, so every name is qualified. */
	backend = mem_format("%d", session->backend);
	pipeline_add(pipeline, "SELECT FROM pg_catalog.pg_locks l WHERE l.pid OPERATOR(pg_catalog.=) $1::integer"
				 " AND l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.granted"
				 " AND l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.objsubid OPERATOR(pg_catalog.=) 1"
				 " AND (l.classid::bigint OPERATOR(pg_catalog.<<) 32 OPERATOR(pg_catalog.|) l.objid::bigint)"
				 " OPERATOR(pg_catalog.=) " ADVISORY_LOCK_KEY, 1, backend)->unless_one =
		"the connection pooler has switched to another server session, so the advisory lock is lost";
	mem_free(backend);
}
