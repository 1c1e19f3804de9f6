/* Reads CSV files. */
#include "support/csv.h"

#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "support/sql.h"

#include "base/banned.h"

/* Unquote the field at `at` in place; `*end` becomes the character after it. */
static char *
read_field(char *at, char *end)
{
	char	   *to = at;
	bool		quoted = *at == '"';

	if (quoted)
		at++;
	while (*at && (quoted || (*at != ',' && *at != '\n' && *at != '\r'))) {
		if (quoted && *at == '"') {
			if (at[1] != '"') {
				at++;
				break;
			}
			at++;
		}
		*to++ = *at++;
	}
	*end = *at;
	*to = '\0';
	return at;
}

void
csv_read(const char *path, size_t count, csv_row *row, void *context)
{
	char	   *text = sql_file(path);
	char	   *at = text;
	bool		heading = true;

	while (*at) {
		const char *fields[CSV_FIELDS] = {0};
		size_t		found = 0;
		char		end = ',';

		while (end == ',' && found < CSV_FIELDS) {
			fields[found++] = at;
			at = read_field(at, &end);
			if (end == ',')
				at++;
		}
		ck_assert_msg(found == count, "%s: a row has %zu fields, not %zu", path, found, count);
		if (end == '\r')
			at++;
		if (end)
			at++;
		if (!heading)
			row(fields, context);
		heading = false;
	}
	mem_free(text);
}
