/* Planned steps, and what they destroy of what is there now. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "migrate/loss_forecast.h"
#include "unit/suites.h"

#include "base/banned.h"

/* The tables 1 to 7. The last two are partitions of parted. */
static const char *const names[] = {"t", "u", "other.t", "\"Odd name\"", "parted", "parted_1", "parted_2"};

static const struct {
	const char *steps[4];		/* as the record has them */
	const char *losses;			/* table, "." and column, "-" for the table, "*" for rows: as they are called now */
}			plans[] = {
	{{"[\"drops column t.a\"]"}, "t.a "},
	{{"[\"drops table t\"]"}, "t- "},
	{{"[\"drops table gone\",\"drops column gone.a\",\"empties table gone\"]"}, ""},
	{{"[\"drops column other.t.a\"]", "[\"drops column t.a\"]"}, "other.t.a t.a "},
	{{"[\"drops column \\\"Odd name\\\".\\\"a.b\\\"\"]"}, "\"Odd name\".\"a.b\" "},
	{{"[\"empties table t\",\"drops column t.a\"]"}, "t* t.a "},
	{{"[\"rewrites table t\"]", "[\"empties table t\"]"}, "t* "},
	/* What is dropped in the end is named once. */
	{{"[\"empties table t\"]", "[\"drops column t.a\"]", "[\"drops table t\"]"}, "t- "},
	{{"[\"drops column t.a\"]", "[\"drops column t.a\"]"}, "t.a "},
	/* Renamed on the way. */
	{{"[\"renames column t.a\\tto: b\"]", "[\"drops column t.b\"]"}, "t.a "},
	{{"[\"renames column t.a\\tto: b\"]", "[\"drops column t.a\"]"}, ""},
	{{"[\"renames column t.a\\tto: b\",\"renames column t.b\\tto: a\"]", "[\"drops column t.b\"]"}, "t.a "},
	{{"[\"renames table t\\tto: x\"]", "[\"drops column x.a\"]", "[\"drops table t\"]"}, "t.a "},
	{{"[\"renames table t\\tto: u\",\"renames table u\\tto: t\"]", "[\"drops table t\"]"}, "u- "},
	{{"[\"renames table t\\tto: x\",\"drops column t.a\"]", "[\"renames column x.b\\tto: c\"]",
	"[\"drops column x.c\"]"},
	"t.a t.b "},
	{{"[\"renames table other.t\\tto: x\"]", "[\"drops table x\"]"}, "other.t- "},
	/* Made again on the way. */
	{{"[\"drops table t\"]", "[\"drops table t\"]"}, "t- "},
	{{"[\"drops table t\"]", "[\"drops column t.a\"]"}, "t- "},
	/* Partitions. */
	{{"[\"drops table parted\"]"}, "parted- parted_1- parted_2- "},
	{{"[\"drops column parted.v\",\"drops column parted_1.v\"]"}, "parted.v parted_1.v parted_2.v "},
	{{"[\"empties table parted\"]"}, "parted* parted_1* parted_2* "},
};

START_TEST(losses_are_followed)
{
	struct loss_forecast forecast = {0};
	char	   *text = mem_string("");

	loss_forecast_add_table(&forecast, 1, 0, "public", "t");
	loss_forecast_add_table(&forecast, 2, 0, "public", "u");
	loss_forecast_add_table(&forecast, 3, 0, "other", "t");
	loss_forecast_add_table(&forecast, 4, 0, "public", "Odd name");
	loss_forecast_add_table(&forecast, 5, 0, "public", "parted");
	loss_forecast_add_table(&forecast, 6, 5, "public", "parted_1");
	loss_forecast_add_table(&forecast, 7, 5, "public", "parted_2");
	for (int i = 0; i < 4 && plans[_i].steps[i]; i++) {
		struct drops drops;

		ck_assert(drops_from_json(&drops, plans[_i].steps[i]));
		loss_forecast_add_step(&forecast, &drops, i);
		drops_clear(&drops);
	}
	for (size_t i = 0; i < forecast.count; i++) {
		const struct loss_forecast_loss *loss = &forecast.losses[i];
		char	   *item = mem_format("%s%s%s ", names[loss->table], loss->kind == LOSS_GUARD_TABLE ? "-"
									  : loss->kind == LOSS_GUARD_ROWS ? "*" : ".", loss->column ? loss->column : "");

		if (loss_forecast_counts(&forecast, loss))
			mem_append(&text, "", item);
		mem_free(item);
	}
	ck_assert_str_eq(text, plans[_i].losses);
	mem_free(text);
	loss_forecast_clear(&forecast);
}
END_TEST

Suite *
loss_forecast_suite(void)
{
	Suite	   *suite = suite_create("loss_forecast");
	TCase	   *tcase = tcase_create("losses");

	tcase_add_loop_test(tcase, losses_are_followed, 0, (int) (sizeof(plans) / sizeof(plans[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
