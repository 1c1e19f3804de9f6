/* SETTINGS in a folder of migrations. */
#include "folder_settings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "schema/fact.h"
#include "source.h"

#include "base/banned.h"

#define IGNORE "ignore "
#define FROM "from "
#define RELEASE "release "
#define REWRITE "rewrite "
#define RUNS_ON ", runs on "
#define A_ROW " us a row: "

/* The settings read from the lines. */
struct settings_arrays {
	struct history_ignore *ignores;
	struct history_release *releases;
	struct history_rewrite *rewrites;
};

/* Names are as in SQL: a capital letter is in quotes. A range of characters may have any. */
static bool
is_name(const char *pattern)
{
	bool		quoted = false;

	for (const char *c = pattern; *c; c++) {
		quoted ^= *c == '"';
		if (*c == '[')
			c += strcspn(c, "]");
		if (!*c)
			break;
		if (!quoted && *c >= 'A' && *c <= 'Z')
			return false;
	}
	return true;
}

static bool
check_pattern(const struct source_input *input, size_t offset, const struct history_ignore *ignore)
{
	if (strcmp(ignore->kind, "*") == 0 && !ignore->name[strspn(ignore->name, "*?")]) {
		source_error(input, offset, "Name the objects, or their kind.", "this would ignore every object");
		return false;
	}
	if (!is_name(ignore->name)) {
		source_error(input, offset, "Write names as in SQL, such as \"My_Notes\" with its quotes.",
					 "a capital letter without quotes matches no object");
		return false;
	}
	return true;
}

/* "from N ", which may be missing. Returns the text after it. */
static char *
read_first(char *text, struct history_ignore *ignore)
{
	char	   *end;
	long		first;

	if (strncmp(text, FROM, strlen(FROM)) != 0)
		return text;
	first = strtol(text + strlen(FROM), &end, 10);
	if (first < 1 || first > INT_MAX || *end != ' ')
		return text;
	ignore->first = (int) first;
	return end + 1;
}

/* "KIND NAME: REASON" */
static bool
read_ignore(struct source_input *input, size_t offset, char *text, struct history_ignore *ignore)
{
	char	   *colon = strstr(text, ": ");
	char	   *end = colon;
	struct fact fact;

	if (!colon || !colon[2 + strspn(colon + 2, " ")]) {
		source_error(input, offset, "Write: ignore KIND NAME: REASON.", "an ignored object without a reason");
		return false;
	}
	while (end > text && end[-1] == ' ')
		end--;
	*end = '\0';
	ignore->reason = colon + 2 + strspn(colon + 2, " ");
	if (strncmp(text, "* ", 2) == 0) {
		ignore->kind = "*";
		ignore->name = text + 2;
		return check_pattern(input, offset, ignore);
	}
	if (!fact_parse(text, &fact)) {
		source_error(input, offset, "Write the kind as SCHEMA has it, such as table or materialized view, or * for all "
					 "kinds.", "unknown kind of object");
		return false;
	}
	ignore->kind = fact_kind_word(fact.kind);
	ignore->name = fact.name;
	return check_pattern(input, offset, ignore);
}

/* The number at *text, which is advanced behind it and the words after it. */
static bool
read_number(char **text, const char *after, int *number)
{
	char	   *end;
	long		value;

	if (**text < '0' || **text > '9')
		return false;
	value = strtol(*text, &end, 10);
	*number = (int) value;
	*text = end + strlen(after);
	return value < INT_MAX && strncmp(end, after, strlen(after)) == 0;
}

/* Commands take a release for a version: a number or "latest" would be ambiguous. */
static bool
is_release_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

	return name[strspn(name, "0123456789")] && !name[strspn(name, letters)] && !strchr(".-_", name[0])
		&& strcmp(name, "latest") != 0;
}

/* Is the release acceptable after those before it? */
static bool
check_release(struct source_input *input, size_t offset, const struct history *common,
			  const struct history_release *release)
{
	const struct history_release *before = release - 1;
	int			last = release->last > release->version ? release->last : release->version;
	bool		twice = false;

	for (size_t i = 0; i < common->release_count; i++)
		twice |= strcmp(common->releases[i].name, release->name) == 0;
	if (!is_release_name(release->name))
		source_error(input, offset, "Write letters, digits, points, dashes and underscores; not a number.",
					 "\"%s\" cannot be the name of a release", release->name);
	else if (last > common->latest)
		source_error(input, offset, "Name a version of this folder.", "there is no version %d", last);
	else if (release->version < release->first || release->version > release->last)
		source_error(input, offset, "Write: release NAME: VERSION, runs on FIRST to LAST.",
					 "version %d is not among those that release %s runs on", release->version, release->name);
	else if (twice)
		source_error(input, offset, "Remove one of the lines.", "release %s is named twice", release->name);
	else if (common->release_count > 0 && release->version < before->version)
		source_error(input, offset, "List the releases in the order of their versions.",
					 "release %s has a lower version than release %s", release->name, before->name);
	else
		return true;
	return false;
}

/* "NAME: VERSION" or "NAME: VERSION, runs on FIRST to LAST" */
static bool
read_release(struct source_input *input, size_t offset, char *text, const struct history *common,
			 struct history_release *release)
{
	char	   *colon = strstr(text, ": ");
	char	   *at = colon ? colon + 2 : text;

