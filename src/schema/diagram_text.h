/*
 * diagram_text.h - any text within Graphviz's language: as it is wherever that can be, otherwise escaped. Pure.
 */
#ifndef DIAGRAM_TEXT_H
#define DIAGRAM_TEXT_H

#include <stdio.h>

/* diagram_text_label - in an HTML-like label; what would not be seen is written as \n or \x01. */
void		diagram_text_label(FILE *stream, const char *text);

/* diagram_text_name - the name of a node, with its quotes; another text is another name. */
void		diagram_text_name(FILE *stream, const char *text);

/* diagram_text_port - the name of a port, in a label and in an edge alike. */
void		diagram_text_port(FILE *stream, const char *text);

#endif
