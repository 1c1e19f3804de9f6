#include "history/history.h"

#include "history/history_tables.h"

#include "base/banned.h"

static const char *
string_at(unsigned place)
{
	return history_tables.strings + place;
}

static struct section
unpack(const struct packed_section *packed, const struct statement *statements)
{
	return (struct section) {.offset = packed->offset,.length = packed->length,.transactional = packed->transactional,
		.count = packed->count,.statements = statements
	};
}

const struct migration *
history_migration(int version)
{
	const struct history_tables *tables = &history_tables;
	const struct packed_migration *packed = &tables->packed[version];
	struct migration *migration = &tables->unpacked[version];

	if (!migration->name)
		*migration = (struct migration) {
			.version = version,
			.name = string_at(packed->name),
			.source = {.file = string_at(packed->file),.text = tables->texts[version],.length = packed->length,
				.checksum = string_at(packed->checksum)
			},
			.allow_count = packed->allow_count,
			.allows = tables->allows[version],
			.up = unpack(&packed->up, tables->ups[version]),
			.down = unpack(&packed->down, tables->downs[version]),
		};
	return migration;
}

const char *
history_chain(int version)
{
	return string_at(history_tables.packed[version].chain);
}
