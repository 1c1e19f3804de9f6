/*
 * repair adds what the schema lacks, without a loss and in forms that block no session for long; it names what a person
 * must do.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "e2e/verify/forms.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/terminal.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	FORM_STEP = 7				/* one in so many forms is tried */
};

/* Something of each kind. */
#define HARM \
	"ALTER TABLE gmos DROP COLUMN array_name; DROP TABLE ghost; DROP TABLE exportqueue;" \
	" DROP TYPE ghost_gain_setting; DROP INDEX ix_diskfile_filename;" \
	" UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_diskfile_present'::regclass;" \
	" ALTER TABLE diskfile DROP CONSTRAINT diskfile_file_id_fkey;" \
	" ALTER TABLE gmos DROP CONSTRAINT gmos_header_id_fkey, ADD CONSTRAINT gmos_header_id_fkey FOREIGN" \
	" KEY (header_id) REFERENCES header NOT VALID;" \
	" ALTER TABLE ingestqueue DROP CONSTRAINT ingestqueue_filename_path_key;" \
	" ALTER TABLE fileuploadlog DROP CONSTRAINT fileuploadlog_pkey; ALTER TABLE obslog DROP COLUMN id CASCADE;" \
	" ALTER TABLE header ALTER COLUMN diskfile_id DROP NOT NULL, ALTER COLUMN id DROP DEFAULT;" \
	" DROP SEQUENCE tape_id_seq CASCADE; ALTER TABLE archiveuser DROP COLUMN misc_upload;" \
	" ALTER TABLE photstandard RENAME CONSTRAINT photstandard_pkey TO another;" \
	" REVOKE DELETE ON diskfile FROM apache; REVOKE ALL ON header, header_id_seq FROM apache;" \
	" DELETE FROM pg_enum WHERE enumtypid = 'obstype'::regtype AND enumlabel = 'BPM';"

#define ROWS \
	"INSERT INTO file (name) VALUES ('a'), ('b');" \
	" INSERT INTO diskfile (file_id, filename, path, present, canonical) SELECT id, name, '', true, true FROM file;" \
	" INSERT INTO obslog (diskfile_id, program_id) SELECT id, 'x' FROM diskfile;" \
	" INSERT INTO archiveuser (username) VALUES ('u');"

static char *conninfo;
static PGconn *connection;

static void
begin(void)
{
	conninfo = lineage_current("fitsdata", LATEST);
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* Nothing but the order of columns is different. */
static void
expect_same(void)
{
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	tool_expect(conninfo, ARGS("status"), 0, "current: ", "");
}

START_TEST(adds_what_is_missing)
{
	begin();
	sql_exec(connection, ROWS);
	server_execute("fitsdata", HARM);
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "database fitsdata is at version 39, repairing it\n"
				"  add table ghost \n  add table exportqueue \n  add type ghost_gain_setting \n  add column obslog.id \n"
				"  add index diskfile.ix_diskfile_filename \n  build index diskfile.ix_diskfile_present again \n"
				"  validate constraint gmos.gmos_header_id_fkey \n  change column header.diskfile_id: not null \n"
				"  add index gmos.ix_gmos_array_name \n  add label obstype.\"BPM\" \n the repair is complete", "");
	expect_same();
	/* The rows are there, and a column that must have values has got them. */
	sql_expect(connection, "SELECT count(*) || ' ' || count(DISTINCT id) FROM obslog", "2 2");
	sql_expect(connection, "SELECT count(*) FROM diskfile", "2");
	/* The log has it, and no build takes it for an incomplete migration. */
	sql_expect(connection, "SELECT count(*) > 10 AND bool_and(state = 'done' AND version_from = 39 AND version_to = 39"
			   " AND statement IS NULL AND position IS NULL) FROM fitsdb_schema.change WHERE command = 'repair'", "t");
	sql_expect(connection, "SELECT version || ' ' || settled FROM fitsdb_schema.standing", "39 true");
	tool_expect(conninfo, ARGS("repair"), 0, "database fitsdata: nothing to repair at version 39", NULL);
	end();
}
END_TEST

