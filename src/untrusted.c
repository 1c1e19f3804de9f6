#include "untrusted.h"

#include <string.h>
#include <strings.h>

#include "mem.h"
#include "owner_hint.h"
#include "report.h"
#include "risk.h"
#include "untrusted_queries.h"

#include "banned.h"

enum {
	MOST_TIMES = 100			/* that something new was found, in one session */
};

enum kind {
	KIND_CODE,					/* it would run: refused */
	KIND_LOCK,					/* a table to lock, as a trigger may come */
	KIND_OBJECT					/* in public; refused where the SQL names it */
};

struct item {
	enum kind	kind;
	char	   *key;			/* so that it is known again */
	char	   *name;
	char	   *relation;		/* quoted */
	char	   *what;
	char	   *hint;
};

struct untrusted {
	bool		whole;
	bool		closely;		/* the cheap query does not do */
	bool		script;
	int			times;
	size_t		count;
	struct item *items;
};

/*
 * The path may be the script's own, and nothing of public may come in between. Just-in-time compilation, which the
 * planner may choose for the sake of its estimates, would take a hundred times longer than these queries.
 */
#define KEEP \
	"SELECT pg_catalog.set_config('fitsdb_schema.path', pg_catalog.current_setting('search_path'), true)," \
	" pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)"
#define KEEP_11 \
	", pg_catalog.set_config('fitsdb_schema.jit', pg_catalog.current_setting('jit'), true)," \
	" pg_catalog.set_config('jit', 'off', true)"
#define PUT_BACK \
	"SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('fitsdb_schema.path'), true)"
#define PUT_BACK_11 ", pg_catalog.set_config('jit', pg_catalog.current_setting('fitsdb_schema.jit'), true)"

static const struct untrusted nothing = {.whole = true};

static const struct untrusted *
known(const struct session *session)
{
	return session->untrusted ? session->untrusted : &nothing;
}

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
take(struct untrusted *untrusted, const struct db_command *found)
{
	clear_items(untrusted);
	for (int i = 0; i < db_lines(found); i++) {
		untrusted->items = mem_grow(untrusted->items, untrusted->count + 1, sizeof(*untrusted->items));
		untrusted->items[untrusted->count++] = (struct item) {
			.kind = kind_of(db_text(found, i, 0)),
			.key = mem_string(db_text(found, i, 1)),
			.name = mem_string(db_text(found, i, 2)),
			.relation = mem_string(db_text(found, i, 3)),
			.what = mem_string(db_text(found, i, 4)),
			.hint = mem_string(db_text(found, i, 5)),
		};
	}
}

/* The query that finds it, as a new string. */
static char *
closely(void)
{
	return mem_format("%s%s%s%s%s", UNTRUSTED_TABLES, UNTRUSTED_USES, UNTRUSTED_CODE, UNTRUSTED_TIES,
					  UNTRUSTED_OBJECTS);
}

static void
add_closely(struct db_batch *batch, const struct session *session, bool fail, bool alone, const char *agreed)
{
	char	   *query = closely();

	db_add(batch, query, 5, session->options->role, known(session)->whole ? "true" : "false", agreed,
		   fail ? "true" : "false", alone ? "true" : "false")->often = true;
	mem_free(query);
}

/* Run one of the two queries, for reading, in a transaction that leaves nothing behind in a pooler's session. */
static bool
ask(struct session *session, struct db_batch *batch)
{
	size_t		asked = batch->count;

	db_add(batch, "BEGIN", 0);
	session_add_own(batch);
	if (known(session)->closely)
		add_closely(batch, session, false, false, "{}");
	else
		db_add(batch, UNTRUSTED_BRIEFLY, 2, session->options->role, "false")->often = true;
	db_add(batch, "ROLLBACK", 0);
	return session_query(session, batch, "look for code of other roles") && batch->count > asked;
}

static bool
read_again(struct session *session)
{
	struct untrusted *untrusted = session->untrusted;
	struct db_batch batch = {.prepare = session->prepares};
	bool		done = ask(session, &batch);

	if (done && !untrusted->closely && db_number(&batch.commands[2], 0, 0) != 0) {
		untrusted->closely = true;
		db_batch_clear(&batch);
		batch.prepare = session->prepares;
		done = ask(session, &batch);
	}
	if (done && untrusted->closely)
		take(untrusted, &batch.commands[2]);
	db_batch_clear(&batch);
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
	const struct untrusted *untrusted = known(session);
	bool		found = false;

	for (size_t i = 0; i < untrusted->count; i++)
		if (untrusted->items[i].kind == KIND_CODE) {
			report_error("%s", untrusted->items[i].what);
			found = true;
		}
	if (!found)
		return false;
	report_detail("Its code would run with the rights of this session. Nothing was changed.");
	for (size_t i = 0; i < untrusted->count; i++)
		if (untrusted->items[i].kind == KIND_CODE)
			report_hint("%s", untrusted->items[i].hint);
	return true;
}

