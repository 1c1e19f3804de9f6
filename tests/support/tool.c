/* Runs the executable under test. */
#include "support/tool.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define ARCHIVE "histories/migrations-39/fitsdb-schema"

static bool use_archive;
static char *other_path;

void
tool_use_archive(bool archive)
{
	use_archive = archive;
}

void
tool_use(const char *path)
{
	mem_free(other_path);
	other_path = mem_string(path);
}

/* An absolute path. */
static char *
existing(const char *name)
{
	char	   *path = realpath(name, NULL);

	ck_assert_msg(path != NULL, "there is no %s: %s: run \"make tests\"", name, strerror(errno));
	return path;
}

static const char *
build_path(void)
{
	const char *name = getenv("FITSDB_SCHEMA");

	return name ? name : "build/fitsdb-schema";
}

char *
tool_beside(const char *name)
{
	const char *build = build_path();
	const char *slash = strrchr(build, '/');
	char	   *relative = mem_format("%.*s%s", slash ? (int) (slash - build) + 1 : 0, build, name);
	char	   *path = existing(relative);

	mem_free(relative);
	return path;
}

char *
tool_path(void)
{
	if (!other_path && use_archive)
		return tool_beside(ARCHIVE);
	return existing(other_path ? other_path : build_path());
}

static const char **
command_line(const char *under, const char *executable, const char *option, const char *const *arguments)
{
	size_t		count = 0;
	const char **line;
	size_t		used = 0;

	while (arguments[count])
		count++;
	line = mem_alloc((count + 4) * sizeof(line[0]));
	if (under)
		line[used++] = under;
	line[used++] = executable;
	if (option)
		line[used++] = option;
	memcpy(&line[used], arguments, count * sizeof(line[0]));
	return line;
}

static void
start(struct process *process, const char *executable, const char *conninfo, const char *const *arguments,
	  const struct process_options *options)
{
	char	   *under = getenv("TOOL_UNDER") ? realpath(getenv("TOOL_UNDER"), NULL) : NULL;
	char	   *path = executable ? mem_string(executable) : tool_path();
	char	   *option = conninfo ? mem_format("--dbname=%s", conninfo) : NULL;
	const char **line = command_line(under, path, option, arguments);

	process_start(process, line, options);
	mem_free(line);
	mem_free(under);
	mem_free(option);
	mem_free(path);
}

void
tool_start(struct process *process, const char *conninfo, const char *const *arguments)
{
	start(process, NULL, conninfo, arguments, NULL);
}

void
tool_start_with(struct process *process, const char *conninfo, const char *const *arguments,
				const struct process_options *options)
{
	start(process, NULL, conninfo, arguments, options);
}

void
tool_run(struct process *process, const char *conninfo, const char *const *arguments)
{
	tool_run_with(process, NULL, conninfo, arguments, NULL);
}

void
tool_run_with(struct process *process, const char *executable, const char *conninfo, const char *const *arguments,
			  const struct process_options *options)
{
	start(process, executable, conninfo, arguments, options);
	process_wait(process);
}

static void
expect_text(const struct process *process, const char *stream, const char *written, const char *texts)
{
	if (!texts) {
		ck_assert_msg(*written == '\0', "it should have written nothing to %s\n--- stdout:\n%s--- stderr:\n%s", stream,
					  process->out, process->err);
		return;
	}
	while (*texts) {
		size_t		length = strcspn(texts, "\n");

		ck_assert_msg(memmem(written, strlen(written), texts, length) != NULL,
					  "it should have written \"%.*s\" to %s\n--- stdout:\n%s--- stderr:\n%s", (int) length, texts,
					  stream, process->out, process->err);
		texts += length + (texts[length] == '\n');
	}
}

static void
expect_status(const struct process *process, int status)
{
	ck_assert_msg(process->status == status, "it ended with status %d, not %d\n--- stdout:\n%s--- stderr:\n%s",
				  process->status, status, process->out, process->err);
}

void
tool_wrote(const struct process *process, int status, const char *out, const char *err)
{
	expect_status(process, status);
	expect_text(process, "stdout", process->out, out);
	expect_text(process, "stderr", process->err, err);
}

void
tool_ended(struct process *process, int status)
{
	expect_status(process, status);
	process_clear(process);
}

void
tool_expect(const char *conninfo, const char *const *arguments, int status, const char *out, const char *err)
{
	struct process process;

	tool_run(&process, conninfo, arguments);
	tool_wrote(&process, status, out, err);
	process_clear(&process);
}

void
tool_must(const char *conninfo, const char *const *arguments)
{
	tool_expect(conninfo, arguments, 0, "", NULL);
}
