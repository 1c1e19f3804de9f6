/* Look for code of untrusted roles, and report it. */
#include "record/untrusted.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/destructive.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/owner_hint.h"
#include "record/untrusted_private.h"
#include "record/untrusted_queries.h"

#include "base/banned.h"

enum {
	MOST_TIMES = 100,			/* that something new was found, for one transaction */
	MOST_SAID = 10				/* of what is found */
};

static void
clear_items(struct untrusted *untrusted)
{
	for (size_t i = 0; i < untrusted->count; i++) {
		struct item *item = &untrusted->items[i];

		mem_free(item->key);
		mem_free(item->name);
		mem_free(item->relation);
		mem_free(item->what);
		mem_free(item->hint);
	}
	mem_free(untrusted->items);
	untrusted->items = NULL;
	untrusted->count = 0;
}

void
untrusted_clear(struct session *session)
{
	if (session->untrusted)
		clear_items(session->untrusted);
	mem_free(session->untrusted);
	session->untrusted = NULL;
}

static enum kind
kind_of(const char *word)
{
	return strcmp(word, "code") == 0 ? KIND_CODE : strcmp(word, "lock") == 0 ? KIND_LOCK : KIND_OBJECT;
}

static void
take(struct untrusted *untrusted, const struct pipeline_command *found)
{
	char	   *names = pipeline_row_count(found) > 0 ? untrusted_history() : NULL;

	clear_items(untrusted);
	for (int i = 0; i < pipeline_row_count(found); i++) {
		const char *name = pipeline_text(found, i, 2);

		untrusted->items = mem_grow(untrusted->items, untrusted->count + 1, sizeof(*untrusted->items));
		untrusted->items[untrusted->count++] = (struct item) {
			.kind = kind_of(pipeline_text(found, i, 0)),
			.key = mem_string(pipeline_text(found, i, 1)),
			.name = mem_string(name),
			.in_history = kind_of(pipeline_text(found, i, 0)) == KIND_OBJECT && destructive_names(names, name),
			.relation = mem_string(pipeline_text(found, i, 3)),
			.what = mem_string(pipeline_text(found, i, 4)),
			.hint = mem_string(pipeline_text(found, i, 5)),
		};
	}
	mem_free(names);
}

/*
 * Run one of the two queries, for reading, in a transaction that leaves nothing behind in a pooler's session; nor is
 * anything prepared, as a script may want the name.
 */
static bool
ask(struct session *session, struct pipeline *pipeline)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_own_settings(pipeline);
	if (untrusted_known(session)->closely)
		untrusted_add_closely(pipeline, session, untrusted_known(session)->whole, false, false, "{}");
	else
		pipeline_add(pipeline, UNTRUSTED_BRIEFLY, 2, session->options->role, "false")->prepared = true;
	pipeline_add(pipeline, "ROLLBACK", 0);
	return session_query(session, pipeline, "look for code of other roles");
}

static bool
read_again(struct session *session)
{
	struct untrusted *untrusted = session->untrusted;
	struct pipeline pipeline = {0};
	bool		done = ask(session, &pipeline);

	if (done && !untrusted->closely && pipeline_number(&pipeline.commands[2], 0, 0) != 0) {
		untrusted->closely = true;
		pipeline_clear(&pipeline);
		done = ask(session, &pipeline);
	}
	if (done && untrusted->closely)
		take(untrusted, &pipeline.commands[2]);
	pipeline_clear(&pipeline);
	return done;
}

bool
untrusted_read(struct session *session, bool whole)
{
	untrusted_clear(session);
	session->untrusted = mem_alloc(sizeof(*session->untrusted));
	session->untrusted->whole = whole;
	return read_again(session);
}

