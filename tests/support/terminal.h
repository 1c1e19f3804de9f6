/*
 * terminal.h - a terminal for a program that asks questions, and for the test that answers.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

struct terminal {
	int			person;			/* the end that types and reads */
	int			line;			/* keeps the other end open between programs */
	char	   *path;			/* for struct process_options */
	char	   *text;			/* what was written there so far */
};

/* terminal_open - a new one; fails the test when there is none. terminal_close frees it. */
void		terminal_open(struct terminal *terminal);

/* terminal_resize - make it so many columns wide. */
void		terminal_resize(struct terminal *terminal, int columns);

/* terminal_type - type a text; it stays there until a program reads it. */
void		terminal_type(struct terminal *terminal, const char *text);

/* terminal_expect - wait until this was written there; after a deadline the test fails. */
void		terminal_expect(struct terminal *terminal, const char *text);

/* terminal_expect_lines - wait until so many lines were written there. */
void		terminal_expect_lines(struct terminal *terminal, int lines);

void		terminal_close(struct terminal *terminal);

#endif
