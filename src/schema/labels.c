/* Find the enum labels that a downgrade has left. */
#include "schema/labels.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/destructive.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

static bool
in_name(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* The old name of the type, if the statement renames it to `type`: a new string; otherwise NULL. */
static char *
former_name(const char *sql, const char *type)
{
	char	   *rename = mem_format("RENAME TO %s", type);
	const char *end = strcasestr(sql, rename);
	char	   *name = NULL;

	if (end && !in_name(end[strlen(rename)])) {
		const char *start;

		while (end > sql && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n'))
			end--;
		for (start = end; start > sql && in_name(start[-1]); start--)
			;
		name = mem_copy(start, (size_t) (end - start));
	}
	mem_free(rename);
	return name;
}

/*
 * Does a statement of the migrations up to `version` contain both the type's name and the label as a string? The search
 * goes backward, so that a type that was renamed is searched by its former name before that.
 */
static bool
is_added(const char *type, const char *literal, int version)
{
	char	   *name = mem_string(type);
	bool		added = false;

	for (int v = version; v >= 0 && !added; v--) {
		const struct history_migration *migration = history_migration(v);
		struct statement_list list = statement_list_of_section(&migration->source, &migration->up);

		for (size_t i = list.count; i-- > 0 && !added;) {
			const char *text = list.statements[i].text;
			char	   *former = former_name(text, name);

			added = strstr(text, literal) && destructive_names(text, name);
			if (former) {
				mem_free(name);
				name = former;
			}
		}
		statement_list_clear(&list);
	}
	mem_free(name);
	return added;
}

void
labels_report(struct session *session, int version)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *rows;
	const char *type = "";
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (version > history.latest)
		goto done;
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, "SELECT t.typname, l.enumlabel, quote_literal(l.enumlabel) FROM pg_type t"
				 " JOIN pg_enum l ON l.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace"
				 " ORDER BY t.typname, l.enumsortorder", 0);
	if (!pipeline_run(session->connection, &pipeline))
		goto done;
	rows = &pipeline.commands[1];
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		if (is_added(pipeline_text(rows, i, 0), pipeline_text(rows, i, 2), version))
			continue;
		if (strcmp(type, pipeline_text(rows, i, 0)) == 0)
			fprintf(stream, ", %s", pipeline_text(rows, i, 1));
		else
			fprintf(stream, "%s%s: %s", type[0] ? "; " : "", pipeline_text(rows, i, 0), pipeline_text(rows, i, 1));
		type = pipeline_text(rows, i, 0);
	}
done:
	mem_stream_close(stream);
	if (text[0])
		report_line("enum values that remain, since PostgreSQL cannot drop them: %s", text);
	mem_free(text);
	pipeline_clear(&pipeline);
}
