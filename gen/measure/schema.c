/* Bring migrations/SCHEMA up to date, or check it. */
#include "measure/schema.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "file.h"
#include "history/history.h"
#include "measure/claims.h"
#include "measure/effect_lines.h"
#include "measure/measurer.h"
#include "measure/server.h"
#include "measure/state.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema_sum.h"

#include "base/banned.h"

#define HEADER \
	"-- The schema of every version; the objects that each migration needs, ensures, drops and leaves;" \
	" the effects of each\n" \
	"-- statement of its up; the facts that each of its down removes and adds." \
	" \"make schema\" measures this; do not edit it.\n" \
	"-- src/schema/fact_history.h and plan/effects.h explain the lines.\n"

struct schema {
	const char *path;
	struct server server;
	struct measurer measurer;
	char	   *text;			/* as it is; "" if it does not exist */
	struct fact_history history;
	int			unchanged;		/* so many versions are as they were when they were measured */
	int			trusted;		/* of so many its lines are as they were written */
	int			first;			/* the first version to be measured */
	struct live before;			/* the facts of the version before the present one, if that was read */
	struct state state;			/* what is known of them */
	FILE	   *stream;			/* NULL: the file is compared, not written */
	char	   *written;		/* its text, as of the last fflush() */
	size_t		length;
	size_t		faults;
	bool		unchecked;		/* there are forms of which only servers of another version can say if they are right */
};

/* --- the file as it is --- */

static bool
read_text(struct schema *file)
{
	size_t		length;

	if (file_read(file->path, &file->text, &length))
		return true;
	if (errno == ENOENT)
		file->text = mem_string("");
	else
		report_error("could not read %s: %s", file->path, strerror(errno));
	return file->text != NULL;
}

/* The number of versions from 0 on that the file has as they are now. */
static int
find_unchanged(const struct fact_history *recorded)
{
	const char *grants = history.grants ? history.grants->source.checksum : "";
	int			version = 0;

	if (strcmp(recorded->grants ? recorded->grants : "", grants) != 0)
		return 0;
	while (version <= history.latest && version < recorded->version_count
		   && strcmp(recorded->versions[version].checksum, history_migration(version)->source.checksum) == 0
		   && strcmp(recorded->versions[version].name, history_migration(version)->name) == 0)
		version++;
	return version;
}

/* Parse the text. Where it has a fault, as after a merge, only what is above the first one counts. */
static void
parse_text(struct schema *file)
{
	size_t		length = strlen(file->text);
	unsigned	before = UINT_MAX;
	unsigned	line;
	char	   *message;

	while (!fact_history_parse(&file->history, file->text, length, &line, &message)) {
		if (before == UINT_MAX)
			report_warning("%s, line %u: %s; the file is written again from this line on", file->path, line, message);
		length = 0;
		if (line < before)
			for (unsigned i = 1; i < line; i++)
				length += strcspn(file->text + length, "\n") + 1;
		before = line;
		mem_free(message);
		fact_history_clear(&file->history);
	}
}

/* Read the file. *current: it is that of these migrations. */
static bool
read_file(struct schema *file, bool *current)
{
	*current = false;
	if (!read_text(file))
		return false;
	parse_text(file);
	file->unchanged = find_unchanged(&file->history);
	*current = file->unchanged == history.latest + 1 && file->history.version_count == history.latest + 1;
	file->trusted = schema_sum_wrong(&file->history, file->text, true);
	if (file->trusted < file->unchanged)
		file->unchanged = file->trusted;
	file->first = file->unchanged;
	return true;
}

static void
clear(struct schema *file)
{
	live_clear(&file->before);
	state_clear(&file->state);
	fact_history_clear(&file->history);
	mem_free(file->text);
	measurer_close(&file->measurer);
	server_close(&file->server);
}

/* --- what migrations need and leave --- */

