/* The SQL that repairs a difference. */
#include "schema/repair_sql.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_list.h"
#include "schema/repair_names.h"
#include "schema/repair_privileges.h"
#include "schema/repair_work.h"

#include "base/banned.h"

/* An object that no version has may belong to somebody: only objects that can be created again are dropped. */
static void
repair_extra(const struct repair_work *work)
{
	const struct fact_history *known = work->with->sides->history;
	const struct fact *is = work->item->is;

	for (size_t i = 0; i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];

		/* An index with the name of a key is what the key will use. */
		if ((run->kind == is->kind || (is->kind == FACT_INDEX && run->kind == FACT_CONSTRAINT))
			&& strcmp(run->name, is->name) == 0 && run->to > known->version_count)
			return;
	}
	if (is->kind == FACT_CONSTRAINT)
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s DROP CONSTRAINT %s", work->names.table,
						work->names.name);
	else if (is->kind == FACT_INDEX)
		repair_drop_index(work);
}

/* Does a claim name the object, a part of it, or the type whose label it is? */
static bool
names(const struct fact_claim *claim, const struct fact *fact)
{
	size_t		length = strlen(fact->name);
	size_t		parent = fact->kind == FACT_LABEL ? fact_parent(fact) : 0;

	return (claim->fact.kind == fact->kind && strcmp(claim->fact.name, fact->name) == 0)
		|| (strncmp(claim->fact.name, fact->name, length) == 0 && claim->fact.name[length] == '.')
		|| (parent > 0 && claim->fact.kind == FACT_TYPE && strlen(claim->fact.name) == parent
			&& strncmp(claim->fact.name, fact->name, parent) == 0);
}

/* Does a migration from the item's version to `end` need the object? */
static bool
is_needed(const struct compare_item *item, const struct fact_history *known, int end)
{

	for (size_t i = 0; i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];

		if (claim->kind == FACT_NEEDS && !claim->down && claim->version > item->version && claim->version <= end
			&& names(claim, item->should))
			return true;
	}
	return false;
}

/* The run of a fact that begins with a version; NULL: there is none. */
static const struct fact_run *
run_from(const struct fact_history *known, const struct fact *fact, int version)
{
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].from == version && known->runs[i].kind == fact->kind
			&& strcmp(known->runs[i].name, fact->name) == 0)
			return &known->runs[i];
	return NULL;
}

/* Tables, columns and the like stay the same objects when a migration changes them. */
static bool
is_kept(const struct compare_item *item, const struct fact *then)
{
	return (item->kind == COMPARE_MISSING && item->should->kind != FACT_INDEX && item->should->kind != FACT_CONSTRAINT)
		|| compare_text_same(item->should, then);
}

/* Has a column a type of no version? A migration that changes it from another one may fail. */
static bool
is_foreign(const struct compare_item *item, const struct fact_history *known)
{
	size_t		length;

	if (item->kind != COMPARE_CHANGED || !item->is || item->is->kind != FACT_COLUMN || strcmp(item->label, "type") != 0)
		return false;
	length = strcspn(item->is->definition, "\t");
	for (size_t i = 0; i < known->run_count; i++) {
		const char *definition = known->runs[i].texts[0].definition;

		if (known->runs[i].kind == FACT_COLUMN && strcmp(known->runs[i].name, item->is->name) == 0
			&& strcspn(definition, "\t") == length && memcmp(definition, item->is->definition, length) == 0)
			return false;
	}
	return true;
}

/* The later version whose migration renames what is missing, if it is there under the new name; 0: there is none. */
static int
renamed_at(const struct compare_item *item, const struct compare_sides *sides)
{
	const struct fact_history *known = sides->history;

	for (size_t i = 0; item->kind == COMPARE_MISSING && i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];
		char	   *name;
		char	   *to;
		bool		there;

		if (claim->kind != FACT_RENAMES || claim->down || claim->version <= item->version
			|| claim->fact.kind != item->should->kind || strcmp(claim->fact.name, item->should->name) != 0
			|| fact_parent(&claim->fact) == 0)
			continue;
		to = fact_unescape(fact_claim_to(claim), strlen(fact_claim_to(claim)));
		name = mem_format("%.*s.%s", (int) fact_parent(&claim->fact), claim->fact.name, to);
		there = fact_find(&sides->live->facts, claim->fact.kind, name);
		mem_free(name);
		mem_free(to);
		if (there)
			return claim->version;
	}
	return 0;
}

