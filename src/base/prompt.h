/*
 * prompt.h - ask the user for a password or for confirmation.
 *
 * It does not use libpgcommon's simple_prompt, which ends the program with status 1 when memory is exhausted; status 1
 * means "behind" here.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include <stdbool.h>

/*
 * prompt_password - ask for a password on the terminal, without echo.
 *
 * Returns a new string, which the caller wipes and frees; NULL without a terminal or an answer.
 */
char	   *prompt_password(void);

/* prompt_possible - are stdin and stderr a terminal, so that a question can be answered? */
bool		prompt_possible(void);

/* prompt_yes - ask; true only if the answer is "y" or "yes". A signal that requests a stop counts as no. */
bool		prompt_yes(const char *question);

#endif
