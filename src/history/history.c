/* Access to the schema history that is compiled into this build. */
#include "history/history.h"

#include <string.h>

#include "history/history_tables.h"

#include "base/banned.h"

static const char *
string_at(unsigned offset)
{
	return history_tables.strings + offset;
}

static struct history_section
unpack_section(const struct history_tables_section *packed, const struct history_statement *statements)
{
	return (struct history_section) {
		.offset = packed->offset,.length = packed->length,.transactional = packed->transactional,
		.count = packed->count,.statements = statements
	};
}

const struct history_migration *
history_migration(int version)
{
	const struct history_tables *tables = &history_tables;
	const struct history_tables_migration *packed = &tables->packed[version];
	struct history_migration *migration = &tables->unpacked[version];

	if (!migration->name)
		*migration = (struct history_migration) {
			.version = version,
			.name = string_at(packed->name),
			.source = {.file = string_at(packed->file),.text = tables->texts[version],.length = packed->length,
				.checksum = string_at(packed->checksum)
			},
			.allow_count = packed->allow_count,
			.allows = tables->allows[version],
			.up = unpack_section(&packed->up, tables->ups[version]),
			.down = unpack_section(&packed->down, tables->downs[version]),
			.up_drops = packed->up_drops ? string_at(packed->up_drops) : NULL,
			.down_drops = packed->down_drops ? string_at(packed->down_drops) : NULL,
		};
	return migration;
}

const char *
history_checksum(int version)
{
	return string_at(history_tables.packed[version].history_checksum);
}

/* An index's name as a migration has it: perhaps with a schema. */
static bool
is_index(const char *written, const char *index)
{
	size_t		length = strlen(written);
	size_t		own = strlen(index);

	return length >= own && strcasecmp(written + length - own, index) == 0
		&& (length == own || written[length - own - 1] == '.');
}

bool
history_rebuilds(int version, const char *index)
{
	const struct history_section *up = &history_migration(version)->up;

	for (size_t i = 0; i < up->count; i++)
		if (up->statements[i].index && is_index(up->statements[i].index, index))
			return true;
	return false;
}
