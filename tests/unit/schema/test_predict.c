/* How upgrades from every version would end: each case is a letter for each version, and the reasons. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/predict.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

/*
 * For each version: c complete, i incomplete, f a failure; then the numbers of differences. The reasons are those of
 * all versions, each once, with the versions in front.
 */
static const struct {
	const char *live;
	const char *known;
	const char *outcomes;
	const char *differences;
	const char *reasons;
}			cases[] = {
	{"table t\n", "version 0\n+ table t\n", "c", " 0", ""},
	/* a pending migration adds it */
	{"table t\n", "version 0\n+ table t\nversion 1\n+ column t.a\tinteger\nversion 2\n", "cii", " 0 1 1",
	"1-2: column t.a would be missing\n"},
	/* or repairs it */
	{"table t\n", "version 0\n+ table t\nversion 1\n+ column t.a\tinteger\nversion 2\nensures column t.a\n", "cci",
	" 0 1 1", "2-2: column t.a would be missing\n"},
	/* a table with all that it has */
	{"", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\n+ index t.i\tbtree (a)\nversion 2\nensures table t\n",
	"cci", " 0 3 3", "2-2: table t would be missing\n"},
	/* unless it is there in an earlier form: then it is not created */
	{"table t\ncolumn t.b\tinteger\n", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\n+ column t.b\tinteger\n"
		"+ constraint t.c\tCHECK (a)\n+ index t.i\tbtree (a)\nrepeatable\nversion 2\nensures constraint t.c\n", "iii",
	" 2 3 3", "0-2: column t.a would be missing\n1-2: index t.i would be missing\n"
	"2-2: constraint t.c would be missing\n"},
	/* though it needs its parts, or its types, where it is there */
	{"", "version 0\nversion 1\n+ type e\tenum\n+ label e.x\n+ table t\n+ column t.a\te\nversion 2\nneeds type e\n"
	"needs label e.x\nneeds column t.a\nensures table t\n", "cci", " 0 4 4", "2-2: type e would be missing\n"
	"2-2: table t would be missing\n"},
	{"type e\tenum\nlabel e.x\ntable t\n", "version 0\n+ type e\tenum\n+ label e.x\n+ table t\n+ column t.a\te\n"
	"version 1\nneeds type e\nneeds column t.a\nensures table t\n", "fi", " 1 1",
	"0-1: column t.a would be missing\n0-0: migration 1 needs column t.a, which is missing\n"},
	/* that has been run already, or only in part, or cannot be repeated */
	{"table t\ncolumn t.b\tinteger\n", "version 0\n+ table t\n+ column t.a\tinteger\nversion 1\n- column t.a\tinteger\n"
	"+ column t.b\tinteger\n+ index t.i\tbtree (b)\nneeds column t.a\nrepeatable\n", "fi", " 2 1",
	"1-1: index t.i would be missing\n0-0: migration 1 needs column t.a, which is missing\n"},
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (b)\n", "version 0\n+ table t\n+ column t.a\tinteger\nversion 1\n"
		"- column t.a\tinteger\n+ column t.b\tinteger\n+ index t.i\tbtree (b)\nneeds column t.a\nrepeatable\n", "cc",
	" 3 0", ""},
	{"table t\ncolumn t.b\tinteger\n", "version 0\n+ table t\n+ column t.a\tinteger\nversion 1\n- column t.a\tinteger\n"
	"+ column t.b\tinteger\nneeds column t.a\n", "fc", " 2 0",
	"0-0: migration 1 creates column t.b, which exists\n0-0: migration 1 needs column t.a, which is missing\n"},
	/* another table has the type */
	{"table u\n", "version 0\n+ type e\tenum\n+ table t\n+ column t.a\te[]\n+ table u\n+ column u.a\te\nversion 1\n"
	"needs type e\nensures table t\n", "fi", " 4 4", "0-1: type e would be missing\n1-1: table t would be missing\n"
	"0-1: column u.a would be missing\n0-0: migration 1 needs type e, which is missing\n"},
	/* so also the sequence of an identity column */
	{"", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\n+ sequence s\tinteger\tidentity of: t.a\n"
	"version 2\nensures table t\n", "cci", " 0 3 3", "2-2: table t would be missing\n"},
	/* and the sequence of a table that exists; the comment of the sequence has a dot */
	{"table t\ncolumn t.a\tinteger\n", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\n"
		"+ sequence s\tinteger\towned by: t.a\tcomment: Id. Of t\nrepeatable\n", "ii", " 2 1",
	"0-1: sequence s would be missing\n"},
	/* what exists already */
	{"table t\ncolumn t.a\tinteger\n", "version 0\n+ table t\nversion 1\n+ column t.a\tinteger\n", "fc", " 1 0",
	"0-0: migration 1 creates column t.a, which exists\n"},
	{"table t\ncolumn t.a\tinteger\n", "version 0\n+ table t\nversion 1\n+ column t.a\tinteger\nrepeatable\n", "cc",
	" 1 0", ""},
	/* a type that is there in another form, under a name that it has for some versions only */
	{"type e\tenum\nlabel e.a\n", "version 0\nversion 1\n+ type e\tenum\n+ label e.a\n+ label e.b\tafter: a\n"
		"repeatable\nversion 2\n- type e\tenum\n- label e.a\n- label e.b\tafter: a\n+ type f\tenum\n+ label f.a\n"
		"+ label f.b\tafter: a\n", "iii", " 2 1 5",
	"2-2: type f would be missing\n0-1: label e.b would be missing\n"},
	{"type e\tdomain\n", "version 0\nversion 1\n+ type e\tenum\nrepeatable\nversion 2\n- type e\tenum\n"
		"+ type f\tenum\n", "iii", " 1 1 2",
	"0-1: type e is different, and the upgrade would not change it\n2-2: type f would be missing\n"},
	{"type e\tenum\n", "version 0\nversion 1\n+ type e\tenum\nrepeatable\nversion 2\n- type e\tenum\n"
		"+ type f\tenum\n", "cci", " 1 0 2", "2-2: type f would be missing\n"},
	/* in another form: it is skipped, and stays so */
	{"table t\ncolumn t.a\ttext\n", "version 0\n+ table t\nversion 1\n+ column t.a\tinteger\nrepeatable\n", "ii",
	" 1 1", "0-1: column t.a would be different\n"},
	/* but is changed by a later one */
	{"table t\ncolumn t.a\ttext\n", "version 0\n+ table t\n+ column t.a\ttext\nversion 1\n- column t.a\ttext\n"
		"+ column t.a\tinteger\n", "ci", " 0 1", "1-1: column t.a would be different\n"},
	/* unless another property differs */
	{"column t.a\ttext\n", "version 0\n+ column t.a\ttext\tnot null\nversion 1\n- column t.a\ttext\tnot null\n"
		"+ column t.a\tinteger\tnot null\n", "ii", " 1 2", "0-1: column t.a would be different\n"},
	/* it is dropped, and then created as it should be */
	{"view v\tx\n", "version 0\n+ view v\ty\nversion 1\n- view v\ty\nversion 2\n+ view v\tz\n", "cfi", " 1 1 1",
	"1-2: view v would be different\n1-1: migration 2 creates view v, which exists\n"},
	/* needs */
	{"", "version 0\n+ table t\nversion 1\nversion 2\nneeds table t\n", "ffi", " 1 1 1",
	"0-2: table t would be missing\n0-1: migration 2 needs table t, which is missing\n"},
	{"", "version 0\n+ table t\nversion 1\nensures table t\nversion 2\nneeds table t\n", "cfi", " 1 1 1",
	"1-2: table t would be missing\n1-1: migration 2 needs table t, which is missing\n"},
	{"", "version 0\nversion 1\n+ table t\nversion 2\nneeds table t\n", "cfi", " 0 1 1",
	"1-2: table t would be missing\n1-1: migration 2 needs table t, which is missing\n"},
	{"", "version 0\n+ table t\nversion 1\nneeds table t\n- table t\n", "fc", " 1 0",
	"0-0: migration 1 needs table t, which is missing\n"},
	/* a key with another name is enough, unless the migration names the key */
	{"table t\nconstraint t.x\tPRIMARY KEY (a)\n", "version 0\n+ table t\n+ constraint t.p\tPRIMARY KEY (a)\nversion 1\n"
	"needs constraint t.p\n", "ii", " 1 1", "0-1: constraint t.p would be different\n"},
	{"table t\nconstraint t.x\tUNIQUE (a)\n", "version 0\n+ table t\n+ constraint t.p\tPRIMARY KEY (a)\nversion 1\n"
		"needs constraint t.p\n", "fi", " 2 2", "0-1: constraint t.p would be missing\n"
	"0-0: migration 1 needs constraint t.p, which is missing\n"},
	{"table t\nconstraint t.x\tPRIMARY KEY (a)\n", "version 0\n+ table t\n+ constraint t.i\tPRIMARY KEY (a)\nversion 1\n"
		"version 2\nneeds constraint t.i\n", "ffi", " 1 1 1", "0-2: constraint t.i would be different\n"
	"0-1: migration 2 needs constraint t.i, which is missing\n"},
	/* an index with another name, a constraint with another name */
	{"index t.x\tbtree (a)\n", "version 0\nversion 1\n+ index t.i\tbtree (a)\n", "cc", " 1 0", ""},
	{"table t\nconstraint t.x\tUNIQUE (a)\n", "version 0\n+ table t\nversion 1\n+ constraint t.i\tUNIQUE (a)\n",
	"ci", " 1 1",
	"1-1: constraint t.i would be different\n"},
	/* the name of one version is not that of another */
	{"index t.x\tbtree (a)\n", "version 0\n+ index t.x\tbtree (a)\nversion 1\n- index t.x\tbtree (a)\n"
		"+ index t.i\tbtree (a)\n", "cc", " 0 0", ""},
	/* a fact that comes back */
	{"table t\n", "version 0\n+ table t\nversion 1\n- table t\nversion 2\n+ table t\n", "cfc", " 0 1 0",
	"1-1: migration 2 creates table t, which exists\n"},
	/* what a downgrade leaves is no difference below its version */
	{"type e\tenum\nlabel e.a\nlabel e.b\tafter: a\n", "version 0\n+ type e\tenum\n+ label e.a\nversion 1\n"
		"+ label e.b\tafter: a\nleaves label e.b\tafter: a\nrepeatable\nversion 2\n", "ccc", " 0 0 0", ""},
	/* nor is what it does not bring back, if its replacement is there */
	{"table t\nconstraint t.y\tUNIQUE (b)\n", "version 0\n+ table t\n+ constraint t.x\tUNIQUE (a)\nversion 1\n"
		"- constraint t.x\tUNIQUE (a)\n+ constraint t.y\tUNIQUE (b)\nleaves constraint t.y\tUNIQUE (b)\n"
	"lacks constraint t.x\nrepeatable\n", "cc", " 0 0", ""},
	{"table t\n", "version 0\n+ table t\n+ constraint t.x\tUNIQUE (a)\nversion 1\n- constraint t.x\tUNIQUE (a)\n"
		"+ constraint t.y\tUNIQUE (b)\nleaves constraint t.y\tUNIQUE (b)\nlacks constraint t.x\n", "ci", " 1 1",
	"1-1: constraint t.y would be missing\n"},
	{"index t.y\tbtree (a)\n", "version 0\n+ index t.x\tbtree (a)\nversion 1\n- index t.x\tbtree (a)\n"
		"+ index t.y\tbtree (a)\nleaves index t.y\tbtree (a)\nlacks index t.x\nrepeatable\n", "cc", " 0 0", ""},
	/* names of another kind of object, or of another table's index */
	{"sequence t\n", "version 0\nversion 1\n+ table t\nrepeatable\n", "fi", " 1 2",
	"0-0: migration 1 creates table t, but sequence t has that name\n1-1: table t would be missing, and sequence t has its name\n"},
	{"type t\tenum\n", "version 0\nversion 1\n+ table t\n", "fi", " 1 2",
	"0-0: migration 1 creates table t, but type t has that name\n1-1: table t would be missing, and type t has its name\n"},
	{"view s.t\tx\n", "version 0\nversion 1\n+ table t\nversion 2\n+ type s.t\tenum\n", "ffi", " 1 2 3",
	"0-1: migration 2 creates type s.t, but view s.t has that name\n2-2: type s.t would be missing, and view s.t has"
	" its name\n"
	"1-2: table t would be missing\n"},
	{"table t\ntype i\tenum\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\n", "ci", " 1 2",
	"1-1: index t.i would be missing\n"},
	{"table t\ntable u\nindex u.i\tbtree (a)\n",
		"version 0\n+ table t\n+ table u\nversion 1\n+ index t.i\tbtree (a)\nversion 2\nensures index t.i\n", "fii",
	" 1 2 2", "0-0: migration 1 creates index t.i, but index u.i has that name\n1-2: index t.i would be missing,"
	" and index u.i has its name\n"},
	{"table t\ntable u\nconstraint u.i\tUNIQUE (a)\nconstraint u.c\tCHECK (a)\n",
		"version 0\n+ table t\n+ table u\n+ constraint u.c\tCHECK (a)\nversion 1\n+ index t.i\tbtree (a)\n"
		"+ index t.c\tbtree (a)\nrepeatable\n", "ii", " 1 3",
		"1-1: index t.c would be missing\n0-0: migration 1 creates index t.i, but constraint u.i has that name\n"
	"1-1: index t.i would be missing, and constraint u.i has its name\n"},
	/* not created, or built in an own transaction, which looks at it */
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\nrepeatable\n", "ii", " 1 2",
	"0-0: migration 1 creates index t.i, but table i has that name\n1-1: index t.i would be missing, and table"
	" i has its name\n"},
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\nversion 2\n+ index t.i\tbtree (a)\nrepeatable\n",
		"ffi", " 1 1 2",
	"0-1: migration 2 creates index t.i, but table i has that name\n2-2: index t.i would be missing, and table"
	" i has its name\n"},
	/* the one that has the name is dropped, by itself or with its table */
	{"table t\ntable u\nindex u.i\tbtree (a)\n",
		"version 0\n+ table t\n+ table u\n+ index u.i\tbtree (a)\nversion 1\n- index u.i\tbtree (a)\nversion 2\n"
	"+ index t.i\tbtree (a)\n", "cfi", " 0 1 2", "1-1: migration 2 creates index t.i, but index u.i has that name\n"
	"2-2: index t.i would be missing, and index u.i has its name\n"},
	{"table t\ntable u\nindex u.i\tbtree (a)\n",
		"version 0\n+ table t\n+ table u\nversion 1\n- table u\n+ index t.i\tbtree (a)\n", "ci", " 1 3",
	"1-1: index t.i would be missing, and index u.i has its name\n"},
	/* an invalid index, which is built again */
	{"table t\nindex t.i\tbtree (a)\tinvalid\n", "version 0\n+ table t\nversion 1\nversion 2\n"
		"+ index t.i\tbtree (a)\n", "cci", " 1 1 1", "2-2: index t.i would be invalid\n"},
	{"table t\nindex t.j\tbtree (a)\tinvalid\n", "version 0\n+ table t\nversion 1\n"
		"+ index t.j\tbtree (a)\n", "fi", " 1 1", "1-1: index t.j would be invalid\n"
	"0-0: index t.j would be different\n0-0: migration 1 creates index t.j, which exists\n"},
	/* also where it is only ensured */
	{"table t\nindex t.i\tbtree (a)\tinvalid\nindex t.j\tbtree (a)\tinvalid\n", "version 0\n+ table t\n"
	"+ index t.i\tbtree (a)\n+ index t.j\tbtree (a)\nversion 1\nversion 2\nensures index t.i\nensures index t.j\n",
	"iii", " 2 2 2", "2-2: index t.i would be invalid\n0-2: index t.j would be invalid\n"},
	/* an index is renamed or dropped by its name, not with its table */
	{"table t\ntable u\ntable x\ntable z\nindex u.y\tbtree (a)\n", "version 0\n+ table t\n+ table u\n+ table v\n"
	"+ index t.x\tbtree (a)\n+ index t.y\tbtree (a)\n+ index v.z\tbtree (a)\nversion 1\n- index t.x\tbtree (a)\n"
	"- index t.y\tbtree (a)\n- table v\n- index v.z\tbtree (a)\n", "fc", " 7 3",
	"0-0: migration 1 renames or drops index t.x, but table x has that name\n"
	"0-0: migration 1 renames or drops index t.y, but index u.y has that name\n"},
	/* policies that apply to the owner, too */
	{"table t\trow security\tforce row security\ntable u\trow security\ntable v\n", "version 0\n+ table t\n+ table u\n"
	"+ table v\nversion 1\n! 1:1 t\tscanned\tupdated\n! 2:1 t\tdeleted\n! 3:1 u\tupdated\n! 4:1 v\tupdated\nversion 2\n"
	"! 1:1 t\tlock: ACCESS EXCLUSIVE\n!10 2:1 t\tupdated\n", "fii", " 3 3 3",
	"0-2: table t would be different\n0-2: table u would be different\n"
	"0-0: migration 1 changes rows of table t, and policies may hide some from its owner\n"},
	/* a type that no version has */
	{"table t\ncolumn t.a\tdate\n", "version 0\n+ table t\n+ column t.a\tinteger\nversion 1\n- column t.a\tinteger\n"
		"+ column t.a\tbigint\n", "fi", " 1 1", "1-1: column t.a would be different\n"
	"0-0: migration 1 changes the type of column t.a, whose current type occurs in no version\n"},
	/* a view uses a column whose type is changed, or which is dropped */
	{"table t\ncolumn t.used\tinteger\n", "version 0\n+ table t\n+ column t.used\tinteger\nversion 1\n"
		"- column t.used\tinteger\n+ column t.used\tbigint\nversion 2\n- column t.used\tbigint\n", "ffc", " 0 1 1",
		"0-0: migration 1 changes or drops column t.used, which view user_of_t uses\n"
	"0-1: migration 2 changes or drops column t.used, which view user_of_t uses\n"},
	{"table t\ncolumn t.used\tbigint\n", "version 0\n+ table t\n+ column t.used\tinteger\nversion 1\n"
	"- column t.used\tinteger\n+ column t.used\tbigint\n", "cc", " 1 0", ""},
	/* even if it has the new type already */
	{"table t\ncolumn t.used\tbigint\n", "version 0\n+ table t\n+ column t.used\tinteger\nversion 1\nversion 2\n"
		"- column t.used\tinteger\n+ column t.used\tbigint\n", "ffc", " 1 1 0",
	"0-1: migration 2 changes or drops column t.used, which view user_of_t uses\n"},
	{"table t\ncolumn t.used\tinteger\n", "version 0\n+ table t\n+ column t.used\tinteger\nversion 1\n"
	"- column t.used\tinteger\n+ column t.used\tinteger\tnot null\n", "ci", " 0 1",
	"1-1: column t.used would be different\n"},
	/* a rename is no change to it */
	{"table t\ncolumn t.used\tinteger\n", "version 0\n+ table t\n+ column t.used\tinteger\nversion 1\n"
	"- column t.used\tinteger\n+ column t.b\tinteger\nrenames column t.used\tto: b\n", "ci", " 0 2",
	"1-1: column t.b would be missing\n"},
	/* even where the type has another name, too, but not where it is another type */
	{"table t\ncolumn t.used\te\n", "version 0\n+ table t\n+ column t.used\te\nversion 1\n"
	"- column t.used\te\n+ column t.b\tf\nrenames column t.used\tto: b\ndown rewrites table t\n", "ci", " 0 2",
	"1-1: column t.b would be missing\n"},
	{"table t\ncolumn t.used\te\n", "version 0\n+ table t\n+ column t.used\te\nversion 1\n"
	"- column t.used\te\n+ column t.b\tf\nrenames column t.used\tto: b\nrewrites table t\n", "fi", " 0 2",
	"1-1: column t.b would be missing\n0-0: migration 1 changes or drops column t.used, which view user_of_t uses\n"},
	/* one that the migrations know */
	{"table t\ncolumn t.used\tinteger\nview user_of_t\tx\n", "version 0\n+ table t\n+ column t.used\tinteger\n"
		"+ view user_of_t\tx\nversion 1\n- column t.used\tinteger\n- view user_of_t\tx\n", "cc", " 0 2", ""},
	/* a unique index that no version has, and one that a pending migration drops; an upgrade completes for all that */
	{"table t\ncolumn t.a\tinteger\nindex t.x\tunique btree (a)\nconstraint t.y\tUNIQUE (a)\n", "version 0\n+ table t\n"
		"+ column t.a\tinteger\n+ constraint t.y\tUNIQUE (a)\nversion 1\n- constraint t.y\tUNIQUE (a)\n", "cc", " 1 2",
	"0-1: extra index t.x would remain and refuse rows that the schema allows\n"
	"1-1: extra constraint t.y would remain and refuse rows that the schema allows\n"},
	/* out of scope */
	{"table t\towner: apache\n", "version 0\n+ table t\tcomment: x\n+ privilege table t to apache\tselect\n", "c", " 0",
	""},
};

