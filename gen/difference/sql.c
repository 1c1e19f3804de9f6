/* Statements, and pieces of SQL from facts. */
#include "difference/sql.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/printable.h"
#include "schema/repair_names.h"

#include "base/banned.h"

static const char *
keep(struct arena *arena, char *text)
{
	const char *kept = arena_string(arena, text);

	mem_free(text);
	return kept;
}

struct sql *
sql_add(struct sql_list *list, enum sql_form form, const char *format,...)
{
	va_list		args;
	char	   *text;
	char	   *shown;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	shown = printable_sql(text);
	mem_free(text);
	list->items = mem_room(list->items, list->count, sizeof(*list->items));
	list->items[list->count] = (struct sql) {.form = form,.text = keep(list->arena, shown)};
	return &list->items[list->count++];
}

static bool
begins(const char *line, const char *word)
{
	line += strspn(line, " \t\r\f\v");
	return strncasecmp(line, word, strlen(word)) == 0;
}

bool
sql_has_directive(const struct sql_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		for (const char *at = list->items[i].text; at; at = strchr(at, '\n')) {
			at += *at == '\n';
			if (begins(at, "migrate:") || begins(at, "lint:")
				|| (begins(at, "--") && begins(strstr(at, "--") + 2, "migrate:")))
				return true;
		}
	return false;
}

const char *
sql_printable(struct arena *arena, const char *text)
{
	return keep(arena, printable(text));
}

void
sql_allow(struct sql *sql, enum lint_rule rule, const char *todo)
{
	sql->allows[sql->allow_count++] = (struct sql_allow) {rule, todo};
}

void
sql_list_clear(struct sql_list *list)
{
	mem_free(list->items);
	*list = (struct sql_list) {.arena = list->arena};
}

const char *
sql_own(struct arena *arena, const struct fact *fact)
{
	return keep(arena, repair_own_name(fact));
}

const char *
sql_parent(struct arena *arena, const struct fact *fact)
{
	size_t		length = fact_parent(fact);

	return keep(arena, fact_unescape(fact->name, length ? length : strlen(fact->name)));
}

const char *
sql_index(struct arena *arena, const struct fact *fact)
{
	const char *table = sql_parent(arena, fact);

	return arena_format(arena, "%.*s%s", (int) fact_schema(table, strlen(table)), table, sql_own(arena, fact));
}

const char *
sql_value(struct arena *arena, const struct fact *fact, const char *label)
{
	char	   *value = fact_value(fact, label);

	return value ? keep(arena, value) : NULL;
}

static bool
is_name_part(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
		|| c == '"' || (unsigned char) c >= 0x80;
}

/* Is it "public." of a function, operator or type? pg_catalog, which is searched first, may have its name, too. */
static bool
is_needed(const char *text, const char *at)
{
	static const char *const needing[] = {"::", "OPERATOR("};
	static const char refers[] = "REFERENCES ";
	const char *end = at + strlen("public.");
	size_t		before = (size_t) (at - text);
	bool		quoted = *end == '"';

	for (size_t i = 0; i < sizeof(needing) / sizeof(*needing); i++)
		if (before >= strlen(needing[i]) && strncmp(at - strlen(needing[i]), needing[i], strlen(needing[i])) == 0)
			return true;
	if (before >= strlen(refers) && strncmp(at - strlen(refers), refers, strlen(refers)) == 0)
		return false;
	end += quoted;
	while (*end && (quoted ? *end != '"' : is_name_part(*end)))
		end++;
	return end[quoted && *end] == '(';
}

const char *
sql_bare(struct arena *arena, const char *text)
{
	char	   *copy = arena_string(arena, text);
	char	   *end = copy;
	char		quote = '\0';

	for (const char *at = text; *at; at++) {
		if (quote && *at == quote)
			quote = '\0';
		else if (!quote && (*at == '\'' || *at == '"'))
			quote = *at;
		if (!quote && strncmp(at, "public.", 7) == 0 && (at == text || !is_name_part(at[-1]))
			&& !is_needed(text, at))
			at += 6;
		else
			*end++ = *at;
	}
	*end = '\0';
	return copy;
}

const char *
sql_literal(struct arena *arena, const char *text)
{
	return keep(arena, repair_literal(text));
}

const char *
sql_label(struct arena *arena, const char *identifier)
{
	return keep(arena, repair_label(identifier));
}