/* A script for psql does the same. */
START_TEST(prints_a_script)
{
	struct process process;
	struct process_options options = {0};
	char	   *psql = server_debian_program("psql");

	begin();
	sql_exec(connection, ROWS);
	server_execute("fitsdata", HARM);
	tool_expect(conninfo, ARGS("repair", "--dry-run"), 0, " steps would repair it\n  add table ghost\n"
				"  add index gmos.ix_gmos_array_name", NULL);
	tool_run(&process, conninfo, ARGS("repair", "--sql"));
	tool_wrote(&process, 0, "SET lock_timeout = '2s';\nCREATE TABLE public.ghost (\nBEGIN;\nCOMMIT;\nNOT VALID;\n"
			   "SET lock_timeout = 0;", NULL);
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.change WHERE command = 'repair'", "0");
	options.input = process.out;
	process_must((const char *[]) {
		psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", conninfo, NULL
	}, &options);
	process_clear(&process);
	/* Privileges on new tables come from grants.sql, which a run executes. */
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "", "");
	expect_same();
	mem_free(psql);
	end();
}
END_TEST

/* Without a terminal, and without --yes. */
START_TEST(nobody_can_be_asked)
{
	begin();
	sql_exec(connection, "DROP INDEX ix_gmos_array_name");
	tool_expect(conninfo, ARGS("repair"), 3, NULL, "there is no terminal for the question\nNothing was changed.\nuse"
				" --yes");
	tool_expect(conninfo, ARGS("verify"), 1, "ix_gmos_array_name", "");
	end();
}
END_TEST

/* On a terminal it lists what it would do, and asks. */
START_TEST(asks)
{
	struct terminal terminal;
	struct process process;
	struct process_options options = {0};

	begin();
	sql_exec(connection, "DROP INDEX ix_gmos_array_name");
	for (int yes = 0; yes <= 1; yes++) {
		terminal_open(&terminal);
		options.terminal = terminal.path;
		tool_start_with(&process, conninfo, ARGS("repair"), &options);
		terminal_expect(&terminal, "Do this?");
		terminal_type(&terminal, yes ? "y\n" : "n\n");
		process_wait(&process);
		ck_assert_int_eq(process.status, yes ? 0 : 3);
		ck_assert_ptr_nonnull(strstr(process.out, "  add index gmos.ix_gmos_array_name\n"));
		process_clear(&process);
		terminal_close(&terminal);
	}
	expect_same();
	end();
}
END_TEST

START_TEST(a_value_is_needed)
{
	struct process process;
	json_t	   *json;
	const json_t *left;

	begin();
	sql_exec(connection, "ALTER TABLE miscfile_folder DROP COLUMN release; DROP INDEX ix_gmos_array_name;"
			 " INSERT INTO miscfile_folder (name) SELECT i FROM generate_series(1, 50000) i");
	tool_run(&process, conninfo, ARGS("repair", "--dry-run", "--json"));
	ck_assert_int_eq(process.status, 1);
	json = json_loads(process.out, 0, NULL);
	left = json_array_get(json_object_get(json, "left"), 0);
	json_expect_string(left, "needs", "miscfile_folder.release");
	json_expect_string(json, "status", "left");
	json_decref(json);
	process_clear(&process);
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "  add index gmos.ix_gmos_array_name \nnot repaired:\n"
				"  add column miscfile_folder.release: 50000 rows need a value: repeat with --set"
				" 'miscfile_folder.release=EXPRESSION'\nthe repair is not complete", NULL);
	tool_expect(conninfo, ARGS("repair", "--yes", "--set", "nonsense"), 3, NULL, "invalid value for --set");
	tool_expect(conninfo, ARGS("repair", "--yes", "--set", "miscfile_folder.release="), 3, NULL,
				"invalid value for --set: \"miscfile_folder.release=\"");
	tool_expect(conninfo, ARGS("repair", "--yes", "--set", "gmos.nothing=1"), 3, NULL,
				"--set gmos.nothing: version 39 has no such column\nNothing was changed.");
	tool_expect(conninfo, ARGS("repair", "--yes", "--set", "miscfile_folder.release=to_timestamp(id)"), 0,
				"miscfile_folder.release", "");
	expect_same();
	tool_expect(conninfo, ARGS("repair", "--set", "miscfile_folder.release=now()"), 0, "nothing to repair",
				"no row needs a value");
	sql_expect(connection, "SELECT count(DISTINCT release) FROM miscfile_folder", "50000");
	end();
}
END_TEST

