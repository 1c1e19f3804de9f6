/*
 * prompt.h - ask a person: for a password, or whether to go on.
 *
 * The former not by libpgcommon's simple_prompt: for want of memory that ends the program with status 1, which is
 * "behind" here.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include <stdbool.h>

/*
 * prompt_password - ask on the terminal, which does not show the answer.
 *
 * Returns the answer, to be wiped and freed by the caller; NULL when there is nobody to ask, or no answer.
 */
char	   *prompt_password(void);

/* prompt_possible - is there a person to ask: are stdin and stderr a terminal? */
bool		prompt_possible(void);

/* prompt_yes - ask there; true only for an answer of "y" or "yes". A signal that asks to stop is none. */
bool		prompt_yes(const char *question);

#endif
