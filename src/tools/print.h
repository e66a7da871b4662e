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
void print_text(FILE *to, const char *text);

/* The same to a buffer of room bytes, at least 16; what is too long loses characters in its middle:
 * names stand before, and what is wrong with them behind. */
void escape(const char *text, char *to, size_t room);

/* The same between quotation marks, a quotation mark as \x22; of more than limit bytes the first.
 */
void print_quoted(FILE *to, const uint8_t *bytes, size_t size, size_t limit);

/* Printable UTF-8 only? Empty: no. */
bool is_printable(const uint8_t *bytes, size_t size);

#endif
