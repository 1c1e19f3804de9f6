/* stamp: record a version without running anything. */
#include "commands.h"
#include "report.h"
#include "work.h"

#include "banned.h"

int
cmd_stamp(const struct options *options)
{
	struct work work = {0};
	int			version = options_known_version(options);
	int			status;

	if (version < 0)
		return STATUS_UNKNOWN;
	status = work_begin_to_stamp(&work, options);
	if (status == STATUS_OK)
		status = work_may(&work, "stamp", false);
	if (status == STATUS_OK)
		status = work_take_over(&work);
	if (status == STATUS_OK) {
		int			before = work.state.versioned && work.state.fault == STATE_SOUND ? work.state.version : -1;
		struct job	job = job_of_stamp(before, version);

		if (!apply_job(&work.session, &work.state, &job))
			status = STATUS_FAILED;
		else if (before < 0 || before == version)
			report_line("database %s is stamped with version %d; nothing was run", db_name(work.session.db), version);
		else
			report_line("database %s is stamped with version %d instead of %d; nothing was run",
						db_name(work.session.db), version, before);
		job_clear(&job);
	}
	work_end(&work);
	return status;
}
