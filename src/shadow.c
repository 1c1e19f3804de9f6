#include "shadow.h"

#include <string.h>
#include <sys/random.h>

#include "apply_report.h"
#include "history.h"
#include "mem.h"
#include "report.h"
#include "signals.h"

#include "banned.h"

/* Its databases are called fitsdb_schema_shadow_PID_RANDOM, by the server's process that created them. */
#define PREFIX "fitsdb_schema_shadow_"

/* Where a role or a database is made read only for such looks, the scratch database is none of that. */
#define READ_WRITE "pg_catalog.set_config('default_transaction_read_only', 'off', false)"

#define OWN_SETTINGS \
	"SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false), " READ_WRITE

enum {
	EXIT_PAUSE = 2,				/* milliseconds between two looks whether our session is over */
	EXIT_LOOKS = 500
};

/* What the server says of the database to be made. */
struct place {
	bool		standby;
	bool		pooled;			/* the session may be another one for each command */
	bool		may_create;
	bool		may_act;		/* be the role that the archive's database belongs to */
	long		pid;
	char	   *login;
	char	   *owner;			/* the role to act as, or NULL */
	char	   *locale;			/* the same encoding as the archive's, or "" */
};

static void
place_clear(struct place *place)
{
	mem_free(place->login);
	mem_free(place->owner);
	mem_free(place->locale);
}

/* A session of its own on the server, for what cannot be done in the archive's, which only reads. */
static bool
connect_server(struct shadow *shadow, const struct session *session, const char *elsewhere)
{
	char	   *message = NULL;

	shadow->options = *session->options;
	if (elsewhere) {
		shadow->options.target = (struct db_target) {.dbname = elsewhere,.default_dbname = "postgres",
			.no_password = session->options->target.no_password
		};
		shadow->options.role = NULL;
		if (session_open(&shadow->server, &shadow->options, &message))
			return true;
		report_error("could not connect to the server that --shadow names: %s", message);
	} else {
		shadow->server.options = &shadow->options;
		shadow->server.db = db_open_again(session->db, NULL, &message);
		if (shadow->server.db)
			return true;
		report_error("could not open a second connection, to create a scratch database: %s", message);
	}
	mem_free(message);
	return false;
}

static bool
look(struct shadow *shadow, bool here, struct place *place)
{
	struct db_batch batch = {0};
	const struct db_command *found;
	bool		looked;

	db_add(&batch, OWN_SETTINGS, 0);
	db_add(&batch, "SELECT pg_is_in_recovery(), r.rolsuper OR r.rolcreatedb, pg_backend_pid(), session_user,"
		   " coalesce($2, pg_get_userbyid(d.datdba)),"
		   " (SELECT pg_has_role(session_user, o.oid, $1) FROM pg_roles o"
		   " WHERE o.rolname = coalesce($2, pg_get_userbyid(d.datdba))),"
		   " format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)"
		   " FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = session_user", 2,
		   db_server_version(shadow->server.db) >= 160000 ? "SET" : "MEMBER", shadow->options.role);
	looked = session_query(&shadow->server, &batch, "look at the server");
	found = &batch.commands[1];
	if (looked) {
		place->standby = db_truth(found, 0, 0);
		place->may_create = db_truth(found, 0, 1);
		place->pid = db_number(found, 0, 2);
		place->pooled = place->pid != db_backend_pid(shadow->server.db);
		place->login = mem_string(db_text(found, 0, 3));
		place->may_act = here && db_truth(found, 0, 5);
		if (place->may_act && strcmp(place->login, db_text(found, 0, 4)) != 0)
			place->owner = mem_string(db_text(found, 0, 4));
		place->locale = mem_string(here ? db_text(found, 0, 6) : "");
	}
	db_batch_clear(&batch);
	return looked;
}

/* Can it be created there? */
static bool
may_create(const struct place *place, bool here)
{
	if (place->standby) {
		report_error("a scratch database is needed, and the server is a hot standby, where none can be created");
		report_hint("Give --shadow=CONNINFO with a server where this role may create one.");
		return false;
	}
	if (place->pooled) {
		report_error("a scratch database is needed, and there is a connection pooler between this program"
					 " and the server");
		report_hint("Connect to the server itself%s.",
					here ? ", or give --shadow=CONNINFO with a server where this role may create one" : "");
		return false;
	}
	if (!place->may_create) {
		report_error("a scratch database is needed, and role \"%s\" may not create one", place->login);
		report_detail("It lacks CREATEDB. Nothing was changed.");
		report_hint("ALTER ROLE ... CREATEDB gives it that%s.",
					here ? "; or run as a superuser, or give --shadow=CONNINFO with another server" : "");
		return false;
	}
	return true;
}

