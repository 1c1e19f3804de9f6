/*
 * json.h - the commands' output with --json.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

/*
 * json_run - run a command with --json: it must end with this status, having written one JSON value to stdout and
 * nothing to stderr. End the value with json_decref.
 */
json_t	   *json_run(const char *conninfo, const char *command, int status);

/* json_expect_integer, json_expect_string - the object must have this member; with NULL, any string will do. */
void		json_expect_integer(const json_t *json, const char *key, int expected);
void		json_expect_string(const json_t *json, const char *key, const char *expected);

#endif
