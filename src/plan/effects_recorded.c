/* The effects of a migration, from the lines of migrations/SCHEMA. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "history/history.h"
#include "pg/lock_mode.h"
#include "plan/effects.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

/* A property, cut from the definition at *at, which is advanced. `value`: NULL, if it is a label alone. */
struct effects_property {
	char	   *label;
	char	   *value;
};

static bool
next_property(const char **at, struct effects_property *property)
{
	size_t		length = strcspn(*at, "\t");
	char	   *colon;

	if (length == 0)
		return false;
	property->label = mem_copy(*at, length);
	colon = strstr(property->label, ": ");
	property->value = colon ? colon + 2 : NULL;
	if (colon)
		*colon = '\0';
	*at += length;
	if (**at == '\t')
		(*at)++;
	return true;
}

static bool
says(const struct effects_property *property, const char *label, bool with_value)
{
	return with_value == (property->value != NULL) && strcmp(property->label, label) == 0;
}

static bool
parse_mode(const struct effects_property *property, enum lock_mode *mode)
{
	if (!property->value || !says(property, "lock", true))
		return false;
	for (*mode = MODE_COUNT - 1; *mode > MODE_NONE; (*mode)--)
		if (strcmp(lock_mode_name(*mode), property->value) == 0)
			return true;
	return false;
}

/* A property that is a flag. */
static bool
parse_flag(const struct effects_property *property, struct effects_table *table)
{
	struct {
		const char *label;
		bool	   *flag;
	}			flags[] = {
		{"scanned", &table->scanned}, {"rewritten", &table->rewritten}, {"truncated", &table->truncated},
		{"inserted", &table->inserted}, {"updated", &table->updated}, {"deleted", &table->deleted},
		{"by key", &table->by_key}
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (says(property, flags[i].label, false)) {
			*flags[i].flag = true;
			return true;
		}
	return false;
}

static const struct {
	const char *label;
	enum effects_change_kind kind;
	char		type;
}			changes[] = {
	{"index", EFFECTS_INDEX, 0},
	{"check", EFFECTS_CONSTRAINT, 'c'},
	{"foreign key", EFFECTS_CONSTRAINT, 'f'},
	{"primary key", EFFECTS_CONSTRAINT, 'p'},
	{"unique", EFFECTS_CONSTRAINT, 'u'},
	{"exclusion", EFFECTS_CONSTRAINT, 'x'},
	{"not null", EFFECTS_NOT_NULL, 0},
	{"dropped", EFFECTS_TABLE_DROPPED, 0},
	{"renamed", EFFECTS_TABLE_RENAMED, 0},
	{"column dropped", EFFECTS_COLUMN_DROPPED, 0},
	{"column renamed", EFFECTS_COLUMN_RENAMED, 0},
	{"required", EFFECTS_REQUIRED, 0},
	{"index dropped", EFFECTS_INDEX_DROPPED, 0},
	{"disabled", EFFECTS_DISABLED, 0},
	{"blocked", EFFECTS_BLOCKED, 0}
};

/* A relation's name, with its schema. */
static char *
relation_name(const char *name)
{
	bool		quoted = false;

	for (const char *c = name; *c; c++) {
		if (*c == '"')
			quoted = !quoted;
		if (*c == '.' && !quoted)
			return mem_string(name);
	}
	return mem_format("public.%s", name);
}

static char *
part_name(enum effects_change_kind kind, const char *name)
{
	return kind == EFFECTS_INDEX || kind == EFFECTS_INDEX_DROPPED || kind == EFFECTS_TABLE_RENAMED
		? relation_name(name) : mem_string(name);
}

static bool
parse_change(const struct effects_property *property, struct effects_table *table)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		enum effects_change_kind kind = changes[i].kind;
		struct effects_change change = {.kind = kind,.type = changes[i].type};

		if (!says(property, changes[i].label, kind != EFFECTS_TABLE_DROPPED))
			continue;
		change.name = kind == EFFECTS_TABLE_DROPPED ? mem_string(table->name) : part_name(kind, property->value);
		table->changes = mem_grow(table->changes, table->change_count + 1, sizeof(*table->changes));
		table->changes[table->change_count++] = change;
		return true;
	}
	return false;
}

/* A property of the change before it. */
static bool
parse_more(const struct effects_property *property, struct effects_change *change)
{
	bool		constraint = change->kind == EFFECTS_CONSTRAINT;

	if (says(property, "to", true) && !change->new_name
		&& (change->kind == EFFECTS_TABLE_RENAMED || change->kind == EFFECTS_COLUMN_RENAMED))
		change->new_name = part_name(change->kind, property->value);
	else if (says(property, "checked", false) && change->kind == EFFECTS_NOT_NULL)
		change->checked = true;
	else if (constraint && says(property, "validated", false))
		change->validated = true;
	else if (constraint && says(property, "using index", false))
		change->using_index = true;
	else if (constraint && says(property, "unindexed", false))
		change->unindexed = true;
	else
		return false;
	return true;
}

