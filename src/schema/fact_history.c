/* Parse migrations/SCHEMA. */
#include "schema/fact_history.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "schema/fact.h"

#include "base/banned.h"

const struct fact_servers_class fact_servers_classes[FACT_SERVERS_CLASSES] = {
	{"10", FACT_SERVERS_10, 10, 10, FACT_SERVERS_OLD},
	{"11", FACT_SERVERS_11, 11, 11, 0},
	{"12", FACT_SERVERS_12, 12, 13, 0},
	{"15", FACT_SERVERS_15, 14, 15, FACT_SERVERS_15},
	{"18", FACT_SERVERS_18, 16, 0, FACT_SERVERS_18}
};

const char *const fact_claim_words[] = {
	[FACT_NEEDS] = "needs",[FACT_ENSURES] = "ensures",[FACT_DETACHES] = "detaches",[FACT_REPLACES] = "replaces",
	[FACT_LEAVES] = "leaves",[FACT_LACKS] = "lacks",
	[FACT_DROPS] = "drops",[FACT_EMPTIES] = "empties",[FACT_REWRITES] = "rewrites",[FACT_RENAMES] = "renames"
};

/* A line that begins with "+", "-" or "~". */
struct fact_history_change {
	char		sign;
	int			version;
	unsigned	servers;
	unsigned	line;
	struct fact fact;
};

struct fact_history_parser {
	struct fact_history *history;
	size_t		change_count;
	struct fact_history_change *changes;
	unsigned	line;
	size_t		offset;			/* of that line in the text */
	char	   *message;
};

static bool
fail(struct fact_history_parser *parser, const char *message)
{
	parser->message = mem_string(message);
	return false;
}

/* If the text begins with the word and a space: what follows; otherwise NULL. */
static char *
after_word(char *text, const char *word)
{
	size_t		length = strlen(word);

	return strncmp(text, word, length) == 0 && text[length] == ' ' ? text + length + 1 : NULL;
}

static bool
parse_version(struct fact_history_parser *parser, char *text)
{
	struct fact_history *history = parser->history;
	char	   *name;
	char	   *checksum;
	long		number = strtol(text, &name, 10);

	if (name == text || *name != ' ' || !(checksum = strchr(name + 1, ' ')))
		return fail(parser, "a line \"version NUMBER NAME CHECKSUM\" is incomplete");
	if (number != history->version_count)
		return fail(parser, "the version is not the one after the last");
	*checksum++ = '\0';
	history->versions = mem_room(history->versions, (size_t) history->version_count, sizeof(*history->versions));
	history->versions[history->version_count++] = (struct fact_version) {
		.name = name + 1,.checksum = checksum,.line = parser->line,.begin = parser->offset
	};
	return true;
}

/* "10,15" at *text, up to a space, which is passed; nothing means all servers. `facts`: of a fact, not of an effect. */
static bool
parse_servers(char **text, unsigned *servers, bool facts)
{
	*servers = **text == ' ' ? FACT_SERVERS_ALL : 0;
	while (**text != ' ') {
		const struct fact_servers_class *class = fact_servers_classes;
		const struct fact_servers_class *end = class + FACT_SERVERS_CLASSES;

		while (class < end && (strncmp(*text, class->word, strlen(class->word)) != 0 || (facts && !class->of_facts)))
			class++;
		if (class == end)
			return false;
		*servers |= facts ? class->of_facts : class->bit;
		*text += strlen(class->word);
		if (**text == ',')
			(*text)++;
		else if (**text != ' ')
			return false;
	}
	(*text)++;
	return *servers != 0;
}

static bool
parse_change(struct fact_history_parser *parser, char *text)
{
	struct fact_history_change change = {.sign = *text,.version = parser->history->version_count - 1,
		.line = parser->line
	};

	text++;
	if (!parse_servers(&text, &change.servers, true))
		return fail(parser, "the servers are not 10, 15 or 18");
	if (!fact_parse(text, &change.fact))
		return fail(parser, "this is not a fact");
	parser->changes = mem_room(parser->changes, parser->change_count, sizeof(*parser->changes));
	parser->changes[parser->change_count++] = change;
	return true;
}

/* A claim, or nothing of the kind. *known: it is one. False: it is a faulty one. */
static bool
parse_claim(struct fact_history_parser *parser, char *text, bool *known)
{
	struct fact_history *history = parser->history;
	struct fact_claim claim = {.version = history->version_count - 1,.line = parser->line};
	char	   *of_down = after_word(text, "down");
	char	   *rest = NULL;

	claim.down = of_down != NULL;
	for (int i = claim.down ? FACT_DROPS : FACT_NEEDS; i <= FACT_RENAMES && !rest; i++) {
		claim.kind = (enum fact_claim_kind) i;
		rest = after_word(of_down ? of_down : text, fact_claim_words[i]);
	}
	*known = rest != NULL;
	if (!rest)
		return true;
	if (!fact_parse(rest, &claim.fact))
		return fail(parser, "this is not a fact");
	history->claims = mem_room(history->claims, history->claim_count, sizeof(*history->claims));
	history->claims[history->claim_count++] = claim;
	return true;
}

