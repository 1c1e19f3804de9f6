/* Random changes of a schema. */
#include "support/mutation.h"

#include <check.h>
#include <libpq-fe.h>
#include <string.h>

#include "base/mem.h"
#include "support/chance.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

#define MUTATIONS "tests/e2e/verify/mutations.sql"
#define TITLE "-- mutation: "

enum {
	MOST_KINDS = 64
};

/* One kind, and all the ways to do it. */
struct kind {
	char	   *name;
	PGresult   *ways;			/* statements, differences */
};

static struct kind kinds[MOST_KINDS];
static int	kind_count;

static void
add_kind(PGconn *connection, const char *section)
{
	size_t		length = strcspn(section, "\n");
	const char *query = section + length;
	const char *end = strstr(query, TITLE);
	char	   *sql = mem_copy(query, end ? (size_t) (end - query) : strlen(query));
	struct kind *kind = &kinds[kind_count++];

	ck_assert_int_le(kind_count, MOST_KINDS);
	kind->name = mem_copy(section, length);
	kind->ways = PQexec(connection, sql);
	ck_assert_msg(PQresultStatus(kind->ways) == PGRES_TUPLES_OK && PQntuples(kind->ways) > 0, "%s: %s", kind->name,
				  PQerrorMessage(connection));
	mem_free(sql);
}

/* With the names that verify uses. */
void
mutation_find(const char *database)
{
	PGconn	   *connection = server_superuser(server_main(), database);
	char	   *text = sql_file(MUTATIONS);
	char	   *section = strstr(text, TITLE);
	char	   *start = mem_copy(text, (size_t) (section - text));

	sql_exec(connection, "SET search_path = pg_catalog");
	sql_exec(connection, start);
	for (; section; section = strstr(section, TITLE)) {
		section += strlen(TITLE);
		add_kind(connection, section);
	}
	PQfinish(connection);
	mem_free(start);
	mem_free(text);
}

static struct mutation
mutation_of(const struct kind *kind, int way)
{
	return (struct mutation) {kind->name, PQgetvalue(kind->ways, way, 0), PQgetvalue(kind->ways, way, 1)};
}

struct mutation
mutation_draw(unsigned seed)
{
	unsigned	state = seed;
	const struct kind *kind = &kinds[seed % (unsigned) kind_count];

	/* The first numbers of neighbouring seeds are neighbours. */
	chance_draw(&state, 2);
	chance_draw(&state, 2);
	return mutation_of(kind, (int) chance_draw(&state, (unsigned) PQntuples(kind->ways)));
}

bool
mutation_last(int number, struct mutation *mutation)
{
	const struct kind *last = &kinds[kind_count - 1];

	if (number >= PQntuples(last->ways))
		return false;
	*mutation = mutation_of(last, number);
	return true;
}

void
mutation_forget(void)
{
	for (int i = 0; i < kind_count; i++) {
		mem_free(kinds[i].name);
		PQclear(kinds[i].ways);
	}
	kind_count = 0;
}
