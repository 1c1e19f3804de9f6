/* Facts about privileges. */
#include <string.h>

#include "base/arena.h"
#include "schema/acl.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* The roles that have schema public where no database has changed that. */
#define BOOTSTRAP_SUPERUSER 10
#define PG_DATABASE_OWNER 6171

static void
tell(struct live_reader *reader, enum fact_kind kind, const char *on, const struct acl *acl, const struct acl *usual)
{
	struct acl	differing;

	acl_differing(reader->arena, acl, usual, &differing);
	for (size_t i = 0; i < differing.count; i++) {
		const struct acl_entry *entry = &differing.entries[i];

		live_begin(reader, kind, arena_format(reader->arena, "%s to %s", on, *entry->role ? entry->role : "PUBLIC"));
		live_main(reader, "%s", acl_words(reader->arena, entry));
		live_end(reader);
	}
}

/* Parse what is not null, and name the roles as live_role() does. */
static bool
parse(struct live_reader *reader, const char *text, struct acl *acl)
{
	const char *owner = live_name(reader, LIVE_CLASS_ROLE, reader->owner);

	if (!acl_parse(reader->arena, text, acl)) {
		live_uncompared(reader, 1, "list of privileges of an unknown form");
		return false;
	}
	for (size_t i = 0; i < acl->count; i++) {
		const char **role = &acl->entries[i].role;

		if (**role)
			*role = fact_identifier(reader->arena, *role);
		if (strcmp(*role, owner) == 0)
			*role = "@";
	}
	return true;
}

static void
tell_all(struct live_reader *reader, enum fact_kind kind, char type, const char *on, unsigned owner, const char *text)
{
	struct acl	acl;
	struct acl	usual;

	if (!text || !parse(reader, text, &acl))
		return;
	acl_default(reader->arena, type, live_role(reader, owner), &usual);
	tell(reader, kind, on, &acl, &usual);
}

void
live_privileges(struct live_reader *reader, char type, const char *on, unsigned owner, const char *acl)
{
	tell_all(reader, FACT_PRIVILEGE, type, on, owner, acl);
}

void
live_default_privileges(struct live_reader *reader, char type, const char *on, unsigned owner, const char *acl)
{
	tell_all(reader, FACT_DEFAULT_PRIVILEGE, type, on, owner, acl);
}

bool
live_owns_public(const struct live_reader *reader, unsigned role)
{
	return role == reader->owner || role == BOOTSTRAP_SUPERUSER || role == PG_DATABASE_OWNER;
}

void
live_privileges_of_public(struct live_reader *reader, unsigned owner, const char *text)
{
	const unsigned usage = acl_set("U");
	const unsigned create = acl_set("C");
	const unsigned usual_owners[] = {owner, reader->owner, BOOTSTRAP_SUPERUSER, PG_DATABASE_OWNER};
	struct acl	acl;
	struct acl	usual = {.entries = arena_alloc(reader->arena, 5 * sizeof(*usual.entries))};
	struct acl_entry *everybody;

	if (!text)
		acl_default(reader->arena, 'n', live_role(reader, owner), &acl);
	else if (!parse(reader, text, &acl))
		return;
	usual.entries[usual.count++] = (struct acl_entry) {.role = "",.held = usage};
	for (size_t i = 0; i < sizeof(usual_owners) / sizeof(*usual_owners); i++) {
		const char *name = live_role(reader, usual_owners[i]);
		const struct acl_entry *entry = acl_find(&acl, name);

		/* The owner has its privileges; the others may or may not. */
		if (!acl_find(&usual, name) && (i == 0 || entry))
			usual.entries[usual.count++] = (struct acl_entry) {
				.role = name,.held = i == 0 ? usage | create : entry->held
			};
	}
	everybody = acl_find(&acl, "");
	if (everybody && everybody->held & create) {
		live_note(reader, "PUBLIC may create objects in schema public");
		everybody->held &= ~create;
	}
	tell(reader, FACT_PRIVILEGE, "schema public", &acl, &usual);
}

void
live_end_object(struct live_reader *reader, const struct live_object *object, char type, unsigned owner,
				const char *acl)
{
	live_owner(reader, owner);
	live_comment(reader, (enum live_class) object->class_oid, object->oid, 0);
	live_end(reader);
	live_privileges(reader, type, arena_format(reader->arena, "%s %s", fact_kind_word(object->kind), object->name),
					owner, acl);
}
