/* What lint takes from the text of a statement. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "plan/lint_text.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *sql;
	bool		found;
}			copies[] = {
	{"INSERT INTO b SELECT * FROM a", true},
	{"insert into b (x, y) select x, y from public.a as a where x > 0", true},
	{"INSERT INTO b (SELECT * FROM a)", true},
	{"INSERT INTO b (x) (SELECT x FROM a)", true},
	{"INSERT INTO b SELECT * FROM ONLY a", true},
	{"INSERT INTO b SELECT * FROM \"a\"", false},
	{"INSERT INTO b TABLE a", true},
	{"INSERT INTO b SELECT x FROM c JOIN a USING (x)", true},
	{"INSERT INTO b SELECT x FROM c, LATERAL (SELECT * FROM a) d", true},
	{"INSERT INTO b SELECT x FROM c, (SELECT * FROM a) d", true},
	{"INSERT INTO b SELECT * FROM (SELECT * FROM (SELECT DISTINCT x FROM a) d) e", true},
	{"INSERT INTO b SELECT 1 UNION ALL (SELECT x FROM a)", true},
	{"WITH d AS (SELECT * FROM a) INSERT INTO b SELECT * FROM d", true},
	{"WITH d AS (INSERT INTO b SELECT * FROM a RETURNING *) SELECT 1", true},
	{"INSERT INTO b SELECT x, count(*) FROM a GROUP BY x", true},
	{"INSERT INTO b SELECT x, count(*) OVER () FROM a", true},
	{"CREATE TABLE b AS SELECT * FROM a", true},
	{"CREATE TABLE b AS TABLE a", true},
	{"CREATE UNLOGGED TABLE b AS (SELECT * FROM a)", true},
	{"CREATE MATERIALIZED VIEW b AS SELECT * FROM a", true},
	{"SELECT * INTO b FROM a", true},
	{"DO $$BEGIN INSERT INTO b SELECT * FROM a; END$$", true},
	{"DO 'BEGIN IF true THEN INSERT INTO b SELECT * FROM a; END IF; END'", true},
	{"DO $$BEGIN EXECUTE 'INSERT INTO b SELECT * FROM a'; END$$", true},
	{"DO $$BEGIN EXECUTE format($x$CREATE TABLE b AS SELECT * FROM %I$x$, t); END$$", true},
	/* values, and conditions */
	{"INSERT INTO b VALUES (1)", false},
	{"INSERT INTO a VALUES (1), (2)", false},
	{"INSERT INTO a SELECT 'x' WHERE NOT EXISTS (SELECT FROM a WHERE x = 'x')", false},
	{"INSERT INTO a SELECT * FROM (VALUES (1), (2)) v WHERE NOT EXISTS (SELECT FROM a WHERE a.x = v.x)", false},
	{"INSERT INTO a SELECT n FROM generate_series(1, 9) n WHERE n NOT IN (SELECT x FROM a)", false},
	{"INSERT INTO b VALUES ((SELECT x FROM a WHERE y = 1), 2)", false},
	{"INSERT INTO b VALUES (2, (SELECT x FROM a WHERE y = 1))", false},
	{"INSERT INTO b SELECT 2, (SELECT x FROM a WHERE y = 1)", false},
	{"INSERT INTO b SELECT x FROM c WHERE x > ALL (SELECT x FROM a)", false},
	{"INSERT INTO b SELECT x FROM c WHERE x IS DISTINCT FROM a", false},
	{"INSERT INTO b SELECT ARRAY(SELECT x FROM a)", false},
	{"INSERT INTO b SELECT coalesce((SELECT max(x) FROM a), 0)", false},
	{"INSERT INTO b SELECT count(*) FROM a", false},
	{"INSERT INTO b SELECT max(x), min(x) FROM a WHERE y > 0", false},
	{"INSERT INTO b SELECT extract(year FROM a) FROM c", false},
	{"INSERT INTO b SELECT x FROM a(1)", false},
	/* other statements */
	{"SELECT * FROM a", false},
	{"UPDATE b SET x = 1 FROM a", false},
	{"CREATE VIEW b AS SELECT * FROM c", false},
	{"CREATE TABLE a (x text)", false},
	{"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$INSERT INTO b SELECT * FROM a$$", false},
	{"DO $$DECLARE n integer; BEGIN SELECT count(*) INTO n FROM a; END$$", false},
	{"DO $$BEGIN FOR r IN SELECT x FROM a LOOP INSERT INTO b VALUES (r.x); END LOOP; END$$", false},
	{"DO $$BEGIN IF EXISTS (SELECT FROM a) THEN INSERT INTO b VALUES (1); END IF; END$$", false},
};

START_TEST(copies_are_found)
{
	ck_assert_msg(lint_text_copies(copies[_i].sql, strlen(copies[_i].sql), "public.a") == copies[_i].found, "%s",
				  copies[_i].sql);
}
END_TEST