/*
 * Drop what killed runs have left. The process in the name stays connected for as long as its run lives. What cannot be
 * dropped is left to the next run.
 */
static void
drop_leftovers(struct shadow *shadow)
{
	struct db_batch batch = {0};
	struct db_batch drop = {0};

	db_add(&batch, "SELECT format('DROP DATABASE IF EXISTS %I', d.datname) FROM pg_database d"
		   " WHERE d.datname ~ '^" PREFIX "[0-9]{1,9}_[0-9a-f]+$' AND pg_has_role(d.datdba, 'USAGE')"
		   " AND NOT EXISTS (SELECT FROM pg_stat_activity a"
		   " WHERE a.pid::text = split_part(d.datname, '_', 4) OR a.datname = d.datname)", 0);
	if (db_run(shadow->server.db, &batch))
		for (int i = 0; i < db_lines(&batch.commands[0]); i++) {
			report_verbose("a killed run has left a scratch database: %s", db_text(&batch.commands[0], i, 0));
			db_add(&drop, db_text(&batch.commands[0], i, 0), 0)->apart = true;
		}
	(void) db_run(shadow->server.db, &drop);
	db_batch_clear(&drop);
	db_batch_clear(&batch);
}

/*
 * Create it, for nobody but us: on servers before 15, whoever can connect may put functions into its schema public. All
 * but the first command are run as its owner.
 */
static bool
create(struct shadow *shadow, const struct place *place)
{
	struct db_batch batch = {0};
	unsigned	random = 0;
	char	   *name;
	char	   *login = db_identifier(shadow->server.db, place->login);
	char	   *owner = place->owner ? db_identifier(shadow->server.db, place->owner) : mem_string(login);
	char	   *sql[5];
	bool		created;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (unsigned) place->pid;
	name = mem_format(PREFIX "%ld_%08x", place->pid, random);
	shadow->name = db_identifier(shadow->server.db, name);
	sql[0] = mem_format("CREATE DATABASE %s OWNER %s TEMPLATE template0 ALLOW_CONNECTIONS false %s", shadow->name,
						owner, place->locale);
	sql[1] = mem_format("SET ROLE %s", owner);
	sql[2] = mem_format("REVOKE ALL ON DATABASE %s FROM PUBLIC", shadow->name);
	sql[3] = mem_format("GRANT CONNECT ON DATABASE %s TO %s", shadow->name, login);
	sql[4] = mem_format("ALTER DATABASE %s ALLOW_CONNECTIONS true", shadow->name);
	for (size_t i = 0; i < 5; i++) {
		db_add(&batch, sql[i], 0)->apart = true;
		mem_free(sql[i]);
	}
	db_interruptible(shadow->server.db, true);
	created = session_query(&shadow->server, &batch, "create a scratch database");
	db_interruptible(shadow->server.db, false);
	db_batch_clear(&batch);

	if (created) {
		char	   *message = NULL;

		shadow->session.options = &shadow->options;
		shadow->session.acting = place->owner ? mem_string(owner) : NULL;
		shadow->session.db = db_open_again(shadow->server.db, name, &message);
		created = shadow->session.db != NULL;
		if (created)
			shadow->session.backend = db_backend_pid(shadow->session.db);
		else
			report_error("could not connect to the scratch database: %s", message);
		mem_free(message);
	}
	mem_free(name);
	mem_free(login);
	mem_free(owner);
	return created;
}

/* Whose the archive's database is, wherever the scratch database will be. */
static bool
find_owner(struct shadow *shadow, struct session *session)
{
	struct db_batch batch = {0};
	bool		found;

	session_add_own(&batch);
	db_add(&batch, "SELECT coalesce($1, pg_get_userbyid(d.datdba)) FROM pg_database d"
		   " WHERE d.datname = current_database()", 1, session->options->role);
	found = session_query(session, &batch, "look whose the database is");
	if (found)
		shadow->owner = mem_string(db_text(&batch.commands[1], 0, 0));
	db_batch_clear(&batch);
	return found;
}

bool
shadow_open(struct shadow *shadow, struct session *session, const char *elsewhere)
{
	struct place place = {0};
	bool		opened;

	*shadow = (struct shadow) {.version = -1};
	opened = find_owner(shadow, session) && connect_server(shadow, session, elsewhere)
		&& look(shadow, !elsewhere, &place) && may_create(&place, !elsewhere);
	if (opened) {
		drop_leftovers(shadow);
		opened = create(shadow, &place);
	}
	place_clear(&place);
	return opened;
}

void
shadow_add_settings(struct shadow *shadow, struct db_batch *batch)
{
	session_add_script(&shadow->session, batch, shadow->options.lock_timeout);
	db_add(batch, "SELECT pg_catalog.set_config('synchronous_commit', 'off', false), " READ_WRITE, 0)->apart = true;
}

