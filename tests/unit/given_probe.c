/* A probe made by hand. */
#include "unit/given_probe.h"

#include "base/banned.h"

void
given_probe_init(struct given_probe *given)
{
	*given = (struct given_probe) {
		.relations = {
			{.oid = GIVEN_TABLE,.table = GIVEN_TABLE,.name = "public.a",.kind = 'r',.filenode = 1},
			{.oid = GIVEN_INDEX,.table = GIVEN_TABLE,.name = "public.a_index",.kind = 'i',.filenode = 2},
			{.oid = GIVEN_TOAST,.table = GIVEN_TABLE,.name = "pg_toast.a",.kind = 't',.filenode = 3},
			{.oid = GIVEN_OTHER,.table = GIVEN_OTHER,.name = "public.b",.kind = 'r',.filenode = 4},
		},
		.columns = {
			{.table = GIVEN_TABLE,.number = 1,.name = "one",.type = 23,.modifier = -1},
			{.table = GIVEN_TABLE,.number = 2,.name = "two",.type = 25,.modifier = -1,.filled = true},
		},
		.constraints = {
			{.oid = GIVEN_CHECK,.table = GIVEN_TABLE,.name = "a_check",.type = 'c',.validated = true,.not_null = 1},
		},
		.triggers = {
			{.table = GIVEN_TABLE,.oid = GIVEN_TRIGGER,.name = "a_trigger"},
		},
		.objects = {
			{.class = 1259,.oid = GIVEN_VIEW,.kind = "view",.identity = "public.v",.name = "v"},
			{.class = 1255,.oid = GIVEN_FUNCTION,.kind = "function",.identity = "public.f(integer)",.name = "f"},
		},
	};
	given->probe = (struct probe) {
		.relation_count = 4,.relations = given->relations,
		.column_count = 2,.columns = given->columns,
		.constraint_count = 1,.constraints = given->constraints,
		.trigger_count = 1,.triggers = given->triggers,.blocks = given->blocks,
		.lists_objects = true,.object_count = 2,.objects = given->objects,
		.locks = given->locks,.notes = given->notes,
	};
}

void
given_probe_add_constraint(struct given_probe *given, struct probe_constraint constraint)
{
	given->constraints[given->probe.constraint_count++] = constraint;
}

void
given_probe_require(struct given_probe *given)
{
	given->columns[1].filled = false;
	given->columns[1].not_null = given->columns[1].required = true;
	given->columns[2] = (struct probe_column) {.table = GIVEN_TABLE,.number = 3,.name = "three",.required = true};
	given->probe.column_count = 3;
}

void
given_probe_block(struct given_probe *given)
{
	given->blocks[0] = (struct probe_block) {.table = GIVEN_TABLE,.oid = GIVEN_RULE,.name = "rule r"};
	given->probe.block_count = 1;
}
