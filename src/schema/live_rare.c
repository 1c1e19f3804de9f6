/* What is not compared, but counted. */
#include "schema/live_private.h"

#include <string.h>

#include "pg/pipeline.h"

#include "base/banned.h"

/* The columns of LIVE_INITIAL_PRIVILEGES. */
enum {
	INITIAL_CLASS, INITIAL_OID, INITIAL_ACL
};

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_RARE, "SELECT (SELECT count(*) FROM pg_largeobject_metadata),"
			 " (SELECT count(*) FROM pg_seclabel) + (SELECT count(*) FROM pg_shseclabel WHERE classoid = 'pg_database'::regclass AND objoid = "
			 LIVE_THIS_DATABASE ")");
	live_ask(reader, LIVE_INITIAL_PRIVILEGES, "SELECT classoid, objoid, initprivs FROM pg_init_privs"
			 " WHERE objoid >= " LIVE_FIRST_USER_OID " AND objsubid = 0");
}

/* Has a member of an extension other privileges than its extension has given it? */
static bool
has_own_privileges(const struct live_reader *reader, unsigned class_oid, unsigned oid, const char *acl)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_INITIAL_PRIVILEGES);
	const struct live_object *object = acl ? live_find(reader, class_oid, oid) : NULL;

	if (!object || !object->member)
		return false;
	for (int i = 0; i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, INITIAL_OID) == oid && live_oid(rows, i, INITIAL_CLASS) == class_oid)
			return strcmp(pipeline_text(rows, i, INITIAL_ACL), acl) != 0;
	return true;
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rare = live_rows(reader, LIVE_RARE);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	const struct pipeline_command *routines = live_rows(reader, LIVE_ROUTINES);
	long		members = 0;

	live_uncompared(reader, pipeline_number(rare, 0, 0), "large object");
	live_uncompared(reader, pipeline_number(rare, 0, 1), "security label");
	for (int i = 0; i < pipeline_row_count(relations); i++)
		members += has_own_privileges(reader, LIVE_CLASS_RELATION, live_oid(relations, i, LIVE_RELATION_OID),
									  pipeline_value(relations, i, LIVE_RELATION_ACL));
	for (int i = 0; i < pipeline_row_count(routines); i++)
		members += has_own_privileges(reader, LIVE_CLASS_PROC, live_oid(routines, i, 0), live_routine_acl(routines, i));
	if (members > 0)
		live_not_compared(reader, "privileges on %ld member%s of extensions", members, members == 1 ? "" : "s");
}

const struct live_part live_rare = {ask, NULL, tell};
