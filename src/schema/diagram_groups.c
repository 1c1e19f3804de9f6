/* Group the tables of a diagram by their foreign keys. */
#include "schema/diagram_groups.h"

#include <stdbool.h>

#include "base/mem.h"

#include "base/banned.h"

/* A table, while the groups are being found. */
struct diagram_member {
	size_t		referrer;		/* a table that refers to it; its own index: none */
	bool		hub;
	bool		refers;			/* it has a foreign key to another table */
	bool		placed;			/* it is in the group of a hub */
	size_t		next;			/* another table of the group; the root of the group refers to itself */
	size_t		leader;			/* of the root: the table that names the group */
	size_t		lines;			/* of the tables beside this hub */
};

/* The root of the group. */
static size_t
find_root(const struct diagram_member *members, size_t table)
{
	while (members[table].next != table)
		table = members[table].next;
	return table;
}

static struct diagram_member *
members_of(const struct diagram_parts *parts)
{
	struct diagram_member *members = mem_alloc((parts->table_count + 1) * sizeof(*members));

	for (size_t i = 0; i < parts->table_count; i++)
		members[i] = (struct diagram_member) {.referrer = i,.next = i,.leader = DIAGRAM_GROUPS_ALONE};
	for (size_t k = 0; k < parts->key_count; k++) {
		const struct diagram_key *key = &parts->keys[k];
		struct diagram_member *to = &members[key->to];

		if (key->from == key->to)
			continue;
		members[key->from].refers = true;
		if (to->referrer != key->to && to->referrer != key->from)
			to->hub = true;
		to->referrer = key->from;
	}
	return members;
}

static void
unite(const struct diagram_parts *parts, struct diagram_member *members)
{
	for (size_t k = 0; k < parts->key_count; k++) {
		const struct diagram_key *key = &parts->keys[k];
		struct diagram_member *from = &members[key->from];

		if (key->from == key->to || (members[key->to].hub && (from->hub || from->placed)))
			continue;
		from->placed |= members[key->to].hub;
		members[find_root(members, key->from)].next = find_root(members, key->to);
	}
}

/* A hub names the group; if there is none, a table that refers to no other. */
static int
rank_of(const struct diagram_member *member)
{
	return member->hub ? 2 : member->refers ? 0 : 1;
}

static void
find_leaders(const struct diagram_parts *parts, struct diagram_member *members, size_t *leaders)
{
	for (size_t i = 0; i < parts->table_count; i++) {
		struct diagram_member *group = &members[find_root(members, i)];
		bool		alone = !members[i].refers && members[i].referrer == i;

		if (!alone && (group->leader == DIAGRAM_GROUPS_ALONE
					   || rank_of(&members[i]) > rank_of(&members[group->leader])))
			group->leader = i;
	}
	for (size_t i = 0; i < parts->table_count; i++)
		leaders[i] = members[find_root(members, i)].leader;
}

/* A table that refers to the same hub by two keys has one distance. */
static void
find_distances(const struct diagram_parts *parts, struct diagram_member *members, const size_t *heights, size_t height,
			   int *distances)
{
	for (size_t k = 0; k < parts->key_count; k++) {
		const struct diagram_key *key = &parts->keys[k];
		const struct diagram_key *last = k > 0 ? key - 1 : NULL;
		struct diagram_member *hub = &members[key->to];

		distances[k] = 1;
		if (!hub->hub || members[key->from].hub)
			continue;
		if (last && last->from == key->from && last->to == key->to)
			distances[k] = distances[k - 1];
		else {
			hub->lines += heights[key->from];
			distances[k] = 1 + (int) ((hub->lines - 1) / height);
		}
	}
}

void
diagram_groups_find(struct diagram_groups *groups, const struct diagram_parts *parts, const size_t *heights,
					size_t height)
{
	struct diagram_member *members = members_of(parts);

	*groups = (struct diagram_groups) {.leaders = mem_alloc((parts->table_count + 1) * sizeof(*groups->leaders)),
		.distances = mem_alloc((parts->key_count + 1) * sizeof(*groups->distances))
	};
	unite(parts, members);
	find_leaders(parts, members, groups->leaders);
	find_distances(parts, members, heights, height, groups->distances);
	mem_free(members);
}

void
diagram_groups_clear(struct diagram_groups *groups)
{
	mem_free(groups->leaders);
	mem_free(groups->distances);
	*groups = (struct diagram_groups) {0};
}
