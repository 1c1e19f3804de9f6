/*
 * pace.h - how large the next range of a batch should be, and how long the rest will take. Pure.
 */
#ifndef PACE_H
#define PACE_H

/* What a range should take at most, in milliseconds: for so long, who wants to write to its rows may have to wait. */
#define PACE_AIM 1000

/*
 * pace_next - rows for the next range, from 1 to `most`, after one of `rows` took so many milliseconds.
 *
 * A range that took much longer than the aim makes the next one smaller by as much, to a tenth at most; later ones grow
 * again, each to twice the one before at most, as long as the aim allows.
 */
int			pace_next(int rows, int most, double milliseconds);

/* pace_left - seconds that are left, where `done` of `total` took so many; -1 where that cannot be told. */
double		pace_left(double done, double total, double seconds);

#endif
