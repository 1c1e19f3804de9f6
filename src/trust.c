#include "trust.h"

#include <string.h>

#include "mem.h"
#include "report.h"

#include "banned.h"

/* The gate fails by a cast: no other function of the system's fails with words that we choose. */
#define REFUSAL "not trusted: "
#define GATE \
	"SELECT CASE WHEN c.relkind IN ('r', 'p') AND " TRUST_ROLE("c.relowner", "$2") " AND " \
	TRUST_ROLE("n.nspowner", "$2") " THEN 0 ELSE ('" REFUSAL "' || $1::text)::integer END" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::regclass"

/* The worst comes first: what cannot even be read, then what is somebody else's. */
#define FIND_UNTRUSTED \
	"SELECT o.name, o.odd, r.rolname FROM (" \
	"SELECT 1 AS place, 'schema fitsdb_schema' AS name, n.nspowner AS owner, NULL AS odd" \
	" FROM pg_namespace n WHERE n.nspname = 'fitsdb_schema'" \
	" UNION ALL SELECT 2, 'table ' || format('%I.%I', n.nspname, c.relname), c.relowner," \
	" CASE WHEN c.relkind <> 'r' THEN 'is not a table'" \
	" WHEN EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid" \
	" AND a.attnum > 0 AND t.typnamespace <> 'pg_catalog'::regnamespace) THEN 'has a column of a type of its own' END" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE (n.nspname = 'public' AND c.relname = 'migrate_version')" \
	" OR (n.nspname = 'fitsdb_schema' AND c.relname IN ('migration', 'change', 'standing'))) o" \
	" JOIN pg_roles r ON r.oid = o.owner JOIN pg_database d ON d.datname = current_database()" \
	" WHERE o.odd IS NOT NULL OR NOT (r.oid = d.datdba OR r.rolsuper" \
	" OR r.rolname IN (session_user, coalesce($1, session_user)))" \
	" ORDER BY o.odd IS NULL, o.place, o.name LIMIT 1"

void
trust_add_gate(struct db_batch *batch, const struct session *session, const char *relation)
{
	char	   *lock = mem_format("LOCK TABLE ONLY %s IN ACCESS SHARE MODE", relation);

	db_add(batch, lock, 0);
	db_add(batch, GATE, 2, relation, session->options->role)->often = true;
	mem_free(lock);
}

bool
trust_refused(const struct db_error *error)
{
	/* invalid_text_representation */
	return db_is(error, "22P02") && strstr(error->message, REFUSAL);
}

/* Is there something that is not what it should be? Reports it. */
static bool
is_odd(const struct db_command *found)
{
	if (db_lines(found) == 0 || !db_value(found, 0, 1))
		return false;
	report_error("%s %s, so it is not trusted", db_text(found, 0, 0), db_text(found, 0, 1));
	report_detail("It belongs to \"%s\". Nothing was changed.", db_text(found, 0, 2));
	report_hint("See where it comes from, and drop or rename it; it must be a plain table of the database's owner.");
	return true;
}

bool
trust_read(struct session *session, char **stranger)
{
	struct db_batch batch = {.prepare = session->prepares};
	const struct db_command *found;
	bool		trusted = false;

	*stranger = NULL;
	session_add_own(&batch);
	/* Before anything is run, this is asked twice. */
	db_add(&batch, FIND_UNTRUSTED, 1, session->options->role)->often = true;
	if (!session_query(session, &batch, "look whose the record is"))
		goto done;
	found = &batch.commands[1];
	trusted = !is_odd(found);
	if (trusted && db_lines(found) > 0)
		*stranger = mem_format("%s belongs to \"%s\", who does not own the database", db_text(found, 0, 0),
							   db_text(found, 0, 2));
done:
	db_batch_clear(&batch);
	return trusted;
}

bool
trust_stranger(const char *stranger)
{
	if (!stranger)
		return true;
	report_error("%s: it is not trusted", stranger);
	report_detail("What it holds would be run as the database's owner. Nothing was changed.");
	report_hint("See where it comes from; then drop it, or give it to the owner with ALTER ... OWNER TO.");
	return false;
}

bool
trust_run(struct session *session)
{
	char	   *stranger;
	bool		trusted = trust_read(session, &stranger) && trust_stranger(stranger);

	mem_free(stranger);
	return trusted;
}