static bool
parse_table_property(const struct effects_property *property, struct effects_table *table)
{
	struct effects_change *last = table->change_count ? &table->changes[table->change_count - 1] : NULL;

	if (says(property, "was", true)) {
		mem_free(table->origin);
		table->origin = relation_name(property->value);
		return true;
	}
	return parse_mode(property, &table->lock) || parse_flag(property, table) || parse_change(property, table)
		|| (last && parse_more(property, last));
}

bool
effects_parse_table(struct effects_table *table, const char *definition)
{
	struct effects_property property;
	bool		good = true;

	while (good && next_property(&definition, &property)) {
		good = parse_table_property(&property, table);
		mem_free(property.label);
	}
	for (size_t i = 0; good && i < table->change_count; i++)
		if (table->changes[i].kind == EFFECTS_TABLE_RENAMED || table->changes[i].kind == EFFECTS_COLUMN_RENAMED)
			good = table->changes[i].new_name != NULL;
	return good && !*definition;
}

static bool
parse_statement_property(const struct effects_property *property, struct effects_statement *statement)
{
	if (says(property, "apart", false))
		statement->apart = true;
	else if (says(property, "unmeasured", false))
		statement->unmeasured = true;
	else if (says(property, "loops", false))
		statement->loops = true;
	else if (says(property, "replica", false))
		statement->replica = true;
	else if (says(property, "lost", true) || says(property, "taken along", true)) {
		statement->losses = mem_grow(statement->losses, statement->loss_count + 1, sizeof(*statement->losses));
		statement->losses[statement->loss_count++] = (struct effects_loss) {
			.object = mem_string(property->value),.along = says(property, "taken along", true)
		};
	} else if (says(property, "cut", true) && !statement->cut)
		statement->cut = fact_unescape(property->value, strlen(property->value));
	else if (says(property, "setting", true)) {
		statement->settings = mem_grow(statement->settings, statement->setting_count + 1,
									   sizeof(*statement->settings));
		statement->settings[statement->setting_count++] = mem_string(property->value);
	} else
		return false;
	return true;
}

bool
effects_parse_statement(struct effects_statement *statement, const char *definition)
{
	struct effects_property property;
	bool		good = true;

	while (good && next_property(&definition, &property)) {
		good = parse_statement_property(&property, statement);
		mem_free(property.label);
	}
	return good && !*definition;
}

size_t
effects_find(const struct history_source *source, const struct history_section *section, unsigned line, unsigned column)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *statement = &section->statements[i];

		if (statement->line == line
			&& text_position(source->text, source->length, statement->offset, 0).column == column)
			return i;
	}
	return section->count;
}

/* --- a migration --- */

/* Of the servers that were measured, those nearest to the server: newer ones first, since old ones disappear. */
static unsigned
nearest(unsigned measured, unsigned server)
{
	for (unsigned bit = server; bit < FACT_SERVERS_ALL; bit <<= 1)
		if (measured & bit)
			return bit;
	for (unsigned bit = server; bit > 0; bit >>= 1)
		if (measured & bit)
			return bit;
	return 0;
}

static void
add(struct effects *effects, size_t number, const struct fact_effect *effect)
{
	struct effects_statement *statement = &effects->statements[number];
	struct effects_table *table;

	if (!effect->table) {
		(void) effects_parse_statement(statement, effect->definition);
		return;
	}
	statement->tables = mem_grow(statement->tables, statement->table_count + 1, sizeof(*statement->tables));
	table = &statement->tables[statement->table_count++];
	*table = (struct effects_table) {.name = relation_name(effect->table)};
	(void) effects_parse_table(table, effect->definition);
	if (!table->origin)
		table->origin = mem_string(table->name);
}

/* The locks that earlier statements of the transaction have acquired. */
static void
find_held(struct effects *effects, size_t number, struct effects_table *table)
{
	for (size_t i = 0; i < number; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++) {
			const struct effects_table *earlier = &effects->statements[i].tables[k];

			if (strcmp(earlier->origin, table->origin) == 0 && earlier->lock > table->held)
				table->held = earlier->lock;
		}
}

bool
effects_recorded(struct effects *effects, const struct fact_history *facts, const struct history_migration *migration,
				 unsigned servers, size_t first)
{
	const struct history_section *up = &migration->up;
	int			version = migration->version;
	unsigned	measured = version < facts->version_count ? facts->versions[version].measured : 0;

	*effects = (struct effects) {0};
	servers = nearest(measured, servers);
	if (servers == 0)
		return false;
	*effects = (struct effects) {.migration = migration,.first = first < up->count ? first : 0,.count = up->count,
		.servers = servers,.statements = mem_alloc((up->count + 1) * sizeof(*effects->statements))
	};
	for (size_t i = 0; i < facts->effect_count; i++) {
		const struct fact_effect *effect = &facts->effects[i];
		size_t		number;

		if (effect->version != version || !(effect->servers & servers))
			continue;
		number = effects_find(&migration->source, up, effect->line, effect->column);
		if (number < up->count)
			add(effects, number, effect);
	}
	for (size_t i = 0; up->transactional && i < up->count; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++)
			find_held(effects, i, &effects->statements[i].tables[k]);
	for (size_t i = 0; i < effects->first; i++)
		effects_statement_clear(&effects->statements[i]);
	return true;
}