void
shadow_add_statement(struct db_batch *batch, const char *sql, size_t length, bool batched)
{
	char	   *text = mem_copy(sql, length);

	if (batched)
		db_add(batch, text, 2, (char *) NULL, (char *) NULL);
	else
		db_add_text(batch, text, length);
	mem_free(text);
}

static void
report_stopped(void)
{
	report_error("stopped by %s; nothing was changed", signals_stop());
}

/* The first statement is at `first` of the batch. */
static struct apply_place
place_of(const struct job *job, size_t first, size_t failed)
{
	if (failed < first || failed >= first + job->list.count)
		return (struct apply_place) {.doing = "in a scratch database"};
	return (struct apply_place) {.source = job->source,.offset = job->list.statements[failed - first].offset};
}

static bool
run(struct shadow *shadow, struct db_batch *batch, const struct job *job, size_t first)
{
	const struct db_command *failed;

	db_interruptible(shadow->session.db, true);
	db_run(shadow->session.db, batch);
	db_interruptible(shadow->session.db, false);
	failed = db_failed(batch);
	if (failed && signals_stop())
		report_stopped();
	else if (failed) {
		struct apply_place place = place_of(job, first, (size_t) (failed - batch->commands));

		apply_report(&shadow->session, job, &place, &failed->error,
					 "That was in a scratch database; nothing of the archive's was changed.");
	}
	return !failed;
}

static bool
build_one(struct shadow *shadow, int version)
{
	struct step step = {.version = version,.up = true,.before = version - 1,.after = version};
	struct job	job = job_of_migration("build", &step);
	struct db_batch batch = {0};
	size_t		first;
	bool		built;

	shadow_add_settings(shadow, &batch);
	if (job.list.transactional)
		db_add(&batch, "BEGIN", 0);
	first = batch.count;
	for (size_t i = 0; i < job.list.count; i++) {
		const struct sql_statement *statement = &job.list.statements[i];

		shadow_add_statement(&batch, statement->text, strlen(statement->text), statement->batch.table != NULL);
		batch.commands[batch.count - 1].apart = !job.list.transactional;
	}
	if (job.list.transactional)
		db_add(&batch, "COMMIT", 0);
	built = run(shadow, &batch, &job, first);
	db_batch_clear(&batch);
	job_clear(&job);
	return built;
}

bool
shadow_grant(struct shadow *shadow)
{
	struct job	job = {
		.title = mem_string("running grants.sql"),.source = history.grants ? &history.grants->source : NULL
	};
	struct db_batch batch = {0};
	bool		granted;

	shadow_add_settings(shadow, &batch);
	db_add(&batch, "BEGIN", 0);
	session_add_record(&shadow->session, &batch);
	apply_add_grants(&batch);
	db_add(&batch, "COMMIT", 0);
	granted = run(shadow, &batch, &job, batch.count);
	db_batch_clear(&batch);
	mem_free(job.title);
	return granted;
}

bool
shadow_build(struct shadow *shadow, int version)
{
	while (shadow->version < version) {
		if (signals_stop()) {
			report_stopped();
			return false;
		}
		if (!build_one(shadow, shadow->version + 1))
			return false;
		shadow->version++;
	}
	return shadow_grant(shadow);
}

/* The server ends a session a moment after we have closed it, and cannot drop a database that one is in. */
static void
await_exit(struct shadow *shadow)
{
	char	   *pid = mem_format("%d", shadow->session.backend);
	bool		gone = false;

	session_close(&shadow->session);
	for (int i = 0; i < EXIT_LOOKS && !gone; i++) {
		struct db_batch batch = {0};

		if (i > 0)
			signals_pause(EXIT_PAUSE);
		db_add(&batch, "SELECT FROM pg_stat_activity a WHERE a.pid = $1::integer", 1, pid);
		gone = !db_run(shadow->server.db, &batch) || db_lines(&batch.commands[0]) == 0;
		db_batch_clear(&batch);
	}
	mem_free(pid);
}

void
shadow_close(struct shadow *shadow)
{
	if (shadow->session.db)
		await_exit(shadow);
	if (shadow->name && shadow->server.db) {
		struct db_batch batch = {0};
		char	   *drop = mem_format("DROP DATABASE IF EXISTS %s", shadow->name);

		db_add(&batch, drop, 0);
		if (!db_run(shadow->server.db, &batch)) {
			report_warning("the scratch database %s could not be dropped: %s", shadow->name,
						   db_failed(&batch)->error.message);
			report_hint("The next command that needs one drops it.");
		}
		db_batch_clear(&batch);
		mem_free(drop);
	}
	session_close(&shadow->server);
	mem_free(shadow->name);
	mem_free(shadow->owner);
	*shadow = (struct shadow) {.version = -1};
}
