/* The effects of a statement, from two readings of the tables. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "measure/probe.h"
#include "measure/uncertain.h"
#include "unit/suites.h"

#include "base/banned.h"

enum {
	TABLE = 20000, INDEX = 20001, TOAST = 20002, OTHER = 20010, NEW = 30000, NEW_INDEX = 30001,
	CHECK = 20020, NEW_CONSTRAINT = 30020, TRIGGER = 20030, RULE = 20031, VIEW = 20040, FUNCTION = 20041,
	NEW_OBJECT = 30040
};

/* Names of the objects. */
static char name_public_a[] = "public.a";
static char name_public_a_index[] = "public.a_index";
static char name_pg_toast_a[] = "pg_toast.a";
static char name_public_b[] = "public.b";
static char name_one[] = "one";
static char name_two[] = "two";
static char name_a_check[] = "a_check";
static char name_public_new[] = "public.new";
static char name_new[] = "new";

/* A reading that a test changes before it compares. */
struct world {
	struct probe probe;
	struct probe_relation relations[8];
	struct probe_column columns[4];
	struct probe_constraint constraints[4];
	struct probe_lock locks[4];
	struct probe_note notes[4];
	struct probe_trigger triggers[1];
	struct probe_block blocks[1];
	struct probe_object objects[2];
};

/*
 * Tables a, with an index, a check that column 1 is not null, two columns (the second has a default), and a trigger,
 * and b; a view and a function.
 */
static void
world_init(struct world *world)
{
	*world = (struct world) {
		.relations = {
			{.oid = TABLE,.table = TABLE,.name = name_public_a,.kind = 'r',.filenode = 1},
			{.oid = INDEX,.table = TABLE,.name = name_public_a_index,.kind = 'i',.filenode = 2},
			{.oid = TOAST,.table = TABLE,.name = name_pg_toast_a,.kind = 't',.filenode = 3},
			{.oid = OTHER,.table = OTHER,.name = name_public_b,.kind = 'r',.filenode = 4},
		},
		.columns = {
			{.table = TABLE,.number = 1,.name = name_one,.type = 23,.modifier = -1},
			{.table = TABLE,.number = 2,.name = name_two,.type = 25,.modifier = -1,.filled = true},
		},
		.constraints = {
			{.oid = CHECK,.table = TABLE,.name = name_a_check,.type = 'c',.validated = true,.not_null = 1},
		},
	};
	world->triggers[0] = (struct probe_trigger) {.table = TABLE,.oid = TRIGGER,.name = "a_trigger"};
	world->objects[0] = (struct probe_object) {
		.class = 1259,.oid = VIEW,.kind = "view",.identity = "public.v",.name = "v"
	};
	world->objects[1] = (struct probe_object) {
		.class = 1255,.oid = FUNCTION,.kind = "function",.identity = "public.f(integer)",.name = "f"
	};
	world->probe = (struct probe) {
		.trigger_count = 1,.triggers = world->triggers,.blocks = world->blocks,
		.lists_objects = true,.object_count = 2,.objects = world->objects,
		.relation_count = 4,.relations = world->relations,
		.column_count = 2,.columns = world->columns,
		.constraint_count = 1,.constraints = world->constraints,
		.locks = world->locks,.notes = world->notes,
	};
}

static void
lock(struct world *world, unsigned relation, enum lock_mode mode)
{
	world->locks[world->probe.lock_count++] = (struct probe_lock) {.relation = relation,.mode = mode};
}

static void
add_relation(struct world *world, struct probe_relation relation)
{
	world->relations[world->probe.relation_count++] = relation;
}

static void
add_constraint(struct world *world, struct probe_constraint constraint)
{
	world->constraints[world->probe.constraint_count++] = constraint;
}

static void
nothing(struct world *after)
{
	(void) after;
}

static void
lock_table(struct world *after)
{
	lock(after, TABLE, MODE_ACCESS_SHARE);
	lock(after, TABLE, MODE_ACCESS_EXCLUSIVE);
}

