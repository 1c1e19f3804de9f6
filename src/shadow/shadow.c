/* Create and drop scratch databases, and build schemas in them. */
#include "shadow/shadow.h"

#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/history.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

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
		shadow->options.target = (struct connection_target) {.dbname = elsewhere,.default_dbname = "postgres",
			.no_password = session->options->target.no_password
		};
		shadow->options.role = NULL;
		if (session_open(&shadow->server, &shadow->options, &message))
			return true;
		report_error("could not connect to the server that --shadow names: %s", message);
	} else {
		shadow->server.options = &shadow->options;
		shadow->server.connection = connection_open_again(session->connection, NULL, &message);
		if (shadow->server.connection)
			return true;
		report_error("could not open a second connection, to create a scratch database: %s", message);
	}
	mem_free(message);
	return false;
}

static bool
read_server(struct shadow *shadow, bool here, struct place *place)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;
	bool		looked;

	pipeline_add(&pipeline, OWN_SETTINGS, 0);
	pipeline_add(&pipeline, "SELECT pg_is_in_recovery(), r.rolsuper OR r.rolcreatedb, pg_backend_pid(), session_user,"
				 " coalesce($2, pg_get_userbyid(d.datdba)),"
				 " (SELECT pg_has_role(session_user, o.oid, $1) FROM pg_roles o"
				 " WHERE o.rolname = coalesce($2, pg_get_userbyid(d.datdba))),"
				 " format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(d.encoding), d.datcollate,"
				 " d.datctype)"
				 " FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = session_user", 2,
				 connection_server_version(shadow->server.connection) >= 160000 ? "SET" : "MEMBER",
				 shadow->options.role);
	looked = session_query(&shadow->server, &pipeline, "read the properties of the server");
	found = &pipeline.commands[1];
	if (looked) {
		place->standby = pipeline_bool(found, 0, 0);
		place->may_create = pipeline_bool(found, 0, 1);
		place->pid = pipeline_number(found, 0, 2);
		place->pooled = place->pid != connection_backend_pid(shadow->server.connection);
		place->login = mem_string(pipeline_text(found, 0, 3));
		place->may_act = here && pipeline_bool(found, 0, 5);
		if (place->may_act && strcmp(place->login, pipeline_text(found, 0, 4)) != 0)
			place->owner = mem_string(pipeline_text(found, 0, 4));
		place->locale = mem_string(here ? pipeline_text(found, 0, 6) : "");
	}
	pipeline_clear(&pipeline);
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
	struct pipeline pipeline = {0};
	struct pipeline drop = {0};

	pipeline_add(&pipeline, "SELECT format('DROP DATABASE IF EXISTS %I', d.datname) FROM pg_database d"
				 " WHERE d.datname ~ '^" PREFIX "[0-9]{1,9}_[0-9a-f]+$' AND pg_has_role(d.datdba, 'USAGE')"
				 " AND NOT EXISTS (SELECT FROM pg_stat_activity a"
				 " WHERE a.pid::text = split_part(d.datname, '_', 4) OR a.datname = d.datname)", 0);
	if (pipeline_run(shadow->server.connection, &pipeline))
		for (int i = 0; i < pipeline_row_count(&pipeline.commands[0]); i++) {
			report_verbose("a killed run has left a scratch database: %s", pipeline_text(&pipeline.commands[0], i, 0));
			pipeline_add(&drop, pipeline_text(&pipeline.commands[0], i, 0), 0)->sync_point = true;
		}
	(void) pipeline_run(shadow->server.connection, &drop);
	pipeline_clear(&drop);
	pipeline_clear(&pipeline);
}

/*
 * Create it, for nobody but us: on servers before 15, whoever can connect may put functions into its schema public. All
 * but the first command are run as its owner.
 */
static bool
create(struct shadow *shadow, const struct place *place)
{
	struct pipeline pipeline = {0};
	unsigned	random = 0;
	char	   *name;
	char	   *login = connection_identifier(shadow->server.connection, place->login);
	char	   *owner = place->owner ? connection_identifier(shadow->server.connection, place->owner)
	: mem_string(login);
	char	   *sql[5];
	bool		created;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (unsigned) place->pid;
	name = mem_format(PREFIX "%ld_%08x", place->pid, random);
	shadow->name = connection_identifier(shadow->server.connection, name);
	sql[0] = mem_format("CREATE DATABASE %s OWNER %s TEMPLATE template0 ALLOW_CONNECTIONS false %s", shadow->name,
						owner, place->locale);
	sql[1] = mem_format("SET ROLE %s", owner);
	sql[2] = mem_format("REVOKE ALL ON DATABASE %s FROM PUBLIC", shadow->name);
	sql[3] = mem_format("GRANT CONNECT ON DATABASE %s TO %s", shadow->name, login);
	sql[4] = mem_format("ALTER DATABASE %s ALLOW_CONNECTIONS true", shadow->name);
	for (size_t i = 0; i < 5; i++) {
		pipeline_add(&pipeline, sql[i], 0)->sync_point = true;
		mem_free(sql[i]);
	}
	connection_set_interruptible(shadow->server.connection, true);
	created = session_query(&shadow->server, &pipeline, "create a scratch database");
	connection_set_interruptible(shadow->server.connection, false);
	pipeline_clear(&pipeline);

	if (created) {
		char	   *message = NULL;

		shadow->session.options = &shadow->options;
		shadow->session.acting = place->owner ? mem_string(owner) : NULL;
		shadow->session.connection = connection_open_again(shadow->server.connection, name, &message);
		created = shadow->session.connection != NULL;
		if (created)
			shadow->session.backend = connection_backend_pid(shadow->session.connection);
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
	struct pipeline pipeline = {0};
	bool		found;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, "SELECT coalesce($1, pg_get_userbyid(d.datdba)) FROM pg_database d"
				 " WHERE d.datname = current_database()", 1, session->options->role);
	found = session_query(session, &pipeline, "read the owner of the database");
	if (found)
		shadow->owner = mem_string(pipeline_text(&pipeline.commands[1], 0, 0));
	pipeline_clear(&pipeline);
	return found;
}

