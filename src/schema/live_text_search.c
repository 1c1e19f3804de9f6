/* Facts about text search: parsers, templates, dictionaries and configurations. */
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"

#include "base/banned.h"

#define DEFAULT_PARSER 3722

/* The columns; the first three of all are the same. A function has two columns. */
enum {
	OBJECT_OID, OBJECT_NAME, OBJECT_SCHEMA
};
enum {
	PARSER_START = OBJECT_SCHEMA + 1, PARSER_TOKEN = PARSER_START + 2, PARSER_END = PARSER_TOKEN + 2,
	PARSER_HEADLINE = PARSER_END + 2, PARSER_LEXTYPES = PARSER_HEADLINE + 2
};
enum {
	TEMPLATE_INIT = OBJECT_SCHEMA + 1, TEMPLATE_LEXIZE = TEMPLATE_INIT + 2
};
enum {
	DICTIONARY_OWNER = OBJECT_SCHEMA + 1, DICTIONARY_TEMPLATE, DICTIONARY_OPTIONS
};
enum {
	CONFIGURATION_OWNER = OBJECT_SCHEMA + 1, CONFIGURATION_PARSER
};
enum {
	MAPPING_CONFIGURATION, MAPPING_TOKEN, MAPPING_DICTIONARY
};

/* The token types of the default parser. */
static const char *const tokens[] = {
	"0", "asciiword", "word", "numword", "email", "url", "host", "sfloat", "version", "hword_numpart", "hword_part",
	"hword_asciipart", "blank", "tag", "protocol", "numhword", "asciihword", "hword", "url_path", "file", "float",
	"int", "uint", "entity"
};

static const struct {
	enum live_query query;
	enum live_class class_oid;
	enum fact_kind kind;
}			catalogs[] = {
	{LIVE_TS_PARSERS, LIVE_CLASS_TS_PARSER, FACT_TEXT_SEARCH_PARSER},
	{LIVE_TS_TEMPLATES, LIVE_CLASS_TS_TEMPLATE, FACT_TEXT_SEARCH_TEMPLATE},
	{LIVE_TS_DICTIONARIES, LIVE_CLASS_TS_DICT, FACT_TEXT_SEARCH_DICTIONARY},
	{LIVE_TS_CONFIGURATIONS, LIVE_CLASS_TS_CONFIG, FACT_TEXT_SEARCH_CONFIGURATION},
};

/* The system's have names, too. */
static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_TS_PARSERS, "SELECT oid, prsname, prsnamespace, " LIVE_FUNCTION("prsstart") ", "
			 LIVE_FUNCTION("prstoken") ", " LIVE_FUNCTION("prsend") ", " LIVE_FUNCTION("prsheadline") ", "
			 LIVE_FUNCTION("prslextype") " FROM pg_ts_parser");
	live_ask(reader, LIVE_TS_TEMPLATES, "SELECT oid, tmplname, tmplnamespace, " LIVE_FUNCTION("tmplinit") ", "
			 LIVE_FUNCTION("tmpllexize") " FROM pg_ts_template");
	live_ask(reader, LIVE_TS_DICTIONARIES, "SELECT oid, dictname, dictnamespace, dictowner, dicttemplate,"
			 " dictinitoption FROM pg_ts_dict");
	live_ask(reader, LIVE_TS_CONFIGURATIONS, "SELECT oid, cfgname, cfgnamespace, cfgowner, cfgparser"
			 " FROM pg_ts_config");
	live_ask(reader, LIVE_TS_MAPPINGS, "SELECT mapcfg, maptokentype, mapdict FROM pg_ts_config_map"
			 " WHERE mapcfg >= " LIVE_FIRST_USER_OID " ORDER BY mapcfg, maptokentype, mapseqno");
}

static void
enter(struct live_reader *reader)
{
	for (size_t i = 0; i < sizeof(catalogs) / sizeof(*catalogs); i++)
		live_enter_qualified(reader, catalogs[i].query, catalogs[i].class_oid, catalogs[i].kind, OBJECT_NAME);
}

static void
tell_parser(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	live_main(reader, "start %s, gettoken %s, end %s, lextypes %s", live_function(reader, rows, row, PARSER_START),
			  live_function(reader, rows, row, PARSER_TOKEN), live_function(reader, rows, row, PARSER_END),
			  live_function(reader, rows, row, PARSER_LEXTYPES));
	live_property(reader, "headline", live_function(reader, rows, row, PARSER_HEADLINE));
}

