/*
 * banned.h - calls that may not be used here; the compiler refuses them. Include it last, after every system header.
 *
 * Left: what can overrun its buffer, hides its errors, keeps hidden state, or starts a shell.
 */
#ifndef BANNED_H
#define BANNED_H

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok strncpy strncat
#pragma GCC poison atoi atol atoll atof sscanf
#pragma GCC poison asctime ctime gmtime localtime
#pragma GCC poison system popen mktemp tmpnam tempnam

#endif
