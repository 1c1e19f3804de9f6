/* Access privileges: parse, compare and name them. */
#include "schema/acl.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "schema/array.h"

#include "base/banned.h"

/* In order of the words; the index is the number of the bit. */
static const struct {
	char		letter;
	const char *word;
}			privileges[] = {
	{'A', "alter system"}, {'c', "connect"}, {'C', "create"}, {'d', "delete"}, {'X', "execute"}, {'a', "insert"},
	{'m', "maintain"}, {'x', "references"}, {'r', "select"}, {'s', "set"}, {'T', "temporary"}, {'t', "trigger"},
	{'D', "truncate"}, {'w', "update"}, {'U', "usage"},
};

enum {
	PRIVILEGE_COUNT = sizeof(privileges) / sizeof(*privileges)
};

/* The privileges by default, by type. */
static const struct {
	char		type;
	const char *of_owner;
	const char *of_public;
}			defaults[] = {
	{'r', "arwdDxt", ""}, {'s', "rwU", ""}, {'f', "X", "X"}, {'l', "U", "U"}, {'T', "U", "U"}, {'n', "UC", ""},
	{'d', "CTc", "Tc"}, {'F', "U", ""}, {'S', "U", ""}, {'L', "rw", ""}, {'c', "", ""},
};

/* The set of one letter; 0: there is no such privilege. */
static unsigned
find_privilege(char letter)
{
	for (unsigned i = 0; i < PRIVILEGE_COUNT; i++)
		if (privileges[i].letter == letter)
			return 1U << i;
	return 0;
}

unsigned
acl_set(const char *letters)
{
	unsigned	set = 0;

	for (; *letters; letters++)
		set |= find_privilege(*letters);
	return set;
}

struct acl_entry *
acl_find(const struct acl *acl, const char *role)
{
	for (size_t i = 0; i < acl->count; i++)
		if (strcmp(acl->entries[i].role, role) == 0)
			return &acl->entries[i];
	return NULL;
}

/* Add to the entry of a role, for which there is room. */
static void
add(struct acl *acl, const char *role, unsigned held, unsigned grantable)
{
	struct acl_entry *entry = acl_find(acl, role);

	if (!entry) {
		entry = &acl->entries[acl->count++];
		*entry = (struct acl_entry) {.role = role};
	}
	entry->held |= held;
	entry->grantable |= grantable;
}

static int
compare_entries(const void *left, const void *right)
{
	return strcmp(((const struct acl_entry *) left)->role, ((const struct acl_entry *) right)->role);
}

static void
sort(struct acl *acl)
{
	if (acl->count > 0)
		qsort(acl->entries, acl->count, sizeof(*acl->entries), compare_entries);
}

/* The text after the quote at *at, up to the next one that is not doubled. */
static const char *
unquote(struct arena *arena, const char **at)
{
	char	   *text = arena_alloc(arena, strlen(*at) + 1);
	char	   *end = text;
	const char *c = *at + 1;

	for (; *c && (*c != '"' || c[1] == '"'); c++) {
		if (*c == '"')
			c++;
		*end++ = *c;
	}
	*at = c + (*c == '"');
	return text;
}

/* ROLE=PRIVILEGES/GRANTOR */
static bool
parse_item(struct arena *arena, const char *item, struct acl *acl)
{
	const char *role;
	size_t		length = strcspn(item, "=");
	unsigned	held = 0;
	unsigned	grantable = 0;

	if (*item == '"')
		role = unquote(arena, &item);
	else {
		role = arena_copy(arena, item, length);
		item += length;
	}
	if (*item != '=')
		return false;
	for (item++; *item && *item != '/'; item++) {
		unsigned	privilege = find_privilege(*item);

		if (!privilege)
			return false;
		held |= privilege;
		if (item[1] == '*') {
			grantable |= privilege;
			item++;
		}
	}
	add(acl, role, held, grantable);
	return true;
}

bool
acl_parse(struct arena *arena, const char *text, struct acl *acl)
{
	const unsigned all = acl_set("arwdDxt");
	size_t		most = 1;
	const char *item;

	for (const char *c = text; *c; c++)
		most += *c == ',';
	*acl = (struct acl) {.entries = arena_alloc(arena, most * sizeof(*acl->entries))};
	while ((item = array_next(arena, &text)) != NULL)
		if (!parse_item(arena, item, acl))
			return false;
	for (size_t i = 0; i < acl->count; i++)
		if ((acl->entries[i].held & all) == all) {
			acl->entries[i].held &= ~acl_set("m");
			acl->entries[i].grantable &= ~acl_set("m");
		}
	sort(acl);
	return strcmp(text, "}") == 0 || strcmp(text, "{}") == 0;
}

void
acl_default(struct arena *arena, char type, const char *owner, struct acl *acl)
{
	*acl = (struct acl) {.entries = arena_alloc(arena, 2 * sizeof(*acl->entries))};
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		if (defaults[i].type == type) {
			if (*defaults[i].of_public)
				add(acl, "", acl_set(defaults[i].of_public), 0);
			if (*defaults[i].of_owner)
				add(acl, owner, acl_set(defaults[i].of_owner), 0);
		}
}

void
acl_differing(struct arena *arena, const struct acl *acl, const struct acl *usual, struct acl *differing)
{
	*differing = (struct acl) {
		.entries = arena_alloc(arena, (acl->count + usual->count + 1) * sizeof(*acl->entries))
	};
	for (size_t i = 0; i < acl->count; i++) {
		const struct acl_entry *entry = &acl->entries[i];
		const struct acl_entry *other = acl_find(usual, entry->role);

		if (entry->held != (other ? other->held : 0) || entry->grantable != (other ? other->grantable : 0))
			add(differing, entry->role, entry->held, entry->grantable);
	}
	for (size_t i = 0; i < usual->count; i++)
		if (usual->entries[i].held && !acl_find(acl, usual->entries[i].role))
			add(differing, usual->entries[i].role, 0, 0);
	sort(differing);
}

const char *
acl_words(struct arena *arena, const struct acl_entry *entry)
{
	const char *words = "";

	for (unsigned i = 0; i < PRIVILEGE_COUNT; i++)
		if (entry->held & 1U << i)
			words = arena_format(arena, "%s%s%s%s", words, *words ? ", " : "", privileges[i].word,
								 entry->grantable & 1U << i ? " with grant option" : "");
	return *words ? words : "none";
}
