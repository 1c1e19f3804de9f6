/* The files of new migrations. */
#include "difference/files.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/report.h"
#include "difference/text.h"
#include "file.h"
#include "schema/compare_pairs.h"

#include "base/banned.h"

/* Moves that share a file: `count` of them from `first` on. */
struct group {
	size_t		first;
	size_t		count;
};

struct files {
	size_t		count;
	char	  **paths;			/* written already */
};

/* --- which moves share a file --- */

static enum sql_form
form_of(const struct sql_list *list)
{
	enum sql_form form = SQL_PLAIN;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].form > form)
			form = list->items[i].form;
	return form;
}

static bool
works(const struct move *move)
{
	for (size_t i = 0; i < move->way.up.count; i++)
		if (move->way.up.items[i].works)
			return true;
	return false;
}

/* Statements that work must not do so while others hold a lock. */
static bool
may_share(const struct move *a, const struct move *b)
{
	enum sql_form up = form_of(&a->way.up);
	enum sql_form down = form_of(&a->way.down);

	return up == form_of(&b->way.up) && down == form_of(&b->way.down) && up != SQL_CONCURRENT && down != SQL_CONCURRENT
		&& !works(a) && !works(b) && !a->question && !b->question
		&& (a->phase < MOVE_CREATE_OBJECTS) == (b->phase < MOVE_CREATE_OBJECTS);
}

static struct group
next_group(const struct moves *moves, size_t first)
{
	struct group group = {first, 1};

	while (first + group.count < moves->count && may_share(&moves->items[first], &moves->items[first + group.count]))
		group.count++;
	return group;
}

static bool
is_function(const struct fact *fact)
{
	return fact && fact->kind == FACT_FUNCTION && !change_is_procedure(fact);
}

static bool
drops_function(const struct move *move)
{
	return is_function(move->old) && !move->new;
}

/* Does the move make a function that has the name of a dropped one? One that was there before does not replace it. */
static bool
makes(const struct move *move, const struct fact *dropped)
{
	size_t		length = compare_name_length(dropped->name);

	return is_function(move->new) && !move->old && move->phase != MOVE_COMMENT
		&& compare_name_length(move->new->name) == length && strncmp(move->new->name, dropped->name, length) == 0;
}

/* To lint a function that a migration drops is replaced by one of its name, and needs no permission. */
static void
forbid_replaced(const struct move *moves, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; drops_function(&moves[i]) && k < count; k++)
			if (makes(&moves[k], moves[i].old))
				moves[i].way.up.items[0].allow_count = 0;
}

/* --- names --- */

/* Has the folder a file like this pattern, with just `rest` after its number (NULL: anything)? */
static bool
has_file(const char *folder, const char *file, const char *rest)
{
	char	   *pattern = mem_format("%s/%s", folder, file);
	glob_t		found = {0};
	bool		has = false;

	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && !has; i++) {
			const char *name = found.gl_pathv[i] + strlen(folder) + 1;

			has = !rest || strcmp(name + strspn(name, "0123456789"), rest) == 0;
		}
	globfree(&found);
	mem_free(pattern);
	return has;
}

/* Has a migration this name? Not so 040_add_note.sql the name "note". */
static bool
is_taken(const char *folder, const char *name)
{
	char	   *rest = mem_format("_%s.sql", name);
	bool		taken = has_file(folder, "[0-9][0-9][0-9]*.sql", rest);

	mem_free(rest);
	return taken;
}

/* Are there migrations after the last one of this build? */
static bool
is_behind(const struct files_options *options)
{
	char	   *file = mem_format("%03d_*.sql", options->latest + 1);
	bool		behind = has_file(options->folder, file, NULL);

	mem_free(file);
	if (behind) {
		report_error("%s has a migration %d, which this build does not know", options->folder, options->latest + 1);
		report_hint("Complete or delete it, run \"make schema\", and repeat this command.");
	}
	return behind;
}

/* A new string. */
static char *
path_of(const struct files *files, const struct move *move, bool more, const struct files_options *options)
{
	char	   *name = mem_format("%s%s", options->name ? options->name : move->name,
								  more && !options->name ? "_and_more" : "");
	char	   *one = mem_string(name);
	char	   *path;

	for (int number = 2; is_taken(options->folder, one); number++) {
		mem_free(one);
		one = mem_format("%s_%d", name, number);
	}
	path = mem_format("%s/%03zu_%s.sql", options->folder, (size_t) options->latest + 1 + files->count, one);
	mem_free(one);
	mem_free(name);
	return path;
}

/* --- writing --- */

static char *
text_of(const struct moves *moves, const struct group *group, const struct sides *sides, bool first)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	forbid_replaced(&moves->items[group->first], group->count);
	fputs("-- TODO: Say in one or two sentences why this migration is needed.\n", stream);
	if (first)
		text_write_notes(stream, sides);
	text_write_sections(stream, &moves->items[group->first], group->count, form_of(&moves->items[group->first].way.up),
						form_of(&moves->items[group->first].way.down));
	mem_stream_close(stream);
	return text;
}

static bool
write_one(struct files *files, char *path, char *text)
{
	bool		done = file_replace(path, text, strlen(text));

	if (!done)
		report_error("could not write %s: %s", path, strerror(errno));
	mem_free(text);
	files->paths = mem_room(files->paths, files->count, sizeof(*files->paths));
	files->paths[files->count++] = path;
	if (!done) {
		mem_free(path);
		files->count--;
	}
	return done;
}

bool
files_write(const struct moves *moves, const struct sides *sides, const struct files_options *options)
{
	struct files files = {0};
	struct group group;
	bool		done = !is_behind(options);

	for (size_t i = 0; i < moves->count && done; i += group.count) {
		group = next_group(moves, i);
		done = write_one(&files, path_of(&files, &moves->items[i], group.count > 1, options),
						 text_of(moves, &group, sides, files.count == 0));
	}
	for (size_t i = 0; i < files.count; i++) {
		if (done)
			printf("%s\n", files.paths[i]);
		else
			unlink(files.paths[i]);
		mem_free(files.paths[i]);
	}
	mem_free(files.paths);
	return done;
}
