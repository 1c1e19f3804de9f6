/* Build and print JSON, without error handling in the caller. */
#include "base/json.h"

#include <stdio.h>

#include "base/mask.h"
#include "base/mem.h"
#include "base/printable.h"

#include "base/banned.h"

char *
json_output_string(const json_t *value, size_t flags)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (!value || json_dumpf(value, stream, flags) != 0)
		mem_fail();
	mem_stream_close(stream);
	return text;
}

void
json_output_print(json_t *value)
{
	char	   *text = json_output_string(value, JSON_INDENT(2));
	char	   *safe = printable_json(text);

	/* report_finish detects a failed write. */
	puts(safe);
	mem_free(safe);
	mem_free(text);
	json_decref(value);
}

json_t *
json_output_text(const char *text)
{
	char	   *masked = mask_passwords(text);
	char	   *valid = masked ? printable_utf8(masked) : NULL;
	json_t	   *value = valid ? json_string(valid) : json_null();

	if (!value)
		mem_fail();
	mem_free(valid);
	mem_free(masked);
	return value;
}

json_t *
json_output_number(double number)
{
	double		least = number < 1e15 ? number : 1e15;
	json_t	   *value = number < 0 ? json_null() : json_integer((json_int_t) (least + 0.5));

	if (!value)
		mem_fail();
	return value;
}

json_t *
json_output_array(void)
{
	json_t	   *array = json_array();

	if (!array)
		mem_fail();
	return array;
}

void
json_output_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		mem_fail();
}

void
json_output_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		mem_fail();
}
