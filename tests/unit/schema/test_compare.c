/* The differences between a live database and a version: each case is a line or two. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

/* A view as the hashes of its definition and of the normal form. */
#define VIEW(hash, normal) "view v\t000000000000000" hash "/000000000000000" normal "\n"

#define LOOSELY "definition could be compared only without its parentheses and table names, made by PostgreSQL "

/* Version 1 has another constraint, and its down is empty. */
#define REPLACED \
	"+ constraint t.old\tUNIQUE (a)\nversion 1\n- constraint t.old\tUNIQUE (a)\n+ constraint t.new\tUNIQUE (b)\n" \
	"leaves constraint t.new\tUNIQUE (b)\nlacks constraint t.old\n"

/* Differences are "group: text", with "note " before; several end with \n each. */
static const struct {
	const char *live;
	const char *known;			/* after "version 0" */
	int			version;
	int			server;			/* 0: 15 */
	size_t		implied;
	const char *says;
}			cases[] = {
	{"table t\n", "+ table t\n", 0, 0, 0, ""},
	/* a table hides what it has */
	{"", "+ table t\n+ column t.c\tinteger\n+ index t.i\tbtree (c)\n+ privilege table t to apache\tselect\n"
		"+ privilege column t.c to apache\tselect\n+ sequence s\tinteger\towned by: t.c\n", 0, 0, 5,
	"t: table t is missing\n"},
	{"table t\ncolumn t.c\tinteger\nindex t.i\tbtree (c)\n", "", 0, 0, 2,
	"t: table t is not part of version 0\n"},
	/* and so does a column */
	{"table t\n", "+ table t\n+ column t.c\tinteger\n+ index t.i\tbtree (c)\n+ constraint t.k\tUNIQUE (c)\n", 0, 0,
	2, "t: column c is missing: type integer\n"},
	{"table t\ncolumn t.c\tinteger\nindex t.i\tbtree (c)\n", "+ table t\n", 0, 0, 1,
	"t: column c is not part of version 0: type integer\n"},
	{"table t\n", "+ table t\n+ column t.c\tinteger\tnot null\tdefault: 7\tafter: b\n", 0, 0, 0,
	"t: column c is missing: type integer, not null, default 7\n"},
	/* a column of a missing type */
	{"table t\n", "+ table t\n+ type e\tenum\n+ label e.a\n+ column t.c\te\n", 0, 0, 2,
	"e: type e is missing\n"},
	/* an index on another column, as its own is missing */
	{"table t\ncolumn t.d\tinteger\nindex t.i\tbtree (d)\n",
	"+ table t\n+ column t.c\tinteger\n+ index t.i\tbtree (c)\n",
	0, 0, 1, "t: column c is missing: type integer; d may be this object, renamed\nt: column d is not part of version"
	" 0: type integer\n"},
	{"index t.i\tbtree (d)\n", "+ index t.i\tbtree (c)\n", 0, 0, 0,
	"t: index i: definition is btree (d), should be btree (c)\n"},
	/* names */
	{"index t.x\tbtree (c)\n", "+ index t.i\tbtree (c)\n", 0, 0, 0,
	"note t: index i is named x; otherwise it is the same\n"},
	{"constraint t.x\tUNIQUE (c)\n", "+ constraint t.k\tUNIQUE (c)\n", 0, 0, 0,
	"t: constraint k is named x; otherwise it is the same\n"},
	{"index t.i\tbtree (c)\nindex t.x\tbtree (c)\n", "+ index t.i\tbtree (c)\n", 0, 0, 0,
	"t: index x is not part of version 0: btree (c)\n"},
	{"index t.x\tbtree (c)\nindex t.y\tbtree (c)\n", "+ index t.i\tbtree (c)\n", 0, 0, 0,
	"t: index y is not part of version 0: btree (c)\nnote t: index i is named x; otherwise it is the same\n"},
	{"index u.x\tbtree (c)\n", "+ index t.i\tbtree (c)\n", 0, 0, 0,
	"t: index i is missing: btree (c)\nu: index x is not part of version 0: btree (c)\n"},
	/* an extra object does not hide differences of others */
	{"table t\nfunction f()\tx\ntrigger t.g\tEXECUTE FUNCTION f()\n", "+ table t\n", 0, 0, 0,
	"f(): function f() is not part of version 0\nt: trigger g is not part of version 0: EXECUTE FUNCTION f()\n"},
	{"table t\n", "+ table t\n+ function f()\tx\n+ trigger t.g\tEXECUTE FUNCTION f()\n", 0, 0, 1,
	"f(): function f() is missing\n"},
	/* a foreign key to a missing key, but not one to a key of another name */
	{"table t\ntable u\n", "+ table t\n+ table u\n+ constraint t.k\tPRIMARY KEY (c)\n"
		"+ constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\n", 0, 0, 1,
	"t: constraint k is missing: PRIMARY KEY (c)\n"},
	{"table t\ntable u\nconstraint t.x\tPRIMARY KEY (c)\n", "+ table t\n+ table u\n"
		"+ constraint t.k\tPRIMARY KEY (c)\n+ constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\n", 0, 0,
	0, "t: constraint k is named x; otherwise it is the same\n"
		"u: constraint f is missing: FOREIGN KEY (c) REFERENCES public.t(c)\n"},
	{"table u\n", "+ table t\n+ table u\n+ constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\n", 0, 0,
	1, "t: table t is missing\n"},
	/* what is in an extra schema, and a sequence of a missing column */
	{"schema s\ntable s.t\ncolumn s.t.c\tinteger\nfunction s.f()\tx\n", "", 0, 0, 3,
	"s: schema s is not part of version 0\n"},
	{"table t\nsequence x\tinteger\towned by: u.c\n", "+ table t\n+ column t.c\tinteger\n"
		"+ sequence x\tinteger\towned by: t.c\n", 0, 0, 1, "t: column c is missing: type integer\n"},
	/* order */
	{"column t.b\tinteger\ncolumn t.a\tinteger\tafter: b\ncolumn t.c\tinteger\tafter: a\n",
	"+ column t.a\tinteger\n+ column t.b\tinteger\tafter: a\n+ column t.c\tinteger\tafter: b\n", 0, 0, 0,
	"note t: the order of the columns is different\n"},
	{"column t.x\tinteger\ncolumn t.a\tinteger\tafter: x\ncolumn t.b\tinteger\tafter: a\n",
	"+ column t.a\tinteger\n+ column t.b\tinteger\tafter: a\n", 0, 0, 0,
	"t: column x is not part of version 0: type integer\n"},
	{"label e.b\nlabel e.a\tafter: b\n", "+ label e.a\n+ label e.b\tafter: a\n", 0, 0, 0,
	"note e: the order of the labels is different; if labels were renamed, stored values have another meaning\n"},
	/* owners and comments */
	{"table t\towner: apache\tcomment: x\n", "+ table t\tcomment: y\n", 0, 0, 0,
	"t: table t: comment is x, should be y\nt: table t: owner is apache, should be fitsdata\n"},
	{"table t\n", "+ table t\towner: nobody\n", 0, 0, 0,
	"note : not compared: privileges of role nobody, which does not exist here\n"},
	/* flags */
	{"column t.c\tinteger\tnot null\n", "+ column t.c\tinteger\n", 0, 0, 0,
	"t: column c: not null should not be set\n"},
	{"constraint t.f\tFOREIGN KEY (c)\tchecks: disabled\n", "+ constraint t.f\tFOREIGN KEY (c)\n", 0, 0, 0,
	"t: constraint f is not enforced when t changes: its triggers on t are disabled\n"},
	/* privileges */
	{"privilege table t to apache\tselect\n", "+ privilege table t to apache\tinsert, select\n", 0, 0, 0,
	"t: apache lacks insert\n"},
	{"privilege table u to apache\tselect\nprivilege column u.c to PUBLIC\tselect\n",
	"+ privilege table t to apache\tinsert\n", 0, 0, 0,
	"t: apache lacks insert\nu: PUBLIC should not have select on column c\nu: apache should not have select\n"},
	{"privilege table t to reader\tselect\nprivilege table u to reader\tselect\n", "", 0, 0, 0,
	"note : role reader has privileges on 2 objects; no version grants privileges to this role\n"},
	{"", "+ privilege table t to nobody\tselect\n+ privilege table u to nobody\tselect\n", 0, 0, 0,
	"note : not compared: privileges of role nobody, which does not exist here\n"},
	{"", "+ privilege database to apache\tconnect\n", 0, 0, 0,
	"note : apache lacks connect on the database (pg_dump does not include it)\n"},
	{"privilege table t to apache\tselect, update\n", "+ privilege table t to apache\tinsert, select\n", 0, 0,
	0, "t: apache has select, update, should have insert, select\n"},
	/* where the default is not nothing */
	{"type e\tenum\nprivilege type e to PUBLIC\tnone\n", "+ type e\tenum\n", 0, 0, 0,
	"e: PUBLIC lacks usage\n"},
	{"privilege language plpgsql to PUBLIC\tnone\n", "", 0, 0, 0,
	"plpgsql: PUBLIC lacks usage on language plpgsql\n"},
	{"schema public\nprivilege schema public to PUBLIC\tnone\n", "+ schema public\n", 0, 0, 0,
	"public: PUBLIC lacks usage on schema public\n"},
	/* taken away from the owner of schema public, whoever that is */
	{"schema public\nprivilege schema public to pg_database_owner\tnone\n", "+ schema public\n", 0, 0, 0,
	"public: pg_database_owner lacks create, usage on schema public\n"},
	{"schema public\nprivilege schema public to pg_database_owner\tusage\n", "+ schema public\n", 0, 0, 0,
	"public: pg_database_owner lacks create on schema public\n"},
	{"schema public\nprivilege schema public to root\tnone\n", "+ schema public\n", 0, 0, 0,
	"public: root lacks create, usage on schema public\n"},
	{"schema public\nprivilege schema public to reader\tusage\n", "+ schema public\n", 0, 0, 0,
	"note : role reader has privileges on 1 object; no version grants privileges to this role\n"},
	{"function f()\tx\n", "+ function f()\tx\n+ privilege function f() to PUBLIC\tnone\n", 0, 0, 0,
	"f(): PUBLIC should not have execute\n"},
	{"sequence s\tinteger\nprivilege sequence s to @\tselect\n", "+ sequence s\tinteger\n", 0, 0, 0,
	"s: the owner of the database lacks update, usage\n"},
	{"sequence s\tinteger\towner: apache\nprivilege sequence s to @\tselect\n",
	"+ sequence s\tinteger\towner: apache\n", 0, 0, 0,
	"s: the owner of the database should not have select\n"},
	/* each side has the default of its own owner */
	{"sequence s\tinteger\towner: apache\nprivilege sequence s to @\tselect\n", "+ sequence s\tinteger\n", 0, 0,
	0, "s: sequence s: owner is apache, should be fitsdata\n"
		"s: the owner of the database lacks update, usage\n"},
	/* what PUBLIC may not do with the database is hardening, what it may is not */
	{"database \nprivilege database to PUBLIC\ttemporary\n", "+ database \n", 0, 0, 0,
	"note : PUBLIC lacks connect on the database\n"},
	{"database \nprivilege database to PUBLIC\tnone\n", "+ database \n", 0, 0, 0,
	"note : PUBLIC lacks connect, temporary on the database\n"},
	{"database \nprivilege database to PUBLIC\tconnect, create, temporary\n", "+ database \n", 0, 0, 0,
	": PUBLIC should not have create on the database\n"},
	/* all tables belong to a role that the database does not belong to */
	{"database \ntable t\towner: apache\ntable u\towner: apache\nview v\tx\towner: apache\n",
	"+ database \n+ table t\n+ table u\n+ view v\tx\n", 0, 0, 3,
	": the database belongs to fitsdata, but its tables and other objects (3) belong to apache\n"},
	{"table t\towner: apache\ntable u\n", "+ table t\n+ table u\n", 0, 0, 0,
	"t: table t: owner is apache, should be fitsdata\n"},
	{"table t\towner: apache\ntable u\towner: reader\n", "+ table t\n+ table u\n", 0, 0, 0,
	"t: table t: owner is apache, should be fitsdata\nu: table u: owner is reader, should be fitsdata\n"},
	/* the triggers of a foreign key on the table that it refers to */
	{"constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\tactions: disabled\n",
	"+ constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\n", 0, 0, 0,
	"t: constraint u.f is not enforced when t changes: its triggers on t are disabled\n"},
	{"constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\tactions: always\n",
	"+ constraint u.f\tFOREIGN KEY (c) REFERENCES public.t(c)\n", 0, 0, 0,
	"t: constraint f: actions is always, should be enabled\n"},
	/* the default of a missing sequence */
	{"table t\ncolumn t.c\tinteger\n", "+ table t\n+ column t.c\tinteger\tdefault: nextval('public.s'::regclass)\n"
		"+ sequence s\tinteger\towned by: t.c\n", 0, 0, 1,
	"s: sequence s is missing: integer, owned by t.c\n"},
	/* settings */
	{"setting work_mem\t8MB\nsetting search_path\tx\nsetting a.secret\tx\nsetting row_security for apache\toff\n", "",
	0, 0, 0, ": setting row_security for apache is not part of version 0\n"
		": setting search_path is not part of version 0\nnote : no version has setting a.secret\n"
		"note : no version has setting work_mem\n"},
	/* what a downgrade leaves */
	{"label e.a\nlabel e.b\tafter: a\nlabel e.x\tafter: b\n", "+ label e.a\nversion 1\n+ label e.b\tafter: a\n"
		"leaves label e.b\tafter: a\n", 0, 0, 0,
	"e: label x is not part of version 0\nnote e: label b belongs to a later version; PostgreSQL cannot drop it\n"},
	{"column t.c\tbigint\n", "+ column t.c\tinteger\nversion 1\n- column t.c\tinteger\n+ column t.c\tbigint\n"
		"leaves column t.c\tbigint\n", 0, 0, 0,
	"note t: column c: type is bigint, should be integer (a downgrade does not change it)\n"},
	{"label e.a\nlabel e.b\n", "+ label e.a\nversion 1\n+ label e.b\n", 0, 0, 0,
	"e: label b is not part of version 0\n"},
	/* and what it does not bring back, if its replacement is there as it was left */
	{"constraint t.new\tUNIQUE (b)\n", REPLACED, 0, 0, 0,
		"note t: constraint new belongs to a later version; the downgrade does not remove it\n"
	"note t: constraint old is missing; a downgrade from a later version does not bring it back\n"},
	{"", REPLACED, 0, 0, 0, "t: constraint old is missing: UNIQUE (a)\n"},
	{"constraint t.new\tUNIQUE (c)\n", REPLACED, 0, 0, 0,
	"t: constraint new is not part of version 0: UNIQUE (c)\nt: constraint old is missing: UNIQUE (a)\n"},
	{"constraint u.new\tUNIQUE (b)\n", REPLACED, 0, 0, 0,
	"t: constraint old is missing: UNIQUE (a)\nu: constraint new is not part of version 0: UNIQUE (b)\n"},
	/* the versions of a fact */
	{"column t.c\tinteger\n", "+ column t.c\tinteger\nversion 1\n- column t.c\tinteger\n+ column t.c\tbigint\n", 1, 0,
	0, "t: column c: type is integer, should be bigint\n"},
	/* any form of a fact is right, on any server */
	{VIEW("1", "1"), "+10 " VIEW("1", "1") "+15,18 " VIEW("2", "2"), 0, 0, 0, ""},
	{VIEW("3", "2"), "+10 " VIEW("1", "1") "+15,18 " VIEW("2", "2"), 0, 0, 0,
	"v: view v: definition is 0000000000000003/0000000000000002, should be 0000000000000002/0000000000000002\n"},
	/* where no form is known, the normal form counts */
	{VIEW("3", "1"), "+10 " VIEW("1", "1"), 0, 0, 0, "v: view v: " LOOSELY "15\n"},
	{VIEW("3", "1"), "+ " VIEW("1", "1"), 0, 190000, 0, "v: view v: " LOOSELY "19\n"},
	{VIEW("1", "1"), "+ " VIEW("1", "1"), 0, 190000, 0, ""},
	{VIEW("3", "2"), "+10 " VIEW("1", "1"), 0, 0, 0,
	"v: view v: definition could not be compared, made by PostgreSQL 15\n"},
	{"constraint t.c\tCHECK ((t.a > 0))\n", "+15 constraint t.c\tCHECK (a > 0)\n", 0, 180004, 0,
	"t: constraint c: " LOOSELY "18\n"},
	{"constraint t.c\tCHECK ((t.a > 1))\n", "+15 constraint t.c\tCHECK (a > 0)\n", 0, 180004, 0,
	"t: constraint c: definition could not be compared, made by PostgreSQL 18\n"},
	{"constraint t.c\tCHECK ((t.a > 0))\n", "+ constraint t.c\tCHECK (a > 0)\n", 0, 180004, 0,
	"t: constraint c: definition is CHECK ((t.a > 0)), should be CHECK (a > 0)\n"},
	/* a plain property is never excused */
	{"column t.c\tbigint\n", "+15 column t.c\tinteger\n", 0, 180004, 0,
	"t: column c: type is bigint, should be integer\n"},
	/* a server that may do without an object may have it */
	{"", "+15 function f()\tx\n~10 function f()\n", 0, 100000, 0, ""},
	{"function f()\tx\n", "+15 function f()\tx\n~10 function f()\n", 0, 100000, 0, ""},
	{"", "+15 function f()\tx\n~10 function f()\n", 0, 150000, 0, "f(): function f() is missing\n"},
	/* on one line */
	{"table t\tcomment: a\\n\\tb\n", "+ table t\tcomment: c\n", 0, 0, 0,
	"t: table t: comment is a b, should be c\n"},
};