bool
shadow_open(struct shadow *shadow, struct session *session, const char *elsewhere)
{
	struct place place = {0};
	bool		opened;

	*shadow = (struct shadow) {.version = -1};
	opened = find_owner(shadow, session) && connect_server(shadow, session, elsewhere)
		&& read_server(shadow, !elsewhere, &place) && may_create(&place, !elsewhere);
	if (opened) {
		drop_leftovers(shadow);
		opened = create(shadow, &place);
	}
	place_clear(&place);
	return opened;
}

void
shadow_add_settings(struct shadow *shadow, struct pipeline *pipeline)
{
	session_add_script_settings(&shadow->session, pipeline, shadow->options.lock_timeout);
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('synchronous_commit', 'off', false), " READ_WRITE,
				 0)->sync_point = true;
}

void
shadow_add_statement(struct pipeline *pipeline, const char *sql, size_t length, bool batched)
{
	char	   *text = mem_copy(sql, length);

	if (batched)
		pipeline_add(pipeline, text, 2, (char *) NULL, (char *) NULL);
	else
		pipeline_add_text(pipeline, text, length);
	mem_free(text);
}

static void
report_stopped(void)
{
	report_error("stopped by %s; nothing was changed", signals_stop());
}

/* The first statement is at `first` of the batch. */
static struct failure_place
place_of(const struct task *task, size_t first, size_t failed)
{
	if (failed < first || failed >= first + task->list.count)
		return (struct failure_place) {.doing = "in a scratch database"};
	return (struct failure_place) {.source = task->source,.offset = task->list.statements[failed - first].offset};
}

static bool
run(struct shadow *shadow, struct pipeline *pipeline, const struct task *task, size_t first)
{
	const struct pipeline_command *failed;

	connection_set_interruptible(shadow->session.connection, true);
	pipeline_run(shadow->session.connection, pipeline);
	connection_set_interruptible(shadow->session.connection, false);
	failed = pipeline_failed(pipeline);
	if (failed && signals_stop())
		report_stopped();
	else if (failed) {
		struct failure_place place = place_of(task, first, (size_t) (failed - pipeline->commands));

		failure_report(&shadow->session, task, &place, &failed->error,
					   "That was in a scratch database; nothing of the archive's was changed.");
	}
	return !failed;
}

static bool
build_one(struct shadow *shadow, int version)
{
	struct steps_item step = {.version = version,.up = true,.before = version - 1,.after = version};
	struct task	task = task_of_migration("build", &step);
	struct pipeline pipeline = {0};
	size_t		first;
	bool		built;

	shadow_add_settings(shadow, &pipeline);
	if (task.list.transactional)
		pipeline_add(&pipeline, "BEGIN", 0);
	first = pipeline.count;
	for (size_t i = 0; i < task.list.count; i++) {
		const struct statement_list_item *statement = &task.list.statements[i];

		shadow_add_statement(&pipeline, statement->text, strlen(statement->text), statement->batch.table != NULL);
		pipeline.commands[pipeline.count - 1].sync_point = !task.list.transactional;
	}
	if (task.list.transactional)
		pipeline_add(&pipeline, "COMMIT", 0);
	built = run(shadow, &pipeline, &task, first);
	pipeline_clear(&pipeline);
	task_clear(&task);
	return built;
}

bool
shadow_grant(struct shadow *shadow)
{
	struct task	task = {
		.title = mem_string("running grants.sql"),.source = history.grants ? &history.grants->source : NULL
	};
	struct pipeline pipeline = {0};
	bool		granted;

	shadow_add_settings(shadow, &pipeline);
	pipeline_add(&pipeline, "BEGIN", 0);
	session_add_record_settings(&shadow->session, &pipeline);
	attempt_add_grants(&pipeline);
	pipeline_add(&pipeline, "COMMIT", 0);
	granted = run(shadow, &pipeline, &task, pipeline.count);
	pipeline_clear(&pipeline);
	mem_free(task.title);
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
		struct pipeline pipeline = {0};

		if (i > 0)
			signals_pause(EXIT_PAUSE);
		pipeline_add(&pipeline, "SELECT FROM pg_stat_activity a WHERE a.pid = $1::integer", 1, pid);
		gone = !pipeline_run(shadow->server.connection, &pipeline) || pipeline_row_count(&pipeline.commands[0]) == 0;
		pipeline_clear(&pipeline);
	}
	mem_free(pid);
}

void
shadow_close(struct shadow *shadow)
{
	if (shadow->session.connection)
		await_exit(shadow);
	if (shadow->name && shadow->server.connection) {
		struct pipeline pipeline = {0};
		char	   *drop = mem_format("DROP DATABASE IF EXISTS %s", shadow->name);

		pipeline_add(&pipeline, drop, 0);
		if (!pipeline_run(shadow->server.connection, &pipeline)) {
			report_warning("the scratch database %s could not be dropped: %s", shadow->name,
						   pipeline_failed(&pipeline)->error.message);
			report_hint("The next command that needs one drops it.");
		}
		pipeline_clear(&pipeline);
		mem_free(drop);
	}
	session_close(&shadow->server);
	mem_free(shadow->name);
	mem_free(shadow->owner);
	*shadow = (struct shadow) {.version = -1};
}
