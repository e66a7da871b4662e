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

/* Printable ASCII as it is, everything else as \xNN. */
void print_escaped(FILE *to, const uint8_t *bytes, size_t size);

/* Printable ASCII only? Empty: no. */
bool is_printable(const uint8_t *bytes, size_t size);

/* Bytes of the UTF-8 character (RFC 3629) at text, which ends with a zero; 0: it is none. */
size_t utf8_character(const unsigned char *text);

#endif
