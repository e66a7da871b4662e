/* SPDX-License-Identifier: BSD-2-Clause */
/* Text for terminals, from bytes that nobody has vouched for. */
#include <stdlib.h>

#include "print.h"

static const char digits[] = "0123456789abcdef";

void print_hex(FILE *to, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        (void)fprintf(to, "%02x", bytes[i]);
}

char *hex_string(const uint8_t *bytes, size_t size)
{
    char *text = malloc(2 * size + 1);

    if (text == NULL)
        return NULL;
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * size] = '\0';
    return text;
}

static bool printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

void print_escaped(FILE *to, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (printable(bytes[i]) && bytes[i] != '\\')
            (void)fputc(bytes[i], to);
        else
            (void)fprintf(to, "\\x%02x", bytes[i]);
    }
}

bool is_printable(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!printable(bytes[i]))
            return false;
    return size > 0;
}
