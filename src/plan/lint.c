/* The rules of lint, judged on the measured effects of a migration. */
#include "plan/lint.h"

#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "history/lint_rule.h"
#include "pg/lock_mode.h"
#include "plan/effects.h"
#include "plan/lint_text.h"

#include "base/banned.h"

/* The statement and the table that are judged. */
struct lint_context {
	const struct effects *effects;
	struct lint	lint;
	size_t		statement;
	const char *sql;			/* its text */
	size_t		length;
	const struct effects_table *table;
};

static const struct history_allow *
find_allow(const struct history_allow *allows, size_t count, enum lint_rule rule)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(allows[i].rule, lint_rule_name(rule)) == 0)
			return &allows[i];
	return NULL;
}

/* `text` is owned by the finding. */
static void
add_finding(struct lint_context *context, enum lint_rule rule, const char *table, char *text)
{
	const struct history_migration *migration = context->effects->migration;
	const struct history_statement *statement = &migration->up.statements[context->statement];
	const struct history_allow *allow = find_allow(statement->allows, statement->allow_count, rule);
	struct lint *lint = &context->lint;

	if (!allow)
		allow = find_allow(migration->allows, migration->allow_count, rule);
	lint->findings = mem_grow(lint->findings, lint->count + 1, sizeof(*lint->findings));
	lint->findings[lint->count++] = (struct lint_finding) {
		.rule = rule,.statement = context->statement,.table = table,.text = text,.allow = allow
	};
}

/* The table on which an earlier statement of the same transaction acquired ACCESS EXCLUSIVE; NULL if there is none. */
static const struct effects_table *
find_earlier_exclusive(const struct effects *effects, size_t statement)
{
	if (!effects->migration->up.transactional)
		return NULL;
	for (size_t i = 0; i < statement; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++)
			if (effects->statements[i].tables[k].lock == MODE_ACCESS_EXCLUSIVE)
				return &effects->statements[i].tables[k];
	return NULL;
}

enum lock_mode
lint_blocks(const struct effects *effects, size_t statement)
{
	const struct effects_statement *measured = &effects->statements[statement];
	enum lock_mode mode = MODE_NONE;
	bool		works = false;

	for (size_t k = 0; k < measured->table_count; k++)
		if (effects_table_works(&measured->tables[k]))
			works = true;
	for (size_t i = effects->migration->up.transactional ? 0 : statement; works && i <= statement; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++)
			if (effects->statements[i].tables[k].lock > mode)
				mode = effects->statements[i].tables[k].lock;
	return mode >= MODE_SHARE ? mode : MODE_NONE;
}

static const char *
constraint_word(char type)
{
	switch (type) {
		case 'f':
			return "foreign key";
		case 'c':
			return "check";
		case 'p':
			return "primary key";
		case 'u':
			return "unique constraint";
		default:
			return "exclusion constraint";
	}
}

/* An index, constraint or NOT NULL makes the server read a table while writers wait. Does it explain the scan? */
static bool
judge_additions(struct lint_context *context)
{
	const struct effects_table *table = context->table;
	const char *shown = effects_shown(table->name);
	enum lock_mode mode = effects_holds(table);
	bool		explained = false;

	for (size_t i = 0; mode >= MODE_SHARE && i < table->change_count; i++) {
		const struct effects_change *change = &table->changes[i];

		/* The index of a partitioned table alone is empty. */
		if (change->kind == EFFECTS_INDEX && table->scanned)
			add_finding(context, LINT_CREATE_INDEX, table->name,
						mem_format("index %s is built on %s under %s", effects_shown(change->name), shown,
								   lock_mode_name(mode)));
		else if (change->kind == EFFECTS_CONSTRAINT && change->validated && !change->using_index && table->scanned)
			add_finding(context, LINT_VALIDATED_CONSTRAINT, table->name,
						mem_format("%s %s on %s is validated at once, under %s", constraint_word(change->type),
								   change->name, shown, lock_mode_name(mode)));
		else if (change->kind == EFFECTS_NOT_NULL && table->scanned) {
			/* Servers before 12 read the table even so; for them there is no better way. */
			if (!change->checked)
				add_finding(context, LINT_SET_NOT_NULL, table->name,
							mem_format("column %s of %s is set NOT NULL without a validated check, under %s",
									   change->name, shown, lock_mode_name(mode)));
		} else if (change->kind != EFFECTS_REQUIRED)
			continue;
		explained = true;
	}
	return explained;
}

