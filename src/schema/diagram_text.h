/*
 * diagram_text.h - write any text in Graphviz's language, escaped only if necessary. Pure.
 */
#ifndef DIAGRAM_TEXT_H
#define DIAGRAM_TEXT_H

#include <stdio.h>

/* diagram_text_label - write a text in an HTML-like label. Control characters are written as \n or \x01. */
void		diagram_text_label(FILE *stream, const char *text);

/* diagram_text_name - write the quoted name of a node. Different texts give different names. */
void		diagram_text_name(FILE *stream, const char *text);

/* diagram_text_port - write the name of a port, for a label or for an edge. */
void		diagram_text_port(FILE *stream, const char *text);

#endif