static void
lock_index(struct world *after)
{
	lock(after, INDEX, MODE_ACCESS_EXCLUSIVE);
}

static void
lock_unknown(struct world *after)
{
	add_relation(after, (struct probe_relation) {
		.oid = NEW,.table = NEW,.name = name_public_new,.kind = 'r',.scans = 1
	});
	lock(after, NEW, MODE_ACCESS_EXCLUSIVE);
	lock(after, 1259, MODE_ROW_EXCLUSIVE);
}

static void
scan(struct world *after)
{
	after->relations[0].scans++;
}

static void
rewrite(struct world *after)
{
	after->relations[0].filenode = 9;
	after->relations[0].scans++;
}

static void
empty(struct world *after)
{
	rewrite(after);
	after->notes[after->probe.note_count++] = (struct probe_note) {.table = TABLE,.operation = 'T'};
}

static void
update(struct world *after)
{
	after->notes[after->probe.note_count++] = (struct probe_note) {.table = TABLE,.operation = 'U'};
	after->notes[after->probe.note_count++] = (struct probe_note) {.table = OTHER,.operation = 'D'};
}

static void
build_index(struct world *after)
{
	add_relation(after, (struct probe_relation) {.oid = NEW_INDEX,.table = TABLE,.name = name_public_new,.kind = 'i'});
}

static void
build_behind_constraint(struct world *after)
{
	add_relation(after, (struct probe_relation) {
		.oid = NEW_INDEX,.table = TABLE,.name = name_public_new,.kind = 'i',.constraint = true
	});
	add_constraint(after, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT,.table = TABLE,.name = name_new,.type = 'u',.validated = true,.index = NEW_INDEX
	});
}

static void
use_index(struct world *after)
{
	add_constraint(after, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT,.table = TABLE,.name = name_new,.type = 'u',.validated = true,.index = INDEX
	});
}

/* As ALTER TYPE does: dependent objects come back under the same name, with another OID. */
static void
retype(struct world *after)
{
	struct probe_relation index;

	after->columns[0].type = 20;
	after->relations[1].oid = NEW_INDEX;
	after->relations[1].filenode = 8;
	after->constraints[0].oid = NEW_CONSTRAINT;
	after->relations[0].filenode = 9;
	/* in order again */
	index = after->relations[1];
	memmove(&after->relations[1], &after->relations[2], 2 * sizeof(index));
	after->relations[3] = index;
}

/* The same with USING, when the type stays as it is: only the table's file shows it. */
static void
compute(struct world *after)
{
	retype(after);
	after->columns[0].type = 23;
}

/* A check that replaces one of the same name is new. */
static void
replace_constraint(struct world *after)
{
	after->constraints[0].oid = NEW_CONSTRAINT;
}

static void
set_not_null(struct world *after)
{
	after->columns[0].not_null = true;
	after->columns[1].not_null = true;
}

static void
drop_table(struct world *after)
{
	after->relations[0] = after->relations[3];
	after->probe.relation_count = 1;
	after->probe.column_count = 0;
	lock(after, TABLE, MODE_ACCESS_EXCLUSIVE);
}

static void
rename_table(struct world *after)
{
	static char name[] = "public.c";

	after->relations[0].name = name;
}

static void
change_columns(struct world *after)
{
	static char name[] = "three";

	after->columns[0].name = name;
	after->columns[1].dropped = true;
}

/* A column is added that every INSERT must fill; one that was filled by its default is not any more. */
static void
require(struct world *after)
{
	after->columns[1].filled = false;
	after->columns[1].not_null = after->columns[1].required = true;
	after->columns[2] = (struct probe_column) {.table = TABLE,.number = 3,.name = "three",.required = true};
	after->probe.column_count = 3;
}

