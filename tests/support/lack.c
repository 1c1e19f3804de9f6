/* Databases that lack an object. */
#include "support/lack.h"

#include <check.h>
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "measure/named.h"
#include "support/sql.h"

#include "base/banned.h"

/*
 * No row may have the label then; the row is given another one. The server cannot drop a label; its superuser may edit
 * the catalog.
 */
#define TAKE_LABEL \
	"DO $do$ DECLARE c record; t oid := '%s'::regtype; l text := '%s'; BEGIN" \
	" FOR c IN SELECT a.attrelid::regclass AS tab, a.attname AS col FROM pg_attribute a" \
	" JOIN pg_class r ON r.oid = a.attrelid AND r.relkind = 'r' WHERE a.atttypid = t AND NOT a.attisdropped LOOP" \
	" EXECUTE format('UPDATE %%s SET %%2$I = %%3$L WHERE %%2$I = %%4$L', c.tab, c.col, (SELECT enumlabel FROM pg_enum" \
	" WHERE enumtypid = t AND enumlabel <> l LIMIT 1), l);" \
	" END LOOP; DELETE FROM pg_enum WHERE enumtypid = t AND enumlabel = l; END $do$"

const struct fact_history *
lack_history(void)
{
	static struct fact_history known;
	char	   *text;
	char	   *message;
	unsigned	line;

	if (known.version_count > 0)
		return &known;
	text = sql_file("migrations/SCHEMA");
	if (!fact_history_parse(&known, text, strlen(text), &line, &message)) {
		fprintf(stderr, "migrations/SCHEMA, line %u: %s\n", line, message);
		mem_fail();
	}
	mem_free(text);
	return &known;
}

int
lack_latest(void)
{
	return lack_history()->version_count - 1;
}

/* Check allows no assertion while a suite is made. */
char *
lack_up(int version)
{
	char	   *path = mem_format("migrations/%03d_%s.sql", version, lack_history()->versions[version].name);
	char	   *text = sql_file(path);
	char	   *to = text;

	for (const char *from = text; *from && strncmp(from, "-- migrate:down", 15) != 0;) {
		if (strncmp(from, "--", 2) == 0)
			from += strcspn(from, "\n");
		else
			*to++ = *from++;
	}
	*to = '\0';
	mem_free(path);
	return text;
}

bool
lack_has_word(const char *text, const char *word, size_t length)
{
	for (const char *at = text; (at = memmem(at, strlen(at), word, length)); at++)
		if ((at == text || (!isalnum((unsigned char) at[-1]) && at[-1] != '_')) &&
			!isalnum((unsigned char) at[length]) && at[length] != '_')
			return true;
	return false;
}

/* The name of the table or type that the object belongs to: its length, and where it begins. */
static size_t
owner_of(const struct fact *fact, const char **owner)
{
	*owner = fact->name;
	if (fact_parent(fact) > 0)
		return fact_parent(fact);
	if (fact->kind == FACT_PRIVILEGE)
		*owner += strcspn(fact->name, " ") + 1;
	if (fact->kind == FACT_SEQUENCE || strncmp(fact->name, "sequence ", 9) == 0) {
		const char *end = strstr(*owner, "_id_seq");

		return end ? (size_t) (end - *owner) : strlen(*owner);
	}
	return strcspn(*owner, " ");
}

/* All, or those of the tables and types that a text names. */
static void
add_version(struct lack_list *list, int version, const char *named)
{
	struct fact_set facts;

	fact_history_at(&facts, lack_history(), version, FACT_SERVERS_ALL);
	for (size_t i = 0; i < facts.count; i++) {
		const struct fact *fact = &facts.facts[i];
		const char *owner;
		size_t		length = owner_of(fact, &owner);

		if (fact->kind == FACT_DATABASE || fact->kind == FACT_SCHEMA || fact->kind == FACT_EXTENSION ||
			(named && !lack_has_word(named, owner, length)))
			continue;
		list->items = mem_grow(list->items, list->count + 1, sizeof(*list->items));
		list->items[list->count++] = (struct lack_case) {version, *fact};
	}
	fact_set_clear(&facts);
}

void
lack_find(struct lack_list *list, int first, int last)
{
	*list = (struct lack_list) {0};
	for (int version = first; version <= last; version++) {
		char	   *up = version < lack_latest() ? lack_up(version + 1) : NULL;

		add_version(list, version, up);
		mem_free(up);
	}
}

void
lack_at(struct lack_list *list, int version)
{
	*list = (struct lack_list) {0};
	add_version(list, version, NULL);
}

char *
lack_text(const struct fact *fact)
{
	const char *object = strchr(fact->name, ' ');
	const char *to = strstr(fact->name, " to ");

	/* "table gmos to apache" */
	if (fact->kind == FACT_PRIVILEGE)
		return mem_format("privilege %.*s.%s", (int) (to - object - 1), object + 1, to + 4);
	return mem_format("%s %s", fact_kind_word(fact->kind), fact->name);
}

/* The label without the type, and without quotes. */
static char *
take_label(const struct fact *fact)
{
	size_t		parent = fact_parent(fact);
	char	   *type = mem_copy(fact->name, parent);
	char	   *label = fact_plain(fact->name + parent + 1, strlen(fact->name + parent + 1));
	char	   *sql = mem_format(TAKE_LABEL, type, label);

	mem_free(label);
	mem_free(type);
	return sql;
}

static char *
revoke(const struct fact *fact)
{
	const char *to = strstr(fact->name, " to ");

	return mem_format("REVOKE ALL ON %.*s FROM %s", (int) (to - fact->name), fact->name, to + 4);
}

bool
lack_take(PGconn *connection, const struct fact *fact)
{
	/* Of tables, columns, labels, and the rest. */
	static const char *const not_there[] = {"42P01", "42703", "22P02", "42704"};
	char	   *sql = fact->kind == FACT_LABEL ? take_label(fact) : fact->kind == FACT_PRIVILEGE ? revoke(fact)
		: named_drop(fact);
	PGresult   *result;
	bool		there;

	ck_assert_msg(sql != NULL, "%s %s cannot be dropped", fact_kind_word(fact->kind), fact->name);
	sql_exec(connection, "SET client_min_messages = warning; SET search_path = public");
	result = PQexec(connection, sql);
	there = PQresultStatus(result) == PGRES_COMMAND_OK;
	for (size_t i = 0; i < sizeof(not_there) / sizeof(not_there[0]); i++)
		if (!there && strcmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), not_there[i]) == 0) {
			PQclear(result);
			mem_free(sql);
			return false;
		}
	ck_assert_msg(there, "%s: %s", sql, PQerrorMessage(connection));
	PQclear(result);
	mem_free(sql);
	return true;
}
