/* Describe a difference in words. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/compare_privileges.h"
#include "schema/fact.h"

#include "base/banned.h"

enum {
	MAX_VALUE = 200				/* bytes of a value in a line */
};

const char *
compare_word(const struct compare_item *item)
{
	static const char *const words[] = {
		[COMPARE_MISSING] = "missing",[COMPARE_EXTRA] = "extra",[COMPARE_CHANGED] = "changed",
		[COMPARE_RENAMED] = "renamed",[COMPARE_ORDER] = "order",[COMPARE_UNKNOWN] = "unknown",
		[COMPARE_IGNORED] = "ignored",[COMPARE_NO_ROLE] = "role"
	};

	return words[item->kind];
}

bool
compare_is_uncompared(const struct compare_item *item)
{
	return item->kind == COMPARE_UNKNOWN || item->kind == COMPARE_IGNORED || item->kind == COMPARE_NO_ROLE;
}

const char *
compare_name(const struct fact *fact)
{
	size_t		length;

	if (!fact)
		return "";
	length = fact_parent(fact);
	return length ? fact->name + length + 1 : fact->name;
}

/* A value in one line, cut at MAX_VALUE bytes. */
static char *
in_line(const char *value)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (!value)
		value = "none";
	for (const char *c = value; *c; c++) {
		/* Not within a multibyte character. */
		if (c - value >= MAX_VALUE && ((unsigned char) *c & 0xc0) != 0x80) {
			fputs("...", stream);
			break;
		}
		if (!strchr(" \t\r\n", *c))
			fputc(*c, stream);
		else if (c[1] && !strchr(" \t\r\n", c[1]))
			fputc(' ', stream);
	}
	mem_stream_close(stream);
	return text;
}

/* Whose main property is a sum of hashes says nothing to a reader. */
static bool
is_described(enum fact_kind kind)
{
	return kind == FACT_COLUMN || kind == FACT_ATTRIBUTE || kind == FACT_INDEX || kind == FACT_CONSTRAINT
		|| kind == FACT_DOMAIN_CONSTRAINT || kind == FACT_TRIGGER || kind == FACT_SEQUENCE || kind == FACT_POLICY
		|| kind == FACT_STATISTICS || kind == FACT_DEFAULT_PRIVILEGE;
}

/* The properties of a missing or extra object: ": integer, not null". */
static char *
description(const struct fact *fact)
{
	struct fact_property property;
	const char *at = fact->definition;
	const char *main_label = fact_main_label(fact->kind);
	char	   *text = NULL;
	char	   *line;

	if (!is_described(fact->kind))
		return mem_string("");
	while (fact_next_property(fact, &at, &property)) {
		char	   *value = fact_unescape(property.value, property.value_length);
		bool		main_one = main_label && fact_property_is(&property, main_label);
		char	   *part = main_one && (fact->kind == FACT_COLUMN || fact->kind == FACT_ATTRIBUTE)
			? mem_format("type %s", value) : main_one ? mem_string(value) : property.value_length == 0
			? mem_copy(property.label, property.label_length)
			: mem_format("%.*s %s", (int) property.label_length, property.label, value);

		if (!fact_property_is(&property, "after"))
			mem_append(&text, ", ", part);
		mem_free(part);
		mem_free(value);
	}
	line = in_line(text ? text : "");
	mem_free(text);
	text = *line ? mem_format(": %s", line) : mem_string("");
	mem_free(line);
	return text;
}

/* " on column id", " on schema s", " on the database"; "" where it is the object of the group. */
static char *
privilege_place(const struct fact *fact)
{
	struct compare_object object = {0};
	const char *role;

	(void) compare_privilege(fact->name, &object, &role);
	if (object.kind == FACT_COLUMN) {
		char	   *name = mem_copy(object.name, object.length);
		struct fact on = {FACT_COLUMN, name, ""};
		char	   *text = mem_format(" on column %s", compare_name(&on));

		mem_free(name);
		return text;
	}
	if (object.kind == FACT_SCHEMA || object.kind == FACT_LANGUAGE)
		return mem_format(" on %s %.*s", fact_kind_word(object.kind), (int) object.length, object.name);
	return mem_string(object.kind == FACT_DATABASE ? " on the database" : "");
}

