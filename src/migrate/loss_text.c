/* What is lost, in words. */
#include "base/mem.h"
#include "migrate/loss_guard.h"
#include "record/row_count.h"

#include "base/banned.h"

char *
loss_guard_text(const struct loss_guard_item *item)
{
	char	   *count = row_count_text(&item->count);
	char	   *text = NULL;

	switch (item->kind) {
		case LOSS_GUARD_TABLE:
			text = mem_format("%s %s is dropped: %s", item->view ? "materialized view" : "table", item->table, count);
			break;
		case LOSS_GUARD_UNLOGGED:
			text = mem_format("table %s becomes unlogged, so that a crash would empty it: %s", item->table, count);
			break;
		case LOSS_GUARD_COLUMN:
			text = mem_format("column %s of table %s is dropped: a value in %s", item->column, item->table, count);
			break;
		case LOSS_GUARD_ATTRIBUTE:
			text = mem_format("column %s of table %s loses a part of its type: a value in %s", item->column,
							  item->table, count);
			break;
		case LOSS_GUARD_ROWS:
			text = item->relation == LOSS_GUARD_LARGE_OBJECTS
				? mem_format("large objects are deleted, truncated or overwritten: table %s has %s", item->table, count)
				: mem_format("rows of table %s are deleted: it has %s", item->table, count);
			break;
		case LOSS_GUARD_CASCADE:
			text = mem_format("rows of table %s may be deleted by ON DELETE CASCADE: it has %s", item->table, count);
			break;
		case LOSS_GUARD_ANYTHING:
			text = mem_format("table %s may lose columns or rows, or be dropped: it has %s", item->table, count);
			break;
	}
	mem_free(count);
	return text;
}
