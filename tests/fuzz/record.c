/*
 * Text from the server that the program parses: the stored down statements (JSON), and the position of an error in a
 * text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "history/statement_list.h"
#include "fuzz.h"

#include "base/banned.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return 0;
}

/* A list that is understood is the same after it is written and read again. */
static void
try_list(const char *json)
{
	struct statement_list list;
	struct statement_list again;
	char	   *first;
	char	   *second;

	if (!statement_list_from_json(&list, json, false)) {
		must(list.count == 0 && !list.statements);
		return;
	}
	first = statement_list_to_json(&list);
	must(statement_list_from_json(&again, first, true));
	must(again.count == list.count && again.transactional && !list.transactional);
	for (size_t i = 0; i < list.count; i++) {
		must(list.statements[i].text && strcmp(list.statements[i].text, again.statements[i].text) == 0);
		must(list.statements[i].concurrent == again.statements[i].concurrent);
		must(!list.statements[i].index == !again.statements[i].index);
	}
	second = statement_list_to_json(&again);
	must(strcmp(first, second) == 0);
	mem_free(second);
	mem_free(first);
	statement_list_clear(&again);
	statement_list_clear(&list);
}

/* The first eight bytes are the offset and the position, the others the text. */
static void
try_position(const uint8_t *data, size_t size)
{
	uint32_t	numbers[2];
	unsigned char *text;

	if (size < sizeof(numbers))
		return;
	memcpy(numbers, data, sizeof(numbers));
	size -= sizeof(numbers);
	text = mem_alloc(size);
	if (size > 0)
		memcpy(text, data + sizeof(numbers), size);
	for (int i = 0; i < 2; i++) {
		/* As they are, and where the text is. */
		struct text_position found = text_position(text, size, numbers[0], numbers[1]);

		must(found.line >= 1 && found.column >= 1 && found.column <= size + 1);
		must(found.line_start <= size && found.line_length <= size - found.line_start);
		must(found.line_length == 0 || !memchr(text + found.line_start, '\n', found.line_length));
		must(found.line_start == 0 || text[found.line_start - 1] == '\n');
		must(found.column <= found.line_length + 1);
		numbers[0] %= (uint32_t) size + 1;
		numbers[1] %= (uint32_t) size + 2;
	}
	mem_free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *json = mem_copy(data, size);

	try_list(json);
	try_position(data, size);
	mem_free(json);
	return 0;
}