static size_t
count_of(const struct session *session, enum kind kind)
{
	const struct untrusted *untrusted = known(session);
	size_t		count = 0;

	for (size_t i = 0; i < untrusted->count; i++)
		count += untrusted->items[i].kind == kind;
	return count;
}

bool
untrusted_any(const struct session *session)
{
	return count_of(session, KIND_OBJECT) > 0;
}

size_t
untrusted_open(const struct session *session)
{
	return count_of(session, KIND_LOCK);
}

/* The end of a comment that begins there, or NULL. A comment in a comment is not known: more is looked at then. */
static char *
comment_end(char *at)
{
	char	   *end;

	if (strncmp(at, "--", 2) == 0)
		return at + strcspn(at, "\n");
	if (strncmp(at, "/*", 2) != 0)
		return NULL;
	end = strstr(at + 2, "*/");
	return end ? end + 2 : at + strlen(at);
}

/* A copy without comments. What a string or a name in quotes holds stays; a body in dollar quotes is SQL too. */
static char *
without_comments(const char *sql)
{
	char	   *copy = mem_string(sql);
	char		quote = '\0';

	for (char *at = copy; *at; at++) {
		char	   *end = quote ? NULL : comment_end(at);

		if (end) {
			memset(at, ' ', (size_t) (end - at));
			at = end - 1;
		} else if (quote ? *at == quote : (*at == '\'' || *at == '"'))
			quote = quote ? '\0' : *at;
	}
	return copy;
}

static bool
names(const struct sql_statement *statements, size_t count, const char *name)
{
	bool		found = false;

	for (size_t i = 0; !found && i < count; i++) {
		char	   *sql = without_comments(statements[i].text);

		found = risk_names(sql, name);
		mem_free(sql);
	}
	return found;
}

bool
untrusted_named(struct session *session, const struct sql_list *list)
{
	const struct untrusted *untrusted = known(session);
	const struct item *found = NULL;

	for (size_t i = 0; i < untrusted->count; i++) {
		const struct item *item = &untrusted->items[i];

		if (item->kind != KIND_OBJECT || !names(list->statements, list->count, item->name))
			continue;
		report_error("%s", item->what);
		found = item;
	}
	if (!found)
		return false;
	report_detail("Nothing was changed.");
	owner_hint(session, found->hint);
	return true;
}

/* The objects that these statements do not name, as an array. */
static char *
agreed_of(const struct session *session, const struct sql_statement *statements, size_t count)
{
	const struct untrusted *untrusted = known(session);
	char	   *array;
	size_t		length;
	FILE	   *stream = mem_stream_open(&array, &length);
	bool		first = true;

	fputc('{', stream);
	for (size_t i = 0; i < untrusted->count; i++) {
		const struct item *item = &untrusted->items[i];

		if (item->kind != KIND_OBJECT || names(statements, count, item->name))
			continue;
		fputs(first ? "\"" : ",\"", stream);
		first = false;
		for (const char *c = item->key; *c; c++) {
			if (*c == '"' || *c == '\\')
				fputc('\\', stream);
			fputc(*c, stream);
		}
		fputc('"', stream);
	}
	fputc('}', stream);
	mem_stream_close(stream);
	return array;
}

static void
add_query(struct db_batch *batch, const struct session *session, const struct sql_statement *statements, size_t count,
		  bool alone)
{
	const struct untrusted *untrusted = known(session);
	size_t		first = batch->count;
	bool		compiles = db_server_version(session->db) >= 110000;

	db_add(batch, compiles ? KEEP KEEP_11 : KEEP, 0)->often = true;
	if (untrusted->closely || untrusted->script) {
		char	   *agreed = agreed_of(session, statements, count);

		add_closely(batch, session, true, alone, agreed);
		mem_free(agreed);
	} else
		db_add(batch, UNTRUSTED_BRIEFLY, 2, session->options->role, "true")->often = true;
	db_add(batch, compiles ? PUT_BACK PUT_BACK_11 : PUT_BACK, 0)->often = true;
	for (size_t i = first; i < batch->count; i++)
		batch->commands[i].aside = true;
}

