/* A batched statement, printed as a script for psql. */
#include <stdio.h>

#include "batch.h"
#include "batch_key.h"
#include "mem.h"
#include "untrusted.h"

#include "banned.h"

/*
 * What is run for each range: psql sends it in one go, so that it is one transaction. The settings are put back to the
 * script's for the statement, and then to those of our own SQL.
 */
#define CELL_BEGIN "'RESET timezone;\n"
#define CELL_END \
	" SELECT pg_catalog.set_config(''search_path'', ''public'', true);" \
	" EXECUTE fitsdb_schema_range(%1$L, %2$L);" \
	" SELECT pg_catalog.set_config(''search_path'', ''pg_catalog, pg_temp'', true);" \
	" UPDATE fitsdb_schema.change SET position = %2$L WHERE id = (SELECT max(l.id) FROM fitsdb_schema.change l)'"

/* The key, as far as the database knows it already. */
static void
find_key(struct batch_key *key, struct session *session, const struct sql_batch *of)
{
	struct db_batch batch = {0};
	char	   *fault = NULL;
	char	   *hint = NULL;

	batch_key_add_facts(&batch, of);
	if (db_run(session->db, &batch))
		fault = batch_key_take(key, session->db, of, &batch.commands[batch.count - 1], &hint);
	if (!key->table)
		batch_key_assume(key, session->db, of);
	db_batch_clear(&batch);
	mem_free(fault);
	mem_free(hint);
}

void
batch_script(struct session *session, const struct sql_statement *statement, const char *position)
{
	struct batch_key key = {0};
	struct db_batch batch = {0};
	char	   *from;
	char	   *look;
	char	   *cell;
	char	   *ranges;
	char	   *types;

	find_key(&key, session, &statement->batch);
	db_add(&batch, "$1", 1, position);
	from = db_render(session->db, &batch.commands[0]);
	look = untrusted_range(session, statement);
	cell = mem_format("%s%s%s", CELL_BEGIN, look, CELL_END);
	types = batch_key_types(&key);
	ranges = batch_key_all(&key, position ? from : NULL, statement->batch.rows, cell);
	printf("-- In ranges of keys, each a transaction of its own; rows that come in meanwhile are not among them.\n");
	if (types)
		printf("%s\n\\gset\n", types);
	printf("PREPARE fitsdb_schema_range %sAS\n%s\n;\n", types ? ":fitsdb_schema_types " : "", statement->text);
	printf("SET timezone = 'UTC';\nSELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false);\n%s\n"
		   "\\gexec\n"
		   "DEALLOCATE fitsdb_schema_range;\n", ranges);
	mem_free(cell);
	mem_free(look);
	mem_free(ranges);
	mem_free(types);
	mem_free(from);
	db_batch_clear(&batch);
	batch_key_clear(&key);
}