static char *
say(const struct comparison *comparison, int server)
{
	char	   *all;
	size_t		length;
	FILE	   *stream = mem_stream_open(&all, &length);

	for (size_t i = 0; i < comparison->count; i++) {
		char	   *text = compare_line(&comparison->items[i], server);

		fprintf(stream, "%s%s: %s\n", comparison->items[i].note ? "note " : "", comparison->items[i].group, text);
		mem_free(text);
	}
	mem_stream_close(stream);
	return all;
}

START_TEST(test_compare)
{
	int			server = cases[_i].server ? cases[_i].server : 150004;
	char	   *known = mem_format("version 0\n%s", cases[_i].known);
	struct given_facts given;
	struct comparison comparison;
	char	   *said;

	given_facts_make(&given, cases[_i].live, known, server);
	compare(&comparison, &given.sides, cases[_i].version);
	said = say(&comparison, server);
	ck_assert_str_eq(said, cases[_i].says);
	ck_assert_uint_eq(comparison.implied, cases[_i].implied);
	mem_free(said);
	compare_clear(&comparison);
	ck_assert_uint_eq(comparison.count, 0);
	given_facts_clear(&given);
	mem_free(known);
}
END_TEST

START_TEST(ignored_objects_are_noted)
{
	static const struct history_ignore ignores[] = {
		{.kind = "*",.name = "retired.*",.reason = "old"},
		{.kind = "materialized view",.name = "*",.reason = "statistics"},
		{.first = 1,.kind = "view",.name = "w",.reason = "from the next version on"}
	};
	struct given_facts given;
	struct comparison comparison;
	char	   *said;

	given_facts_make(&given,
					 "table retired.a\ncolumn retired.a.c\tinteger\nprivilege table retired.a to PUBLIC\tselect\n"
					 "privilege column retired.a.c to PUBLIC\tselect\nsequence retired.s\tinteger\n"
					 "materialized view v\tx\nindex v.i\tbtree (c)\ncolumn v.c\tinteger\nview w\tx\n", "version 0\n",
					 150004);
	given.sides.ignore_count = 3;
	given.sides.ignores = ignores;
	compare(&comparison, &given.sides, 0);
	said = say(&comparison, 150004);
	ck_assert_str_eq(said, "note : not compared: sequence retired.s and 1 other object: old\n"
					 "note : not compared: materialized view v: statistics\nw: view w is not part of version 0\n");
	ck_assert_uint_eq(comparison.differences, 1);
	ck_assert_uint_eq(comparison.notes, 0);
	ck_assert_uint_eq(comparison.uncompared, 2);
	mem_free(said);
	compare_clear(&comparison);
	given_facts_clear(&given);
}
END_TEST

