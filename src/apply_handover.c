/* What earlier scripts have left to a superuser, given to the role that we act as. */
#include "apply_private.h"
#include "mem.h"
#include "report.h"

#include "banned.h"

/* The login is a superuser; the role that we act as would not be allowed to take what it is not given. */
void
apply_compose_handover(struct db_batch *batch, const struct ownership *ownership)
{
	db_add(batch, "BEGIN", 0);
	db_add(batch, "SET LOCAL ROLE NONE", 0);
	for (size_t i = 0; i < ownership->count; i++)
		db_add(batch, ownership->changes[i].statement, 0);
	db_add(batch, "COMMIT", 0);
}

bool
apply_handover(struct session *session, const struct ownership *ownership)
{
	struct job	job = {0};
	bool		again = ownership->count > 0;
	bool		done = !again;

	if (done)
		return true;
	job.title = mem_format("giving what belongs to a superuser to \"%s\"", ownership->role);
	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed;

		/* In a batch of their own, as the transaction has its COMMIT with it and must not be run without them. */
		session_add_script(session, &batch, session->options->lock_timeout);
		failed = apply_run(session, &batch);
		if (!failed) {
			db_batch_clear(&batch);
			apply_compose_handover(&batch, ownership);
			failed = apply_run(session, &batch);
		}
		again = failed && apply_pause(session, &job, &failed->error, attempt);
		if (failed && !again)
			apply_report(session, &job, &(struct apply_place) {0}, &failed->error,
						 failed->error.lost ? "The owners are as they were, or all are changed; nothing else was."
						 : "Rolled back; nothing was changed.");
		done = !failed;
		db_batch_clear(&batch);
	}
	for (size_t i = 0; done && i < ownership->count; i++)
		report_note("%s", ownership->changes[i].note);
	mem_free(job.title);
	return done;
}
