/* The SQL that repairs a difference of privileges. */
#include "schema/repair_privileges.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_pairs.h"
#include "schema/compare_privileges.h"
#include "schema/fact.h"

#include "base/banned.h"

/* The privileges of the first list that are not in the second, in capitals; NULL: none, or one with an option. */
static char *
words_without(const char *list, const char *other)
{
	char	   *words = compare_words_without(list, other);

	if (words && strstr(words, "grant option")) {
		mem_free(words);
		return NULL;
	}
	for (char *c = words; c && *c; c++)
		*c = (char) (*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	return words;
}

/* "TABLE public.gmos", "SEQUENCE public.s", or NULL for what GRANT has other words for. */
static char *
granted_object(const struct compare_object *object)
{
	const char *word = object->kind == FACT_SEQUENCE ? "SEQUENCE" : object->kind == FACT_TYPE ? "TYPE"
		: object->kind == FACT_FUNCTION ? "FUNCTION"
		: object->kind == FACT_TABLE || object->kind == FACT_VIEW || object->kind == FACT_MATERIALIZED_VIEW ? "TABLE"
		: NULL;
	char	   *name;
	char	   *text;

	if (object->kind == FACT_SCHEMA || object->kind == FACT_LANGUAGE) {
		name = fact_unescape(object->name, object->length);
		text = mem_format("%s %s", object->kind == FACT_SCHEMA ? "SCHEMA" : "LANGUAGE", name);
		mem_free(name);
		return text;
	}
	if (!word)
		return NULL;
	name = fact_sql_name(object->name, object->kind == FACT_FUNCTION ? strcspn(object->name, "(") : object->length);
	text = mem_format("%s %s%.*s", word, name,
					  object->kind == FACT_FUNCTION ? (int) (object->length - strcspn(object->name, "(")) : 0,
					  object->name + (object->kind == FACT_FUNCTION ? strcspn(object->name, "(") : 0));
	mem_free(name);
	return text;
}

/* Missing privileges are granted, extra ones are revoked. */
void
repair_privileges(struct repair_list *list, const struct compare_item *item)
{
	const char *name = item->is ? item->is->name : item->should->name;
	struct compare_object object;
	const char *role;
	char	   *on = compare_privilege(name, &object, &role) ? granted_object(&object) : NULL;
	const char *is = item->is_value ? item->is_value : "";
	const char *should = item->should_value ? item->should_value : "";
	char	   *grant = on ? words_without(should, is) : NULL;
	char	   *revoke = on ? words_without(is, should) : NULL;
	char	   *to = fact_unescape(item->role, strlen(item->role));
	size_t		before = list->count;

	if (grant && !strstr(is, "grant option"))
		repair_list_add(list, REPAIR_STATEMENT, "GRANT %s ON %s TO %s", grant, on, to);
	if (revoke && !strstr(should, "grant option"))
		repair_list_add(list, list->count > before ? REPAIR_JOINED : REPAIR_STATEMENT, "REVOKE %s ON %s FROM %s",
						revoke, on, to);
	mem_free(to);
	mem_free(revoke);
	mem_free(grant);
	mem_free(on);
}