bool
untrusted_report(const struct session *session)
{
	const struct untrusted *untrusted = untrusted_known(session);
	size_t		found = 0;

	for (size_t i = 0; i < untrusted->count; i++)
		if (untrusted->items[i].kind == KIND_CODE && found++ < MOST_SAID)
			report_error("%s", untrusted->items[i].what);
	if (found == 0)
		return false;
	if (found > MOST_SAID)
		report_error("and %zu more of this kind", found - MOST_SAID);
	report_detail("This code would run with the privileges of this session. Nothing was changed.");
	found = 0;
	for (size_t i = 0; i < untrusted->count; i++)
		if (untrusted->items[i].kind == KIND_CODE && found++ < MOST_SAID)
			report_hint("%s", untrusted->items[i].hint);
	return true;
}

bool
untrusted_named(struct session *session, const struct statement_list *list)
{
	const struct untrusted *untrusted = untrusted_known(session);
	const struct item *found = NULL;
	size_t		count = 0;

	for (size_t i = 0; i < untrusted->count; i++) {
		const struct item *item = &untrusted->items[i];

		if (item->kind != KIND_OBJECT || !untrusted_names(list->statements, list->count, item))
			continue;
		if (count++ < MOST_SAID)
			report_error("%s", item->what);
		found = item;
	}
	if (!found)
		return false;
	if (count > MOST_SAID)
		report_error("and %zu more of this kind", count - MOST_SAID);
	report_detail("Nothing was changed.");
	owner_hint(session, found->hint);
	return true;
}

/* It is not the last object that is to be blamed. */
static void
explain_times(struct pipeline_error *error)
{
	char	   *end = strstr(error->message, UNTRUSTED_NAMED);

	if (end)
		*end = '\0';
	mem_free(error->detail);
	mem_free(error->hint);
	error->detail = mem_format("The transaction was tried %d times, and other roles created objects each time.",
							   MOST_TIMES);
	error->hint = mem_string("End their sessions, or revoke CREATE on schema public from them, then run the same"
							 " command again.");
}

void
untrusted_explain(const struct session *session, struct pipeline_command *failed)
{
	struct pipeline_error *error = &failed->error;
	char	   *found = error->message ? strstr(error->message, UNTRUSTED_SAYS) : NULL;
	char	   *hint;
	char	   *message;

	if (!found || !failed->internal || !pipeline_error_is(error, SQLSTATE_INVALID_TEXT_REPRESENTATION))
		return;
	/* It ends with the quote of the server's own words. */
	message = mem_copy(found, strlen(found) - 1);
	mem_free(error->message);
	error->message = message;
	hint = strstr(message, UNTRUSTED_ADVISES);
	if (hint) {
		*hint = '\0';
		mem_free(error->hint);
		error->hint = mem_string(hint + strlen(UNTRUSTED_ADVISES));
	}
	error->sqlstate[0] = '\0';
	if (untrusted_known(session)->times >= MOST_TIMES)
		explain_times(error);
}

void
untrusted_committed(struct session *session)
{
	if (session->untrusted)
		session->untrusted->times = 0;
}

/* Is there an item in one that is not in the other? */
static bool
has_more(const struct untrusted *of, const struct untrusted *than)
{
	for (size_t i = 0; i < of->count; i++) {
		bool		found = false;

		for (size_t k = 0; !found && k < than->count; k++)
			found = of->items[i].kind == than->items[k].kind && strcmp(of->items[i].key, than->items[k].key) == 0;
		if (!found)
			return true;
	}
	return false;
}

bool
untrusted_again(struct session *session, const struct pipeline_error *error)
{
	struct untrusted *untrusted = session->untrusted;
	struct untrusted before;
	bool		more;

	if (error->sqlstate[0] || error->lost || strncmp(error->message, UNTRUSTED_SAYS, strlen(UNTRUSTED_SAYS)) != 0)
		return false;
	if (!untrusted) {
		untrusted = session->untrusted = mem_alloc(sizeof(*untrusted));
		untrusted->whole = true;
	}
	if (++untrusted->times > MOST_TIMES)
		return false;
	before = *untrusted;
	untrusted->items = NULL;
	untrusted->count = 0;
	untrusted->closely = true;
	more = read_again(session) && (!before.closely || has_more(untrusted, &before));
	clear_items(&before);
	return more;
}