/* One that may be null; one that had no default before. */
static void
require_nothing(struct world *after)
{
	after->columns[0].not_null = after->columns[0].required = true;
	after->columns[1].filled = false;
	after->columns[2] = (struct probe_column) {.table = TABLE,.number = 3,.name = "three"};
	after->probe.column_count = 3;
}

static void
drop_index(struct world *after)
{
	memmove(&after->relations[1], &after->relations[2], 2 * sizeof(after->relations[0]));
	after->probe.relation_count--;
}

/* The index goes with the column. */
static void
drop_column(struct world *after)
{
	drop_index(after);
	after->columns[1].dropped = true;
}

static void
disable(struct world *after)
{
	after->triggers[0].disabled = true;
	after->constraints[0].validated = false;
}

/* A rule comes, and is still there. */
static void
block(struct world *after)
{
	after->blocks[0] = (struct probe_block) {.table = TABLE,.oid = RULE,.name = "rule r"};
	after->probe.block_count = 1;
}

static void
describe_change(FILE *stream, const struct effects_change *change)
{
	static const char *const kinds[] = {"index", "constraint", "notnull", "dropped", "renamed", "-column", "column",
		"required", "-index", "disabled", "blocked"};

	fprintf(stream, " %s(%s", kinds[change->kind], effects_shown(change->name));
	if (change->new_name)
		fprintf(stream, ">%s", effects_shown(change->new_name));
	fprintf(stream, "%s)", change->checked ? " checked" : change->using_index ? " using index" : "");
}

/*
 * The result in few letters: for each table its name, the number of its lock, S R T U D for its effects, its changes.
 */
static char *
describe(const struct effects_statement *statement)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < statement->table_count; i++) {
		const struct effects_table *table = &statement->tables[i];

		fprintf(stream, "%s%s %d%s%s%s%s%s", i > 0 ? "; " : "", effects_shown(table->name), (int) table->lock,
				table->scanned ? " S" : "", table->rewritten ? " R" : "", table->truncated ? " T" : "",
				table->updated ? " U" : "", table->deleted ? " D" : "");
		for (size_t c = 0; c < table->change_count; c++)
			describe_change(stream, &table->changes[c]);
	}
	mem_stream_close(stream);
	return text;
}

static const struct {
	void		(*change) (struct world *after);
	const char *found;
}			cases[] = {
	{nothing, ""},
	{lock_table, "a 8"},
	{lock_index, "a 8"},
	{lock_unknown, ""},
	{scan, "a 0 S"},
	{rewrite, "a 0 S R"},
	{empty, "a 0 T"},
	{update, "a 0 U; b 0 D"},
	{build_index, "a 0 index(new)"},
	{build_behind_constraint, "a 0 constraint(new)"},
	{use_index, "a 0 constraint(new using index)"},
	{retype, "a 0 R"},
	{compute, "a 0 R"},
	{replace_constraint, "a 0 constraint(a_check)"},
	{set_not_null, "a 0 notnull(one checked) notnull(two)"},
	{drop_table, "a 8 dropped(a)"},
	{rename_table, "a 0 renamed(a>c)"},
	{change_columns, "a 0 column(one>three) -column(two)"},
	{require, "a 0 notnull(two) required(two) required(three)"},
	{require_nothing, "a 0 notnull(one checked)"},
	{drop_index, "a 0 -index(a_index)"},
	{drop_column, "a 0 -column(two)"},
	{disable, "a 0 disabled(a_trigger) disabled(a_check)"},
	{block, "a 0 blocked(rule r)"},
};

START_TEST(test_compare)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	char	   *found;

	world_init(&before);
	world_init(&after);
	cases[_i].change(&after);
	probe_compare(&statement, &before.probe, &before.probe, &after.probe);
	found = describe(&statement);
	ck_assert_str_eq(found, cases[_i].found);
	mem_free(found);
	effects_statement_clear(&statement);
}
END_TEST