/* What software that does not know the migration runs into. */
static void
judge_losses(struct lint_context *context)
{
	const struct effects_table *table = context->table;
	const char *shown = effects_shown(table->name);

	for (size_t i = 0; i < table->change_count; i++) {
		const struct effects_change *change = &table->changes[i];
		char	   *text = NULL;

		switch (change->kind) {
			case EFFECTS_TABLE_DROPPED:
				text = mem_format("%s is dropped", shown);
				break;
			case EFFECTS_TABLE_RENAMED:
				text = mem_format("%s is renamed to %s", shown, effects_shown(change->new_name));
				break;
			case EFFECTS_COLUMN_DROPPED:
				text = mem_format("column %s of %s is dropped", change->name, shown);
				break;
			case EFFECTS_COLUMN_RENAMED:
				text = mem_format("column %s of %s is renamed to %s", change->name, shown, change->new_name);
				break;
			default:
				break;
		}
		if (text)
			add_finding(context, LINT_DROP_OR_RENAME, table->name, text);
	}
}

static void
judge_changes(struct lint_context *context)
{
	const struct effects_table *table = context->table;
	const char *shown = effects_shown(table->name);
	enum lock_mode mode = effects_holds(table);

	for (size_t i = 0; i < table->change_count; i++) {
		const struct effects_change *change = &table->changes[i];

		if (change->unindexed)
			add_finding(context, LINT_UNINDEXED_FOREIGN_KEY, table->name,
						mem_format("foreign key %s of %s has no index on its columns", change->name, shown));
		if (change->kind == EFFECTS_REQUIRED)
			add_finding(context, LINT_REQUIRED_COLUMN, table->name,
						mem_format("column %s of %s is NOT NULL without a default", change->name, shown));
		else if (change->kind == EFFECTS_INDEX_DROPPED && mode >= MODE_SHARE)
			add_finding(context, LINT_PLAIN_DROP_INDEX, table->name,
						mem_format("index %s of %s is dropped under %s", effects_shown(change->name), shown,
								   lock_mode_name(mode)));
		else if (change->kind == EFFECTS_DISABLED)
			add_finding(context, LINT_DISABLED_TRIGGER, table->name,
						mem_format("%s of %s is disabled", change->name, shown));
		else if (change->kind == EFFECTS_BLOCKED)
			add_finding(context, LINT_BLOCKED_STATEMENT, table->name,
						mem_format("%s blocks statements on %s", change->name, shown));
	}
}

/* What only its text tells of a statement, of a table that it reads or locks. */
static void
judge_text(struct lint_context *context)
{
	const struct effects_table *table = context->table;
	const char *shown = effects_shown(table->name);

	if (table->lock >= MODE_SHARE && lint_text_locks(context->sql, context->length, table->name))
		add_finding(context, LINT_EXPLICIT_LOCK, table->name,
					mem_format("%s is locked in mode %s", shown, lock_mode_name(table->lock)));
	if (table->scanned && lint_text_copies(context->sql, context->length, table->name))
		add_finding(context, LINT_WHOLE_TABLE_WRITE, table->name,
					mem_format("rows of %s are copied in one statement", shown));
}

/* Is the table the one whose rows the statement changes in batches? */
static bool
is_batched(const struct history_batch *batch, const struct effects_table *table)
{
	char	   *name = batch ? effects_batch_table(batch) : NULL;
	bool		batched = name && strcmp(name, table->name) == 0;

	mem_free(name);
	return batched;
}

/* INSERT ... ON CONFLICT DO UPDATE changes no more rows than it has. */
static bool
is_upsert(const struct lint_context *context)
{
	return context->table->inserted && !context->table->deleted && lint_text_inserts(context->sql, context->length);
}

