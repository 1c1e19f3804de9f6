#include "lock.h"

#include <string.h>
#include <time.h>

#include "lock_private.h"
#include "mask.h"
#include "mem.h"
#include "report.h"
#include "signals.h"

#include "banned.h"

enum {
	FIRST_PAUSE = 50,			/* milliseconds between tries for the lock, at first and at most */
	LONGEST_PAUSE = 1000,
	OBSERVER_PATIENCE = 2000	/* milliseconds for its answer: a pooler may have no session left for it */
};

/* Of another client, for more than $1 milliseconds. */
#define OLD_TRANSACTION \
	" a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()" \
	" AND a.xact_start < clock_timestamp() - $1::integer * interval '1 millisecond'"

char *
lock_session(const struct db_command *found, int line)
{
	return mask_passwords(db_text(found, line, 0));
}

/* Anybody may take an advisory lock: a run of this program acts as the owner, or else may write to the log. */
#define FIND_HOLDER \
	"SELECT " DESCRIBE_SESSION ", a.pid, a.application_name = '" PROGRAM "' AND (pg_has_role(a.usesysid, d.datdba, 'MEMBER')" \
	" OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'fitsdb_schema'" \
	" AND c.relname = 'change' AND has_table_privilege(a.usesysid, c.oid, 'INSERT')))" \
	" FROM pg_locks l JOIN pg_database d ON d.oid = l.database JOIN pg_stat_activity a ON a.pid = l.pid" \
	" WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND d.datname = current_database()" \
	" AND (l.classid::bigint << 32 | l.objid::bigint) = " LOCK_KEY " LIMIT 1"

void
lock_find_holder(struct lock_holder *holder, struct session *session)
{
	struct db_batch batch = {0};

	*holder = (struct lock_holder) {0};
	session_add_own(&batch);
	db_add(&batch, FIND_HOLDER, 0);
	if (db_run(session->db, &batch)) {
		const struct db_command *found = &batch.commands[1];

		if (db_lines(found) == 1)
			*holder = (struct lock_holder) {.session = lock_session(found, 0),.pid = db_number(found, 0, 1),
				.is_run = db_truth(found, 0, 2)
			};
	}
	db_batch_clear(&batch);
}

static bool
try_lock(struct session *session, bool *obtained)
{
	struct db_batch batch = {0};
	bool		answered;

	db_add(&batch, "SELECT pg_catalog.pg_try_advisory_lock(" LOCK_KEY ")", 0);
	answered = session_query(session, &batch, "try to get the lock");
	*obtained = answered && db_truth(&batch.commands[0], 0, 0);
	db_batch_clear(&batch);
	return answered;
}

static void
report_not_obtained(struct session *session, bool again)
{
	struct lock_holder holder;
	bool		other;

	lock_find_holder(&holder, session);
	other = holder.session && !holder.is_run;
	report_error("could not get the lock within %d s: another %s", session->options->lock_wait,
				 other ? "session holds it" : "run of this program is at work");
	if (holder.session)
		report_detail("The lock is held by %s", holder.session);
	if (!again)
		report_detail("Nothing was changed.");
	if (other)
		report_hint("If that is no run of this program, end it, as a superuser or as its role: SELECT"
					" pg_terminate_backend(%ld); then run the same command again.", holder.pid);
	else
		report_hint("Wait until it has finished, or give a longer --lock-wait.");
	mem_free(holder.session);
}

static void
note_holder(struct session *session)
{
	struct lock_holder holder;

	lock_find_holder(&holder, session);
	report_note("waiting for %s%s%s", holder.session && !holder.is_run ? "the lock, which is held by "
				: "another run of this program", holder.is_run ? ": " : "", holder.session ? holder.session : "");
	mem_free(holder.session);
}

enum lock_outcome
lock_acquire(struct session *session, bool again)
{
	time_t		deadline = time(NULL) + session->options->lock_wait;
	int			pause = FIRST_PAUSE;
	bool		told = false;

	for (;;) {
		bool		obtained;

		if (!try_lock(session, &obtained))
			return LOCK_FAILED;
		if (obtained)
			return LOCK_HELD;
		if (time(NULL) >= deadline) {
			report_not_obtained(session, again);
			return LOCK_NOT_OBTAINED;
		}
		if (!told) {
			note_holder(session);
			told = true;
		}
		signals_pause(pause);
		if (signals_stop()) {
			report_error("stopped by %s while waiting for the lock%s", signals_stop(),
						 again ? "" : "; nothing was changed");
			return LOCK_STOPPED;
		}
		pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE;
	}
}

void
lock_release(struct session *session)
{
	struct db_batch batch = {0};

	/* Where this fails the session is over, and its lock with it. */
	db_add(&batch, "SELECT pg_catalog.pg_advisory_unlock(" LOCK_KEY ")", 0);
	(void) db_run(session->db, &batch);
	db_batch_clear(&batch);
}

void
lock_add_check(struct db_batch *batch, const struct session *session)
{
	char	   *backend;

	if (!session->pooled)
		return;
	/* A script's search path is in force, so nothing may be left to it. */
	backend = mem_format("%d", session->backend);
	db_add(batch, "SELECT FROM pg_catalog.pg_locks l WHERE l.pid OPERATOR(pg_catalog.=) $1::integer"
		   " AND l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.granted"
		   " AND l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.objsubid OPERATOR(pg_catalog.=) 1"
		   " AND (l.classid::bigint OPERATOR(pg_catalog.<<) 32 OPERATOR(pg_catalog.|) l.objid::bigint)"
		   " OPERATOR(pg_catalog.=) " LOCK_KEY, 1, backend)->unless_one =
		"the connection pooler has changed the session, and the lock is lost";
	mem_free(backend);
}

