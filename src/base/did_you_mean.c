#include "base/did_you_mean.h"

#include <string.h>

#include "base/banned.h"

enum {
	LONGEST = 40,				/* what is longer is no command or option of ours */
	LETTERS_PER_MISTAKE = 3
};

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance: as Levenshtein's, but two letters that are swapped are one mistake. */
static int
measure(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int			rows[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= a_length; i++)
		rows[i][0] = (int) i;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (int) j;
	for (size_t i = 1; i <= a_length; i++)
		for (size_t j = 1; j <= b_length; j++) {
			int			changed = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			rows[i][j] = least(changed, 1 + least(rows[i - 1][j], rows[i][j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = least(rows[i][j], 1 + rows[i - 2][j - 2]);
		}
	return rows[a_length][b_length];
}

void
did_you_mean_try(struct did_you_mean *similar, const char *candidate)
{
	size_t		length = strlen(candidate);
	size_t		longer = length > similar->length ? length : similar->length;
	int			distance;

	if (longer > LONGEST)
		return;
	distance = measure(similar->word, similar->length, candidate, length);
	if (distance <= (int) (longer + LETTERS_PER_MISTAKE - 1) / LETTERS_PER_MISTAKE && distance < (int) longer
		&& (!similar->best || distance < similar->distance)) {
		similar->best = candidate;
		similar->distance = distance;
	}
}
