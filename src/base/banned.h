/*
 * banned.h - functions that must not be used in this project; the compiler rejects them. Include it last, after all
 * system headers.
 *
 * Banned are functions that can overrun a buffer, hide errors, keep hidden state, or start a shell.
 */
#ifndef BANNED_H
#define BANNED_H

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok strncpy strncat
#pragma GCC poison atoi atol atoll atof sscanf
#pragma GCC poison asctime ctime gmtime localtime
#pragma GCC poison system popen mktemp tmpnam tempnam

#endif