/* A superuser may lock what the role that we act as may not. */
static void
add_locks(struct db_batch *batch, const struct session *session)
{
	const struct untrusted *untrusted = known(session);
	bool		as_login = session->superuser && session->acting && untrusted_open(session) > 0;

	if (as_login)
		db_add(batch, "SET LOCAL ROLE NONE", 0);
	for (size_t i = 0; i < untrusted->count; i++)
		if (untrusted->items[i].kind == KIND_LOCK) {
			char	   *lock = mem_format("LOCK TABLE ONLY %s IN ROW EXCLUSIVE MODE", untrusted->items[i].relation);

			db_add(batch, lock, 0);
			mem_free(lock);
		}
	if (as_login) {
		char	   *role = mem_format("SET LOCAL ROLE %s", session->acting);

		db_add(batch, role, 0);
		mem_free(role);
	}
}

void
untrusted_add(struct db_batch *batch, const struct session *session, const struct sql_statement *statements,
			  size_t count)
{
	add_locks(batch, session);
	add_query(batch, session, statements, count, false);
}

void
untrusted_add_after(struct db_batch *batch, const struct session *session, const struct sql_statement *statement,
					const struct sql_list *list)
{
	bool		last = statement == &list->statements[list->count - 1];
	char	   *sql = without_comments(statement->text);
	const char *begin = sql + strspn(sql, " \t\r\n");

	/* An index is nothing that a script names to read or write. */
	if (!last && strcasestr(begin, "create") && strncasecmp(begin, "CREATE INDEX", 12) != 0
		&& strncasecmp(begin, "CREATE UNIQUE INDEX", 19) != 0)
		add_query(batch, session, list->statements, list->count, false);
	mem_free(sql);
}

void
untrusted_add_alone(struct db_batch *batch, const struct session *session, const struct sql_statement *statement)
{
	/* An index runs code of the table's owner only, and to add a value runs none. */
	if (statement->concurrent || strncasecmp(statement->text, "ALTER TYPE", 10) == 0)
		return;
	db_add(batch, "BEGIN", 0);
	add_query(batch, session, statement, 1, true);
	db_add(batch, "COMMIT", 0);
}

void
untrusted_explain(struct db_command *failed)
{
	struct db_error *error = &failed->error;
	char	   *found = error->message ? strstr(error->message, UNTRUSTED_SAYS) : NULL;
	char	   *hint;
	char	   *message;

	/* invalid_text_representation */
	if (!found || !failed->aside || !db_is(error, "22P02"))
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
untrusted_again(struct session *session, const struct db_error *error)
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

void
untrusted_for_script(struct session *session)
{
	if (session->untrusted)
		session->untrusted->script = true;
}

void
untrusted_add_prepare(struct db_batch *batch)
{
	char	   *query = closely();
	char	   *prepare;

	db_add(batch, "BEGIN", 0);
	session_add_own(batch);
	prepare = mem_format("PREPARE fitsdb_schema_untrusted (name, boolean, text[], boolean, boolean) AS\n%s", query);
	db_add(batch, prepare, 0);
	db_add(batch, "COMMIT", 0);
	mem_free(prepare);
	mem_free(query);
}

char *
untrusted_statement(struct db *db, const struct db_command *command)
{
	struct db_batch batch = {0};
	char	   *text;

	if (strncmp(command->sql, UNTRUSTED_TABLES, strlen(UNTRUSTED_TABLES)) != 0)
		return NULL;
	db_add(&batch, "EXECUTE fitsdb_schema_untrusted ($1, $2, $3, $4, $5)", 5, command->values[0], command->values[1],
		   command->values[2], command->values[3], command->values[4]);
	text = db_render(db, &batch.commands[0]);
	db_batch_clear(&batch);
	return text;
}

/* For format() and within a literal: percent signs and single quotes twice. */
static void
put_twice(FILE *stream, const char *text)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\'')
			fputc(*text, stream);
		fputc(*text, stream);
	}
	fputs(";\n", stream);
}

char *
untrusted_range(const struct session *session, const struct sql_statement *statement)
{
	struct db_batch batch = {0};
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	untrusted_add(&batch, session, statement, 1);
	for (size_t i = 0; i < batch.count; i++) {
		char	   *execute = untrusted_statement(session->db, &batch.commands[i]);

		put_twice(stream, execute ? execute : batch.commands[i].sql);
		mem_free(execute);
	}
	mem_stream_close(stream);
	db_batch_clear(&batch);
	return text;
}
