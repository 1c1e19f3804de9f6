/* The effects of a statement, from two readings of the tables. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "measure/probe.h"
#include "unit/given_probe.h"
#include "unit/suites.h"

#include "base/banned.h"

enum {
	NEW_TABLE = GIVEN_NEW, NEW_INDEX, NEW_CONSTRAINT
};

static void
lock(struct given_probe *given, unsigned relation, enum lock_mode mode)
{
	given->locks[given->probe.lock_count++] = (struct probe_lock) {.relation = relation,.mode = mode};
}

static void
add_relation(struct given_probe *given, struct probe_relation relation)
{
	given->relations[given->probe.relation_count++] = relation;
}

static void
nothing(struct given_probe *after)
{
	(void) after;
}

static void
lock_table(struct given_probe *after)
{
	lock(after, GIVEN_TABLE, MODE_ACCESS_SHARE);
	lock(after, GIVEN_TABLE, MODE_ACCESS_EXCLUSIVE);
}

static void
lock_index(struct given_probe *after)
{
	lock(after, GIVEN_INDEX, MODE_ACCESS_EXCLUSIVE);
}

static void
lock_unknown(struct given_probe *after)
{
	add_relation(after, (struct probe_relation) {
		.oid = NEW_TABLE,.table = NEW_TABLE,.name = "public.new",.kind = 'r',.scans = 1
	});
	lock(after, NEW_TABLE, MODE_ACCESS_EXCLUSIVE);
	lock(after, 1259, MODE_ROW_EXCLUSIVE);
}

static void
scan(struct given_probe *after)
{
	after->relations[0].scans++;
}

static void
rewrite(struct given_probe *after)
{
	after->relations[0].filenode = 9;
	after->relations[0].scans++;
}

static void
empty(struct given_probe *after)
{
	rewrite(after);
	after->notes[after->probe.note_count++] = (struct probe_note) {.table = GIVEN_TABLE,.operation = 'T'};
}

static void
update(struct given_probe *after)
{
	after->notes[after->probe.note_count++] = (struct probe_note) {.table = GIVEN_TABLE,.operation = 'U'};
	after->notes[after->probe.note_count++] = (struct probe_note) {.table = GIVEN_OTHER,.operation = 'D'};
}

static void
build_index(struct given_probe *after)
{
	add_relation(after, (struct probe_relation) {.oid = NEW_INDEX,.table = GIVEN_TABLE,.name = "public.new",.kind = 'i'});
}

static void
build_behind_constraint(struct given_probe *after)
{
	add_relation(after, (struct probe_relation) {
		.oid = NEW_INDEX,.table = GIVEN_TABLE,.name = "public.new",.kind = 'i',.constraint = true
	});
	given_probe_add_constraint(after, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT,.table = GIVEN_TABLE,.name = "new",.type = 'u',.validated = true,.index = NEW_INDEX
	});
}

static void
use_index(struct given_probe *after)
{
	given_probe_add_constraint(after, (struct probe_constraint) {
		.oid = NEW_CONSTRAINT,.table = GIVEN_TABLE,.name = "new",.type = 'u',.validated = true,.index = GIVEN_INDEX
	});
}

/* As ALTER TYPE does: dependent objects come back under the same name, with another OID. */
static void
retype(struct given_probe *after)
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
compute(struct given_probe *after)
{
	retype(after);
	after->columns[0].type = 23;
}

/* A check that replaces one of the same name is new. */
static void
replace_constraint(struct given_probe *after)
{
	after->constraints[0].oid = NEW_CONSTRAINT;
}

static void
set_not_null(struct given_probe *after)
{
	after->columns[0].not_null = true;
	after->columns[1].not_null = true;
}

static void
drop_table(struct given_probe *after)
{
	after->relations[0] = after->relations[3];
	after->probe.relation_count = 1;
	after->probe.column_count = 0;
	lock(after, GIVEN_TABLE, MODE_ACCESS_EXCLUSIVE);
}

static void
rename_table(struct given_probe *after)
{
	after->relations[0].name = "public.c";
}

static void
change_columns(struct given_probe *after)
{
	after->columns[0].name = "three";
	after->columns[1].dropped = true;
}

