/* The list of harmless settings. */
#include "schema/compare_harmless.h"

#include <string.h>

#include "base/banned.h"

static const struct {
	enum fact_kind kind;
	const char *label;
	const char *but;			/* not with this value; or NULL */
}			settings[] = {
	{FACT_TABLE, "options", NULL},
	{FACT_TABLE, "toast options", NULL},
	/* A published table then refuses changes. */
	{FACT_TABLE, "replica identity", "nothing"},
	{FACT_MATERIALIZED_VIEW, "options", NULL},
	{FACT_MATERIALIZED_VIEW, "toast options", NULL},
	{FACT_COLUMN, "options", NULL},
	{FACT_COLUMN, "statistics", NULL},
	/* A long value then does not fit in a row. */
	{FACT_COLUMN, "storage", "plain"},
	{FACT_COLUMN, "compression", NULL},
	{FACT_INDEX, "options", NULL},
	{FACT_INDEX, "statistics", NULL},
	{FACT_INDEX, "clustered", NULL},
	{FACT_CONSTRAINT, "options", NULL},
	{FACT_CONSTRAINT, "clustered", NULL},
	{FACT_SEQUENCE, "cache", NULL},
};

/* The beginnings of the names of options. Those of access methods that extensions bring may change what is found. */
static const char *const options[] = {
	"autosummarize=", "autovacuum_", "buffering=", "deduplicate_items=", "fastupdate=", "fillfactor=",
	"gin_pending_list_limit=", "log_autovacuum_", "log_autoanalyze_", "n_distinct", "pages_per_range=",
	"parallel_workers=", "toast_tuple_target=", "vacuum_"
};

static bool
is_option(const char *text)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strncmp(text, options[i], strlen(options[i])) == 0)
			return true;
	return false;
}

/* "fillfactor=50, parallel_workers=2" */
static bool
are_options(const char *text, size_t length)
{
	for (const char *at = text; at < text + length;) {
		const char *comma = memmem(at, (size_t) (text + length - at), ", ", 2);

		if (!is_option(at))
			return false;
		at = comma ? comma + 2 : text + length;
	}
	return true;
}

bool
compare_is_harmless(enum fact_kind kind, const struct compare_text *text)
{
	if (text->should || !text->is || text->unknown)
		return false;
	if (compare_text_is(text, "comment"))
		return true;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const char *but = settings[i].but;

		if (settings[i].kind == kind && compare_text_is(text, settings[i].label))
			return !(but && strlen(but) == text->is_length && memcmp(but, text->is, text->is_length) == 0)
				&& (!strstr(settings[i].label, "options") || are_options(text->is, text->is_length));
	}
	return false;
}
