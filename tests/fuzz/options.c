/*
 * The command line: an input is the arguments, one on each line. They are parsed, compared with the options of each
 * kind of command, and converted to values.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/options.h"
#include "history/history.h"
#include "fuzz.h"

#include "base/banned.h"

/* Is it one of the arguments, or the end of one? */
static bool
is_from(char *const *argv, int argc, const char *text)
{
	for (int i = 0; i < argc; i++)
		if (text >= argv[i] && text <= argv[i] + strlen(argv[i]))
			return true;
	return false;
}

static void
check_parsed(const struct options *options, char *const *argv, int argc)
{
	const struct session_options *session = &options->session;
	const char *const texts[] = {session->target.host, session->target.port, session->target.user, session->role,
		options->command};

	/* If there may be a password in it, it is a copy. */
	must(!session->target.dbname || session->target.dbname == options->database
		 || is_from(argv, argc, session->target.dbname));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		must(!texts[i] || is_from(argv, argc, texts[i]));
	must(session->lock_timeout > 0 && session->lock_retries >= 0 && session->lock_retries <= 100000);
	must(session->lock_wait >= 0 && options->wait >= -1);
	must(options->count >= 0 && options->count < argc);
	must(options->command || options->count == 0);
	for (int i = 0; i < options->count; i++)
		must(is_from(argv, argc, options->arguments[i]));
	for (unsigned i = 0; i < sizeof(options->given_name) / sizeof(options->given_name[0]); i++)
		must(!(options->given & 1U << i) || options->given_name[i]);
}

/* As main.c goes on from there: with a command, and with the version only once its number is right. */
static void
check_command(const struct options *options)
{
	static const unsigned groups[] = {OPTIONS_CONNECT | OPTIONS_STATUS | OPTIONS_JSON,
		OPTIONS_CONNECT | OPTIONS_WRITE | OPTIONS_SQL, OPTIONS_SHOW, OPTIONS_JSON};

	if (!options->command || options->help || options->version)
		return;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (int most = 0; most < 2; most++)
			if (options_check(options, groups[i], most))
				must(options->count <= most && !(options->given & ~(groups[i] | OPTIONS_ALWAYS)));
	must(options_version(options) >= -1);
	must(options_known_version(options) <= history.latest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct options options;
	char	   *text = mem_copy(data, size);
	char	  **argv = mem_alloc((size + 3) * sizeof(*argv));
	int			argc = 1;
	char	   *save = NULL;

	/* In pieces of its own each, so that who reads behind one is found. Empty ones are written as one blank. */
	argv[0] = mem_string("fitsdb-schema");
	for (char *word = strtok_r(text, "\n", &save); word; word = strtok_r(NULL, "\n", &save))
		argv[argc++] = mem_string(strcmp(word, " ") == 0 ? "" : word);
	for (int i = 0; i < argc; i++) {
		long		milliseconds = options_milliseconds(argv[i]);

		must(milliseconds >= -1 && milliseconds <= INT_MAX);
		must(options_printable(argv[i]) >= 0 && !memchr(argv[i], '@', (size_t) options_printable(argv[i])));
	}
	report_hold();
	optind = 0;					/* begin anew */
	if (options_parse(&options, argc, argv)) {
		check_parsed(&options, argv, argc);
		check_command(&options);
	}
	options_clear(&options);
	report_release(false);
	for (int i = 0; i < argc; i++)
		mem_free(argv[i]);
	mem_free(argv);
	mem_free(text);
	return 0;
}
