/* A pseudo-terminal. */
#include "support/terminal.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"

#include "base/banned.h"

#define PATIENCE 60000			/* milliseconds */

void
terminal_open(struct terminal *terminal)
{
	char		path[100];

	*terminal = (struct terminal) {.text = mem_string("")};
	terminal->person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal->person < 0 || grantpt(terminal->person) != 0 || unlockpt(terminal->person) != 0
		|| ptsname_r(terminal->person, path, sizeof(path)) != 0)
		ck_abort_msg("could not open a terminal: %s", strerror(errno));
	terminal->path = mem_string(path);
	terminal->line = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	ck_assert_int_ge(terminal->line, 0);
}

void
terminal_type(struct terminal *terminal, const char *text)
{
	ck_assert_int_eq(write(terminal->person, text, strlen(text)), (ssize_t) strlen(text));
}

void
terminal_resize(struct terminal *terminal, int columns)
{
	struct winsize size = {.ws_row = 24,.ws_col = (unsigned short) columns};

	ck_assert_int_eq(ioctl(terminal->person, TIOCSWINSZ, &size), 0);
}

/* Wait for more; `wanted` is what for. */
static void
read_more(struct terminal *terminal, const char *wanted)
{
	struct pollfd watched = {.fd = terminal->person,.events = POLLIN};
	char		buffer[4096];
	ssize_t		length = poll(&watched, 1, PATIENCE) == 1 ? read(terminal->person, buffer, sizeof(buffer) - 1) : -1;
	char	   *longer;

	if (length <= 0)
		ck_abort_msg("the terminal should show \"%s\"; it shows:\n%s", wanted, terminal->text);
	buffer[length] = '\0';
	longer = mem_format("%s%s", terminal->text, buffer);
	mem_free(terminal->text);
	terminal->text = longer;
}

void
terminal_expect(struct terminal *terminal, const char *text)
{
	while (!strstr(terminal->text, text))
		read_more(terminal, text);
}

static int
count_lines(const char *text)
{
	int			lines = 0;

	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	return lines;
}

void
terminal_expect_lines(struct terminal *terminal, int lines)
{
	while (count_lines(terminal->text) < lines)
		read_more(terminal, "more lines");
}

void
terminal_close(struct terminal *terminal)
{
	close(terminal->line);
	close(terminal->person);
	mem_free(terminal->path);
	mem_free(terminal->text);
}