	release->name = text;
	if (colon && colon > text && read_number(&at, "", &release->version)) {
		*colon = '\0';
		release->first = release->last = release->version;
		if (!*at || (strncmp(at, RUNS_ON, strlen(RUNS_ON)) == 0 && (at += strlen(RUNS_ON))
					 && read_number(&at, " to ", &release->first) && read_number(&at, "", &release->last) && !*at))
			return check_release(input, offset, common, release);
	}
	source_error(input, offset, "Write: release NAME: VERSION, or: release NAME: VERSION, runs on FIRST to LAST.",
				 "not the form of a release");
	return false;
}

/* "VERSION: NUMBER us a row: WHERE" */
static bool
read_rewrite(struct source_input *input, size_t offset, char *text, const struct history *common,
			 struct history_rewrite *rewrite)
{
	char	   *at = text;
	char	   *end = text;

	if (read_number(&at, ": ", &rewrite->version) && *at >= '0' && *at <= '9')
		rewrite->microseconds = strtod(at, &end);
	if (end == text || strncmp(end, A_ROW, strlen(A_ROW)) != 0 || !end[strlen(A_ROW)] || rewrite->microseconds > 1e6) {
		source_error(input, offset, "Write: rewrite VERSION: NUMBER us a row: WHERE.", "not the form of a rewrite");
		return false;
	}
	rewrite->where = end + strlen(A_ROW);
	for (size_t i = 0; i < common->rewrite_count; i++)
		if (common->rewrites[i].version == rewrite->version) {
			source_error(input, offset, "Remove one of the lines.", "the rewrite of version %d is named twice",
						 rewrite->version);
			return false;
		}
	if (rewrite->version > common->latest)
		source_error(input, offset, "Name a version of this folder.", "there is no version %d", rewrite->version);
	return rewrite->version <= common->latest;
}

/* The arrays have room for one more. */
static bool
read_line(struct source_input *input, size_t offset, size_t length, struct history *common,
		  struct settings_arrays *arrays)
{
	char	   *line = arena_copy(input->arena, input->text + offset, length);
	struct history_ignore *ignore = &arrays->ignores[common->ignore_count];
	struct history_release *release = &arrays->releases[common->release_count];
	struct history_rewrite *rewrite = &arrays->rewrites[common->rewrite_count];
	bool		good;

	if (!line[strspn(line, " \t")] || strncmp(line, "--", 2) == 0)
		return true;
	if (strncmp(line, IGNORE, strlen(IGNORE)) == 0) {
		common->ignore_count++;
		ignore->line = source_line(input, offset);
		return read_ignore(input, offset, read_first(line + strlen(IGNORE), ignore), ignore);
	}
	if (strncmp(line, RELEASE, strlen(RELEASE)) == 0) {
		good = read_release(input, offset, line + strlen(RELEASE), common, release);
		common->release_count += good;
		return good;
	}
	if (strncmp(line, REWRITE, strlen(REWRITE)) == 0) {
		good = read_rewrite(input, offset, line + strlen(REWRITE), common, rewrite);
		common->rewrite_count += good;
		return good;
	}
	source_error(input, offset, "A line is \"ignore KIND NAME: REASON\", \"release NAME: VERSION\", \"rewrite VERSION: "
				 "NUMBER us a row: WHERE\", or a comment that begins with --.", "unknown setting");
	return false;
}

bool
folder_settings_read(struct arena *arena, struct errors *errors, const struct folder *folder, struct history *common)
{
	struct source_input input = {.arena = arena,.errors = errors,.path = folder_path(arena, folder, FOLDER_SETTINGS)};
	struct settings_arrays arrays;
	size_t		lines = 1;
	bool		good = true;

	if (!folder->settings)
		return true;
	if (!source_read(&input, FOLDER_SETTINGS))
		return false;
	for (size_t i = 0; i < input.source.length; i++)
		lines += input.text[i] == '\n';
	common->ignores = arrays.ignores = arena_alloc(arena, lines * sizeof(*arrays.ignores));
	common->releases = arrays.releases = arena_alloc(arena, lines * sizeof(*arrays.releases));
	common->rewrites = arrays.rewrites = arena_alloc(arena, lines * sizeof(*arrays.rewrites));
	for (size_t at = 0; at < input.source.length;) {
		size_t		length = strcspn(input.text + at, "\n");

		good &= read_line(&input, at, length, common, &arrays);
		at += length + 1;
	}
	return good;
}

/* The first fact of the schema that is ignored, though it is recorded; NULL: none is. */
static const struct fact_run *
find_ignored(const struct history_ignore *ignore, const struct fact_history *facts)
{
	for (size_t i = 0; i < facts->run_count; i++)
		if (facts->runs[i].to > ignore->first
			&& fact_is_ignored(ignore, ignore->first, facts->runs[i].kind, facts->runs[i].name))
			return &facts->runs[i];
	return NULL;
}

bool
folder_settings_check(struct arena *arena, struct errors *errors, const struct folder *folder,
					  const struct history *common, const struct fact_history *facts)
{
	bool		good = true;

	for (size_t i = 0; i < common->ignore_count; i++) {
		const struct fact_run *run = find_ignored(&common->ignores[i], facts);

		if (run)
			errors_add(errors, folder_path(arena, folder, FOLDER_SETTINGS), common->ignores[i].line,
					   "Only objects that no migration creates can be excluded. To exclude an object from version N on,"
					   " write \"ignore from N\".",
					   "this would ignore %s %s of the schema", fact_kind_word(run->kind), run->name);
		good &= !run;
	}
	return good;
}
