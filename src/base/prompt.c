/* Ask the user for a password or for confirmation. */
#include "base/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "base/signals.h"

#include "base/banned.h"

enum {
	LONGEST_LINE = 4096			/* a terminal's own limit */
};

static bool
write_text(int terminal, const char *text)
{
	return write(terminal, text, strlen(text)) == (ssize_t) strlen(text);
}

/* Read one line, without its end; false if there is none. Byte by byte, so that input after it is not consumed. */
static bool
read_line(int terminal, char line[LONGEST_LINE + 1])
{
	size_t		length = 0;

	while (length < LONGEST_LINE) {
		ssize_t		got = read(terminal, line + length, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		if (line[length] == '\n')
			break;
		length++;
	}
	line[length] = '\0';
	return true;
}

char *
prompt_password(void)
{
	char		line[LONGEST_LINE + 1] = "";
	int			terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios shown;
	struct termios hidden;
	char	   *answer = NULL;

	if (terminal < 0 || tcgetattr(terminal, &shown) != 0)
		goto done;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t) ECHO;
	if (tcsetattr(terminal, TCSAFLUSH, &hidden) != 0)
		goto done;
	if (write_text(terminal, "Password: ") && read_line(terminal, line))
		answer = line;
	write_text(terminal, "\n");
	tcsetattr(terminal, TCSAFLUSH, &shown);
	answer = mem_string(answer);
done:
	explicit_bzero(line, sizeof(line));
	if (terminal >= 0)
		close(terminal);
	return answer;
}

bool
prompt_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
prompt_yes(const char *question)
{
	char		line[LONGEST_LINE + 1] = "";
	char	   *shown = printable(question);
	char	   *text = mem_format(PROGRAM ": %s [y/N] ", shown);
	struct pollfd fds[2] = {{.fd = STDIN_FILENO,.events = POLLIN}, {.fd = signals_fd(),.events = POLLIN}};
	bool		answered = write_text(STDERR_FILENO, text);

	/* A terminal delivers whole lines. */
	while (answered && !signals_stop() && fds[0].revents == 0)
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			answered = false;
	answered = answered && !signals_stop() && read_line(STDIN_FILENO, line);
	if (!answered)
		write_text(STDERR_FILENO, "\n");
	mem_free(text);
	mem_free(shown);
	return answered && (strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0);
}