/* What is no expression for the column is found before anything is changed. */
START_TEST(expressions)
{
	static const char *const wrong[][2] = {
		{"nonsense(", "invalid value for --set"}, {"now()), name = ('x'", "invalid value for --set"},
		{"now() --", "invalid value for --set"}, {"$1", "invalid value for --set"}, {"'x", "invalid value for --set"},
		{"now() now()", "syntax error"}, {"nothing()", "nothing"}, {"max(id)", "aggregate functions"},
		{"nothing", "nothing"}, {"'x'", "invalid input syntax"}, {"id, id", "cannot cast type record"}
	};

	begin();
	sql_exec(connection, "INSERT INTO miscfile_folder (release, name) VALUES (now(), 'a'); ALTER TABLE miscfile_folder DROP"
			 " release");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char	   *set = mem_format("miscfile_folder.release=%s", wrong[i][0]);

		tool_expect(conninfo, ARGS("repair", "--yes", "--set", set), 3, NULL, wrong[i][1]);
		tool_expect(conninfo, ARGS("repair", "--dry-run", "--set", set), 3, NULL, wrong[i][1]);
		mem_free(set);
	}
	sql_expect(connection, "SELECT name FROM miscfile_folder", "a");
	sql_expect(connection, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'miscfile_folder'::regclass AND attname ="
			   " 'release'", "0");
	/* Parentheses in strings are text; another column may be added first. */
	sql_exec(connection, "ALTER TABLE miscfile_folder DROP description");
	tool_expect(conninfo, ARGS("repair", "--yes", "--set",
							   "miscfile_folder.release=coalesce(description || ')', '2020-01-01')::timestamptz"), 0,
				"the repair is complete", "");
	expect_same();
	end();
}
END_TEST

/* A step that fails says what of it is committed; another value is for the rows that have none. */
START_TEST(a_step_fails)
{
	struct process process;

	begin();
	sql_exec(connection, "INSERT INTO miscfile_folder (release) SELECT now() FROM generate_series(1, 5);"
			 " ALTER TABLE miscfile_folder DROP release");
	tool_run(&process, conninfo, ARGS("repair", "--yes", "--set",
									  "miscfile_folder.release=now() + (1 / (3 - id)) * interval '1 s'"));
	tool_wrote(&process, 1, "the step that sets the column's values failed", "division by zero\n"
			   "Committed statements of this step: ALTER TABLE public.miscfile_folder ADD COLUMN release\n"
			   "rows with a value keep it, and another --set changes only rows without a value");
	ck_assert_ptr_null(strstr(strstr(process.err, "division by zero") + 1, "division by zero"));
	ck_assert_ptr_null(strstr(process.err, "None of its statements"));
	process_clear(&process);
	tool_run(&process, conninfo, ARGS("repair", "--yes", "--set",
									  "miscfile_folder.release=case when id > 3 then timestamptz '1900-01-01' end"));
	tool_wrote(&process, 1, "not repaired:", "Rolled back. Committed statements of this step: UPDATE ONLY\n"
			   "rows with a value keep it");
	process_clear(&process);
	tool_expect(conninfo, ARGS("repair", "--yes", "--set", "miscfile_folder.release='2020-01-01'"), 0,
				"the repair is complete", "");
	sql_expect(connection, "SELECT string_agg(extract(year FROM release)::text, ' ' ORDER BY id) FROM miscfile_folder",
			   "2020 2020 2020 1900 1900");
	expect_same();
	end();
}
END_TEST

