/* text.h - the text of the sections of a migration. Pure. */
#ifndef DIFFERENCE_TEXT_H
#define DIFFERENCE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "difference/side.h"
#include "difference/moves.h"
#include "difference/sql.h"

/* text_write_notes - write as comments what the moves leave out. */
void		text_write_notes(FILE *stream, const struct sides *sides);

/* text_write_sections - write both sections of a file with these moves, which are like these forms. */
void		text_write_sections(FILE *stream, const struct move *moves, size_t count, enum sql_form up,
								enum sql_form down);

#endif
