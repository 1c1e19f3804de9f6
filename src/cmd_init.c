/* init: create the latest schema in an empty database. */
#include <string.h>

#include "commands.h"
#include "mem.h"
#include "report.h"
#include "work.h"

#include "banned.h"

enum {
	MOST_NAMED = 10				/* of what is found in a database that should be empty */
};

#define NOT_SYSTEM(catalog, alias) \
	"n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend e" \
	" WHERE e.classid = '" catalog "'::regclass AND e.objid = " alias ".oid AND e.deptype = 'e')"

/* Everything that a person has put into the database: not the system's, not an extension's. */
#define FIND_OBJECTS \
	"SELECT string_agg(o.what, ', ' ORDER BY o.place) FILTER (WHERE o.place <= $1::integer), count(*)" \
	" FROM (SELECT u.what, row_number() OVER (ORDER BY u.kind, u.what) AS place FROM (" \
	"SELECT 1 AS kind, CASE WHEN c.relkind = 'S' THEN 'sequence ' WHEN c.relkind IN ('v', 'm') THEN 'view '" \
	" ELSE 'table ' END || format('%I.%I', n.nspname, c.relname) AS what" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND " NOT_SYSTEM("pg_class", "c") \
	" UNION ALL SELECT 2, format('type %I.%I', n.nspname, t.typname)" \
	" FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace" \
	" WHERE t.typtype IN ('e', 'd') AND " NOT_SYSTEM("pg_type", "t") \
	" UNION ALL SELECT 3, format('function %I.%I', n.nspname, p.proname)" \
	" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " NOT_SYSTEM("pg_proc", "p") \
	" UNION ALL SELECT 4, format('schema %I', n.nspname) FROM pg_namespace n" \
	" WHERE n.nspname <> 'public' AND " NOT_SYSTEM("pg_namespace", "n") ") u) o"

/* Is there nothing in the database? Reports what there is. */
static bool
is_empty(struct work *work)
{
	struct db_batch batch = {0};
	char	   *most = mem_format("%d", MOST_NAMED);
	bool		empty = false;
	long		count;

	session_add_own(&batch);
	db_add(&batch, FIND_OBJECTS, 1, most);
	if (!session_query(&work->session, &batch, "see whether the database is empty"))
		goto done;
	count = db_number(&batch.commands[1], 0, 1);
	empty = count == 0;
	if (!empty) {
		report_error("database \"%s\" is not empty", db_name(work->session.db));
		report_detail("It has %s%s.", db_value(&batch.commands[1], 0, 0), count > MOST_NAMED ? " and more" : "");
		report_hint("If that is the schema of a version, record it with \"" PROGRAM
					" stamp VERSION\"; then run \"" PROGRAM " upgrade\".");
	}
done:
	db_batch_clear(&batch);
	mem_free(most);
	return empty;
}

/*
 * An init that runs the migrations may have been interrupted between two of them: then the next one goes on. One whose
 * end nobody has learnt of may be said again.
 */
static bool
may_begin(struct work *work)
{
	const struct state *state = &work->state;
	bool		ours = state->last_command && strcmp(state->last_command, "init") == 0
		&& strcmp(state->last_build, history.build) == 0 && state->last_version == state->version
		&& state->version <= history.latest;

	if (!state->versioned)
		return is_empty(work);
	if (ours && state->version < history.latest)
		report_note("an init stopped at version %d; it goes on from there", state->version);
	if (ours)
		return true;
	report_error("database \"%s\" is not empty: it is under version control, at version %d", db_name(work->session.db),
				 state->version);
	report_hint("To bring it to this build's version, run \"" PROGRAM " upgrade\".");
	return false;
}

/* From nothing to a version: to the snapshot's, or else to 0. */
static bool
create(struct work *work)
{
	struct step first = {.version = 0,.up = true,.before = -1,.after = 0};
	struct job	job = history.snapshot ? job_of_snapshot("init") : job_of_migration("init", &first);
	bool		done = work_apply(work, &job, job.step.after, history.migrations[job.step.after].name);

	job_clear(&job);
	return done;
}

int
cmd_init(const struct options *options)
{
	struct work work = {0};
	struct plan plan = {0};
	int			status = work_begin(&work, options);
	bool		done_before;

	if (status != STATUS_OK)
		goto done;
	if (!may_begin(&work)) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	/* Unless a downgrade from there has stopped half-way: that is redone. */
	done_before = work.state.versioned && work.state.version == history.latest
		&& !(work.state.partial.there && !work.state.partial.up);
	status = done_before ? STATUS_OK : work_may(&work, "init", true);
	if (status == STATUS_OK && !done_before)
		status = work_take_over(&work);
	if (status != STATUS_OK)
		goto done;
	if (!work.state.versioned && !create(&work)) {
		status = STATUS_FAILED;
		goto done;
	}
	plan_upgrade(&plan, history.latest, work.state.version, history.latest, &work.state.partial);
	status = work_run(&work, "init", &plan);
	if (status == STATUS_OK)
		report_line("database %s is at version %d, the latest of this build%s", db_name(work.session.db),
					work.state.version, done_before ? ": nothing to do" : "");
done:
	plan_clear(&plan);
	work_end(&work);
	return status;
}
