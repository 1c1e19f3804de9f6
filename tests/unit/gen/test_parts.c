/* The statements of a down are split so that each drops one object. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "parts.h"
#include "sections.h"
#include "split.h"
#include "unit/gen_input.h"
#include "unit/suites.h"

#include "base/banned.h"

#define APART "-- migrate:down transaction:false\n"

/* The down's statements as "LINE:COLUMN text" lines; its marker is line 2, unless it is a part of the text. */
static const struct {
	const char *down;
	const char *statements;
}			cases[] = {
	/* DROP */
	{"DROP TABLE t;", "3:1 DROP TABLE t\n"},
	{"DROP TABLE IF EXISTS a, b;", "3:22 DROP TABLE IF EXISTS a\n3:25 DROP TABLE IF EXISTS b\n"},
	{"DROP TABLE a,\n\tb CASCADE;", "3:12 DROP TABLE a CASCADE\n4:2 DROP TABLE b CASCADE\n"},
	{"drop table s.a , \"B, c\" restrict;", "3:12 drop table s.a restrict\n3:18 drop table \"B, c\" restrict\n"},
	{"DROP TABLE a, cascade;", "3:12 DROP TABLE a\n3:15 DROP TABLE cascade\n"},
	{"DROP TABLE a, s.cascade;", "3:12 DROP TABLE a\n3:15 DROP TABLE s.cascade\n"},
	{"DROP TABLE a, b \"cascade\";", "3:12 DROP TABLE a\n3:15 DROP TABLE b \"cascade\"\n"},
	{"DROP TABLE a, restrict CASCADE;", "3:12 DROP TABLE a CASCADE\n3:15 DROP TABLE restrict CASCADE\n"},
	{"DROP TABLE /* one, two */ a, -- three, four\n/* five */ b -- six\n;",
		"3:27 DROP TABLE a\n4:12 DROP TABLE b\n"},
	{"DROP INDEX IF EXISTS a, b;", "3:22 DROP INDEX IF EXISTS a\n3:25 DROP INDEX IF EXISTS b\n"},
	{"DROP INDEX CONCURRENTLY a;", "3:1 DROP INDEX CONCURRENTLY a\n"},
	{"DROP FUNCTION f(int, text), g(numeric(3, 2)[]);",
		"3:15 DROP FUNCTION f(int, text)\n3:29 DROP FUNCTION g(numeric(3, 2)[])\n"},
	{"DROP OPERATOR +(a, b), @-(NONE, b) CASCADE;",
		"3:15 DROP OPERATOR +(a, b) CASCADE\n3:24 DROP OPERATOR @-(NONE, b) CASCADE\n"},
	{"DROP OPERATOR CLASS c USING btree;", "3:1 DROP OPERATOR CLASS c USING btree\n"},
	{"DROP MATERIALIZED VIEW IF EXISTS a, b;",
		"3:34 DROP MATERIALIZED VIEW IF EXISTS a\n3:37 DROP MATERIALIZED VIEW IF EXISTS b\n"},
	{"DROP TEXT SEARCH PARSER a, b;", "3:25 DROP TEXT SEARCH PARSER a\n3:28 DROP TEXT SEARCH PARSER b\n"},
	{"DROP TYPE IF EXISTS a, U&\"d\\0061\";", "3:21 DROP TYPE IF EXISTS a\n3:24 DROP TYPE IF EXISTS U&\"d\\0061\"\n"},
	{"DROP TABLE \"\303\251\", \"\346\227\245\", b;",
		"3:12 DROP TABLE \"\303\251\"\n3:17 DROP TABLE \"\346\227\245\"\n3:22 DROP TABLE b\n"},
	{"DROP OWNED BY a, b;", "3:1 DROP OWNED BY a, b\n"},
	{"DROP ROLE a, b;", "3:1 DROP ROLE a, b\n"},
	{"DROP TRIGGER a ON t; DROP CAST (a AS b);", "3:1 DROP TRIGGER a ON t\n3:22 DROP CAST (a AS b)\n"},
	{APART "DROP TABLE IF EXISTS a, b;", "3:22 DROP TABLE IF EXISTS a\n3:25 DROP TABLE IF EXISTS b\n"},
	/* ALTER */
	{"ALTER TABLE t DROP a;", "3:1 ALTER TABLE t DROP a\n"},
	{"ALTER TABLE t\n\tDROP COLUMN IF EXISTS a,\n\tDROP CONSTRAINT b CASCADE;\nSELECT 1;",
		"4:2 ALTER TABLE t DROP COLUMN IF EXISTS a\n5:2 ALTER TABLE t DROP CONSTRAINT b CASCADE\n6:1 SELECT 1\n"},
	{"ALTER TABLE IF EXISTS ONLY s.\"t,\" DROP a, DROP b;",
		"3:35 ALTER TABLE IF EXISTS ONLY s.\"t,\" DROP a\n3:43 ALTER TABLE IF EXISTS ONLY s.\"t,\" DROP b\n"},
	{"ALTER TABLE t * DROP a, DROP b;", "3:17 ALTER TABLE t * DROP a\n3:25 ALTER TABLE t * DROP b\n"},
	{"ALTER TABLE t /* a */ DROP -- b, c\n a, -- d\n DROP \"DROP\";",
		"3:23 ALTER TABLE t DROP -- b, c\n a\n5:2 ALTER TABLE t DROP \"DROP\"\n"},
	{"ALTER FOREIGN TABLE t DROP a, DROP b;", "3:23 ALTER FOREIGN TABLE t DROP a\n3:31 ALTER FOREIGN TABLE t DROP b\n"},
	{"ALTER TYPE t DROP ATTRIBUTE a, DROP ATTRIBUTE b;",
		"3:14 ALTER TYPE t DROP ATTRIBUTE a\n3:32 ALTER TYPE t DROP ATTRIBUTE b\n"},
	{"ALTER TABLE t ADD c text, ADD d text;", "3:1 ALTER TABLE t ADD c text, ADD d text\n"},
	{"ALTER TABLE t ALTER a DROP NOT NULL, ALTER b DROP NOT NULL;",
		"3:15 ALTER TABLE t ALTER a DROP NOT NULL\n3:38 ALTER TABLE t ALTER b DROP NOT NULL\n"},
	{"ALTER TABLE t ALTER COLUMN \"a\" DROP DEFAULT, DROP b, ALTER \"B\" DROP DEFAULT;",
		"3:15 ALTER TABLE t ALTER COLUMN \"a\" DROP DEFAULT\n3:46 ALTER TABLE t DROP b\n"
		"3:54 ALTER TABLE t ALTER \"B\" DROP DEFAULT\n"},
	{"ALTER TABLE t ALTER a DROP DEFAULT, DROP b, ALTER a DROP NOT NULL;",
		"3:1 ALTER TABLE t ALTER a DROP DEFAULT, DROP b, ALTER a DROP NOT NULL\n"},
	{"ALTER TABLE t ALTER a DROP DEFAULT, ALTER COLUMN A TYPE int;",
		"3:1 ALTER TABLE t ALTER a DROP DEFAULT, ALTER COLUMN A TYPE int\n"},
	{APART "ALTER TABLE t DROP IF EXISTS a, DROP IF EXISTS b;",
		"3:15 ALTER TABLE t DROP IF EXISTS a\n3:33 ALTER TABLE t DROP IF EXISTS b\n"},
	{"ALTER TABLE ALL IN TABLESPACE a OWNED BY b, c SET TABLESPACE d;",
		"3:1 ALTER TABLE ALL IN TABLESPACE a OWNED BY b, c SET TABLESPACE d\n"},
	{"ALTER DOMAIN d DROP CONSTRAINT c;", "3:1 ALTER DOMAIN d DROP CONSTRAINT c\n"},
	{"ALTER PUBLICATION p DROP TABLE a, b;", "3:1 ALTER PUBLICATION p DROP TABLE a, b\n"},
	/* what drops nothing comes last */
	{"ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c UNIQUE (a, b);",
		"3:15 ALTER TABLE t DROP CONSTRAINT c\n3:34 ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b)\n"},
	{"ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b), DROP CONSTRAINT c;",
		"3:47 ALTER TABLE t DROP CONSTRAINT c\n3:15 ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b)\n"},
	{"ALTER TABLE t ADD a text, -- x\n DROP \"\303\251\" /* y */, ADD c int, DROP d;",
		"4:2 ALTER TABLE t DROP \"\303\251\"\n4:31 ALTER TABLE t DROP d\n"
		"3:15 ALTER TABLE t ADD a text, -- x\n                   ADD c int\n"},
	{"ALTER TABLE t DROP a, ALTER b TYPE int USING a::int;",
		"3:1 ALTER TABLE t DROP a, ALTER b TYPE int USING a::int\n"},
	{"ALTER TABLE t ALTER b TYPE int, ALTER c SET NOT NULL, ALTER d DROP NOT NULL;",
		"3:55 ALTER TABLE t ALTER d DROP NOT NULL\n3:15 ALTER TABLE t ALTER b TYPE int, ALTER c SET NOT NULL\n"},
	{"ALTER TABLE t DROP a, ALTER b TYPE int, ADD EXCLUDE USING gist (c WITH =);",
		"3:15 ALTER TABLE t DROP a\n3:23 ALTER TABLE t ALTER b TYPE int, ADD EXCLUDE USING gist (c WITH =)\n"},
	{APART "ALTER TABLE t DROP IF EXISTS a, ADD IF NOT EXISTS b int;",
		"3:1 ALTER TABLE t DROP IF EXISTS a, ADD IF NOT EXISTS b int\n"},
	/* not SQL: left to the server */
	{"DROP", "3:1 DROP\n"},
	{"DROP TABLE", "3:1 DROP TABLE\n"},
	{"DROP TABLE IF EXISTS CASCADE", "3:1 DROP TABLE IF EXISTS CASCADE\n"},
	{"ALTER TABLE", "3:1 ALTER TABLE\n"},
	{"ALTER TABLE t", "3:1 ALTER TABLE t\n"},
	{"ALTER TABLE t DROP", "3:1 ALTER TABLE t DROP\n"},
};

