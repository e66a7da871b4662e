/* SPDX-License-Identifier: BSD-2-Clause */
/* Text for terminals, from bytes that nobody has vouched for. */
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "utf8.h"

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

/* What stands for the next character in *out, as a string; the bytes that it takes. */
static size_t next_escaped(const uint8_t *bytes, size_t size, char out[5])
{
    const size_t length = bytes[0] != '\\' ? utf8_printable(bytes, size) : 0;

    if (length != 0) {
        memcpy(out, bytes, length);
        out[length] = '\0';
        return length;
    }
    (void)snprintf(out, 5, "\\x%02x", bytes[0]);
    return 1;
}

void print_escaped(FILE *to, const uint8_t *bytes, size_t size)
{
    char out[5];

    for (size_t at = 0; at < size;) {
        at += next_escaped(bytes + at, size - at, out);
        (void)fputs(out, to);
    }
}

void print_text(FILE *to, const char *text)
{
    print_escaped(to, (const uint8_t *)text, strlen(text));
}

void escape(const char *text, char *to)
{
    const size_t size = strlen(text);

    *to = '\0';
    for (size_t at = 0; at < size; to += strlen(to))
        at += next_escaped((const uint8_t *)text + at, size - at, to);
}

bool is_printable(const uint8_t *bytes, size_t size)
{
    size_t at = 0;

    while (at < size) {
        const size_t length = utf8_printable(bytes + at, size - at);

        if (length == 0)
            return false;
        at += length;
    }
    return size > 0;
}
