/*
 * json.h - build and print JSON, without error handling in the caller.
 *
 * All functions end the program (mem_fail) when memory is exhausted.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

/* json_output_print - print the value to stdout and release it. A failed write is detected by report_finish. */
void		json_output_print(json_t *value);

/*
 * json_output_string - the value as JSON text, with jansson's `flags`, in a new string. Replaces json_dumps, which may
 * omit a member's name when memory is exhausted. The value stays the caller's.
 */
char	   *json_output_string(const json_t *value, size_t flags);

/*
 * json_output_text - a new JSON string of `text`, passwords masked, or null for NULL. JSON is UTF-8: other bytes, which
 * a name on the command line may have, are escaped as \x...
 */
json_t	   *json_output_text(const char *text);

/* json_output_number - `number`, rounded, as a new JSON integer; null if it is negative, which stands for unknown. */
json_t	   *json_output_number(double number);

/* json_output_array - a new, empty array. */
json_t	   *json_output_array(void);

/*
 * json_output_append, json_output_set - add a value, which then belongs to the array or object. A value of NULL counts
 * as exhausted memory.
 */
void		json_output_append(json_t *array, json_t *value);
void		json_output_set(json_t *object, const char *key, json_t *value);

#endif