/* "2 - FACT". Without a tab, it has the form that it has in the history, if there is one: set_down_runs. */
static bool
parse_down(struct fact_history_parser *parser, char *text)
{
	struct fact_history *history = parser->history;
	struct fact_down down = {.version = history->version_count - 1,.line = parser->line};
	bool		own = strchr(text, '\t');
	char	   *end;
	unsigned long number = strtoul(text, &end, 10);

	if (number == 0 || end[0] != ' ' || (end[1] != '-' && end[1] != '+') || end[2] != ' ')
		return fail(parser, "a line \"down STATEMENT - FACT\" is incomplete");
	down.statement = number - 1;
	down.adds = end[1] == '+';
	if (!fact_parse(end + 3, &down.fact))
		return fail(parser, "this is not a fact");
	if (!own)
		down.fact.definition = NULL;
	if (history->down_count > 0 && history->downs[history->down_count - 1].version == down.version
		&& history->downs[history->down_count - 1].statement > down.statement)
		return fail(parser, "the statements of the down are not in order");
	history->downs = mem_room(history->downs, history->down_count, sizeof(*history->downs));
	history->downs[history->down_count++] = down;
	return true;
}

/* "9:1 TABLE" and the properties, behind a tab. */
static bool
parse_effect(struct fact_history_parser *parser, char *text)
{
	struct fact_history *history = parser->history;
	struct fact_effect effect = {.version = history->version_count - 1,.schema_line = parser->line};
	char	   *end;

	if (!parse_servers(&text, &effect.servers, false))
		return fail(parser, "the servers are not 10, 11, 12, 15 or 18");
	effect.line = (unsigned) strtoul(text, &end, 10);
	if (*end == ':')
		effect.column = (unsigned) strtoul(end + 1, &end, 10);
	text = strchr(end, '\t');
	if (effect.line == 0 || effect.column == 0 || *end != ' ' || !text || text == end + 1)
		return fail(parser, "a line \"! LINE:COLUMN TABLE\" is incomplete");
	*text = '\0';
	effect.table = strcmp(end + 1, "-") == 0 ? NULL : end + 1;
	effect.definition = text + 1;
	history->effects = mem_room(history->effects, history->effect_count, sizeof(*history->effects));
	history->effects[history->effect_count++] = effect;
	return true;
}

/* " 10,15", or nothing for all servers. */
static bool
parse_measured(struct fact_history_parser *parser, char *text)
{
	struct fact_history *history = parser->history;
	char	   *servers = *text ? arena_format(&history->arena, "%s ", text + 1) : text;
	unsigned   *measured = &history->versions[history->version_count - 1].measured;

	*measured = FACT_SERVERS_ALL;
	if (*text && (*text != ' ' || !parse_servers(&servers, measured, false)))
		return fail(parser, "the servers are not 10, 11, 12, 15 or 18");
	return true;
}

static bool
parse_line(struct fact_history_parser *parser, char *text)
{
	struct fact_history *history = parser->history;
	struct fact_version *version;
	bool		known;
	char	   *rest;

	if (!*text || strncmp(text, "--", 2) == 0)
		return true;
	if ((rest = after_word(text, "version")))
		return parse_version(parser, rest);
	if (history->version_count == 0) {
		history->grants = after_word(text, "grants");
		return history->grants ? true : fail(parser, "a line \"version\" is missing before this line");
	}
	version = &history->versions[history->version_count - 1];
	if (version->sum)
		return fail(parser, "a line follows the checksum of its version");
	if ((rest = after_word(text, "checksum"))) {
		version->sum = rest;
		version->sum_begin = parser->offset;
		return true;
	}
	if (*text == '+' || *text == '-' || *text == '~')
		return parse_change(parser, text);
	if (*text == '!')
		return parse_effect(parser, text + 1);
	if (strncmp(text, "measured", 8) == 0)
		return parse_measured(parser, text + 8);
	if (strcmp(text, "repeatable") == 0) {
		version->repeatable = true;
		return true;
	}
	if (strcmp(text, "drops unknown") == 0) {
		version->drops_unknown = true;
		return true;
	}
	if (strcmp(text, "down drops unknown") == 0) {
		version->down_drops_unknown = true;
		return true;
	}
	if ((rest = after_word(text, "down")) && isdigit((unsigned char) *rest))
		return parse_down(parser, rest);
	if (!parse_claim(parser, text, &known))
		return false;
	return known || fail(parser, "a line of an unknown kind");
}