/*
 * A table and a type that only version 1 creates are there, in another form. A missing object is not listed if a later
 * version drops it. The comment of a sequence, which has a dot, is not taken for the name of its column.
 */
START_TEST(what_is_there_early)
{
	struct given_facts given;
	struct comparison comparison;
	char	   *said;

	given_facts_make(&given, "type e\tenum\ntable t\ncolumn t.b\tbigint\ntable u\n",
					 "version 0\n+ table u\nversion 1\n+ type e\tenum\n+ label e.x\n+ table t\n+ column t.a\tinteger\n"
					 "+ column t.b\tinteger\n+ column t.c\tinteger\n+ constraint t.k\tUNIQUE (b)\n+ index t.i\tbtree (b)\n"
					 "+ privilege table t to apache\tselect\n+ column u.a\tinteger\n+ table v\n+ column v.a\tinteger\n"
					 "+ sequence q\tinteger\towned by: t.b\tcomment: Id. Of t\n+ sequence r\tinteger\towned by: u.a\n"
					 "version 2\n- column t.c\tinteger\n- column t.a\tinteger\n+ column t.a\tbigint\n", 150004);
	given.sides.early = true;
	compare(&comparison, &given.sides, 0);
	said = say(&comparison, 150004);
	ck_assert_str_eq(said, "e: label x is missing\nq: sequence q is missing: integer, owned by t.b, comment Id. Of t\n"
					 "t: column a is missing: type integer\nt: constraint k is missing: UNIQUE (b)\n"
					 "t: apache lacks select\n");
	mem_free(said);
	compare_clear(&comparison);
	given.sides.early = false;
	compare(&comparison, &given.sides, 0);
	said = say(&comparison, 150004);
	ck_assert_str_eq(said, "e: type e is not part of version 0\nt: table t is not part of version 0\n");
	mem_free(said);
	compare_clear(&comparison);
	given_facts_clear(&given);
}
END_TEST

