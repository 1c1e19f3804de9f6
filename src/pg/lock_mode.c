/* PostgreSQL's table-level lock modes. */
#include "pg/lock_mode.h"

#include <string.h>

#include "base/banned.h"

#define BIT(mode) (1U << MODE_##mode)

/* The names of the modes, and the modes that each conflicts with: see "Explicit Locking" in PostgreSQL's manual. */
static const struct {
	const char *name;
	const char *view;
	unsigned	conflicts;
}			modes[MODE_COUNT] = {
	[MODE_NONE] = {"", "", 0},
	[MODE_ACCESS_SHARE] = {"ACCESS SHARE", "AccessShareLock", BIT(ACCESS_EXCLUSIVE)},
	[MODE_ROW_SHARE] = {"ROW SHARE", "RowShareLock", BIT(EXCLUSIVE) | BIT(ACCESS_EXCLUSIVE)},
	[MODE_ROW_EXCLUSIVE] = {"ROW EXCLUSIVE", "RowExclusiveLock",
	BIT(SHARE) | BIT(SHARE_ROW_EXCLUSIVE) | BIT(EXCLUSIVE) | BIT(ACCESS_EXCLUSIVE)},
	[MODE_SHARE_UPDATE_EXCLUSIVE] = {"SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock",
		BIT(SHARE_UPDATE_EXCLUSIVE) | BIT(SHARE) | BIT(SHARE_ROW_EXCLUSIVE) | BIT(EXCLUSIVE)
	| BIT(ACCESS_EXCLUSIVE)},
	[MODE_SHARE] = {"SHARE", "ShareLock",
		BIT(ROW_EXCLUSIVE) | BIT(SHARE_UPDATE_EXCLUSIVE) | BIT(SHARE_ROW_EXCLUSIVE) | BIT(EXCLUSIVE)
	| BIT(ACCESS_EXCLUSIVE)},
	[MODE_SHARE_ROW_EXCLUSIVE] = {"SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock",
		BIT(ROW_EXCLUSIVE) | BIT(SHARE_UPDATE_EXCLUSIVE) | BIT(SHARE) | BIT(SHARE_ROW_EXCLUSIVE) | BIT(EXCLUSIVE)
	| BIT(ACCESS_EXCLUSIVE)},
	[MODE_EXCLUSIVE] = {"EXCLUSIVE", "ExclusiveLock",
		BIT(ROW_SHARE) | BIT(ROW_EXCLUSIVE) | BIT(SHARE_UPDATE_EXCLUSIVE) | BIT(SHARE) | BIT(SHARE_ROW_EXCLUSIVE)
	| BIT(EXCLUSIVE) | BIT(ACCESS_EXCLUSIVE)},
	[MODE_ACCESS_EXCLUSIVE] = {"ACCESS EXCLUSIVE", "AccessExclusiveLock",
		BIT(ACCESS_SHARE) | BIT(ROW_SHARE) | BIT(ROW_EXCLUSIVE) | BIT(SHARE_UPDATE_EXCLUSIVE) | BIT(SHARE)
	| BIT(SHARE_ROW_EXCLUSIVE) | BIT(EXCLUSIVE) | BIT(ACCESS_EXCLUSIVE)},
};

const char *
lock_mode_name(enum lock_mode mode)
{
	return modes[mode].name;
}

enum lock_mode
lock_mode_of(const char *name)
{
	enum lock_mode mode = MODE_COUNT - 1;

	while (mode > MODE_NONE && strcmp(modes[mode].view, name) != 0)
		mode--;
	return mode;
}

const char *
lock_mode_view(enum lock_mode mode)
{
	return modes[mode].view;
}

bool
lock_mode_conflicts(enum lock_mode wanted, enum lock_mode held)
{
	return (modes[wanted].conflicts & 1U << held) != 0;
}
