/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that were given as hex digits. */
#ifndef RPROCFW_TOOLS_HEX_H
#define RPROCFW_TOOLS_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Of a hex digit; 16 of all else. */
unsigned digit_value(char digit);

/*
 * Pairs of digits; spaces and colons between pairs do not count. bytes has room for half of hex;
 * *size are written. NULL, or where in hex there is no pair.
 */
const char *bytes_of_hex(const char *hex, uint8_t *bytes, size_t *size);

#endif