/* The lines about that of a version in the file: those that are neither about facts nor about effects. A new string. */
static char *
recorded_claims(const struct schema *file, int version)
{
	const struct fact_version *recorded = &file->history.versions[version];
	char	   *lines = mem_string("");

	for (size_t at = recorded->start; at < recorded->end;) {
		const char *line = file->text + at;
		size_t		length = strcspn(line, "\n");

		if (length > 0 && !strchr("+-~!", line[0]) && strncmp(line, "measured", strlen("measured")) != 0
			&& strncmp(line, "checksum ", strlen("checksum ")) != 0) {
			char	   *copy = mem_format("%.*s\n", (int) length, line);

			mem_append(&lines, "", copy);
			mem_free(copy);
		}
		at += length + 1;
	}
	return lines;
}

static char *
claims_text(struct claims *claims)
{
	char	   *text = NULL;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	claims_write(stream, claims);
	mem_stream_close(stream);
	return text;
}

/* Is it as the file says? */
static bool
compare_claims(const struct schema *file, int version, const char *measured)
{
	char	   *recorded = recorded_claims(file, version);
	bool		same = strcmp(recorded, measured) == 0;

	if (!same) {
		report_error("the effects of migration %d on this server differ from %s", version, file->path);
		printf("version %d, as the file says:\n%sas this server does:\n%s", version, recorded, measured);
	}
	mem_free(recorded);
	return same;
}

/* Functions with a parsed body, and enum values that are added in a transaction: from PostgreSQL 14 on. */
static bool
measures_claims(const struct schema *file)
{
	return !(file->server.servers & FACT_SERVERS_OLD);
}

/* --- one version --- */

/* Run one that the file has. The facts of the last one of these are read, for the next version, and compared. */
static bool
pass_over(struct schema *file, int version)
{
	struct state now;
	char	   *claims;
	size_t		faults = 0;

	if (!server_run(&file->server, version) || !measurer_run(&file->measurer, version, NULL))
		return false;
	state_of_history(&now, &file->history, version);
	if (version == file->first - 1) {
		if (!server_read(&file->server, &file->before)) {
			state_clear(&now);
			return false;
		}
		faults = state_check(&now, &file->before.facts, file->server.servers, version);
	}
	claims = recorded_claims(file, version);
	state_write(file->stream, &file->state, &now);
	fputs(claims, file->stream);
	effect_lines_write(file->stream, &file->history, version, NULL, 0);
	mem_free(claims);
	state_clear(&file->state);
	file->state = now;
	if (faults > 0) {
		report_error("version %d differs from %s", version, file->path);
		report_hint("\"make schema MEASURE_ALL=1\" measures all versions again.");
	}
	return faults == 0;
}

static void
merge(struct schema *file, int version, const struct fact_set *facts)
{
	bool		decides = file->server.servers == FACT_SERVERS_15;
	bool		known = version < file->trusted;
	struct state old = {0};
	struct state now;

	if (known)
		state_of_history(&old, &file->history, version);
	state_merge(&now, facts, file->server.servers, known ? &old : NULL, decides ? &file->state : NULL);
	state_write(file->stream, &file->state, &now);
	state_clear(&old);
	state_clear(&file->state);
	file->state = now;
}

/* Write a version with what was found, or compare it with the file. */
static bool
put(struct schema *file, int version, const struct fact_set *facts, const char *claims, const struct effects *effects)
{
	bool		same = file->stream && file->server.servers == FACT_SERVERS_15;

	same = same || compare_claims(file, version, claims);
	if (file->stream) {
		merge(file, version, facts);
		fputs(claims, file->stream);
		effect_lines_write(file->stream, version < file->unchanged ? &file->history : NULL, version, effects,
						   file->server.servers);
		return same;
	}
	state_of_history(&file->state, &file->history, version);
	file->faults += state_check(&file->state, facts, file->server.servers, version) + !same
		+ state_check_forms(&file->state, facts, file->server.servers, version, &file->unchecked)
		+ effect_lines_check(&file->history, effects, file->server.servers);
	state_clear(&file->state);
	return true;
}

