/* SPDX-License-Identifier: BSD-2-Clause */
/* Text for terminals, from bytes that nobody has vouched for. */
#ifndef RPROCFW_TOOLS_PRINT_H
#define RPROCFW_TOOLS_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Hex digits, lower case. */
void print_hex(FILE *to, const uint8_t *bytes, size_t size);

/* The same as a string to be freed; NULL: no memory. */
char *hex_string(const uint8_t *bytes, size_t size);

/* Printable UTF-8 as it is, every other byte and the backslash as \xNN. */
void print_escaped(FILE *to, const uint8_t *bytes, size_t size);

/* The same of a string; escape writes it to a buffer of ESCAPED_ROOM(strlen(text)) bytes. */
void print_text(FILE *to, const char *text);
void escape(const char *text, char *to);
#define ESCAPED_ROOM(length) (4 * (length) + 1)

/* Printable UTF-8 only? Empty: no. */
bool is_printable(const uint8_t *bytes, size_t size);

#endif
