/*
 * Migrations 38 and 39 fill in the right values, for misleading file names, too. The tests compute the expected values
 * independently.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/lineage.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define LASTMOD "2011-03-04 05:06:07"

enum {
	MADE_UP = 600				/* names from random parts */
};

static char *conninfo;
static PGconn *connection;

static void
begin(void)
{
	conninfo = lineage_current("fitsdata", 37);
	connection = sql_connect(conninfo);
	sql_exec(connection, "INSERT INTO file (name) VALUES ('any')");
	/* Midnight is in UTC, in any time zone of the operator. */
	server_execute("fitsdata", "ALTER ROLE fitsdata SET timezone = 'Pacific/Honolulu';"
				   " ALTER ROLE fitsdata SET datestyle = 'SQL, DMY'");
}

static void
end(void)
{
	server_execute("fitsdata", "ALTER ROLE fitsdata RESET ALL");
	PQfinish(connection);
	mem_free(conninfo);
}

static void
insert(const char *sql, const char *first, const char *second)
{
	const char *const values[] = {first, second};
	PGresult   *result = PQexecParams(connection, sql, 2, NULL, values, NULL, NULL, 0);

	ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(connection));
	PQclear(result);
}

/* --- 38 --- */

static const char *const names[] = {
	"N20200701S0001.fits", "S20200701S0001.fits", "img_20200701_0001.fits", "img_20200701", "SDCH_20200701_0001.fits",
	"SDCK_20200701_0001.fits.bz2", "N20201399S0001.fits", "N20200001S0001.fits", "N20201301S0001.fits",
	"N20200100S0001.fits", "N20200132S0001.fits", "N20200431S0001.fits", "N20200430S0001.fits", "N20200229S0001.fits",
	"N20190229S0001.fits", "N20000229S0001.fits", "N19000229S0001.fits", "N21000229S0001.fits", "N20191231S0001.fits",
	"N20191131S0001.fits", "N99991231S0001.fits", "N00000101S0001.fits", "N00010101S0001.fits", "N2020070", "N20200701",
	"N202007011", "N2020070a", "N", "S", "", "n20200701S0001.fits", "X20200701S0001.fits", " N20200701S0001.fits",
	"N 0200701S0001.fits", "N+0200701S0001.fits", "N-0200701S0001.fits", "N2020-07-01S0001.fits", "20200701.fits",
	"img20200701.fits", "img_2020070.fits", "IMG_20200701.fits", "imgx_20200701.fits", "img__20200701.fits",
	"img_20201399.fits", "SDCH20200701_0001.fits", "SDC_20200701_0001.fits", "SDCHX_20200701_0001.fits",
	"SDCH_20200732_0001.fits", "sdch_20200701_0001.fits", "SDC1_20200701_0001.fits", "SDCH_2020070.fits",
	"\331\240N20200701", "N\331\240\331\241\331\240\331\241\331\240\331\241\331\240\331\241S0001.fits",
	"\303\204BCD_20200701.fits", "N20200701\nS0001.fits", "\nN20200701S0001.fits", "N''); DROP TABLE diskfile; --",
	"rawfile.fits", "GS20200701.fits", "N20200701S0001_forStack.fits", "S20200701S0001_bias.fits",
};

static bool
are_digits(const char *text)
{
	return strspn(text, "0123456789") >= 8;
}

static int
number(const char *text, int length)
{
	int			value = 0;

	for (int i = 0; i < length; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* The eight digits of the name; NULL if it has none. */
static const char *
find_date(const char *name)
{
	size_t		capitals = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if ((name[0] == 'N' || name[0] == 'S') && are_digits(name + 1))
		return name + 1;
	if (strncmp(name, "img_", 4) == 0 && are_digits(name + 4))
		return name + 4;
	if (capitals == 4 && name[4] == '_' && are_digits(name + 5))
		return name + 5;
	return NULL;
}

/* The expected timestamp of the name, in a new string. */
static char *
expected_of(const char *name)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const char *date = find_date(name);
	int			year = date ? number(date, 4) : 0;
	int			month = date ? number(date + 4, 2) : 0;
	int			day = date ? number(date + 6, 2) : 0;
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1] + (month == 2 && leap))
		return mem_string(LASTMOD);
	return mem_format("%04d-%02d-%02d 00:00:00", year, month, day);
}

/* A random name: each part may be right, or almost right. */
static char *
make_up(unsigned *state)
{
	static const char *const prefixes[] = {"N", "S", "img_", "SDCH_", "SDCK_", "ABCD_", "n", "img", "SDC_", "X"};
	static const char *const suffixes[] = {"S0001.fits", "_0001.fits", "", ".fits.bz2", "9"};
	unsigned	year = chance_draw(state, 4) ? 1990 + chance_draw(state, 40) : chance_draw(state, 10000);
	unsigned	month = chance_draw(state, 4) ? 1 + chance_draw(state, 12) : chance_draw(state, 100);
	unsigned	day = chance_draw(state, 4) ? 28 + chance_draw(state, 5) : chance_draw(state, 100);

	return mem_format("%s%04u%02u%02u%s", prefixes[chance_draw(state, 10)], year, month, day,
					  suffixes[chance_draw(state, 5)]);
}

#define INSERT_FILE \
	"INSERT INTO diskfile (file_id, filename, lastmod) VALUES ((SELECT id FROM file), $1, $2::timestamptz)"
