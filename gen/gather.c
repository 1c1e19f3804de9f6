#include "gather.h"

#include <string.h>

#include "base/sha256.h"
#include "migration.h"
#include "rules.h"
#include "seal.h"
#include "snapshot.h"

#include "base/banned.h"

static bool
gather_migrations(struct arena *arena, struct complaints *complaints, const struct folder *folder,
				  struct whole *whole)
{
	struct migration *migrations = arena_alloc(arena, folder->count * sizeof(*migrations));
	const char **chain = arena_alloc(arena, folder->count * sizeof(*chain));
	char		sum[SHA256_SIZE] = "";
	bool		good = true;

	for (size_t i = 0; i < folder->count; i++) {
		const struct folder_entry *entry = &folder->entries[i];

		good &= migration_parse(arena, complaints, folder_path(arena, folder, entry->file), entry, &migrations[i]);
		sha256_chain(sum, migrations[i].source.checksum, sum);
		chain[i] = arena_string(arena, sum);
	}
	whole->history.latest = (int) folder->count - 1;
	whole->migrations = migrations;
	whole->chain = chain;
	return seal_check(arena, complaints, folder, migrations) && good;
}

static bool
gather_grants(struct arena *arena, struct complaints *complaints, const struct folder *folder, struct whole *whole)
{
	struct input input = {.arena = arena, .complaints = complaints, .path = folder_path(arena, folder, FOLDER_GRANTS)};
	struct script *script = arena_alloc(arena, sizeof(*script));

	if (!folder->grants)
		return true;
	whole->history.grants = script;
	return migration_parse_script(&input, FOLDER_GRANTS, "It runs after every change.", script)
		&& rules_grants(&input, &script->body);
}

/* `comparable`: the migrations are all as they should be, so that the snapshot can be held against them. */
static bool
gather_snapshot(struct arena *arena, struct complaints *complaints, const char *path, bool comparable,
				struct whole *whole)
{
	struct input input = {.arena = arena, .complaints = complaints, .path = path};
	struct script *script = arena_alloc(arena, sizeof(*script));
	struct snapshot_header header;
	const char *slash;
	bool		good;

	if (!path)
		return true;
	slash = strrchr(path, '/');
	good = migration_parse_script(&input, slash ? slash + 1 : path, NULL, script);
	if (input.source.length == 0 || !snapshot_read_header(&input, &header))
		return false;
	whole->history.snapshot = script;
	whole->history.snapshot_version = header.version;
	return (!comparable || snapshot_check(&input, &header, whole)) && good;
}

bool
gather_history(struct arena *arena, struct complaints *complaints, const char *path, const char *snapshot,
			   struct folder *folder, struct whole *whole)
{
	bool		good = folder_read(arena, path, folder, complaints);

	*whole = (struct whole) {0};
	good &= gather_migrations(arena, complaints, folder, whole);
	good &= gather_grants(arena, complaints, folder, whole);
	good &= gather_snapshot(arena, complaints, snapshot, good, whole);
	return good;
}