/* Migration 2 builds index i again. */
static bool
rebuilds(int version, const char *index)
{
	return version == 2 && strcmp(index, "i") == 0;
}

/* Migration 2 changes the type of column t.used even if the column has that type already. */
static bool
retypes(int version, const char *column)
{
	return version == 2 && strcmp(column, "t.used") == 0;
}

/* Migration 2 names index and constraint i. */
static const struct predict_ups ups = {rebuilds, retypes, rebuilds};

static void
describe(FILE *stream, const struct prediction *prediction)
{
	for (size_t i = 0; i < prediction->item_count; i++) {
		char	   *line = predict_line(&prediction->items[i]);

		fprintf(stream, "%d-%d: %s\n", prediction->items[i].first, prediction->items[i].last, line);
		mem_free(line);
	}
}

START_TEST(test_predict)
{
	struct given_facts given;
	struct prediction prediction;
	char		outcomes[8] = "";
	char	   *differences = mem_string("");
	char	   *reasons;
	size_t		length;
	FILE	   *stream = mem_stream_open(&reasons, &length);

	given_facts_make(&given, cases[_i].live, cases[_i].known, 150004);
	predict(&prediction, &given.sides, given.known.version_count - 1, &ups);
	for (int version = 0; version < given.known.version_count; version++) {
		char	   *number = mem_format("%zu", prediction.versions[version].differences);

		outcomes[version] = *(prediction.versions[version].failures ? "f" : prediction.versions[version].left ? "i"
							  : "c");
		ck_assert_int_eq(predict_complete(&prediction, version), outcomes[version] == 'c');
		mem_append(&differences, " ", number);
		mem_free(number);
	}
	describe(stream, &prediction);
	mem_stream_close(stream);
	ck_assert_str_eq(reasons, cases[_i].reasons);
	ck_assert_str_eq(outcomes, cases[_i].outcomes);
	ck_assert_str_eq(differences, cases[_i].differences);
	mem_free(reasons);
	mem_free(differences);
	predict_clear(&prediction);
	ck_assert_uint_eq(prediction.item_count, 0);
	given_facts_clear(&given);
}
END_TEST

START_TEST(items_of_a_version)
{
	struct given_facts given;
	struct prediction prediction;
	size_t		at = 0;

	given_facts_make(&given, "", "version 0\n+ table t\nversion 1\nensures table t\nversion 2\nneeds table t\n",
					 150004);
	predict(&prediction, &given.sides, 2, &ups);
	ck_assert_ptr_null(predict_next(&prediction, 0, &at));
	at = 0;
	ck_assert_ptr_nonnull(predict_next(&prediction, 1, &at));
	ck_assert_ptr_nonnull(predict_next(&prediction, 1, &at));
	ck_assert_ptr_null(predict_next(&prediction, 1, &at));
	predict_clear(&prediction);
	given_facts_clear(&given);
}
END_TEST

Suite *
predict_suite(void)
{
	Suite	   *suite = suite_create("predict");
	TCase	   *tcase = tcase_create("predict");

	tcase_add_loop_test(tcase, test_predict, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, items_of_a_version);
	suite_add_tcase(suite, tcase);
	return suite;
}