static char *
privilege_line(const struct compare_item *item)
{
	const char *role = compare_grantee(item->is ? item->is->name : item->should->name);
	char	   *place = privilege_place(item->is ? item->is : item->should);
	char	   *is = in_line(item->is_value ? item->is_value : "");
	char	   *should = in_line(item->should_value ? item->should_value : "");
	char	   *lacking = compare_words_without(should, is);
	char	   *extra = compare_words_without(is, should);
	char	   *text;

	if (strcmp(role, "@") == 0)
		role = "the owner of the database";
	if (!extra)
		text = mem_format("%s lacks %s%s", role, lacking ? lacking : "nothing", place);
	else if (!lacking)
		text = mem_format("%s should not have %s%s", role, extra, place);
	else
		text = mem_format("%s has %s, should have %s%s", role, is, should, place);
	mem_free(extra);
	mem_free(lacking);
	mem_free(should);
	mem_free(is);
	mem_free(place);
	return text;
}

static char *
one_sided_line(const struct compare_item *item)
{
	const struct fact *fact = item->is ? item->is : item->should;
	char	   *text = description(fact);
	char	   *line;

	if (item->is)
		line = mem_format("%s %s is not part of version %d%s", fact_kind_word(fact->kind), compare_name(fact),
						  item->version, text);
	else
		line = mem_format("%s %s is missing%s", fact_kind_word(fact->kind), compare_name(fact), text);
	if (item->renamed) {
		char	   *before = line;

		line = mem_format("%s; %s may be this object, renamed", before, compare_name(item->renamed));
		mem_free(before);
	}
	mem_free(text);
	return line;
}

/* "constraint u.f is not enforced when t changes: its triggers on t are disabled"; NULL: it is enforced. */
static char *
trigger_line(const struct compare_item *item)
{
	const char *name = item->is->name;
	const char *how = strcmp(item->is_value, "disabled") == 0 ? "are disabled"
		: strcmp(item->is_value, "replica") == 0 ? "fire only on replicas" : NULL;

	if (!how || item->is->kind != FACT_CONSTRAINT
		|| (strcmp(item->label, "checks") != 0 && strcmp(item->label, "actions") != 0))
		return NULL;
	if (strncmp(name, item->group, strlen(item->group)) == 0 && name[strlen(item->group)] == '.')
		name = compare_name(item->is);
	return mem_format("constraint %s is not enforced when %s changes: its triggers on %s %s", name, item->group,
					  item->group, how);
}

/* For an item that has no live fact. */
static const struct fact none = {.name = "",.definition = ""};

char *
compare_row_security(const struct compare_item *item)
{
	const char *label = item->label ? item->label : "";
	bool		forced = strcmp(label, "force row security") == 0;
	char	   *table;
	char	   *sql;

	if (item->kind != COMPARE_CHANGED || item->should_value || !item->is || item->is->kind != FACT_TABLE
		|| !(forced || strcmp(label, "row security") == 0))
		return NULL;
	table = fact_sql_name(item->is->name, strlen(item->is->name));
	sql = mem_format("ALTER TABLE %s %s ROW LEVEL SECURITY", table, forced ? "NO FORCE" : "DISABLE");
	mem_free(table);
	return sql;
}

static char *
changed_line(const struct compare_item *item)
{
	const struct fact *fact = item->is ? item->is : &none;
	const char *name = compare_name(fact);
	char	   *object = mem_format("%s%s%s", fact_kind_word(fact->kind), *name ? " " : "", name);
	char	   *is = in_line(item->is_value);
	char	   *should = in_line(item->should_value);
	char	   *text = item->is && item->is_value ? trigger_line(item) : NULL;
	char	   *turn_off = compare_row_security(item);

	if (text)
		;
	else if (turn_off)
		text = mem_format("%s: %s should not be set; \"%s\" turns it off", object, item->label, turn_off);
	else if (!item->is_value && !*should)
		text = mem_format("%s: %s is missing", object, item->label);
	else if (!item->should_value && !*is)
		text = mem_format("%s: %s should not be set", object, item->label);
	else
		text = mem_format("%s: %s is %s, should be %s", object, item->label, *is ? is : "set",
						  *should ? should : "set");
	mem_free(turn_off);
	mem_free(should);
	mem_free(is);
	mem_free(object);
	return text;
}

