/* Read the definitions of which facts have only hashes. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "difference/side.h"
#include "pg/pipeline.h"
#include "schema/compare.h"

#include "base/banned.h"

/* Facts name what is in public without it, and so do migrations. */
#define SETTINGS "SET LOCAL search_path = pg_catalog, public"

/* The query for an object of this kind: its definition and its oid, by its name and that of its table. */
static const char *
query_of(enum fact_kind kind)
{
	switch (kind) {
		case FACT_VIEW:
		case FACT_MATERIALIZED_VIEW:
			return "SELECT pg_get_viewdef($1::regclass), $1::regclass::oid,"
				" (SELECT string_agg(DISTINCT refobjid::text, ' ') FROM pg_depend"
				" JOIN pg_rewrite r ON classid = 'pg_rewrite'::regclass AND objid = r.oid"
				" WHERE ev_class = $1::regclass AND refclassid = 'pg_class'::regclass) WHERE $2::text IS NOT NULL";
		case FACT_FUNCTION:
			return "SELECT pg_get_functiondef($1::regprocedure), $1::regprocedure::oid, NULL"
				" WHERE $2::text IS NOT NULL";
		case FACT_RULE:
			return "SELECT pg_get_ruledef(oid), oid, NULL FROM pg_rewrite WHERE ev_class = $2::regclass"
				" AND quote_ident(rulename) = $1";
		default:
			return NULL;
	}
}

/* Without white space and semicolons at its end. */
static const char *
trimmed(struct arena *arena, const char *text)
{
	size_t		length = strlen(text);

	while (*text == ' ' || *text == '\n') {
		text++;
		length--;
	}
	while (length > 0 && strchr(" \n;", text[length - 1]))
		length--;
	return arena_copy(arena, text, length);
}

static void
take(struct sides *sides, const struct pipeline_command *rows, const struct fact *fact)
{
	struct side *side = &sides->target;
	const struct fact *old = fact_find(&sides->base.facts, fact->kind, fact->name);
	struct side_text text;

	if (pipeline_row_count(rows) != 1 || !pipeline_value(rows, 0, 0))
		return;
	text = (struct side_text) {fact, trimmed(&sides->arena, pipeline_text(rows, 0, 0)),
		(unsigned) strtoul(pipeline_text(rows, 0, 1), NULL, 10),
		arena_format(&sides->arena, " %s ", pipeline_value(rows, 0, 2) ? pipeline_text(rows, 0, 2) : "")
	};
	side->texts = mem_room(side->texts, side->text_count, sizeof(*side->texts));
	side->texts[side->text_count++] = text;
	if (!old || !side_same(old, fact))
		return;
	side = &sides->base;
	side->texts = mem_room(side->texts, side->text_count, sizeof(*side->texts));
	side->texts[side->text_count++] = text;
}

bool
sides_read_texts(struct sides *sides, struct session *session)
{
	struct pipeline pipeline = {0};
	const struct fact_set *facts = &sides->target.facts;
	size_t		first;
	bool		done;

	pipeline_add(&pipeline, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0);
	session_add_timeouts(session, &pipeline);
	pipeline_add(&pipeline, SETTINGS, 0);
	first = pipeline.count;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];
		const char *query = query_of(fact->kind);
		size_t		parent = fact_parent(fact);
		char	   *name = fact_unescape(compare_name(fact), strlen(compare_name(fact)));
		char	   *table = fact_unescape(fact->name, parent);

		if (query)
			pipeline_add(&pipeline, query, 2, name, table);
		mem_free(name);
		mem_free(table);
	}
	pipeline_add(&pipeline, "COMMIT", 0);
	done = session_query(session, &pipeline, "read the definitions of views and functions");
	for (size_t i = 0; done && i < facts->count; i++)
		if (query_of(facts->facts[i].kind))
			take(sides, &pipeline.commands[first++], &facts->facts[i]);
	pipeline_clear(&pipeline);
	return done;
}

const struct side_text *
side_text(const struct side *side, const struct fact *fact)
{
	for (size_t i = 0; i < side->text_count; i++)
		if (fact_order(side->texts[i].fact, fact) == 0)
			return &side->texts[i];
	return NULL;
}