static void
judge_table(struct lint_context *context)
{
	const struct effects_table *table = context->table;
	const struct effects_table *held = find_earlier_exclusive(context->effects, context->statement);
	const struct history_batch *batch = context->effects->migration->up.statements[context->statement].batch;
	const char *shown = effects_shown(table->name);
	enum lock_mode mode = effects_holds(table);
	bool		explained = judge_additions(context);

	if (table->rewritten)
		add_finding(context, LINT_REWRITE, table->name,
					mem_format("%s is rewritten under %s", shown, lock_mode_name(mode)));
	if ((table->updated || table->deleted) && !table->by_key && !is_batched(batch, table) && !is_upsert(context))
		add_finding(context, LINT_UNBATCHED_ROWS, table->name,
					mem_format("rows of %s are %s in one statement", shown,
							   !table->deleted ? "updated" : !table->updated ? "deleted" : "updated and deleted"));
	if (table->truncated)
		add_finding(context, LINT_TRUNCATE, table->name, mem_format("%s is truncated", shown));
	if (held && effects_table_works(table))
		add_finding(context, LINT_WORK_AFTER_EXCLUSIVE, table->name,
					mem_format("%s is read or written while an earlier statement holds ACCESS EXCLUSIVE on %s",
							   shown, effects_shown(held->name)));
	/* Unless another finding explains the scan. */
	else if (table->scanned && mode >= MODE_SHARE && !explained && !table->rewritten && !table->updated
			 && !table->deleted)
		add_finding(context, LINT_LOCKED_SCAN, table->name,
					mem_format("%s is read under %s", shown, lock_mode_name(mode)));
	judge_losses(context);
	judge_changes(context);
	if (!batch)
		judge_text(context);
}

/*
 * Has the statement read or changed rows of the table, other than by changing the table itself? Other rules judge that.
 * A lock that only reading needs shows that it was read by an index.
 */
static bool
uses_rows(const struct effects_table *table)
{
	return table->updated || table->deleted || (table->scanned && table->lock <= MODE_ROW_EXCLUSIVE)
		|| table->lock == MODE_ACCESS_SHARE;
}

/* Code that loops, depending on the rows of a table. */
static void
judge_loop(struct lint_context *context, const struct effects_statement *measured)
{
	for (size_t k = 0; measured->loops && k < measured->table_count; k++) {
		const struct effects_table *table = &measured->tables[k];

		if (!uses_rows(table) || !lint_text_loops(context->sql, context->length, table->name))
			continue;
		add_finding(context, LINT_UNMEASURED_WORK, table->name,
					mem_format("code loops over rows of %s", effects_shown(table->name)));
		return;
	}
}

static void
judge_objects(struct lint_context *context, const struct effects_statement *measured)
{
	for (size_t i = 0; i < measured->loss_count; i++)
		add_finding(context, LINT_DROPPED_DEPENDENCY, NULL,
					mem_format(measured->losses[i].along ? "CASCADE drops %s" : "%s is dropped or renamed",
							   measured->losses[i].object));
}

static void
judge_statement(struct lint_context *context)
{
	const struct effects_statement *measured = &context->effects->statements[context->statement];

	const struct history_statement *statement;

	context->sql = effects_sql(context->effects, context->statement, &statement);
	context->length = statement->length;
	for (size_t k = 0; k < measured->table_count; k++) {
		context->table = &measured->tables[k];
		judge_table(context);
	}
	judge_loop(context, measured);
	judge_objects(context, measured);
	if (measured->replica)
		add_finding(context, LINT_DISABLED_TRIGGER, NULL,
					mem_string("session_replication_role disables triggers and foreign keys"));
	for (size_t i = 0; i < measured->setting_count; i++)
		add_finding(context, LINT_SESSION_SETTINGS, NULL,
					mem_format("setting %s remains set in the session", measured->settings[i]));
	if (measured->cut)
		add_finding(context, LINT_CUT_IDENTIFIER, NULL, mem_string(measured->cut));
}

/* Each permission must have been needed by a statement that was judged. */
static void
find_unneeded(struct lint *lint, const struct history_allow *allows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool		needed = false;

		for (size_t k = 0; k < lint->count; k++)
			if (lint->findings[k].allow == &allows[i])
				needed = true;
		if (needed)
			continue;
		lint->unneeded = mem_grow(lint->unneeded, lint->unneeded_count + 1, sizeof(struct history_allow *));
		lint->unneeded[lint->unneeded_count++] = &allows[i];
	}
}

struct lint
lint_find(const struct effects *effects)
{
	const struct history_migration *migration = effects->migration;
	struct lint_context context = {.effects = effects};

	for (size_t i = effects->first; i < effects->count; i++) {
		context.statement = i;
		judge_statement(&context);
	}
	/* Statements that were done before may have needed those in the header. */
	if (effects->first == 0)
		find_unneeded(&context.lint, migration->allows, migration->allow_count);
	for (size_t i = effects->first; i < effects->count; i++)
		find_unneeded(&context.lint, migration->up.statements[i].allows, migration->up.statements[i].allow_count);
	return context.lint;
}

void
lint_clear(struct lint *lint)
{
	for (size_t i = 0; i < lint->count; i++)
		mem_free(lint->findings[i].text);
	mem_free(lint->findings);
	mem_free(lint->unneeded);
	*lint = (struct lint) {0};
}