static char *
harmless_line(const struct compare_item *item)
{
	const struct fact *fact = item->is ? item->is : &none;
	const char *name = compare_name(fact);
	char	   *is = in_line(item->is_value);
	char	   *text = mem_format("%s%s%s: %s is %s; the version does not set it, and no query depends on it",
								  fact_kind_word(fact->kind), *name ? " " : "", name, item->label, *is ? is : "set");

	mem_free(is);
	return text;
}

static char *
noted_line(const struct compare_item *item)
{
	const struct fact *is = item->is ? item->is : &none;

	switch (item->reason) {
		case COMPARE_LEFT:
			if (is->kind == FACT_LABEL)
				return mem_format("label %s belongs to a later version; PostgreSQL cannot drop it", compare_name(is));
			if (!item->should)
				return mem_format("%s %s belongs to a later version; the downgrade does not remove it",
								  fact_kind_word(is->kind), compare_name(is));
			if (!item->is)
				return mem_format("%s %s is missing; a downgrade from a later version does not bring it back",
								  fact_kind_word(item->should->kind), compare_name(item->should));
			break;
		case COMPARE_HARMLESS:
			return harmless_line(item);
		case COMPARE_SETTING:
			return mem_format("no version has setting %s", is->name);
		case COMPARE_OTHER_ROLE:
			return mem_format("role %s has privileges on %zu object%s; no version grants privileges to this role",
							  item->why, item->objects, item->objects == 1 ? "" : "s");
		default:
			break;
	}
	return NULL;
}

static char *
with_reason(char *text, const struct compare_item *item)
{
	const char *why = item->reason == COMPARE_LEFT ? "a downgrade does not change it"
		: item->reason == COMPARE_LOST_BY_DUMP ? "pg_dump does not include it" : NULL;
	char	   *whole;

	if (!why)
		return text;
	whole = mem_format("%s (%s)", text, why);
	mem_free(text);
	return whole;
}

char *
compare_line(const struct compare_item *item, int server)
{
	const struct fact *fact = item->is ? item->is : item->should;
	char	   *text = item->note ? noted_line(item) : NULL;

	if (text)
		return text;
	switch (item->kind) {
		case COMPARE_ORDER:
			return mem_format("the order of the %ss is different%s", fact_kind_word(fact->kind),
							  fact->kind == FACT_LABEL
							  ? "; if labels were renamed, stored values have another meaning" : "");
		case COMPARE_RENAMED:
			return mem_format("%s %s is named %s; otherwise it is the same", fact_kind_word(fact->kind),
							  compare_name(item->should), compare_name(item->is));
		case COMPARE_UNKNOWN:
			return mem_format("%s %s: %s could %s, made by PostgreSQL %d", fact_kind_word(fact->kind),
							  compare_name(fact),
							  item->label, item->loosely ? "be compared only without its parentheses and table names"
							  : "not be compared", server / 10000);
		case COMPARE_IGNORED:
			if (item->objects == 1)
				return mem_format("not compared: %s %s: %s", fact_kind_word(fact->kind), fact->name, item->why);
			return mem_format("not compared: %s %s and %zu other object%s: %s", fact_kind_word(fact->kind), fact->name,
							  item->objects - 1, item->objects == 2 ? "" : "s", item->why);
		case COMPARE_NO_ROLE:
			return mem_format("not compared: privileges of role %s, which does not exist here", item->why);
		default:
			break;
	}
	if (fact->kind == FACT_PRIVILEGE)
		text = privilege_line(item);
	else if (fact->kind == FACT_DATABASE && item->objects > 0)
		text = mem_format("the database belongs to %s, but its tables and other objects (%zu) belong to %s",
						  item->is_value, item->objects, item->should_value);
	else if (item->kind == COMPARE_CHANGED)
		text = changed_line(item);
	else
		text = one_sided_line(item);
	return with_reason(text, item);
}
