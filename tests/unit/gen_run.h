/*
 * gen_run.h - for tests that run the built generator: temporary folders of migrations, and the run.
 *
 * The environment variable GENERATE names the program (default: build/gen/generate).
 */
#ifndef GEN_RUN_H
#define GEN_RUN_H

#include <stddef.h>

/* A file to write: `length` 0 means up to the NUL; `bytes` NULL ends a list. */
struct gen_file {
	const char *name;
	const char *bytes;
	size_t		length;
};

/* gen_folder_new - an empty temporary folder; gen_folder_remove deletes it with its files, and frees its name. */
char	   *gen_folder_new(void);
void		gen_folder_remove(char *folder);

/* gen_folder_write - write a file there. gen_folder_read - its text, to be freed; NULL where it does not exist. */
void		gen_folder_write(const char *folder, const struct gen_file *file);
char	   *gen_folder_read(const char *folder, const char *name);

/* gen_folder_schema - write a SCHEMA there, as the file `name`: the text, with the checksum of each version. */
void		gen_folder_schema(const char *folder, const char *name, const char *text);

/*
 * gen_run - run `arguments` (argv, NULL at its end); returns the exit status.
 *
 * `*out` and `*err` become its output, to be freed.
 */
int			gen_run(const char *const arguments[], char **out, char **err);

/* gen_generate - run the generator on `folder` with its output in `out_folder`/history.c; `snapshot` may be NULL. */
int			gen_generate(const char *folder, const char *out_folder, const char *snapshot, char **err);

/* gen_generate_with - the same with one more option, such as --schema=FILE, or NULL. */
int			gen_generate_with(const char *folder, const char *out_folder, const char *option, char **err);

/* gen_seal - run generate --seal. gen_seal_with - the same with one more option, or NULL. */
int			gen_seal(const char *folder, char **err);
int			gen_seal_with(const char *folder, const char *option, char **err);

/*
 * gen_errors - the errors of `err` without "FOLDER/" and hints: "FILE:LINE: text" lines, to be freed.
 *
 * Fails the test if an error is not followed by one hint, in a sentence, about the same place.
 */
char	   *gen_errors(const char *err, const char *folder);

#endif
