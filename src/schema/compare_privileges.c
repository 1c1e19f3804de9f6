/* Roles, and what they may do. */
#include "schema/compare_privileges.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "schema/acl.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"

#include "base/banned.h"

bool
compare_role_exists(const struct live *live, const char *role)
{
	return strcmp(role, "@") == 0 || strcmp(role, "PUBLIC") == 0
		|| (live->role_count > 0
			&& bsearch(&role, live->roles, live->role_count, sizeof(*live->roles), text_compare));
}

bool
compare_is_privilege(enum fact_kind kind)
{
	return kind == FACT_PRIVILEGE || kind == FACT_DEFAULT_PRIVILEGE;
}

bool
compare_role_is_granted(const struct fact_history *known, const char *role)
{
	for (size_t i = 0; i < known->run_count; i++)
		if (compare_is_privilege(known->runs[i].kind) && strcmp(compare_grantee(known->runs[i].name), role) == 0)
			return true;
	return false;
}

/* --- lists of privileges --- */

/* Is a privilege, with its option, in a list "delete, select with grant option"? */
static bool
is_in(const char *list, const char *word, size_t length)
{
	while (*list) {
		size_t		other = strcspn(list, ",");

		if (other == length && memcmp(list, word, length) == 0)
			return true;
		list += other + strspn(list + other, ", ");
	}
	return false;
}

char *
compare_words_without(const char *list, const char *other)
{
	char	   *words = NULL;

	while (*list) {
		size_t		length = strcspn(list, ",");

		if (!is_in(other, list, length)) {
			char	   *word = mem_copy(list, length);

			mem_append(&words, ", ", word);
			mem_free(word);
		}
		list += length + strspn(list + length, ", ");
	}
	return words;
}

/* --- defaults --- */

/* The type of an object for acl_default(). */
static char
type_of(enum fact_kind kind)
{
	switch (kind) {
		case FACT_TABLE:
		case FACT_VIEW:
		case FACT_MATERIALIZED_VIEW:
			return 'r';
		case FACT_SEQUENCE:
			return 's';
		case FACT_FUNCTION:
		case FACT_AGGREGATE:
			return 'f';
		case FACT_LANGUAGE:
			return 'l';
		case FACT_TYPE:
			return 'T';
		case FACT_SCHEMA:
			return 'n';
		case FACT_DATABASE:
			return 'd';
		case FACT_FOREIGN_DATA_WRAPPER:
			return 'F';
		case FACT_SERVER:
			return 'S';
		default:
			return 'c';
	}
}

/* Does the object belong to the role, in the database or in the version? */
static bool
is_owner(const struct compare_pair *pair, bool live, const char *role)
{
	struct fact fact;
	struct fact_property owner;

	if (!pair || !(live ? pair->is != NULL : pair->should != NULL))
		return false;
	fact = live ? *pair->is : (struct fact) {pair->kind, pair->name, pair->should->texts[0].definition};
	if (!fact_property(&fact, "owner", &owner))
		return strcmp(role, "@") == 0;
	return strlen(role) == owner.value_length && memcmp(role, owner.value, owner.value_length) == 0;
}

static bool
is_public(const struct compare_object *object)
{
	return object->kind == FACT_SCHEMA && object->length == 6 && memcmp(object->name, "public", 6) == 0;
}

/*
 * Has the owner of schema public, which differs between servers, lost privileges? All others are told of only if they
 * have some.
 */
static bool
has_lost_public(const struct compare_object *object, const char *role, const struct fact *is)
{
	return is_public(object) && (strcmp(role, "pg_database_owner") == 0 || strcmp(is->definition, "none") == 0);
}

/* The privileges that a role has in the database or in the version without any GRANT or REVOKE; "" for none. */
static const char *
usual(struct arena *arena, const struct compare_pairs *pairs, const struct compare_object *object, bool live,
	  const char *role)
{
	const struct compare_pair *pair = compare_pairs_find(pairs, object->kind, object->name, object->length);
	bool		everybody = strcmp(role, "PUBLIC") == 0;
	const struct acl_entry *entry;
	struct acl	acl;

	if (!everybody && !is_owner(pair, live, role))
		return "";
	acl_default(arena, type_of(object->kind), role, &acl);
	entry = acl_find(&acl, everybody ? "" : role);
	if (entry)
		return acl_words(arena, entry);
	/* Of schema public, everybody has had this since it is made. */
	return everybody && is_public(object) ? "usage" : "";
}

#define ALL_OF_A_TABLE "references, select, trigger, truncate, update"

/* On servers from 17 on, all privileges on a table include MAINTAIN. */
static const char *
with_maintain(const char *should, const char *is)
{
	if (should && is && is_in(is, "maintain", strlen("maintain"))
		&& strcmp(should, "delete, insert, " ALL_OF_A_TABLE) == 0)
		return "delete, insert, maintain, " ALL_OF_A_TABLE;
	return should;
}

/* The words of a fact, or those of the default; NULL for none. */
static const char *
words_of(struct arena *arena, const struct fact *fact, const char *by_default)
{
	struct fact_property property;
	const char *words = by_default;

	if (fact)
		words = fact_property(fact, "privileges", &property)
			? arena_copy(arena, property.value, property.value_length) : "";
	return *words && strcmp(words, "none") != 0 ? words : NULL;
}

void
compare_privileges(struct arena *arena, const struct compare_pairs *pairs, const struct live *live,
				   struct compare_item *item)
{
	const struct fact *fact = item->is ? item->is : item->should;
	struct compare_object object = {0};
	const char *role;
	const char *by_default;
	char	   *extra;

	if (fact->kind != FACT_PRIVILEGE || !compare_privilege(fact->name, &object, &role))
		return;
	by_default = item->is && item->should ? "" : usual(arena, pairs, &object, !item->is, role);
	if (item->is && !item->should && !*by_default && has_lost_public(&object, role, item->is))
		by_default = "create, usage";
	item->role = strcmp(role, "@") == 0 ? live->owner : role;
	item->is_value = words_of(arena, item->is, by_default);
	item->should_value = with_maintain(words_of(arena, item->should, by_default), item->is_value);
	if (*by_default) {
		item->kind = COMPARE_CHANGED;
		item->label = "privileges";
	}
	extra = compare_words_without(item->is_value ? item->is_value : "", item->should_value ? item->should_value : "");
	if (object.kind == FACT_DATABASE && !extra)
		item->note = true;
	mem_free(extra);
}