#define INSERT_AREA \
	"INSERT INTO gmos (header_id, amp_read_area, array_name) VALUES ((SELECT id FROM header), $1, $2)"
/* In UTC. */
#define TIMESTAMPS \
	"SELECT coalesce(to_char(datafile_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), 'null') FROM diskfile" \
	" ORDER BY id"

START_TEST(timestamps_from_names)
{
	size_t		known = sizeof(names) / sizeof(names[0]);
	char	   *expected;
	size_t		length;
	FILE	   *stream = mem_stream_open(&expected, &length);
	unsigned	state = 38;
	char	   *found;

	begin();
	for (size_t i = 0; i < known + MADE_UP; i++) {
		char	   *name = i < known ? mem_string(names[i]) : make_up(&state);
		char	   *should = expected_of(name);

		insert(INSERT_FILE, name, LASTMOD "+00");
		fprintf(stream, "%s\n", should);
		mem_free(should);
		mem_free(name);
	}
	/* Only lastmod is known, or nothing at all. An existing timestamp is kept. */
	insert(INSERT_FILE, NULL, LASTMOD "+00");
	insert(INSERT_FILE, "N20200701S0001.fits", NULL);
	insert(INSERT_FILE, "N20201399S0001.fits", NULL);
	insert("INSERT INTO diskfile (file_id, filename, datafile_timestamp) VALUES ((SELECT id FROM file), $1,"
		   " $2::timestamptz)", "N20200701S0001.fits", "2001-02-03 04:05:06+00");
	fputs(LASTMOD "\n2020-07-01 00:00:00\nnull\n2001-02-03 04:05:06\n", stream);
	mem_stream_close(stream);

	tool_must(conninfo, ARGS("upgrade", "38"));
	found = sql_lines(connection, TIMESTAMPS);
	ck_assert_str_eq(found, expected);
	sql_expect(connection, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace", "0");
	tool_must(conninfo, ARGS("downgrade", "37"));
	tool_must(conninfo, ARGS("upgrade", "38"));
	mem_free(found);
	found = sql_lines(connection, TIMESTAMPS);
	ck_assert_str_eq(found, expected);
	mem_free(found);
	mem_free(expected);
	end();
}
END_TEST

/* --- 39 --- */

static const char *const areas[] = {
	"['EEV_9273-16-03, right':[1:1024,1:4608]]",
	"['EEV_9273-16-03, right':[1:1024,1:4608],'EEV_9273-20-04, left':[1:2,3:4]]",
	"[]", "", "'", "''", ":[]", ":[1:2]", ":[1:2]:[3:4]", "a:[1:2", "a:1:2]", "a[1:2]", "a:[b:[c]d]e]", "a: [1:2]",
	"a:[\n]b",
	"EEV_9273-16-03, right", ":[']", "':[1]'", "a'b'c", "\303\251:[\303\251]\303\251", "\\:[\\]\\", "a:[1]\nb:[2]\nc",
};

/* Each ":[", up to the next "]", and each quote taken away, in a new string. */
static char *
array_name_of(const char *area)
{
	char	   *name = mem_string(area);
	size_t		length = 0;

	for (const char *c = area; *c; c++) {
		const char *close = c[0] == ':' && c[1] == '[' ? strchr(c + 2, ']') : NULL;

		if (close)
			c = close;
		else if (*c != '\'')
			name[length++] = *c;
	}
	name[length] = '\0';
	return name;
}

START_TEST(array_names_from_areas)
{
	static const char pieces[] = ":[]'a1,\n ";
	unsigned	state = 39;
	size_t		known = sizeof(areas) / sizeof(areas[0]);
	char	   *expected[sizeof(areas) / sizeof(areas[0]) + MADE_UP];
	PGresult   *result;

	begin();
	sql_exec(connection, "INSERT INTO diskfile (file_id) SELECT id FROM file;"
			 " INSERT INTO header (diskfile_id) SELECT id FROM diskfile");
	for (size_t i = 0; i < known + MADE_UP; i++) {
		char		made[20] = "";
		const char *area = i < known ? areas[i] : made;

		for (unsigned k = chance_draw(&state, sizeof(made) - 1); i >= known && k > 0; k--)
			made[k - 1] = pieces[chance_draw(&state, sizeof(pieces) - 1)];
		insert(INSERT_AREA, area, NULL);
		expected[i] = array_name_of(area);
	}
	insert(INSERT_AREA, NULL, NULL);
	insert(INSERT_AREA, "['EEV':[1]]", "kept");

	tool_must(conninfo, ARGS("upgrade", "39"));
	result = PQexec(connection, "SELECT array_name FROM gmos ORDER BY id");
	ck_assert_int_eq(PQntuples(result), (int) known + MADE_UP + 2);
	for (size_t i = 0; i < known + MADE_UP; i++) {
		ck_assert_str_eq(PQgetvalue(result, (int) i, 0), expected[i]);
		mem_free(expected[i]);
	}
	ck_assert_int_eq(PQgetisnull(result, (int) known + MADE_UP, 0), 1);
	ck_assert_str_eq(PQgetvalue(result, (int) known + MADE_UP + 1, 0), "kept");
	PQclear(result);
	end();
}
END_TEST

Suite *
backfill_suite(void)
{
	Suite	   *suite = suite_create("backfill");
	TCase	   *tcase = tcase_create("backfill");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, timestamps_from_names);
	tcase_add_test(tcase, array_names_from_areas);
	suite_add_tcase(suite, tcase);
	return suite;
}
