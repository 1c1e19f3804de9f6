/* Releases of the software, and the versions that they run on. */
#include "history/release.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"

#include "base/banned.h"

static bool
runs_on(const struct history_release *release, int version)
{
	return release->first <= version && version <= release->last;
}

const struct history_release *
release_find(const struct history *of, const char *name)
{
	for (size_t i = 0; i < of->release_count; i++)
		if (strcmp(of->releases[i].name, name) == 0)
			return &of->releases[i];
	return NULL;
}

char *
release_names(const struct history *of, int version, const char *separator)
{
	char	   *names = NULL;

	for (size_t i = 0; i < of->release_count; i++)
		if (runs_on(&of->releases[i], version))
			mem_append(&names, separator, of->releases[i].name);
	return names;
}

char *
release_versions_text(const struct history *of)
{
	char	   *releases = NULL;
	char	   *text;

	for (size_t i = 0; i < of->release_count; i++)
		mem_append(&releases, ", ", of->releases[i].name);
	text = releases ? mem_format("versions 0 to %d, and releases: %s", of->latest, releases)
		: mem_format("versions 0 to %d", of->latest);

	mem_free(releases);
	return text;
}

json_t *
release_json(const struct history *of, int version)
{
	json_t	   *names = json_output_array();

	for (size_t i = 0; i < of->release_count; i++)
		if (runs_on(&of->releases[i], version))
			json_output_append(names, json_output_text(of->releases[i].name));
	return names;
}

bool
release_stopped(const struct history *of, int version)
{
	bool		stopped = of->release_count > 0 && version > of->releases[0].first;

	for (size_t i = 0; i < of->release_count && stopped; i++)
		stopped = !runs_on(&of->releases[i], version);
	return stopped;
}

bool
release_ends(const struct history *of, int from, int to, struct release_end *end)
{
	int			start = from;

	if (of->release_count > 0 && start < of->releases[0].first)
		start = of->releases[0].first;
	*end = (struct release_end) {.last = -1,.next = -1};
	for (size_t i = 0; i < of->release_count; i++) {
		const struct history_release *release = &of->releases[i];

		if (release->first <= start && release->last >= end->last) {
			end->name = release->name;
			end->last = release->last;
		}
	}
	for (size_t i = 0; i < of->release_count; i++) {
		int			first = of->releases[i].first;

		if (first > end->last && (end->next < 0 || first < end->next))
			end->next = first;
	}
	return end->name && end->last >= from && end->last < to;
}

char *
release_stopped_advice(const struct history *of, int version)
{
	struct release_end end;

	if (!release_stopped(of, version))
		return NULL;
	release_ends(of, version, version, &end);
	return mem_format("No known release runs on version %d. To go back to release %s, run \"" PROGRAM
					  " downgrade %d\".", version, end.name, end.last);
}

char *
release_end_text(const struct release_end *end)
{
	char	   *gap = end->next <= end->last + 1 ? mem_string("")
		: end->next == end->last + 2 ? mem_format(", and no known release runs on version %d", end->last + 1)
		: mem_format(", and no known release runs on versions %d to %d", end->last + 1, end->next - 1);
	char	   *text = mem_format("software up to release %s does not run from version %d on%s", end->name,
								  end->last + 1, gap);

	mem_free(gap);
	return text;
}

char *
release_end_advice(const struct history *of, const struct release_end *end, int from, int to)
{
	char	   *names = release_names(of, to, " or ");
	char	   *deploy = names ? mem_format("Stop the daemons first, and deploy release %s afterwards.", names)
		: mem_format("Stop the daemons first. No known release runs on version %d.", to);
	char	   *advice = end->last == from ? mem_string(deploy)
		: mem_format("%s To keep the present software, run \"" PROGRAM " upgrade %d\".", deploy, end->last);

	mem_free(deploy);
	mem_free(names);
	return advice;
}
