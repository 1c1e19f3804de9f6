#include "finding.h"

#include <stdio.h>
#include <string.h>

#include "history.h"
#include "lock.h"
#include "mem.h"

#include "banned.h"

static void
note(struct finding *finding, char *text)
{
	finding->notes[finding->note_count++] = text;
}

static void
note_position(struct finding *finding, const struct partial *partial, const char *position)
{
	char	   *far = half_way_text(&finding->half_way);

	note(finding, mem_format("%smigration %d %s statement %d, whose keys below %s are done%s%s",
							 partial->up ? "" : "down ", partial->version,
							 finding->runner ? "has got to" : "stopped in", partial->statements + 1, position,
							 far ? ": " : "", far ? far : ""));
	mem_free(far);
}

static void
note_half_way(struct finding *finding, const struct partial *partial, const char *position)
{
	const char *direction = partial->up ? "" : "down ";

	if (finding->runner)
		note(finding, mem_format("%smigration %d is being run by %s", direction, partial->version, finding->runner));
	if (position)
		note_position(finding, partial, position);
	else if (finding->runner)
		return;
	else if (partial->statements == 0)
		note(finding, mem_format("%smigration %d stopped before its first statement was done", direction,
								 partial->version));
	else
		note(finding, mem_format("%smigration %d stopped after %d of its statements", direction, partial->version,
								 partial->statements));
}

/* Which versions differ, as the note says it. */
static char *
differing(struct work *work)
{
	bool		loaded = state_load(&work->session, &work->state);
	char	   *versions = loaded ? state_differing(&work->state) : mem_string("");
	char	   *said = versions[0]
		? mem_format("the SQL applied is not the SQL in this build for version%s", versions)
		: mem_format("the recorded checksum of the history is not the one in this build%s",
					 loaded ? ", but no version is found to differ" : "");

	mem_free(versions);
	return said;
}

/* Only where there is something to take back: as long as all is well, that costs nothing. */
static void
look_back(struct finding *finding)
{
	struct state *state = &finding->work.state;
	int			highest = state_highest(state);

	finding->beyond = highest > history.latest;
	if (finding->beyond)
		back_find(&finding->back, &finding->work.session, state, highest, history.latest);
}

void
finding_judge(struct finding *finding)
{
	struct work *work = &finding->work;
	const struct state *state = &work->state;

	finding->standing = (struct standing) {.version = state->version,.latest = history.latest,
		.half_way = state->partial.there,.differs = state_differs(state)
	};
	if (state->partial.there) {
		struct lock_holder holder;

		lock_find_holder(&holder, &work->session);
		if (holder.is_run)
			finding->runner = holder.session;
		else if (holder.session) {
			note(finding, mem_format("the lock of this program is held by %s", holder.session));
			mem_free(holder.session);
		}
		finding->standing.running = finding->runner != NULL;
		half_way_look(&finding->half_way, &work->session, state, finding->standing.running);
	}
	finding->verdict = verdict_of(&finding->standing);
	look_back(finding);

	if (state->partial.there)
		note_half_way(finding, &state->partial, state->partial_position);
	if (finding->standing.differs)
		note(finding, differing(work));
	if (state->has_last && state->last_version != state->version)
		note(finding, mem_format("the version was set by hand: the last recorded change led to %d",
								 state->last_version));
	if (state->crowded)
		note(finding, mem_string("table fitsdb_schema.standing has several rows, as a restore of data alone leaves it;"
								 " the next change puts that right"));
	if (state->hidden)
		note(finding, mem_string("schema fitsdb_schema may not be read by this role, so its record was not compared"));
}

void
finding_clear(struct finding *finding)
{
	for (size_t i = 0; i < finding->note_count; i++)
		mem_free(finding->notes[i]);
	mem_free(finding->runner);
	back_clear(&finding->back);
}
