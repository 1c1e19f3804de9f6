/* Facts about sequences. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* The columns of LIVE_SEQUENCES. */
enum {
	RELATION, TYPE, START, INCREMENT, MAXIMUM, MINIMUM, CACHE, CYCLE
};

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_SEQUENCES,
			 "SELECT seqrelid, format_type(seqtypid, NULL), seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle"
			 " FROM pg_sequence WHERE seqrelid >= " LIVE_FIRST_USER_OID " ORDER BY seqrelid");
	live_ask(reader, LIVE_SEQUENCE_COLUMNS,
			 "SELECT objid, refobjid, refobjsubid, deptype FROM pg_depend WHERE classid = 'pg_class'::regclass"
			 " AND objid = ANY (ARRAY(SELECT seqrelid FROM pg_sequence)) AND objsubid = 0 AND refclassid = 'pg_class'::regclass"
			 " AND refobjsubid > 0 AND deptype IN ('a', 'i') ORDER BY objid");
}

static void
tell_unless(struct live_reader *reader, const char *label, const char *value, const char *usual)
{
	if (strcmp(value, usual) != 0)
		live_property(reader, label, value);
}

static void
tell_numbers(struct live_reader *reader, const struct pipeline_command *rows, int i)
{
	const char *type = pipeline_text(rows, i, TYPE);
	bool		falling = pipeline_text(rows, i, INCREMENT)[0] == '-';
	const char *highest = strcmp(type, "smallint") == 0 ? "32767" : strcmp(type, "integer") == 0 ? "2147483647"
		: "9223372036854775807";
	const char *lowest = strcmp(type, "smallint") == 0 ? "-32768" : strcmp(type, "integer") == 0 ? "-2147483648"
		: "-9223372036854775808";

	live_main(reader, "%s", type);
	tell_unless(reader, "start", pipeline_text(rows, i, START), pipeline_text(rows, i, falling ? MAXIMUM : MINIMUM));
	tell_unless(reader, "increment", pipeline_text(rows, i, INCREMENT), "1");
	tell_unless(reader, "minimum", pipeline_text(rows, i, MINIMUM), falling ? lowest : "1");
	tell_unless(reader, "maximum", pipeline_text(rows, i, MAXIMUM), falling ? "-1" : highest);
	tell_unless(reader, "cache", pipeline_text(rows, i, CACHE), "1");
	live_flag(reader, "cycle", pipeline_bool(rows, i, CYCLE));
}

/*
 * Until PostgreSQL 14 no sequence is unlogged. A dump of such a server makes a logged sequence for an unlogged table,
 * which newer servers do not; that is not compared.
 */
static void
tell_persistence(struct live_reader *reader, char own, char usual)
{
	live_flag(reader, "unlogged", own == 'u' && usual != 'u');
	if (reader->server >= 150000 && own != 'u' && usual == 'u')
		reader->logged_sequences++;
}

static void
tell_sequence(struct live_reader *reader, const struct live_object *sequence, int i)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_SEQUENCES);
	const struct pipeline_command *relations = live_rows(reader, LIVE_RELATIONS);
	const struct pipeline_command *columns = live_rows(reader, LIVE_SEQUENCE_COLUMNS);
	int			relation = live_first_row(relations, sequence->oid);
	int			column = live_first_row(columns, sequence->oid);
	unsigned	table = live_row_is(columns, column, sequence->oid) ? live_oid(columns, column, 1) : 0;
	const struct live_object *owner = table ? live_find(reader, LIVE_CLASS_RELATION, table) : NULL;
	const char *persistence = owner ? live_found(reader, LIVE_RELATIONS, table, LIVE_RELATION_PERSISTENCE) : NULL;

	/* That of a table that is not compared. */
	if (owner && !owner->compared)
		return;
	live_begin(reader, FACT_SEQUENCE, sequence->name);
	tell_numbers(reader, rows, i);
	if (owner)
		live_property(reader, live_letter(columns, column, 3) == 'i' ? "identity of" : "owned by", arena_format(
						  reader->arena, "%s.%s", owner->name,
						  live_column(reader, table, (int) pipeline_number(columns, column, 2))));
	else
		live_owner(reader, live_oid(relations, relation, LIVE_RELATION_OWNER));
	tell_persistence(reader, live_letter(relations, relation, LIVE_RELATION_PERSISTENCE),
					 *(persistence ? persistence : "p"));
	live_comment(reader, LIVE_CLASS_RELATION, sequence->oid, 0);
	live_end(reader);
	live_privileges(reader, 's', arena_format(reader->arena, "sequence %s", sequence->name),
					live_oid(relations, relation, LIVE_RELATION_OWNER),
					pipeline_value(relations, relation, LIVE_RELATION_ACL));
}

static void
tell(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_SEQUENCES);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const struct live_object *sequence = live_compared(reader, LIVE_CLASS_RELATION, live_oid(rows, i, RELATION));

		if (sequence)
			tell_sequence(reader, sequence, i);
	}
	live_uncompared(reader, reader->logged_sequences, "logged owned sequence");
}

const struct live_part live_sequences = {ask, NULL, tell};
