#include "pace.h"

#include "banned.h"

int
pace_next(int rows, int most, double milliseconds)
{
	/* What takes no time at all takes some. */
	double		factor = PACE_AIM / (milliseconds < 0.001 ? 0.001 : milliseconds);
	double		next;

	/* Within the aim or a little beyond it, it is well as it is, unless it may grow. */
	if (factor < 1 && milliseconds < 1.5 * PACE_AIM)
		factor = 1;
	if (factor > 2)
		factor = 2;
	if (factor < 0.1)
		factor = 0.1;
	next = rows * factor;
	/* What grows grows by one at least. */
	if (factor > 1 && next < rows + 1.0)
		next = rows + 1.0;
	return next >= most ? most : next < 1 ? 1 : (int) next;
}

double
pace_left(double done, double total, double seconds)
{
	if (done <= 0 || total <= 0 || seconds <= 0)
		return -1;
	return done < total ? (total - done) * seconds / done : 0;
}