/* A lock of an earlier statement does not count, unless it becomes stronger. */
START_TEST(test_locked_before)
{
	struct world start;
	struct world before;
	struct world after;
	struct effects_statement statement = {0};

	world_init(&start);
	world_init(&before);
	world_init(&after);
	lock(&before, TABLE, MODE_SHARE);
	lock(&before, OTHER, MODE_ACCESS_EXCLUSIVE);
	lock(&after, TABLE, MODE_SHARE);
	lock(&after, TABLE, MODE_EXCLUSIVE);
	lock(&after, OTHER, MODE_ACCESS_EXCLUSIVE);
	probe_compare(&statement, &start.probe, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.table_count, 1);
	ck_assert_int_eq(statement.tables[0].lock, MODE_EXCLUSIVE);
	effects_statement_clear(&statement);
}
END_TEST

START_TEST(test_unindexed)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	struct effects measurement = {.count = 1,.statements = &statement};

	world_init(&before);
	world_init(&after);
	add_constraint(&after, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT,.table = TABLE,.name = name_new,.type = 'f',.columns = "{2}"
	});
	probe_compare(&statement, &before.probe, &before.probe, &after.probe);
	probe_find_unindexed(&measurement, &before.probe, &after.probe);
	ck_assert(statement.tables[0].changes[0].unindexed);
	after.constraints[1].indexed = true;
	probe_find_unindexed(&measurement, &before.probe, &after.probe);
	ck_assert(!statement.tables[0].changes[0].unindexed);
	effects_statement_clear(&statement);
}
END_TEST

/* A foreign key that takes the place of an old one, under whatever name, is no new burden; one of other columns is. */
START_TEST(test_old_foreign_key)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	struct effects measurement = {.count = 1,.statements = &statement};

	world_init(&before);
	world_init(&after);
	add_constraint(&before, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT,.table = TABLE,.name = name_new,.type = 'f',.columns = _i == 0 ? "{2}" : "{1,2}"
	});
	add_constraint(&after, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT + 1,.table = TABLE,.name = name_two,.type = 'f',.columns = "{2}"
	});
	probe_compare(&statement, &before.probe, &before.probe, &after.probe);
	probe_find_unindexed(&measurement, &before.probe, &after.probe);
	ck_assert_int_eq(statement.tables[0].changes[0].unindexed, _i == 1);
	effects_statement_clear(&statement);
}
END_TEST

/* Row security blocks statements only until it has a policy. */
START_TEST(test_blocked_at_end)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	struct effects measurement = {.count = 1,.statements = &statement};

	world_init(&before);
	world_init(&after);
	block(&after);
	probe_compare(&statement, &before.probe, &before.probe, &after.probe);
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.tables[0].change_count, 1);
	after.probe.block_count = 0;
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.tables[0].change_count, 0);
	effects_statement_clear(&statement);
}
END_TEST

/* A label is lost if it is renamed, not if it goes with its type. */
START_TEST(test_renamed_label)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};

	world_init(&before);
	before.objects[0] = (struct probe_object) {
		.class = 3501,.oid = VIEW,.kind = "enum value",.identity = "public.color.red",.name = "red"
	};
	world_init(&after);
	after.objects[0] = before.objects[0];
	after.objects[0].identity = "public.color.rot";
	after.objects[0].name = "rot";
	probe_find_losses(&statement, &before.probe, &before.probe, &after.probe, "");
	ck_assert_uint_eq(statement.loss_count, 1);
	ck_assert_str_eq(statement.losses[0].object, "enum value color.red");
	after.objects[0] = after.objects[1];
	after.probe.object_count = 1;
	probe_find_losses(&statement, &before.probe, &before.probe, &after.probe, "");
	ck_assert_uint_eq(statement.loss_count, 1);
	effects_statement_clear(&statement);
}
END_TEST

