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

size_t utf8_character(const unsigned char *text)
{
    const size_t size = text[0] < 0x80    ? 1
                        : text[0] < 0xC2  ? 0
                        : text[0] < 0xE0  ? 2
                        : text[0] < 0xF0  ? 3
                        : text[0] <= 0xF4 ? 4
                                          : 0;

    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F) ||
        (text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F))
        return 0;
    return size;
}
