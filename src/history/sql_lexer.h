/*
 * sql_lexer.h - the words of one SQL statement, so that keywords can be recognised. Pure.
 *
 * Where a statement ends is not decided here but by psql's lexer (gen/split.h); this skips blanks and comments, keeps
 * strings and quoted names whole, and gives every other character as a word of its own.
 */
#ifndef SQL_LEXER_H
#define SQL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum sql_lexer_kind {
	WORD_NAME,					/* a keyword or a name without quotes */
	WORD_QUOTED,				/* "a name", U&"..." */
	WORD_STRING,				/* 'a string', E'...' and the like, with its continuations on later lines */
	WORD_DOLLAR,				/* $tag$ a string $tag$ */
	WORD_COMMENT,				/* given only where it never ends, or where comments are asked for */
	WORD_SYMBOL					/* any other character */
};

struct sql_lexer_word {
	enum sql_lexer_kind kind;
	size_t		offset;
	size_t		length;
	unsigned	depth;			/* how many ( and [ around it are open; a pair itself is outside */
	bool		open;			/* its end is missing */
};

struct sql_lexer {
	const char *text;
	size_t		length;
	size_t		at;
	unsigned	depth;
	bool		comments;		/* give comments too; to be set after sql_lexer_start */
};

/* sql_lexer_start - iterate over the words of the `length` bytes at `text`, which are borrowed. */
void		sql_lexer_start(struct sql_lexer *words, const char *text, size_t length);

/* sql_lexer_next - the next word; false behind the last one. */
bool		sql_lexer_next(struct sql_lexer *words, struct sql_lexer_word *word);

/* sql_lexer_blank - is it what PostgreSQL 10 to 15 call a blank? */
bool		sql_lexer_blank(char c);

/* sql_lexer_skip - where the first byte is, from `at` on, that is neither blank nor part of a "--" comment. */
size_t		sql_lexer_skip(const char *text, size_t length, size_t at);

/* All the words of a statement. */
struct sql_lexer_phrase {
	const char *text;
	struct sql_lexer_word *words;
	size_t		count;
};

/* phrase_read - the words of the `length` bytes at `text`, which are borrowed; phrase_clear frees the list. */
void		phrase_read(struct sql_lexer_phrase *phrase, const char *text, size_t length);
void		phrase_clear(struct sql_lexer_phrase *phrase);

/*
 * phrase_says - do the words from `at` on read `keywords`, such as "if not exists"?
 *
 * Returns how many words that are, 0 where they do not. Case does not matter; a name in quotes is no keyword.
 */
size_t		phrase_says(const struct sql_lexer_phrase *phrase, size_t at, const char *keywords);

/* phrase_symbol - is the word at `at` this one character? */
bool		phrase_symbol(const struct sql_lexer_phrase *phrase, size_t at, char symbol);

/*
 * phrase_find - where the words read `keywords`, from `at` on, within at most `depth` open brackets; `count` where they
 * do not.
 */
size_t		phrase_find(const struct sql_lexer_phrase *phrase, size_t at, const char *keywords, unsigned depth);

/* phrase_name_end - behind the name, perhaps with a schema, that begins at `at`; `at` where there is none. */
size_t		phrase_name_end(const struct sql_lexer_phrase *phrase, size_t at);

#endif