/* A column is required only if it still is at the end. */
START_TEST(test_required_at_end)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	struct effects measurement = {.count = 1,.statements = &statement};

	world_init(&before);
	world_init(&after);
	require(&after);
	probe_compare(&statement, &before.probe, &before.probe, &after.probe);
	after.columns[1].dropped = true;
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.tables[0].change_count, 2);
	ck_assert_str_eq(statement.tables[0].changes[1].name, "three");
	after.columns[2].required = false;
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.tables[0].change_count, 1);
	effects_statement_clear(&statement);
}
END_TEST

static const struct {
	const char *sql;
	const char *lost;			/* "!" for taken along */
	const char *replaced;		/* by what has this name at the end; NULL: nothing */
}			losses[] = {
	{"DROP VIEW v; DROP FUNCTION f", "function f(integer); view v", NULL},
	{"DROP FUNCTION f CASCADE", "function f(integer); !constraint a.a_check; !trigger a.a_trigger; !view v", NULL},
	{"DROP FUNCTION f CASCADE -- a_check, a_trigger", "function f(integer); !view v", NULL},
	{"DROP FUNCTION f, v", "view v", "public.f(text)"},
	{"DROP FUNCTION f, v", "function f(integer); view v", "public.fg(text)"},
};

START_TEST(test_losses)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	struct effects measurement = {.count = 1,.statements = &statement};
	char	   *found = mem_string("");

	world_init(&before);
	world_init(&after);
	after.probe.object_count = after.probe.trigger_count = after.probe.constraint_count = 0;
	probe_find_losses(&statement, &before.probe, &before.probe, &after.probe, losses[_i].sql);
	after.objects[0] = (struct probe_object) {
		.class = 1255,.oid = NEW_OBJECT,.kind = "function",.identity = losses[_i].replaced,.name = "f"
	};
	after.probe.object_count = losses[_i].replaced ? 1 : 0;
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
	for (size_t i = 0; i < statement.loss_count; i++) {
		mem_append(&found, i > 0 ? "; " : "", statement.losses[i].along ? "!" : "");
		mem_append(&found, "", statement.losses[i].object);
	}
	ck_assert_str_eq(found, losses[_i].lost);
	mem_free(found);
	effects_statement_clear(&statement);
}
END_TEST

/* A renamed object is lost, unless it has its name again, or another one has taken it. */
static const struct {
	const char *view;			/* its name at the end */
	const char *other;			/* that of another view, "public.w" before */
	size_t		count;
}			renamed[] = {
	{"public.v", "public.w", 0}, {"public.x", "public.w", 1}, {"public.w", "public.v", 0}, {"public.x", "public.v", 1}
};

START_TEST(test_renamed)
{
	struct world before;
	struct world after;
	struct effects_statement statement = {0};
	struct effects measurement = {.count = 1,.statements = &statement};

	world_init(&before);
	before.objects[1] = (struct probe_object) {
		.class = 1259,.oid = FUNCTION,.kind = "view",.identity = "public.w",.name = "w"
	};
	after = before;
	after.probe.objects = after.objects;
	after.objects[0].identity = renamed[_i].view;
	after.objects[1].identity = renamed[_i].other;
	probe_find_losses(&statement, &before.probe, &before.probe, &after.probe, "");
	probe_keep_lasting(&measurement, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.loss_count, renamed[_i].count);
	effects_statement_clear(&statement);
}
END_TEST

