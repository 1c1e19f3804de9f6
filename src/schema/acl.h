/*
 * acl.h - access privileges as the catalogs have them (aclitem[] as text): what each role may do, and where that
 * differs from what it may do by default. Pure.
 *
 * The grantor is ignored. MAINTAIN (PostgreSQL 17) is left out where a role has all other privileges on a table, so
 * that GRANT ALL is the same on every server.
 */
#ifndef ACL_H
#define ACL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The privileges of one role: sets of bits, which acl_words() puts in words. */
struct acl_entry {
	const char *role;			/* its name, not quoted; "" for PUBLIC */
	unsigned	held;
	unsigned	grantable;		/* with grant option */
};

/* At most one entry for each role, in order of their names. Zero is empty. */
struct acl {
	size_t		count;
	struct acl_entry *entries;
};

/* acl_parse - parse `text`; all memory is the arena's. False: it has an unknown privilege, or is not an aclitem[]. */
bool		acl_parse(struct arena *arena, const char *text, struct acl *acl);

/* acl_default - the privileges that an object of this type (see live_privileges) has if none are granted or revoked. */
void		acl_default(struct arena *arena, char type, const char *owner, struct acl *acl);

/*
 * acl_differing - the entries of `acl` that differ from those of `usual`. A role that has privileges in `usual` only is
 * among them, with none.
 */
void		acl_differing(struct arena *arena, const struct acl *acl, const struct acl *usual, struct acl *differing);

/* acl_find - the entry of a role; NULL: it has none. */
struct acl_entry *acl_find(const struct acl *acl, const char *role);

/* acl_set - the privileges of these letters: "UC". */
unsigned	acl_set(const char *letters);

/* acl_words - the privileges in words, in order: "delete, select with grant option"; "none". A string in the arena. */
const char *acl_words(struct arena *arena, const struct acl_entry *entry);

#endif
