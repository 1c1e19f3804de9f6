/* How many rows the next batch has. */
#include "migrate/batch.h"

#include "base/banned.h"

int
batch_next_size(int rows, int most, double milliseconds)
{
	/* Avoid a division by zero. */
	double		factor = BATCH_AIM / (milliseconds < 0.001 ? 0.001 : milliseconds);
	double		next;

	/* Near the aim or up to half beyond it, the size stays. */
	if (factor < 1 && milliseconds < 1.5 * BATCH_AIM)
		factor = 1;
	if (factor > 2)
		factor = 2;
	if (factor < 0.1)
		factor = 0.1;
	next = rows * factor;
	/* If it grows, then by at least one row. */
	if (factor > 1 && next < rows + 1.0)
		next = rows + 1.0;
	return next >= most ? most : next < 1 ? 1 : (int) next;
}
