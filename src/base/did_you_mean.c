/* Find the word that was probably meant by a misspelt one. */
#include "base/did_you_mean.h"

#include <string.h>

#include "base/banned.h"

enum {
	LONGEST = 40,				/* longer words are not compared */
	LETTERS_PER_MISTAKE = 3
};

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance: Levenshtein's, except that two swapped letters are one mistake. */
static int
edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int			rows[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= a_length; i++)
		rows[i][0] = (int) i;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (int) j;
	for (size_t i = 1; i <= a_length; i++)
		for (size_t j = 1; j <= b_length; j++) {
			int			changed = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			rows[i][j] = smaller(changed, 1 + smaller(rows[i - 1][j], rows[i][j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = smaller(rows[i][j], 1 + rows[i - 2][j - 2]);
		}
	return rows[a_length][b_length];
}

void
did_you_mean_try(struct did_you_mean *guess, const char *candidate)
{
	size_t		length = strlen(candidate);
	size_t		longer = length > guess->length ? length : guess->length;
	int			distance;

	if (longer > LONGEST)
		return;
	distance = edit_distance(guess->word, guess->length, candidate, length);
	if (distance <= (int) (longer + LETTERS_PER_MISTAKE - 1) / LETTERS_PER_MISTAKE && distance < (int) longer
		&& (!guess->best || distance < guess->distance)) {
		guess->best = candidate;
		guess->distance = distance;
	}
}
