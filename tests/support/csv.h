/*
 * csv.h - read a CSV file: commas, fields in double quotes where need be, a first line with the columns' names.
 */
#ifndef CSV_H
#define CSV_H

#include <stddef.h>

#define CSV_FIELDS 8

/* Called for each row but the first, with its fields. */
typedef void csv_row(const char *const fields[CSV_FIELDS], void *context);

/* csv_read - call `row` for each; a file that cannot be read, or other than `count` fields in a row, fails the test. */
void		csv_read(const char *path, size_t count, csv_row *row, void *context);

#endif
