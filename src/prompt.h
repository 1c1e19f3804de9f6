/*
 * prompt.h - ask a person for a password.
 *
 * Not by libpgcommon's simple_prompt: for want of memory that ends the program with status 1, which is "behind" here.
 */
#ifndef PROMPT_H
#define PROMPT_H

/*
 * prompt_password - ask on the terminal, which does not show the answer.
 *
 * Returns the answer, to be wiped and freed by the caller; NULL when there is nobody to ask, or no answer.
 */
char	   *prompt_password(void);

#endif
