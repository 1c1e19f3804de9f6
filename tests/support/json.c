/* Reads the commands' JSON output. */
#include "support/json.h"

#include <check.h>

#include "support/process.h"
#include "support/tool.h"

#include "base/banned.h"

json_t *
json_run(const char *conninfo, const char *command, int status)
{
	struct process process;
	json_error_t error;
	json_t	   *json;

	tool_run(&process, conninfo, ARGS(command, "--json"));
	ck_assert_msg(process.status == status, "%s ended with status %d:\n%s%s", command, process.status, process.out,
				  process.err);
	json = json_loads(process.out, 0, &error);
	ck_assert_msg(json != NULL, "%s --json: %s, line %d:\n%s", command, error.text, error.line, process.out);
	ck_assert_str_eq(process.err, "");
	process_clear(&process);
	return json;
}

void
json_expect_integer(const json_t *json, const char *key, int expected)
{
	const json_t *value = json_object_get(json, key);

	ck_assert_msg(json_is_integer(value), "there is no number \"%s\"", key);
	ck_assert_int_eq((int) json_integer_value(value), expected);
}

void
json_expect_string(const json_t *json, const char *key, const char *expected)
{
	const json_t *value = json_object_get(json, key);

	ck_assert_msg(json_is_string(value), "there is no string \"%s\"", key);
	if (expected)
		ck_assert_str_eq(json_string_value(value), expected);
}