/* Which extra constraints and indexes refuse rows that version 0 allows: table t has a key (a), and (b, c) is unique. */
static const struct {
	const char *live;
	bool		refuses;
}			extras[] = {
	{"constraint t.x\tUNIQUE (b)\n", true},
	{"constraint t.x\tUNIQUE (c, d)\n", true},
	{"index t.x\tunique btree (d DESC, b)\n", true},
	{"index t.x\tunique btree (b)\twhere: (c > 0)\n", true},
	{"index t.x\tunique btree (lower(b))\n", true},
	{"constraint t.x\tEXCLUDE USING gist (b WITH =)\n", true},
	/* no more than others */
	{"constraint t.x\tUNIQUE (a)\n", false},
	{"constraint t.x\tUNIQUE (c, b)\n", false},
	{"constraint t.x\tUNIQUE (d, c, b)\n", false},
	{"index t.x\tunique btree (d, a)\n", false},
	{"index t.x\tbtree (b)\n", false},
	{"constraint t.x\tCHECK ((b > 0))\n", false},
	/* a column or a table that is extra, too; or what a later version has */
	{"column t.e\tinteger\nconstraint t.x\tUNIQUE (b, e)\n", false},
	{"table u\nconstraint u.x\tUNIQUE (b)\n", false},
	{"constraint t.later\tUNIQUE (b)\n", false},
};

