/*
 * json.h - results for programs, as JSON.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

/* json_output_print - print the value to stdout, and drop it. */
void		json_output_print(json_t *value);

/*
 * json_output_string - the value as JSON, by jansson's flags, in a new string. Not by json_dumps, which may leave out
 * the name of a member where it finds no memory for it.
 */
char	   *json_output_string(const json_t *value, size_t flags);

/*
 * json_output_text - a JSON string of `text`, or null for NULL. JSON is UTF-8: in what is not, as a name on the
 * command line may be, question marks take the place of all that is not ASCII.
 */
json_t	   *json_output_text(const char *text);

/* json_output_number - a whole number, or null where it is below 0. */
json_t	   *json_output_number(double number);

/* json_output_array - a new, empty array. */
json_t	   *json_output_array(void);

/*
 * json_output_append, json_output_set - add a value, which then belongs to the array or object. As all of these, they
 * do not return without memory; where the value is NULL, that was the reason.
 */
void		json_output_append(json_t *array, json_t *value);
void		json_output_set(json_t *object, const char *key, json_t *value);

#endif
