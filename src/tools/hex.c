/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that were given as hex digits. */
#include "hex.h"

unsigned digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return (unsigned)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (unsigned)(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F')
        return (unsigned)(digit - 'A' + 10);
    return 16;
}

const char *bytes_of_hex(const char *hex, uint8_t *bytes, size_t *size)
{
    *size = 0;
    while (*hex != '\0') {
        if (*hex == ' ' || *hex == ':') {
            hex++;
            continue;
        }
        if (digit_value(hex[0]) > 15 || digit_value(hex[1]) > 15)
            return hex;
        bytes[(*size)++] = (uint8_t)(digit_value(hex[0]) << 4 | digit_value(hex[1]));
        hex += 2;
    }
    return NULL;
}