static void
tell_template(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	live_main(reader, "lexize %s", live_function(reader, rows, row, TEMPLATE_LEXIZE));
	live_property(reader, "init", live_function(reader, rows, row, TEMPLATE_INIT));
}

/* The options with all values quoted: servers before 14 quote numbers, too. */
static const char *
quote_numbers(struct live_reader *reader, const char *options)
{
	char	   *copy = arena_alloc(reader->arena, 2 * strlen(options) + 3);
	char	   *end = copy;
	bool		quoted = false;	/* within quotes of the original */
	bool		number = false;

	for (const char *c = options; *c; c++) {
		if (*c == '\'')
			quoted = !quoted;
		if (!quoted && !number && c > options && c[-1] == ' ' && strchr("0123456789+-.", *c)) {
			*end++ = '\'';
			number = true;
		}
		else if (number && *c == ',') {
			*end++ = '\'';
			number = false;
		}
		*end++ = *c;
	}
	if (number)
		*end = '\'';
	return copy;
}

static void
tell_dictionary(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	const char *options = pipeline_value(rows, row, DICTIONARY_OPTIONS);

	live_main(reader, "template %s", live_name(reader, LIVE_CLASS_TS_TEMPLATE,
											   live_oid(rows, row, DICTIONARY_TEMPLATE)));
	if (options)
		live_property(reader, "options", quote_numbers(reader, live_requoted(reader, options)));
	live_owner(reader, live_oid(rows, row, DICTIONARY_OWNER));
}

/* A property for each type of tokens: "mapping for asciiword: simple, english_stem". */
static void
tell_mappings(struct live_reader *reader, unsigned configuration, unsigned parser)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_TS_MAPPINGS);
	const int	count = pipeline_row_count(rows);
	int			i = 0;

	while (i < count && live_oid(rows, i, MAPPING_CONFIGURATION) != configuration)
		i++;
	while (i < count && live_oid(rows, i, MAPPING_CONFIGURATION) == configuration) {
		unsigned	token = live_oid(rows, i, MAPPING_TOKEN);
		const char *dictionaries = "";

		for (; i < count && live_oid(rows, i, MAPPING_CONFIGURATION) == configuration
			 && live_oid(rows, i, MAPPING_TOKEN) == token; i++)
			dictionaries = arena_format(reader->arena, "%s%s%s", dictionaries, *dictionaries ? ", " : "",
										live_name(reader, LIVE_CLASS_TS_DICT, live_oid(rows, i, MAPPING_DICTIONARY)));
		if (parser == DEFAULT_PARSER && token < sizeof(tokens) / sizeof(*tokens))
			live_property(reader, arena_format(reader->arena, "mapping for %s", tokens[token]), dictionaries);
		else
			live_property(reader, arena_format(reader->arena, "mapping for token type %u", token), dictionaries);
	}
}

static void
tell_configuration(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	unsigned	parser = live_oid(rows, row, CONFIGURATION_PARSER);

	live_main(reader, "parser %s", live_name(reader, LIVE_CLASS_TS_PARSER, parser));
	tell_mappings(reader, live_oid(rows, row, OBJECT_OID), parser);
	live_owner(reader, live_oid(rows, row, CONFIGURATION_OWNER));
}

static void
tell(struct live_reader *reader)
{
	static void (*const tellers[]) (struct live_reader *reader, const struct pipeline_command *rows, int row) = {
		tell_parser, tell_template, tell_dictionary, tell_configuration
	};

	for (size_t catalog = 0; catalog < sizeof(catalogs) / sizeof(*catalogs); catalog++) {
		const struct pipeline_command *rows = live_rows(reader, catalogs[catalog].query);

		for (int i = 0; i < pipeline_row_count(rows); i++) {
			unsigned	oid = live_oid(rows, i, OBJECT_OID);
			const struct live_object *object = live_compared(reader, catalogs[catalog].class_oid, oid);

			if (!object)
				continue;
			live_begin(reader, object->kind, object->name);
			tellers[catalog] (reader, rows, i);
			live_comment(reader, catalogs[catalog].class_oid, oid, 0);
			live_end(reader);
		}
	}
}

const struct live_part live_text_search = {ask, enter, tell};