/* Messages of a dry run and a script. */
START_TEST(words)
{
	begin();
	tool_expect(conninfo, ARGS("repair", "--dry-run"), 0, "at version 39: nothing to repair", "");
	tool_expect(conninfo, ARGS("repair", "--sql"), 0, "grants no privileges on new objects\nor grants.sql"
				" afterwards.", "");
	tool_expect(conninfo, ARGS("repair", "--sql", "--json"), 3, NULL, "--sql and --json cannot be combined");
	tool_expect(conninfo, ARGS("repair", "--help"), 0, "--set=TABLE.COLUMN=EXPRESSION", "");
	end();
}
END_TEST

/* A signal while rows are counted. */
START_TEST(stopped_while_counting)
{
	struct process process;
	PGconn	   *other;

	begin();
	other = server_superuser(server_main(), "fitsdata");
	sql_exec(connection, "ALTER TABLE ingestqueue DROP CONSTRAINT ingestqueue_filename_path_key; INSERT INTO ingestqueue"
			 " (filename) SELECT 'f' || i FROM generate_series(1, 10) i");
	sql_exec(other, "BEGIN; LOCK TABLE ingestqueue");
	tool_start(&process, conninfo, ARGS("repair", "--dry-run", "--lock-timeout", "60"));
	sql_await(other, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'public.ingestqueue'::regclass", "t");
	process_signal(&process, SIGINT);
	process_wait(&process);
	tool_wrote(&process, 2, NULL, "stopped by SIGINT while the rows were counted\nNothing was changed.");
	process_clear(&process);
	PQfinish(other);
	end();
}
END_TEST

/* The daily backup leaves the tables of the queues out; rows that were restored may be ahead of their sequences. */
START_TEST(restored_without_queues)
{
	begin();
	sql_exec(connection, "DROP TABLE exportqueue, ingestqueue, previewqueue, calcachequeue, queue_error, targetqueue"
			 " CASCADE; INSERT INTO file (id, name) VALUES (700, 'a'), (12, 'b')");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "  add table exportqueue \n  add table ingestqueue \n"
				"  add table previewqueue \n  set sequence file_id_seq to 700 \nthe repair is complete", "");
	expect_same();
	sql_exec(connection, "INSERT INTO file (name) VALUES ('c')");
	sql_expect(connection, "SELECT id FROM file WHERE name = 'c'", "701");
	sql_expect(connection, "SELECT has_table_privilege('apache', 'exportqueue', 'SELECT, INSERT, DELETE')", "t");
	end();
}
END_TEST

/* Rows are as the migrations have left them. */
START_TEST(rows_of_migrations)
{
	begin();
	sql_exec(connection, "INSERT INTO exportqueue (filename, destination, added) VALUES ('a', 'b', now());"
			 " ALTER TABLE exportqueue DROP COLUMN after, DROP COLUMN sortkey; DROP TABLE target CASCADE");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "add table target \nadd column exportqueue.after \n", "");
	expect_same();
	sql_expect(connection, "SELECT count(*) FROM target", "9");
	sql_expect(connection, "SELECT sortkey FROM exportqueue", "a");
	end();
}
END_TEST

/* A dump that a superuser has restored without owners: the objects get the database's owner, not the other way round. */
START_TEST(restored_by_a_superuser)
{
	char	   *superuser;

	begin();
	superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	server_execute("fitsdata", "DO $$DECLARE t record; BEGIN FOR t IN SELECT oid::regclass AS name FROM pg_class WHERE"
				   " relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP EXECUTE format('ALTER TABLE %s OWNER TO"
				   " postgres', t.name); END LOOP; END$$");
	tool_expect(superuser, ARGS("verify"), 1, "ALTER TABLE public.ghost OWNER TO fitsdata;", NULL);
	tool_expect(superuser, ARGS("upgrade", "--repair"), 0, "nothing else to repair at version 39\n"
				"nothing to do at version 39", "table ghost belonged to \"postgres\"; it now belongs to");
	tool_expect(conninfo, ARGS("verify"), 0, "same: database fitsdata matches version 39", NULL);
	mem_free(superuser);
	end();
}
END_TEST

