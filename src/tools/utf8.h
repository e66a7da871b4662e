/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 (RFC 3629), and which of it is fit for a terminal. */
#ifndef RPROCFW_TOOLS_UTF8_H
#define RPROCFW_TOOLS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes, 1 to 4, of the character at the start of size bytes, in *code; 0 if there is none. */
size_t utf8_character(const uint8_t *bytes, size_t size, uint32_t *code);

/* The same, and 0 as well for characters that are not seen or that move others about: controls,
 * line separators, marks of writing direction, fillers, tags, and what has no width. */
size_t utf8_printable(const uint8_t *bytes, size_t size);

/* Are all size bytes characters? */
bool utf8_is_text(const uint8_t *bytes, size_t size);

#endif