static int
compare_changes(const void *left, const void *right)
{
	const struct fact_history_change *a = left;
	const struct fact_history_change *b = right;
	int			order = fact_order(&a->fact, &b->fact);

	return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* The changes are in order: those of one fact by their lines. */
static bool
build_runs(struct fact_history_parser *parser)
{
	struct fact_history *history = parser->history;
	struct fact_text *texts = arena_alloc(&history->arena, (parser->change_count + 1) * sizeof(*texts));
	struct fact_run *run = NULL;

	history->runs = mem_grow(NULL, parser->change_count + 1, sizeof(*history->runs));
	for (size_t i = 0; i < parser->change_count; i++) {
		const struct fact_history_change *change = &parser->changes[i];
		bool		known = run && run->kind == change->fact.kind && strcmp(run->name, change->fact.name) == 0;
		bool		open = known && run->to > history->version_count;

		parser->line = change->line;
		if (change->sign == '-') {
			if (!open || run->from == change->version)
				return fail(parser, "this fact does not exist in the version before");
			run->to = change->version;
		} else if (open && run->from == change->version) {
			/* Another form of the same fact. */
			if (change->sign == '~')
				run->absent |= change->servers;
			else
				texts[run->count++] = (struct fact_text) {change->fact.definition, change->servers};
		} else if (open || change->sign == '~')
			return fail(parser, "this fact exists already");
		else {
			if (run)
				texts += run->count;
			texts[0] = (struct fact_text) {change->fact.definition, change->servers};
			run = &history->runs[history->run_count++];
			*run = (struct fact_run) {.kind = change->fact.kind,.name = change->fact.name,.from = change->version,
				.to = history->version_count + 1,.line = change->line,.count = 1,.texts = texts
			};
		}
	}
	return true;
}

/* Find the facts of downs that have the form of their version. */
static void
set_down_runs(struct fact_history *history)
{
	for (size_t i = 0; i < history->down_count; i++) {
		struct fact_down *down = &history->downs[i];

		if (down->fact.definition)
			continue;
		down->run = fact_history_run(history, down->fact.kind, down->fact.name, down->version - (down->adds ? 1 : 0));
		down->fact.definition = down->run ? down->run->texts[0].definition : "";
	}
}

static bool
parse_lines(struct fact_history_parser *parser, char *text)
{
	char	   *start = text;

	for (char *next; *text; text = next) {
		struct fact_history *history = parser->history;
		size_t		length = strcspn(text, "\n");
		int			before = history->version_count;

		parser->line++;
		parser->offset = (size_t) (text - start);
		next = text + length + (text[length] == '\n');
		text[length] = '\0';
		if (!parse_line(parser, text))
			return false;
		if (history->version_count > before) {
			if (before > 0)
				history->versions[before - 1].end = parser->offset;
			history->versions[before].start = (size_t) (next - start);
		}
		if (history->version_count > 0)
			history->versions[history->version_count - 1].end = (size_t) (next - start);
	}
	return true;
}

bool
fact_history_parse(struct fact_history *history, const char *text, size_t length, unsigned *line, char **message)
{
	struct fact_history_parser parser = {.history = history};
	bool		good;

	*history = (struct fact_history) {0};
	good = parse_lines(&parser, arena_copy(&history->arena, text, length));
	if (good && parser.change_count > 0) {
		qsort(parser.changes, parser.change_count, sizeof(*parser.changes), compare_changes);
		good = build_runs(&parser);
	}
	if (good)
		set_down_runs(history);
	mem_free(parser.changes);
	*line = parser.line;
	*message = parser.message;
	return good;
}

unsigned
fact_servers_of(int version)
{
	const struct fact_servers_class *class = fact_servers_classes;

	while (class->last && class->last < version / 10000)
		class++;
	return class->bit;
}

void
fact_servers_write(FILE *stream, unsigned servers, bool facts)
{
	const char *separator = "";

	for (size_t i = 0; servers != FACT_SERVERS_ALL && i < FACT_SERVERS_CLASSES; i++)
		if (servers & (facts ? fact_servers_classes[i].of_facts : fact_servers_classes[i].bit)) {
			fprintf(stream, "%s%s", separator, fact_servers_classes[i].word);
			separator = ",";
		}
}

void
fact_history_clear(struct fact_history *history)
{
	mem_free(history->versions);
	mem_free(history->runs);
	mem_free(history->claims);
	mem_free(history->downs);
	mem_free(history->effects);
	arena_clear(&history->arena);
	*history = (struct fact_history) {0};
}