/* Does a foreign key change because the migration renames the table that it refers to? */
static bool
refers_to_renamed(const struct fact_history *known, const struct fact_run *run)
{
	const struct fact_run *next = run->kind == FACT_CONSTRAINT ? run_from(known, &(struct fact) {run->kind, run->name, ""},
																		  run->to) : NULL;
	bool		refers = false;

	for (size_t i = 0; next && !refers && i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];
		char	   *old = mem_format(" REFERENCES public.%s(", claim->fact.name);
		char	   *new = mem_format(" REFERENCES public.%s(", fact_claim_to(claim));

		refers = claim->kind == FACT_RENAMES && !claim->down && claim->version == run->to
			&& claim->fact.kind == FACT_TABLE && strstr(run->texts[0].definition, old)
			&& strstr(next->texts[0].definition, new);
		mem_free(old);
		mem_free(new);
	}
	return refers;
}

/* Does the migration rename it, or what it refers to? Then it has to be there. */
static bool
is_renamed(const struct compare_item *item, const struct fact_history *known, int version)
{
	const struct fact_run *run = fact_history_run(known, item->should->kind, item->should->name, version - 1);

	return run && (fact_run_renamed(known, run) || refers_to_renamed(known, run));
}

/* From this version on, such objects are not compared; but they stay. */
static bool
is_ignored_from(const struct compare_item *item, const struct compare_sides *sides, int version)
{
	for (size_t i = 0; i < sides->ignore_count; i++)
		if (fact_is_ignored(&sides->ignores[i], version, item->should->kind, item->should->name))
			return true;
	return false;
}

int
repair_replaced(const struct compare_item *item, const struct compare_sides *sides)
{
	const struct fact_history *known = sides->history;
	int			end = item->until;
	const struct fact_run *next;
	int			renamed;

	if (!item->should || is_foreign(item, known))
		return 0;
	renamed = renamed_at(item, sides);
	if (renamed > 0)
		return renamed;
	while (end <= known->version_count && (next = run_from(known, item->should, end))) {
		const struct fact then = {next->kind, next->name,
			compare_text_usual(next, sides->live->server)->definition
		};

		if (!is_kept(item, &then))
			break;
		end = next->to;
	}
	if (end > known->version_count || is_ignored_from(item, sides, end))
		return 0;
	return item->kind == COMPARE_MISSING && (is_needed(item, known, end) || is_renamed(item, known, end)) ? 0 : end;
}

void
repair_statements(struct repair_list *list, const struct compare_item *item, const struct repair_with *with)
{
	struct repair_work work = {.list = list,.item = item,.with = with};

	if (item->note || item->untrusted || item->withheld || !(item->is || item->should)
		|| repair_replaced(item, with->sides))
		return;
	if (item->is && item->is->kind == FACT_DATABASE && item->objects > 0) {
		if (item->why)
			repair_list_add(list, REPAIR_STATEMENT, "ALTER DATABASE %s OWNER TO %s", item->why, item->should_value);
		return;
	}
	if ((item->is ? item->is : item->should)->kind == FACT_PRIVILEGE) {
		repair_privileges(list, item);
		return;
	}
	work.names = repair_names_of(item->should ? item->should : item->is);
	if (item->kind == COMPARE_MISSING && item->should)
		repair_missing(&work);
	else if (item->kind == COMPARE_EXTRA && item->is)
		repair_extra(&work);
	else if (item->kind == COMPARE_CHANGED && item->is && item->should)
		repair_changed(&work);
	else if (item->kind == COMPARE_RENAMED && item->is) {
		char	   *name = repair_own_name(item->is);

		repair_list_add(list, REPAIR_STATEMENT, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", work.names.table, name,
						work.names.name);
		mem_free(name);
	}
	repair_names_clear(&work.names);
}

char *
repair_sql(const struct compare_item *item, const struct compare_sides *sides)
{
	struct repair_list list = {0};
	bool		fills = false;
	char	   *sql;

	repair_statements(&list, item, &(struct repair_with) {.sides = sides});
	for (size_t i = 0; i < list.count; i++)
		fills = fills || list.statements[i].form == REPAIR_FILL;
	sql = fills ? NULL : repair_list_text(&list);
	repair_list_clear(&list);
	return sql;
}

char *
repair_choice(const struct compare_item *item)
{
	struct repair_names is;
	struct repair_names should;
	char	   *text;

	if (!item->renamed)
		return NULL;
	is = repair_names_of(item->renamed);
	should = repair_names_of(item->should);
	if (item->should->kind == FACT_LABEL) {
		char	   *labels[] = {repair_label(is.name), repair_label(should.name)};

		text = mem_format("ALTER TYPE %s RENAME VALUE %s TO %s;\nALTER TYPE %s ADD VALUE %s;", should.table, labels[0],
						  labels[1], should.table, labels[1]);
		mem_free(labels[0]);
		mem_free(labels[1]);
	} else {
		char	   *type = fact_value(item->should, "type");

		text = mem_format("ALTER TABLE %s RENAME COLUMN %s TO %s;\nALTER TABLE %s ADD COLUMN %s %s;", should.table,
						  is.name, should.name, should.table, should.name, type);
		mem_free(type);
	}
	repair_names_clear(&should);
	repair_names_clear(&is);
	return text;
}