static const struct {
	const char *sql;
	const char *table;
	bool		found;
}			locks[] = {
	{"LOCK TABLE a", "public.a", true},
	{"lock only other.a in share mode", "other.a", true},
	{"LOCK b, a IN EXCLUSIVE MODE", "public.a", true},
	{"LOCK \"A a\"", "public.\"A a\"", true},
	{"LOCK b", "public.a", false},
	{"DO $$BEGIN LOCK TABLE a; END$$", "public.a", true},
	{"DO $$BEGIN EXECUTE format('LOCK TABLE %I', t); END$$", "public.a", true},
	{"DO $$BEGIN ALTER TABLE a ADD lock text; END$$", "public.a", false},
	{"ALTER TABLE a ADD COLUMN lock integer", "public.a", false},
	{"COMMENT ON TABLE a IS 'LOCK TABLE a'", "public.a", false},
	{"DO", "public.a", false},
	{"DO $", "public.a", false},
	{"DO 'LOCK", "public.a", false},
};

START_TEST(locks_are_found)
{
	ck_assert_msg(lint_text_locks(locks[_i].sql, strlen(locks[_i].sql), locks[_i].table) == locks[_i].found, "%s",
				  locks[_i].sql);
}
END_TEST

static const struct {
	const char *sql;
	bool		found;
}			loops[] = {
	{"DO $$BEGIN FOR r IN SELECT x FROM a LOOP NULL; END LOOP; END$$", true},
	{"DO $$BEGIN IF true THEN FOR r IN SELECT x FROM b WHERE EXISTS (SELECT FROM a) LOOP NULL; END LOOP; END IF; END$$",
		true},
	{"DO $$BEGIN FOR r IN EXECUTE 'SELECT x FROM a' LOOP NULL; END LOOP; END$$", true},
	{"DO $$BEGIN FOR r IN EXECUTE format('SELECT x FROM %I', t) LOOP NULL; END LOOP; END$$", true},
	{"DO $$BEGIN <<one>> WHILE EXISTS (SELECT FROM a) LOOP NULL; END LOOP; END$$", true},
	{"DO $$BEGIN FOR i IN 1..(SELECT max(x) FROM a) LOOP NULL; END LOOP; END$$", true},
	{"DO $$BEGIN n := (SELECT max(x) FROM a); FOR i IN 1..n LOOP NULL; END LOOP; END$$", true},
	{"DO $$DECLARE c CURSOR FOR SELECT x FROM a; BEGIN FOR r IN c LOOP NULL; END LOOP; END$$", true},
	{"DO $$BEGIN LOOP DELETE FROM a WHERE x IN (SELECT x FROM a LIMIT 9); EXIT WHEN NOT FOUND; END LOOP; END$$", true},
	{"SELECT f()", true},
	{"CALL p()", true},
	/* over names */
	{"DO $$BEGIN FOREACH t IN ARRAY names LOOP UPDATE a SET x = 1; END LOOP; PERFORM FROM a; END$$", false},
	{"DO $$BEGIN FOR t IN VALUES ('a'), ('b') LOOP EXECUTE format('UPDATE %I SET x = 1', t); END LOOP; END$$", false},
	{"DO $$BEGIN FOR t IN SELECT relname FROM pg_class LOOP EXECUTE 'SELECT FROM a'; END LOOP; END$$", false},
	{"DO $$BEGIN FOR t IN SELECT x FROM b LOOP NULL; END LOOP; SELECT count(*) INTO n FROM a; END$$", false},
	{"DO $$BEGIN FOR i IN 1..2 LOOP INSERT INTO a VALUES (1); END LOOP; END$$", false},
	{"DO $$BEGIN SELECT count(*) INTO n FROM a; END$$", false},
};

START_TEST(loops_are_found)
{
	ck_assert_msg(lint_text_loops(loops[_i].sql, strlen(loops[_i].sql), "public.a") == loops[_i].found, "%s",
				  loops[_i].sql);
}
END_TEST

/* Whatever the text is, no byte after its end is read. */
START_TEST(cut_texts_are_read)
{
	for (size_t length = 0; length < strlen(copies[_i].sql); length++) {
		char	   *sql = mem_copy(copies[_i].sql, length);

		(void) lint_text_copies(sql, length, "public.a");
		(void) lint_text_locks(sql, length, "public.a");
		(void) lint_text_loops(sql, length, "public.a");
		mem_free(sql);
	}
}
END_TEST

Suite *
lint_text_suite(void)
{
	Suite	   *suite = suite_create("lint_text");
	TCase	   *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, copies_are_found, 0, sizeof(copies) / sizeof(copies[0]));
	tcase_add_loop_test(tcase, locks_are_found, 0, sizeof(locks) / sizeof(locks[0]));
	tcase_add_loop_test(tcase, loops_are_found, 0, sizeof(loops) / sizeof(loops[0]));
	tcase_add_loop_test(tcase, cut_texts_are_read, 0, sizeof(copies) / sizeof(copies[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
