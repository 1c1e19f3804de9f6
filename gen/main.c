/*
 * generate - the generator of the build: it compiles a folder of migrations to C tables, or seals the migrations.
 *
 * Exit status: 0 success, 1 errors in the files, 2 wrong usage.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "emit.h"
#include "folder.h"
#include "parse.h"
#include "schema_file.h"
#include "source.h"

#include "base/banned.h"

static const char usage[] =
	"Usage:\n"
	"  generate --output=FILE --build-version=TEXT --database=NAME --repository-id=TEXT --repository-path=TEXT\n"
	"           [--folder-name=NAME] [--snapshot=FILE] [--schema=FILE] [--no-lint] FOLDER\n"
	"  generate --seal [--schema=FILE] FOLDER\n"
	"\n"
	"The first form compiles the migrations in FOLDER to C tables. The second form seals them: it\n"
	"adds migrations to FOLDER/SHA256SUMS. Both report every error with file, line and a hint.\n"
	"\n"
	"Options:\n"
	"  --output=FILE           the C file to write\n"
	"  --build-version=TEXT    the version of the build\n"
	"  --database=NAME         the default database\n"
	"  --repository-id=TEXT    the repository's row in migrate_version\n"
	"  --repository-path=TEXT  the repository's path in migrate_version\n"
	"  --folder-name=NAME      the folder's name in messages (default: migrations)\n"
	"  --snapshot=FILE         a script that creates the schema of one version\n"
	"  --schema=FILE           the facts of every version, made by make schema\n"
	"  --no-lint               lint does not judge what that file records\n"
	"  --seal                  seal the migrations\n"
	"  --help                  show this help\n"
	"\n"
	"Exit status: 0 success, 1 errors in the files, 2 wrong usage.\n";

struct arguments {
	const char *output;
	const char *build;
	const char *database;
	const char *repository_id;
	const char *repository_path;
	const char *folder_name;
	struct parse_paths paths;
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
		{"schema", required_argument, NULL, 'c'},
		{"no-lint", no_argument, NULL, 'n'},
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
			case 's': arguments->paths.snapshot = optarg; break;
			case 'c': arguments->paths.schema = optarg; break;
			case 'n': arguments->paths.unjudged = true; break;
			case 'S': arguments->seal = true; break;
			case 'h': arguments->help = true; return true;
			default: return false;
		}
	if (optind + 1 != argc)
		return false;
	arguments->paths.folder = argv[optind];
	return arguments->seal || (arguments->output && arguments->build && arguments->database &&
							   arguments->repository_id && arguments->repository_path);
}

static bool
write_history(struct errors *errors, const struct arguments *arguments, struct parse_result *result)
{
	struct history *common = &result->history;
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);
	bool		good;

	common->build = arguments->build;
	common->database = arguments->database;
	common->repository_id = arguments->repository_id;
	common->repository_path = arguments->repository_path;
	common->folder = arguments->folder_name ? arguments->folder_name : "migrations";
	emit_history(stream, result);
	mem_stream_close(stream);
	good = source_replace_file(errors, arguments->output, text, length);
	mem_free(text);
	return good;
}

static bool
run(const struct arguments *arguments)
{
	struct arena arena = {0};
	struct errors errors = {0};
	struct folder folder;
	struct parse_result result;
	bool		good = parse_folder(&arena, &errors, &arguments->paths, &folder, &result);

	if (good && arguments->seal) {
		good = folder_check_todo(&arena, &errors, &folder, result.migrations);
		good &= !arguments->paths.schema || schema_file_is_known(&errors, arguments->paths.schema, &result.facts);
		good = good && folder_write_seals(&arena, &errors, &folder, result.migrations);
	}
	else if (good)
		good = write_history(&errors, arguments, &result);
	errors_print(&errors, stderr);
	errors_clear(&errors);
	fact_history_clear(&result.facts);
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
