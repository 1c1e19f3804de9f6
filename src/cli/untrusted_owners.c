/* Withhold SQL for objects of untrusted roles, and report them. */
#include "cli/untrusted_owners.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/report.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/trust.h"
#include "schema/fact.h"

#include "base/banned.h"

/* The owner of an object, unless that is the database's owner; false: it is. */
static bool
other_owner(const struct live *live, const char *object, struct fact_property *owner)
{
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		const struct fact *fact = fact_find(&live->facts, (enum fact_kind) kind, object);

		if (fact && fact_property(fact, "owner", owner))
			return true;
	}
	return false;
}

static bool
is_listed(const struct pipeline_command *names, const struct fact_property *role)
{
	struct arena arena = {0};
	bool		listed = false;

	for (int i = 0; i < pipeline_row_count(names) && !listed; i++) {
		const char *name = fact_identifier(&arena, pipeline_text(names, i, 0));

		listed = strlen(name) == role->value_length && memcmp(name, role->value, role->value_length) == 0;
	}
	arena_clear(&arena);
	return listed;
}

/* The objects of an untrusted role that have differences. */
struct untrusted {
	struct fact_property owner;
	const char *group;			/* the first of them */
	size_t		count;
};

struct untrusted_list {
	size_t		count;
	struct untrusted *items;
};

static void
flag_group(struct comparison *comparison, size_t first, const struct fact_property *owner, struct untrusted_list *list)
{
	const char *group = comparison->items[first].group;

	for (size_t i = first; i < comparison->count && strcmp(comparison->items[i].group, group) == 0; i++)
		comparison->items[i].untrusted = true;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].owner.value_length == owner->value_length
			&& memcmp(list->items[i].owner.value, owner->value, owner->value_length) == 0) {
			list->items[i].count++;
			return;
		}
	list->items = mem_grow(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = (struct untrusted) {*owner, group, 1};
}

/* A line for each role. */
static void
warn_untrusted(const struct untrusted_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct untrusted *item = &list->items[i];
		int			length = (int) item->owner.value_length;

		if (item->count == 1)
			report_warning("%s belongs to untrusted role %.*s, so no SQL is printed for it", item->group, length,
						   item->owner.value);
		else
			report_warning("%s and %zu other%s belong to untrusted role %.*s, so no SQL is printed for them",
						   item->group, item->count - 1, item->count == 2 ? "" : "s", length, item->owner.value);
	}
}

bool
untrusted_owners_flag(struct session *session, struct comparison *comparison, const struct live *live, bool warn)
{
	struct untrusted_list list = {0};
	struct pipeline pipeline = {0};
	struct fact_property owner;
	bool		read = true;

	for (size_t i = 0; read && i < comparison->count; i++) {
		const char *group = comparison->items[i].group;

		if (comparison->items[i].note || (i > 0 && strcmp(comparison->items[i - 1].group, group) == 0)
			|| !other_owner(live, group, &owner))
			continue;
		if (pipeline.count == 0) {
			session_begin_reading(session, &pipeline);
			pipeline_add(&pipeline, "SELECT r.rolname FROM pg_roles r WHERE " TRUST_ROLE("r.oid", "$1"), 1,
						 session->options->role);
			session_end_reading(&pipeline);
			read = session_query(session, &pipeline, "read the roles");
		}
		if (read && !is_listed(session_result(&pipeline), &owner))
			flag_group(comparison, i, &owner, &list);
	}
	if (warn)
		warn_untrusted(&list);
	mem_free(list.items);
	pipeline_clear(&pipeline);
	return read;
}
