/* Which facts does each statement of a down remove and add? */
#include "measure/downs.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_text.h"

#include "base/banned.h"

static bool
has(const struct fact_set *set, const struct fact *fact)
{
	const struct fact *found = fact_find(set, fact->kind, fact->name);

	return found && compare_text_same(found, fact);
}

/* Does it belong to a table, view or type that goes with it? */
static bool
goes_along(const struct fact_set *from, const struct fact_set *to, const struct fact *fact)
{
	size_t		length = fact_parent(fact);
	char	   *parent = mem_copy(fact->name, length);
	bool		goes = length > 0 && fact_container(from, parent) && !fact_container(to, parent);

	mem_free(parent);
	return goes;
}

/* Write the facts of `from` that `to` does not have, in full if they are not as in `known`. */
static void
write_missing(FILE *stream, size_t number, char sign, const struct fact_set *from, const struct fact_set *to,
			  const struct fact_set *known)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct fact *fact = &from->facts[i];
		bool		full = !has(known, fact);

		if (has(to, fact) || (sign == '-' && goes_along(from, to, fact)))
			continue;
		fprintf(stream, "down %zu %c %s%s%s%s%s\n", number + 1, sign, fact_kind_word(fact->kind),
				fact->name[0] ? " " : "", fact->name, full ? "\t" : "", full ? fact->definition : "");
	}
}

static bool
run(struct server *server, const char *sql)
{
	struct pipeline pipeline = {0};
	bool		done;

	if (server->cloning)
		return true;
	pipeline_add(&pipeline, sql, 0);
	done = server_query(server, &pipeline);
	pipeline_clear(&pipeline);
	return done;
}

/* In a transaction the settings of the script are put back. */
static bool
read_between(struct server *server, struct live *live)
{
	return run(server, "SAVEPOINT measure") && server_read_tried(server, server->version, live)
		&& run(server, "ROLLBACK TO SAVEPOINT measure") && run(server, "RELEASE SAVEPOINT measure");
}

bool
downs_read(struct downs *downs, struct server *server, size_t number)
{
	struct live live = {0};
	bool		done = read_between(server, &live);

	/* A script that failed in a transaction is tried again. */
	if (number == 0)
		downs_clear(downs);
	if (done) {
		const struct fact_set *last = number == 0 ? downs->now : &downs->live.facts;
		char	   *lines;
		size_t		length;
		FILE	   *stream = mem_stream_open(&lines, &length);

		write_missing(stream, number, '-', last, &live.facts, downs->now);
		write_missing(stream, number, '+', &live.facts, last, downs->before);
		mem_stream_close(stream);
		mem_append(&downs->text, "", lines);
		mem_free(lines);
	}
	live_clear(&downs->live);
	downs->live = live;
	return done;
}

void
downs_clear(struct downs *downs)
{
	live_clear(&downs->live);
	mem_free(downs->text);
	downs->live = (struct live) {0};
	downs->text = NULL;
}