/* Does verify only find extra objects, and what a pending migration replaces? */
static bool
is_repaired(void)
{
	struct process process;
	json_t	   *json;
	const json_t *differences;
	bool		repaired = true;

	tool_run(&process, conninfo, ARGS("verify", "--json"));
	json = json_loads(process.out, 0, NULL);
	differences = json_object_get(json, "differences");
	for (size_t i = 0; i < json_array_size(differences); i++) {
		const json_t *item = json_array_get(differences, i);

		repaired = repaired && strcmp(json_string_value(json_object_get(item, "difference")), "extra") == 0
			&& strcmp(json_string_value(json_object_get(item, "kind")), "privilege") != 0;
	}
	json_decref(json);
	process_clear(&process);
	return repaired;
}

/* After any form of DDL, a repair ends complete, or says what is left; again, it has nothing to do. */
static void
try_form(const struct form *form)
{
	char	   *owner = server_copy("repair_form", "plain");
	char	   *sql = form_statements(form, "repair_form");
	struct process process;

	conninfo = server_conninfo(server_main(), "postgres", "repair_form");
	server_execute("repair_form", sql);
	tool_run(&process, conninfo, ARGS("repair", "--yes"));
	ck_assert_msg(process.status == 0 || (process.status == 1 && strstr(process.out, "not repaired:"))
				  || (process.status == 3 && *process.err), "form \"%s\": status %d: %s%s", form->name, process.status,
				  process.out, process.err);
	ck_assert_msg(process.status == 3 || is_repaired() == (process.status == 0), "form \"%s\": status %d: %s%s",
				  form->name, process.status, process.out, process.err);
	ck_assert_msg(process.status != 0 || !*process.err || !strstr(process.err, "error"), "form \"%s\": %s", form->name,
				  process.err);
	if (process.status == 0) {
		process_clear(&process);
		tool_run(&process, conninfo, ARGS("repair"));
		ck_assert_msg(process.status == 0 && strstr(process.out, "nothing to repair"), "form \"%s\": %s%s", form->name,
					  process.out, process.err);
	}
	process_clear(&process);
	mem_free(conninfo);
	mem_free(sql);
	mem_free(owner);
}

START_TEST(after_each_form)
{
	char	   *owner = server_database("plain");
	int			version = server_version(server_main());
	const char *all = getenv("REPAIR_FORMS");
	int			number = 0;

	forms_read();
	tool_must(owner, ARGS("init", "--quiet"));
	for (int i = 0; i < forms_count; i++)
		if (form_applies(&forms[i], version) && form_is_of_archive(&forms[i]) && (number++ % FORM_STEP == 0 || all))
			try_form(&forms[i]);
	ck_assert_int_gt(number, FORM_STEP);
	mem_free(owner);
}
END_TEST

Suite *
repair_suite(void)
{
	Suite	   *suite = suite_create("repair");
	TCase	   *tcase = tcase_create("repair");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, adds_what_is_missing);
	tcase_add_test(tcase, prints_a_script);
	tcase_add_test(tcase, nobody_can_be_asked);
	tcase_add_test(tcase, asks);
	tcase_add_test(tcase, a_value_is_needed);
	tcase_add_test(tcase, expressions);
	tcase_add_test(tcase, a_step_fails);
	tcase_add_test(tcase, words);
	tcase_add_test(tcase, stopped_while_counting);
	tcase_add_test(tcase, restored_without_queues);
	tcase_add_test(tcase, rows_of_migrations);
	tcase_add_test(tcase, restored_by_a_superuser);
	tcase_add_test(tcase, after_each_form);
	suite_add_tcase(suite, tcase);
	return suite;
}
