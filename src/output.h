/*
 * output.h - results for programs, as JSON.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <jansson.h>

/* output_json - print the value to stdout, and drop it. */
void		output_json(json_t *value);

/*
 * output_string - the value as JSON, by jansson's flags, in a new string. Not by json_dumps, which may leave out the
 * name of a member where it finds no memory for it.
 */
char	   *output_string(const json_t *value, size_t flags);

/*
 * output_text - a JSON string of `text`, or null for NULL. JSON is UTF-8: in what is not, as a name on the command line
 * may be, question marks take the place of all that is not ASCII.
 */
json_t	   *output_text(const char *text);

/* output_known - a whole number, or null where it is below 0. */
json_t	   *output_known(double number);

/* output_array - a new, empty array. */
json_t	   *output_array(void);

/*
 * output_append, output_set - add a value, which then belongs to the array or object. As all of these, they do not
 * return without memory; where the value is NULL, that was the reason.
 */
void		output_append(json_t *array, json_t *value);
void		output_set(json_t *object, const char *key, json_t *value);

#endif
