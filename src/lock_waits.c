/* Who is in the way of locks that are not asked for yet. */
#include <string.h>

#include "lock.h"
#include "lock_private.h"
#include "mem.h"
#include "output.h"

#include "banned.h"

/*
 * A transaction that is prepared has no session. A worker of autovacuum gives way, unless it is there to prevent
 * wraparound. For each session and table the strongest lock.
 */
#define HOLDERS \
	"SELECT CASE WHEN l.pid IS NULL THEN " DESCRIBE_PREPARED " ELSE " DESCRIBE_SESSION " END, w.name," \
	" l.mode, l.pid FROM json_to_recordset($1::json) AS w(name text, modes json)" \
	" JOIN pg_locks l ON l.relation = to_regclass(w.name)::oid" \
	" AND l.mode IN (SELECT json_array_elements_text(w.modes))" \
	" LEFT JOIN pg_stat_activity a ON a.pid = l.pid" \
	" WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()" \
	" AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())" \
	" AND (a.backend_type IS DISTINCT FROM 'autovacuum worker' OR a.query LIKE '%wraparound%')" \
	" ORDER BY a.xact_start, a.pid, w.name"

#define SNAPSHOTS \
	"SELECT " DESCRIBE_SESSION ", NULL, '', a.pid FROM pg_stat_activity a WHERE a.datname = current_database()" \
	" AND a.backend_xmin IS NOT NULL AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()" \
	" ORDER BY a.xact_start, a.pid"

/* The tables, each with the modes that are in the way there, as JSON. */
static char *
wishes_to_json(const struct lock_wish *wishes, size_t count)
{
	json_t	   *array = output_array();
	char	   *text;

	for (size_t i = 0; i < count; i++) {
		json_t	   *modes;

		if (!wishes[i].table)
			continue;
		modes = output_array();
		for (enum lock_mode held = MODE_NONE; held < MODE_COUNT; held++)
			if (lock_mode_conflicts(wishes[i].mode, held))
				output_append(modes, output_text(lock_mode_view(held)));
		output_append(array, json_pack("{s:s, s:o}", "name", wishes[i].table, "modes", modes));
	}
	text = output_string(array, JSON_COMPACT);
	json_decref(array);
	return text;
}

static void
add_wait(struct lock_wait **waits, size_t *count, const struct db_command *found, int line)
{
	const char *table = db_value(found, line, 1);
	enum lock_mode held = lock_mode_of(db_text(found, line, 2));
	long		pid = db_number(found, line, 3);

	for (size_t i = 0; i < *count; i++) {
		struct lock_wait *wait = &(*waits)[i];

		if (wait->pid == pid && (table && wait->table ? strcmp(table, wait->table) == 0 : table == wait->table)) {
			if (held > wait->held)
				wait->held = held;
			return;
		}
	}
	*waits = mem_grow(*waits, *count + 1, sizeof(**waits));
	(*waits)[(*count)++] = (struct lock_wait) {
		.session = lock_session(found, line),.pid = pid,.table = mem_string(table),.held = held
	};
}

bool
lock_find_waits(struct session *session, const struct lock_wish *wishes, size_t wish_count, struct lock_wait **waits,
				size_t *count)
{
	struct db_batch batch = {0};
	char	   *json = wishes_to_json(wishes, wish_count);
	bool		snapshots = false;
	bool		found;

	*waits = NULL;
	*count = 0;
	for (size_t i = 0; i < wish_count; i++)
		if (!wishes[i].table)
			snapshots = true;
	session_add_own(&batch);
	db_add(&batch, HOLDERS, 1, json);
	if (snapshots)
		db_add(&batch, SNAPSHOTS, 0);
	found = session_query(session, &batch, "look who holds locks");
	for (size_t i = 1; found && i < batch.count; i++)
		for (int line = 0; line < db_lines(&batch.commands[i]); line++)
			add_wait(waits, count, &batch.commands[i], line);
	db_batch_clear(&batch);
	mem_free(json);
	return found;
}

void
lock_waits_free(struct lock_wait *waits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(waits[i].session);
		mem_free(waits[i].table);
	}
	mem_free(waits);
}