static void
append(char **text, const char *separator, const char *more)
{
	char	   *joined = mem_format("%s%s%s", *text, separator, more);

	mem_free(*text);
	*text = joined;
}

/*
 * The sessions that $1 waits for, and the prepared transactions that hold what it waits for, with the two modes: of these
 * the server says no more than that there are some.
 */
#define FIND_BLOCKERS \
	"SELECT " DESCRIBE_SESSION ", a.pid::text, NULL, NULL FROM pg_stat_activity a" \
	" WHERE a.pid = ANY (pg_blocking_pids($1::integer)) UNION ALL" \
	" SELECT " DESCRIBE_PREPARED ", l.virtualtransaction, w.mode, l.mode" \
	" FROM pg_locks w JOIN pg_locks l ON l.granted AND l.pid IS NULL" \
	" AND (l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid)" \
	" IS NOT DISTINCT FROM" \
	" (w.locktype, w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid, w.objsubid)" \
	" WHERE w.pid = $1::integer AND NOT w.granted AND 0 = ANY (pg_blocking_pids($1::integer)) ORDER BY 2"

static bool
is_blocker(const struct db_command *found, int line)
{
	return !db_value(found, line, 2) || lock_mode_conflicts(lock_mode_of(db_text(found, line, 2)),
															lock_mode_of(db_text(found, line, 3)));
}

/* Keep who blocks, and say so where it is not who was named last. */
static void
note_blockers(struct lock_watch *watch, const struct db_command *found)
{
	char	   *blockers = mem_string("");
	char	   *pids = mem_string("");

	for (int i = 0; i < db_lines(found); i++) {
		char	   *described;

		if (!is_blocker(found, i))
			continue;
		described = lock_session(found, i);
		append(&blockers, blockers[0] ? "; " : "", described);
		append(&pids, " ", db_text(found, i, 1));
		mem_free(described);
	}
	mem_free(watch->session->blocker);
	watch->session->blocker = blockers;
	if (watch->told && strcmp(watch->told, pids) == 0) {
		mem_free(pids);
		return;
	}
	report_note("waiting for a lock held by %s", blockers);
	mem_free(watch->told);
	watch->told = pids;
}

static void
look_who_blocks(void *argument)
{
	struct lock_watch *watch = argument;
	struct session *session = watch->session;
	struct db_batch batch = {0};
	char	   *pid = mem_format("%d", session->backend);

	if (!session->observer && !session->observer_failed) {
		session->observer = db_open_again(session->db, NULL, NULL);
		session->observer_failed = !session->observer;
		if (session->observer)
			db_set_patience(session->observer, OBSERVER_PATIENCE);
		if (!session->observer)
			report_warning("could not open a second connection to see who holds the locks");
	}
	if (!session->observer)
		goto done;
	session_add_own(&batch);
	db_add(&batch, FIND_BLOCKERS, 1, pid);
	if (!db_run(session->observer, &batch)) {
		/* Perhaps the server was started anew: the next look connects again. */
		db_close(session->observer);
		session->observer = NULL;
	} else if (db_lines(&batch.commands[1]) > 0)
		note_blockers(watch, &batch.commands[1]);
	if (watch->building.job && session->observer)
		building_look(&watch->building, session->observer, session->backend);
done:
	db_batch_clear(&batch);
	mem_free(pid);
}

void
lock_watch_start(struct lock_watch *watch, struct session *session, const char *building)
{
	int			half = session->options->lock_timeout / 2;

	*watch = (struct lock_watch) {.session = session,.building = {.job = building}};
	mem_free(session->blocker);
	session->blocker = NULL;
	db_watch(session->db, half > 0 ? half : 1000, look_who_blocks, watch);
}

void
lock_watch_end(struct lock_watch *watch)
{
	db_watch(watch->session->db, 0, NULL, NULL);
	building_clear(&watch->building);
	mem_free(watch->told);
	watch->told = NULL;
}

void
lock_warn_of_old_transactions(struct session *session)
{
	struct db_batch batch = {0};
	char	   *timeout = mem_format("%d", session->options->lock_timeout);

	/* Whether there is any is asked of what is below the view, as that takes longer to plan than all the rest. */
	session_add_own(&batch);
	db_add(&batch, "SELECT FROM pg_stat_get_activity(NULL) a WHERE" OLD_TRANSACTION " LIMIT 1", 1, timeout);
	if (!session_query(session, &batch, "look for old transactions") || db_lines(&batch.commands[1]) == 0)
		goto done;
	db_batch_clear(&batch);
	session_add_own(&batch);
	db_add(&batch, "SELECT " DESCRIBE_SESSION " FROM pg_stat_activity a WHERE a.datname = current_database() AND"
		   OLD_TRANSACTION " ORDER BY a.xact_start LIMIT 5", 1, timeout);
	if (session_query(session, &batch, "look for old transactions"))
		for (int i = 0; i < db_lines(&batch.commands[1]); i++) {
			char	   *described = lock_session(&batch.commands[1], i);

			report_warning("a transaction has been open for longer than a statement waits for its locks: %s",
						   described);
			mem_free(described);
		}
done:
	db_batch_clear(&batch);
	mem_free(timeout);
}
