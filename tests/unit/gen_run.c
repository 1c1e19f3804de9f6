/* Runs the generator. */
#include "unit/gen_run.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "schema_sum.h"
#include "unit/seeds.h"

#include "base/banned.h"

char *
gen_folder_new(void)
{
	const char *base = getenv("TMPDIR");
	char	   *folder = mem_format("%s/gen-test-XXXXXX", base ? base : "/tmp");

	ck_assert_ptr_nonnull(mkdtemp(folder));
	return folder;
}

void
gen_folder_remove(char *folder)
{
	DIR		   *directory = opendir(folder);
	struct dirent *file;

	ck_assert_ptr_nonnull(directory);
	/* cppcheck-suppress readdirCalled; there is one thread, and readdir_r is deprecated */
	while ((file = readdir(directory)) != NULL)
		if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
			ck_assert_int_eq(unlinkat(dirfd(directory), file->d_name, 0), 0);
	closedir(directory);
	ck_assert_int_eq(rmdir(folder), 0);
	mem_free(folder);
}

void
gen_folder_write(const char *folder, const struct gen_file *file)
{
	char	   *path = mem_format("%s/%s", folder, file->name);
	size_t		length = file->length ? file->length : strlen(file->bytes);
	FILE	   *stream = fopen(path, "wb");

	seeds_keep(file->bytes, length);
	ck_assert_ptr_nonnull(stream);
	ck_assert_uint_eq(fwrite(file->bytes, 1, length, stream), length);
	ck_assert_int_eq(fclose(stream), 0);
	mem_free(path);
}

void
gen_folder_schema(const char *folder, const char *name, const char *text)
{
	char	   *copy = mem_string(text);
	char	   *head = strncmp(text, "version ", 8) == 0 ? copy : strstr(copy, "\nversion ");
	char	   *all = mem_copy(text, head ? (size_t) (head - copy) : strlen(text));
	char		sum[SHA256_SIZE] = "";

	for (char *block = head, *next; block; block = next) {
		char	   *lines;

		block += *block == '\n';
		next = strstr(block, "\nversion ");
		lines = mem_copy(block, next ? (size_t) (next + 1 - block) : strlen(block));
		schema_sum(sum, lines, strlen(lines), sum);
		mem_append(&all, head > copy && block == head + 1 ? "\n" : "", lines);
		mem_append(&all, "checksum ", sum);
		mem_append(&all, "", "\n");
		mem_free(lines);
	}
	gen_folder_write(folder, &(struct gen_file) {name, all, 0});
	mem_free(all);
	mem_free(copy);
}

static char *
read_stream(FILE *stream)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *copy = mem_stream_open(&text, &length);
	int			c;

	while ((c = getc(stream)) != EOF)
		putc(c, copy);
	ck_assert(!ferror(stream));
	fclose(stream);
	mem_stream_close(copy);
	return text;
}

char *
gen_folder_read(const char *folder, const char *name)
{
	char	   *path = mem_format("%s/%s", folder, name);
	FILE	   *stream = fopen(path, "rb");

	mem_free(path);
	return stream ? read_stream(stream) : NULL;
}

static _Noreturn void
run_child(const char *const arguments[], FILE *out, FILE *err)
{
	char	   *argv[16];
	size_t		count = 0;

	for (; count < 15 && arguments[count]; count++)
		argv[count] = mem_string(arguments[count]);
	argv[count] = NULL;
	if (dup2(fileno(out), STDOUT_FILENO) >= 0 && dup2(fileno(err), STDERR_FILENO) >= 0)
		execv(argv[0], argv);
	_exit(127);
}

static FILE *
temporary(void)
{
	FILE	   *stream = tmpfile();

	ck_assert_ptr_nonnull(stream);
	return stream;
}

int
gen_run(const char *const arguments[], char **out, char **err)
{
	FILE	   *streams[] = {temporary(), temporary()};
	int			status;
	pid_t		child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		run_child(arguments, streams[0], streams[1]);
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	rewind(streams[0]);
	rewind(streams[1]);
	*out = read_stream(streams[0]);
	*err = read_stream(streams[1]);
	ck_assert_msg(WIFEXITED(status), "the generator died of a signal: %s", *err);
	return WEXITSTATUS(status);
}

static const char *
program(void)
{
	const char *path = getenv("GENERATE");

	return path ? path : "build/gen/generate";
}

/* The generator writes nothing to its standard output. */
static int
run_quietly(const char *const arguments[], char **err)
{
	char	   *out;
	int			status = gen_run(arguments, &out, err);

	ck_assert_str_eq(out, "");
	mem_free(out);
	return status;
}

int
gen_generate_with(const char *folder, const char *out_folder, const char *option, char **err)
{
	char	   *output = mem_format("--output=%s/history.c", out_folder);
	const char *arguments[] = {program(), output, "--build-version=1.2.3", "--database=d", "--repository-id=r",
		"--repository-path=p", option ? option : folder, option ? folder : NULL, NULL};
	int			status = run_quietly(arguments, err);

	mem_free(output);
	return status;
}

int
gen_generate(const char *folder, const char *out_folder, const char *snapshot, char **err)
{
	char	   *option = snapshot ? mem_format("--snapshot=%s", snapshot) : NULL;
	int			status = gen_generate_with(folder, out_folder, option, err);

	mem_free(option);
	return status;
}

int
gen_seal(const char *folder, char **err)
{
	return gen_seal_with(folder, NULL, err);
}

int
gen_seal_with(const char *folder, const char *option, char **err)
{
	const char *arguments[] = {program(), "--seal", folder, option, NULL};

	return run_quietly(arguments, err);
}

/* `line` without the folder's name at its start. */
static const char *
without_folder(const char *line, const char *folder)
{
	size_t		length = strlen(folder);

	if (strncmp(line, folder, length) != 0)
		return line;
	return line[length] == '/' ? line + length + 1 : line + length;
}

static void
check_hint(const char *error, size_t place, const char *hint, size_t length)
{
	static const char label[] = ": hint: ";

	ck_assert_msg(length > place + sizeof(label) && strncmp(hint, error, place) == 0 &&
				  strncmp(hint + place, label, sizeof(label) - 1) == 0, "no hint behind: %s", error);
	ck_assert_msg(strchr(".)", hint[length - 1]) && (hint[place + 8] < 'a' || hint[place + 8] > 'z'),
				  "the hint is no sentence: %s", hint);
}

char *
gen_errors(const char *err, const char *folder)
{
	static const char label[] = ": error: ";
	char	   *errors = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&errors, &length);

	while (*err) {
		const char *mark = strstr(err, label);
		const char *end = strchr(err, '\n');
		const char *hint = end ? end + 1 : "";
		const char *start = without_folder(err, folder);

		ck_assert_msg(mark && end && mark < end, "neither error nor hint: %s", err);
		fprintf(stream, "%.*s: %.*s\n", (int) (mark - start), start,
				(int) (end - mark - (long) sizeof(label) + 1), mark + sizeof(label) - 1);
		check_hint(err, (size_t) (mark - err), hint, strcspn(hint, "\n"));
		err = hint + strcspn(hint, "\n") + 1;
	}
	mem_stream_close(stream);
	return errors;
}