static bool
measure(struct schema *file, int version)
{
	struct claims claims = {0};
	struct effects effects = {0};
	struct live live = {0};
	bool		measures = measures_claims(file);
	bool		done = !measures || version == 0 || claims_before(&claims, &file->server, version, &file->before.facts);

	done = done && server_run(&file->server, version) && server_read(&file->server, &live)
		&& (!measures || claims_after(&claims, &file->server, version, &file->before.facts, &live.facts))
		&& measurer_run(&file->measurer, version, &effects);
	if (done) {
		char	   *text = measures ? claims_text(&claims) : recorded_claims(file, version);

		done = put(file, version, &live.facts, text, &effects);
		mem_free(text);
	}
	claims_clear(&claims);
	effects_clear(&effects);
	live_clear(&file->before);
	file->before = live;
	return done;
}

static bool
write_versions(struct schema *file)
{
	char		sum[SHA256_SIZE] = "";
	bool		done = true;

	fputs(HEADER, file->stream);
	if (history.grants)
		fprintf(file->stream, "\ngrants %s\n", history.grants->source.checksum);
	for (int version = 0; done && version <= history.latest; version++) {
		const struct history_migration *migration = history_migration(version);
		size_t		begin;

		fputc('\n', file->stream);
		fflush(file->stream);
		begin = file->length;
		fprintf(file->stream, "version %d %s %s\n", version, migration->name, migration->source.checksum);
		done = version < file->first ? pass_over(file, version) : measure(file, version);
		fflush(file->stream);
		schema_sum(sum, file->written + begin, file->length - begin, sum);
		fprintf(file->stream, "checksum %s\n", sum);
	}
	return done;
}

bool
schema_update(const char *path, bool all)
{
	struct schema file = {.path = path};
	bool		current;
	bool		done = server_open(&file.server) && measurer_open(&file.measurer, &file.server, path)
		&& read_file(&file, &current);

	if (done && file.server.servers != FACT_SERVERS_15 && !(current && file.trusted > history.latest)) {
		report_error("%s does not belong to these migrations", path);
		report_hint("Run \"make schema\" on PostgreSQL 15 first.");
		done = false;
	}
	if (all || file.server.servers != FACT_SERVERS_15)
		file.first = 0;
	file.stream = mem_stream_open(&file.written, &file.length);
	done = done && write_versions(&file);
	mem_stream_close(file.stream);
	if (done && strcmp(file.written, file.text) == 0)
		printf("%s is up to date\n", path);
	else if (done) {
		done = file_replace(path, file.written, file.length);
		if (done)
			printf("%s was written: %d of %d versions were measured\n", path, history.latest + 1 - file.first,
				   history.latest + 1);
		else
			report_error("could not write %s: %s", path, strerror(errno));
	}
	mem_free(file.written);
	clear(&file);
	return done;
}

bool
schema_check(const char *path)
{
	struct schema file = {.path = path};
	bool		current;
	bool		done = server_open(&file.server) && measurer_open(&file.measurer, &file.server, path)
		&& read_file(&file, &current);

	if (done && !current) {
		report_error("%s does not belong to these migrations", path);
		report_hint("Run \"make schema\".");
		done = false;
	}
	if (done && file.trusted <= history.latest) {
		printf("version %d, not the lines that were measured, or without their checksum\n", file.trusted);
		file.faults++;
	}
	for (int version = 0; done && version <= history.latest; version++)
		done = measure(&file, version);
	if (done && file.faults == 0)
		printf("%s agrees with this server%s\n", path,
			   file.unchecked ? "; the forms of others are not checked" : "");
	else if (done)
		report_hint("\"make schema SERVERS=all\" writes the forms of all servers.");
	done = done && file.faults == 0;
	clear(&file);
	return done;
}
