/* Who is in the way of locks that are not asked for yet. */
#include "plan/blockers.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "pg/lock_mode.h"
#include "pg/lock_watch.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

/*
 * A transaction that is prepared has no session. A worker of autovacuum gives way, unless it is there to prevent
 * wraparound. For each session and table the strongest lock.
 */
#define HOLDERS \
	"SELECT CASE WHEN l.pid IS NULL THEN " LOCK_WATCH_PREPARED " ELSE " LOCK_WATCH_SESSION " END, w.name," \
	" l.mode, l.pid FROM json_to_recordset($1::json) AS w(name text, modes json)" \
	" JOIN pg_locks l ON l.relation = to_regclass(w.name)::oid" \
	" AND l.mode IN (SELECT json_array_elements_text(w.modes))" \
	" LEFT JOIN pg_stat_activity a ON a.pid = l.pid" \
	" WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()" \
	" AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())" \
	" AND (a.backend_type IS DISTINCT FROM 'autovacuum worker' OR a.query LIKE '%wraparound%')" \
	" ORDER BY a.xact_start, a.pid, w.name"

#define SNAPSHOTS \
	"SELECT " LOCK_WATCH_SESSION ", NULL, '', a.pid FROM pg_stat_activity a WHERE a.datname = current_database()" \
	" AND a.backend_xmin IS NOT NULL AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()" \
	" ORDER BY a.xact_start, a.pid"

/* The tables, each with the modes that are in the way there, as JSON. */
static char *
requests_to_json(const struct blockers_request *requests, size_t count)
{
	json_t	   *array = json_output_array();
	char	   *text;

	for (size_t i = 0; i < count; i++) {
		json_t	   *modes;

		if (!requests[i].table)
			continue;
		modes = json_output_array();
		for (enum lock_mode held = MODE_NONE; held < MODE_COUNT; held++)
			if (lock_mode_conflicts(requests[i].mode, held))
				json_output_append(modes, json_output_text(lock_mode_view(held)));
		json_output_append(array, json_pack("{s:s, s:o}", "name", requests[i].table, "modes", modes));
	}
	text = json_output_string(array, JSON_COMPACT);
	json_decref(array);
	return text;
}

static void
add_wait(struct blocker **waits, size_t *count, const struct pipeline_command *found, int line)
{
	const char *table = pipeline_value(found, line, 1);
	enum lock_mode held = lock_mode_of(pipeline_text(found, line, 2));
	long		pid = pipeline_number(found, line, 3);

	for (size_t i = 0; i < *count; i++) {
		struct blocker *wait = &(*waits)[i];

		if (wait->pid == pid && (table && wait->table ? strcmp(table, wait->table) == 0 : table == wait->table)) {
			if (held > wait->held)
				wait->held = held;
			return;
		}
	}
	*waits = mem_grow(*waits, *count + 1, sizeof(**waits));
	(*waits)[(*count)++] = (struct blocker) {
		.session = lock_watch_session(found, line),.pid = pid,.table = mem_string(table),.held = held
	};
}

bool
blockers_find(struct session *session, const struct blockers_request *requests, size_t request_count,
			  struct blocker **waits, size_t *count)
{
	struct pipeline pipeline = {0};
	char	   *json = requests_to_json(requests, request_count);
	bool		snapshots = false;
	bool		found;

	*waits = NULL;
	*count = 0;
	for (size_t i = 0; i < request_count; i++)
		if (!requests[i].table)
			snapshots = true;
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, HOLDERS, 1, json);
	if (snapshots)
		pipeline_add(&pipeline, SNAPSHOTS, 0);
	found = session_query(session, &pipeline, "look who holds locks");
	for (size_t i = 1; found && i < pipeline.count; i++)
		for (int line = 0; line < pipeline_row_count(&pipeline.commands[i]); line++)
			add_wait(waits, count, &pipeline.commands[i], line);
	pipeline_clear(&pipeline);
	mem_free(json);
	return found;
}

void
blockers_free(struct blocker *waits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(waits[i].session);
		mem_free(waits[i].table);
	}
	mem_free(waits);
}
