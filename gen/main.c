/*
 * generate - the build's generator: a folder of migrations becomes the C tables of a history, or is sealed.
 *
 * Exit status: 0 done, 1 something was refused, 2 usage.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "emit.h"
#include "gather.h"
#include "replace.h"
#include "seal.h"

#include "base/banned.h"

static const char usage[] =
	"Usage:\n"
	"  generate --output=FILE --build-version=TEXT --database=NAME --repository-id=TEXT --repository-path=TEXT\n"
	"           [--folder-name=NAME] [--snapshot=FILE] FOLDER\n"
	"  generate --seal FOLDER\n"
	"\n"
	"The first makes C tables of the migrations in FOLDER; the second adds those that are not\n"
	"in its SHA256SUMS yet. Whatever is wrong with the files is said, with file and line.\n";

struct arguments {
	const char *output;
	const char *build;
	const char *database;
	const char *repository_id;
	const char *repository_path;
	const char *folder_name;
	const char *snapshot;
	const char *folder;
	bool		seal;
	bool		help;
};

static bool
parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
		{"output", required_argument, NULL, 'o'},
		{"build-version", required_argument, NULL, 'b'},
		{"database", required_argument, NULL, 'd'},
		{"repository-id", required_argument, NULL, 'i'},
		{"repository-path", required_argument, NULL, 'p'},
		{"folder-name", required_argument, NULL, 'f'},
		{"snapshot", required_argument, NULL, 's'},
		{"seal", no_argument, NULL, 'S'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	int			option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
			case 'o': arguments->output = optarg; break;
			case 'b': arguments->build = optarg; break;
			case 'd': arguments->database = optarg; break;
			case 'i': arguments->repository_id = optarg; break;
			case 'p': arguments->repository_path = optarg; break;
			case 'f': arguments->folder_name = optarg; break;
			case 's': arguments->snapshot = optarg; break;
			case 'S': arguments->seal = true; break;
			case 'h': arguments->help = true; return true;
			default: return false;
		}
	if (optind + 1 != argc)
		return false;
	arguments->folder = argv[optind];
	return arguments->seal || (arguments->output && arguments->build && arguments->database &&
							   arguments->repository_id && arguments->repository_path);
}

static bool
write_history(struct complaints *complaints, const struct arguments *arguments, struct whole *whole)
{
	struct history *common = &whole->history;
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);
	bool		good;

	common->build = arguments->build;
	common->database = arguments->database;
	common->repository_id = arguments->repository_id;
	common->repository_path = arguments->repository_path;
	common->folder = arguments->folder_name ? arguments->folder_name : "migrations";
	emit_history(stream, whole);
	mem_stream_close(stream);
	good = replace_file(complaints, arguments->output, text, length);
	mem_free(text);
	return good;
}

static bool
run(const struct arguments *arguments)
{
	struct arena arena = {0};
	struct complaints complaints = {0};
	struct folder folder;
	struct whole whole;
	bool		good = gather_history(&arena, &complaints, arguments->folder, arguments->snapshot, &folder, &whole);

	if (good && arguments->seal)
		good = seal_write(&arena, &complaints, &folder, whole.migrations);
	else if (good)
		good = write_history(&complaints, arguments, &whole);
	complaints_print(&complaints, stderr);
	complaints_clear(&complaints);
	arena_clear(&arena);
	return good;
}

int
main(int argc, char **argv)
{
	struct arguments arguments = {0};

	if (!parse_arguments(argc, argv, &arguments)) {
		fputs(usage, stderr);
		return 2;
	}
	if (arguments.help)
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ? 2 : 0;
	return run(&arguments) ? 0 : 1;
}