/* A probe of locked tables has all others from the one before it; what is locked but was not read is gone. */
START_TEST(test_complete)
{
	struct world before;
	struct probe part = {.relations = mem_alloc(sizeof(struct probe_relation)),.relation_count = 1};

	world_init(&before);
	part.relations[0] = (struct probe_relation) {.table = OTHER,.oid = OTHER,.name = name_new,.kind = 'r'};
	probe_complete(&part, &before.probe);
	ck_assert_uint_eq(part.relation_count, 4);
	ck_assert_str_eq(probe_relation(&part, OTHER)->name, "new");
	ck_assert_uint_eq(part.column_count, 2);
	ck_assert_ptr_nonnull(probe_constraint(&part, CHECK));
	ck_assert_uint_eq(part.trigger_count, 1);
	ck_assert_uint_eq(part.object_count, 2);
	probe_clear(&part);

	/* Objects are read whole. */
	part.lists_objects = true;
	part.locks = mem_alloc(sizeof(struct probe_lock));
	part.locks[part.lock_count++] = (struct probe_lock) {INDEX, MODE_ACCESS_EXCLUSIVE};
	probe_complete(&part, &before.probe);
	ck_assert_uint_eq(part.relation_count, 1);
	ck_assert_uint_eq(part.column_count, 0);
	ck_assert_ptr_null(probe_constraint(&part, CHECK));
	ck_assert_uint_eq(part.trigger_count, 0);
	ck_assert_uint_eq(part.object_count, 0);
	probe_clear(&part);
}
END_TEST

static const struct {
	const char *sql;
	bool		work;
	bool		settings;
}			statements[] = {
	{"ALTER TABLE a ADD COLUMN b integer", false, false},
	{"UPDATE a SET b = CASE WHEN c THEN 1 END", false, false},
	{"SET lock_timeout = 1", false, true},
	{"select f()", false, true},
	{"CALL p()", true, true},
	{"DO $$BEGIN DROP TABLE IF EXISTS a; END$$", false, true},
	{"DO $x$BEGIN IF true THEN DROP TABLE a; END IF; END$x$", true, true},
	{"/* DO */ Do $$BEGIN /* no loop */ NULL; END$$", false, true},
	{"do language plpgsql $$BEGIN NULL; END$$", true, true},
	{"DO $$BEGIN FOR i IN 1..2 LOOP NULL; END LOOP; END$$", true, true},
	{"DO $$BEGIN EXECUTE 'DROP TABLE a'; END$$", true, true},
	{"DO 'BEGIN NULL; END'", true, true}
};

START_TEST(test_uncertain)
{
	const char *sql = statements[_i].sql;

	ck_assert_msg(uncertain_work(sql, strlen(sql)) == statements[_i].work, "%s", sql);
	ck_assert_msg(uncertain_settings(sql, strlen(sql)) == statements[_i].settings, "%s", sql);
}
END_TEST

static const struct {
	const char *sql;
	bool		loop;
}			loops[] = {
	{"DO $$BEGIN FOR i IN 1..2 LOOP NULL; END LOOP; END$$", true},
	{"DO 'BEGIN LOOP EXIT; END LOOP; END'", true},
	{"DO $$BEGIN /* no loop */ NULL; END$$", false},
	{"DO $$BEGIN UPDATE a SET b = 'loop'; END$$", false},
	{"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN LOOP EXIT; END LOOP; END'", false}
};

START_TEST(test_loop)
{
	ck_assert_msg(uncertain_loop(loops[_i].sql, strlen(loops[_i].sql)) == loops[_i].loop, "%s", loops[_i].sql);
}
END_TEST

Suite *
probe_suite(void)
{
	Suite	   *suite = suite_create("probe");
	TCase	   *tcase = tcase_create("probe");

	tcase_add_loop_test(tcase, test_compare, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_locked_before);
	tcase_add_test(tcase, test_unindexed);
	tcase_add_loop_test(tcase, test_old_foreign_key, 0, 2);
	tcase_add_test(tcase, test_required_at_end);
	tcase_add_test(tcase, test_blocked_at_end);
	tcase_add_test(tcase, test_renamed_label);
	tcase_add_loop_test(tcase, test_losses, 0, sizeof(losses) / sizeof(losses[0]));
	tcase_add_loop_test(tcase, test_renamed, 0, sizeof(renamed) / sizeof(renamed[0]));
	tcase_add_test(tcase, test_complete);
	tcase_add_loop_test(tcase, test_uncertain, 0, sizeof(statements) / sizeof(statements[0]));
	tcase_add_loop_test(tcase, test_loop, 0, sizeof(loops) / sizeof(loops[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