/* One that may be null; one that had no default before. */
static void
require_nothing(struct given_probe *after)
{
	after->columns[0].not_null = after->columns[0].required = true;
	after->columns[1].filled = false;
	after->columns[2] = (struct probe_column) {.table = GIVEN_TABLE,.number = 3,.name = "three"};
	after->probe.column_count = 3;
}

static void
drop_index(struct given_probe *after)
{
	memmove(&after->relations[1], &after->relations[2], 2 * sizeof(after->relations[0]));
	after->probe.relation_count--;
}

/* The index goes with the column. */
static void
drop_column(struct given_probe *after)
{
	drop_index(after);
	after->columns[1].dropped = true;
}

static void
disable(struct given_probe *after)
{
	after->triggers[0].disabled = true;
	after->constraints[0].validated = false;
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
	void		(*change) (struct given_probe *after);
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
	{given_probe_require, "a 0 notnull(two) required(two) required(three)"},
	{require_nothing, "a 0 notnull(one checked)"},
	{drop_index, "a 0 -index(a_index)"},
	{drop_column, "a 0 -column(two)"},
	{disable, "a 0 disabled(a_trigger) disabled(a_check)"},
	{given_probe_block, "a 0 blocked(rule r)"},
};

START_TEST(test_compare)
{
	struct given_probe before;
	struct given_probe after;
	struct effects_statement statement = {0};
	char	   *found;

	given_probe_init(&before);
	given_probe_init(&after);
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
	struct given_probe start;
	struct given_probe before;
	struct given_probe after;
	struct effects_statement statement = {0};

	given_probe_init(&start);
	given_probe_init(&before);
	given_probe_init(&after);
	lock(&before, GIVEN_TABLE, MODE_SHARE);
	lock(&before, GIVEN_OTHER, MODE_ACCESS_EXCLUSIVE);
	lock(&after, GIVEN_TABLE, MODE_SHARE);
	lock(&after, GIVEN_TABLE, MODE_EXCLUSIVE);
	lock(&after, GIVEN_OTHER, MODE_ACCESS_EXCLUSIVE);
	probe_compare(&statement, &start.probe, &before.probe, &after.probe);
	ck_assert_uint_eq(statement.table_count, 1);
	ck_assert_int_eq(statement.tables[0].lock, MODE_EXCLUSIVE);
	effects_statement_clear(&statement);
}
END_TEST

/* A probe of locked tables has all others from the one before it; what is locked but was not read is gone. */
START_TEST(test_complete)
{
	struct given_probe before;
	struct probe part = {.relations = mem_alloc(sizeof(struct probe_relation)),.relation_count = 1};

	given_probe_init(&before);
	part.relations[0] = (struct probe_relation) {.table = GIVEN_OTHER,.oid = GIVEN_OTHER,.name = "new",.kind = 'r'};
	probe_complete(&part, &before.probe);
	ck_assert_uint_eq(part.relation_count, 4);
	ck_assert_str_eq(probe_relation(&part, GIVEN_OTHER)->name, "new");
	ck_assert_uint_eq(part.column_count, 2);
	ck_assert_ptr_nonnull(probe_constraint(&part, GIVEN_CHECK));
	ck_assert_uint_eq(part.trigger_count, 1);
	ck_assert_uint_eq(part.object_count, 2);
	probe_clear(&part);

	/* Objects are read whole. */
	part.lists_objects = true;
	part.locks = mem_alloc(sizeof(struct probe_lock));
	part.locks[part.lock_count++] = (struct probe_lock) {GIVEN_INDEX, MODE_ACCESS_EXCLUSIVE};
	probe_complete(&part, &before.probe);
	ck_assert_uint_eq(part.relation_count, 1);
	ck_assert_uint_eq(part.column_count, 0);
	ck_assert_ptr_null(probe_constraint(&part, GIVEN_CHECK));
	ck_assert_uint_eq(part.trigger_count, 0);
	ck_assert_uint_eq(part.object_count, 0);
	probe_clear(&part);
}
END_TEST

Suite *
probe_suite(void)
{
	Suite	   *suite = suite_create("probe");
	TCase	   *tcase = tcase_create("probe");

	tcase_add_loop_test(tcase, test_compare, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_locked_before);
	tcase_add_test(tcase, test_complete);
	suite_add_tcase(suite, tcase);
	return suite;
}
