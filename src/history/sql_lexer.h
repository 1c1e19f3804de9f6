/*
 * sql_lexer.h - split one SQL statement into words, to recognize keywords. Pure.
 *
 * It does not find the end of a statement; psql's lexer does that (gen/split.h). It skips white space and comments,
 * keeps strings and quoted names whole, and returns every other character as a word of its own.
 */
#ifndef SQL_LEXER_H
#define SQL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum sql_lexer_kind {
	WORD_NAME,					/* a keyword or an unquoted name */
	WORD_QUOTED,				/* "a name", U&"..." */
	WORD_STRING,				/* 'a string', E'...' and so on, including its continuations on later lines */
	WORD_DOLLAR,				/* $tag$ a string $tag$ */
	WORD_COMMENT,				/* returned only if unterminated, or if `comments` is set */
	WORD_SYMBOL					/* any other character */
};

struct sql_lexer_word {
	enum sql_lexer_kind kind;
	size_t		offset;
	size_t		length;
	unsigned	depth;			/* number of open ( and [ around it; a bracket itself has the depth outside */
	bool		open;			/* it is not terminated */
};

struct sql_lexer {
	const char *text;
	size_t		length;
	size_t		at;
	unsigned	depth;
	bool		comments;		/* return comments too; set it after sql_lexer_start */
};

/* sql_lexer_start - start at the first word of the `length` bytes at `text`, which are borrowed. */
void		sql_lexer_start(struct sql_lexer *words, const char *text, size_t length);

/* sql_lexer_next - store the next word in *word; false after the last one. */
bool		sql_lexer_next(struct sql_lexer *words, struct sql_lexer_word *word);

/* sql_lexer_blank - is the character white space in SQL, as PostgreSQL 10 to 15 define it? */
bool		sql_lexer_blank(char c);

/* sql_lexer_skip - the offset of the first byte from `at` on that is neither white space nor in a "--" comment. */
size_t		sql_lexer_skip(const char *text, size_t length, size_t at);

/* All words of a statement. */
struct sql_lexer_phrase {
	const char *text;
	struct sql_lexer_word *words;
	size_t		count;
};

/* phrase_read - read all words of the `length` bytes at `text`, which are borrowed. phrase_clear frees the list. */
void		phrase_read(struct sql_lexer_phrase *phrase, const char *text, size_t length);
void		phrase_clear(struct sql_lexer_phrase *phrase);

/*
 * phrase_says - do the words from `at` on match `keywords`, such as "if not exists"?
 *
 * Returns the number of keywords, or 0 if they do not match. Case is ignored; a quoted name is not a keyword.
 */
size_t		phrase_says(const struct sql_lexer_phrase *phrase, size_t at, const char *keywords);

/* phrase_symbol - is the word at `at` the character `symbol`? */
bool		phrase_symbol(const struct sql_lexer_phrase *phrase, size_t at, char symbol);

/*
 * phrase_find - the first place from `at` on where the words match `keywords`, at a bracket depth of at most `depth`;
 * `count` if there is none.
 */
size_t		phrase_find(const struct sql_lexer_phrase *phrase, size_t at, const char *keywords, unsigned depth);

/* phrase_name_end - the place after the name, optionally with a schema, that starts at `at`; `at` if there is none. */
size_t		phrase_name_end(const struct sql_lexer_phrase *phrase, size_t at);

#endif
