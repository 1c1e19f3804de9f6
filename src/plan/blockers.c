/* Find the sessions that block locks which have not been requested yet. */
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
 * A prepared transaction has no session. An autovacuum worker gives way to other locks, unless it prevents wraparound.
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

/* The tables as JSON, each with the lock modes that conflict with the request. */
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

/* For each session and table the strongest lock is kept. */
static void
add_blocker(struct blocker **blockers, size_t *count, const struct pipeline_command *found, int row)
{
	const char *table = pipeline_value(found, row, 1);
	enum lock_mode held = lock_mode_of(pipeline_text(found, row, 2));
	long		pid = pipeline_number(found, row, 3);

	for (size_t i = 0; i < *count; i++) {
		struct blocker *blocker = &(*blockers)[i];

		if (blocker->pid == pid
			&& (table && blocker->table ? strcmp(table, blocker->table) == 0 : table == blocker->table)) {
			if (held > blocker->held)
				blocker->held = held;
			return;
		}
	}
	*blockers = mem_grow(*blockers, *count + 1, sizeof(**blockers));
	(*blockers)[(*count)++] = (struct blocker) {
		.session = lock_watch_session(found, row),.pid = pid,.table = mem_string(table),.held = held
	};
}

bool
blockers_find(struct session *session, const struct blockers_request *requests, size_t request_count,
			  struct blocker **blockers, size_t *count)
{
	struct pipeline pipeline = {0};
	char	   *json = requests_to_json(requests, request_count);
	bool		snapshots = false;
	bool		found;

	*blockers = NULL;
	*count = 0;
	for (size_t i = 0; i < request_count; i++)
		if (!requests[i].table)
			snapshots = true;
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, HOLDERS, 1, json);
	if (snapshots)
		pipeline_add(&pipeline, SNAPSHOTS, 0);
	found = session_query(session, &pipeline, "read the locks");
	for (size_t i = 1; found && i < pipeline.count; i++)
		for (int row = 0; row < pipeline_row_count(&pipeline.commands[i]); row++)
			add_blocker(blockers, count, &pipeline.commands[i], row);
	pipeline_clear(&pipeline);
	mem_free(json);
	return found;
}

void
blockers_free(struct blocker *blockers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(blockers[i].session);
		mem_free(blockers[i].table);
	}
	mem_free(blockers);
}