static char *
render(const struct source_input *input, const struct history_section *section)
{
	char	   *text = NULL;

	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *one = &section->statements[i];
		struct text_position at = text_position((const unsigned char *) input->text, input->source.length,
												one->offset, 0);
		char	   *own = mem_copy(input->text + one->offset, one->length);
		char	   *line = mem_format("%u:%u %s\n", at.line, at.column, one->text ? one->text : own);

		ck_assert_uint_eq(one->line, at.line);
		/* A position in the text is one in the file. */
		if (one->text)
			ck_assert_int_eq(strncmp(one->text + text_bytes(one->text, (int) one->lead), own,
										strcspn(own, ",")), 0);
		mem_append(&text, "", line);
		mem_free(line);
		mem_free(own);
	}
	return text;
}

START_TEST(statements_are_split)
{
	const char *marker = cases[_i].down[0] == '-' ? "" : "-- migrate:down\n";
	size_t		length = strlen(cases[_i].down);
	char	   *text = mem_format("-- migrate:up\n%s%s%s\n", marker, cases[_i].down,
								  cases[_i].down[length - 1] == ';' ? "" : ";");
	struct gen_input it;
	struct history_section up;
	struct history_section down;
	char	   *found;

	gen_input_start(&it, text, strlen(text));
	ck_assert(sections_find(&it.input, &up, &down) && split_section(&it.input, &down));
	parts_split(&it.input, &down);
	found = render(&it.input, &down);
	ck_assert_str_eq(found, cases[_i].statements);
	mem_free(found);
	gen_input_stop(&it);
	mem_free(text);
}
END_TEST

Suite *
gen_parts_suite(void)
{
	Suite	   *suite = suite_create("gen_parts");
	TCase	   *tcase = tcase_create("parts");

	tcase_add_loop_test(tcase, statements_are_split, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
