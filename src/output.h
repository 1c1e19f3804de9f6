/*
 * output.h - results for programs, and for people where they are a table.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <jansson.h>

/* output_json - print the value to stdout, and drop it. */
void		output_json(json_t *value);

/* output_text - a JSON string of `text`, or null for NULL. */
json_t	   *output_text(const char *text);

#endif