START_TEST(extra_constraints)
{
	struct given_facts given;
	struct comparison comparison;
	bool		refuses = false;
	char	   *live = mem_format("table t\ncolumn t.a\tinteger\ncolumn t.b\tinteger\ncolumn t.c\tinteger\n"
								  "column t.d\tinteger\nconstraint t.k\tPRIMARY KEY (a)\nindex t.i\tunique btree (b, c)\n%s",
								  extras[_i].live);

	given_facts_make(&given, live, "version 0\n+ table t\n+ column t.a\tinteger\n+ column t.b\tinteger\n"
					 "+ column t.c\tinteger\n+ column t.d\tinteger\n+ constraint t.k\tPRIMARY KEY (a)\n"
					 "+ index t.i\tunique btree (b, c)\nversion 1\n+ constraint t.later\tUNIQUE (b)\n", 150004);
	compare(&comparison, &given.sides, 0);
	for (size_t i = 0; i < comparison.count; i++)
		refuses |= comparison.items[i].refuses;
	ck_assert_int_eq(refuses, extras[_i].refuses);
	compare_clear(&comparison);
	given_facts_clear(&given);
	mem_free(live);
}
END_TEST

/* Of a long value, whole characters. */
START_TEST(test_long_value)
{
	char		text[302];
	char	   *live;
	struct given_facts given;
	struct comparison comparison;
	char	   *said;

	text[0] = 'x';
	for (size_t i = 1; i < 301; i += 2)
		memcpy(text + i, "\u00e9", 2);
	text[301] = '\0';
	live = mem_format("table t\tcomment: %s\n", text);
	given_facts_make(&given, live, "version 0\n+ table t\tcomment: y\n", 150004);
	compare(&comparison, &given.sides, 0);
	said = compare_line(&comparison.items[0], 150004);
	ck_assert_ptr_nonnull(strstr(said, "\u00e9..., should be y"));
	ck_assert_uint_lt(strlen(said), 260);
	mem_free(said);
	compare_clear(&comparison);
	given_facts_clear(&given);
	mem_free(live);
}
END_TEST

Suite *
compare_suite(void)
{
	Suite	   *suite = suite_create("compare");
	TCase	   *tcase = tcase_create("compare");

	tcase_add_loop_test(tcase, test_compare, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, ignored_objects_are_noted);
	tcase_add_test(tcase, what_is_there_early);
	tcase_add_loop_test(tcase, extra_constraints, 0, sizeof(extras) / sizeof(extras[0]));
	tcase_add_test(tcase, test_long_value);
	suite_add_tcase(suite, tcase);
	return suite;
}
