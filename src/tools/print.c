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

/* What is always escaped, since escapes start with it. */
#define BACKSLASH '\\'

/* What stands for the next character in *out, as a string; the bytes that it takes. quote is
 * escaped, too. */
static size_t next_escaped(const uint8_t *bytes, size_t size, uint8_t quote, char out[5])
{
    const bool special = bytes[0] == BACKSLASH || bytes[0] == quote;
    const size_t length = special ? 0 : utf8_printable(bytes, size);

    if (length != 0) {
        memcpy(out, bytes, length);
        out[length] = '\0';
        return length;
    }
    (void)snprintf(out, 5, "\\x%02x", bytes[0]);
    return 1;
}

static void print_escaped(FILE *to, const uint8_t *bytes, size_t size, uint8_t quote)
{
    char out[5];

    for (size_t at = 0; at < size;) {
        at += next_escaped(bytes + at, size - at, quote, out);
        (void)fputs(out, to);
    }
}

void print_text(FILE *to, const char *text)
{
    print_escaped(to, (const uint8_t *)text, strlen(text), BACKSLASH);
}

void print_quoted(FILE *to, const uint8_t *bytes, size_t size, size_t limit)
{
    size_t shown = size < limit ? size : limit;

    while (shown < size && shown > 0 && (bytes[shown] & 0xC0) == 0x80)
        shown--; /* not in the middle of a character */
    (void)fputc('"', to);
    print_escaped(to, bytes, shown, '"');
    (void)fputs(shown < size ? "...\"" : "\"", to);
}

static size_t escaped_length(const uint8_t *bytes, size_t size)
{
    size_t length = 0;
    char out[5];

    for (size_t at = 0; at < size; length += strlen(out))
        at += next_escaped(bytes + at, size - at, BACKSLASH, out);
    return length;
}

void escape(const char *text, char *to, size_t room)
{
    static const char gap[] = "...";
    const uint8_t *bytes = (const uint8_t *)text;
    const size_t size = strlen(text);
    size_t left = escaped_length(bytes, size);         /* what is still to come */
    size_t head = left < room ? left : room / 4;       /* room before the gap, if there is one */
    const size_t tail = room - room / 4 - sizeof(gap); /* and behind it */
    size_t taken;
    char out[5];
    size_t at;

    *to = '\0';
    for (at = 0; at < size; at += taken) {
        taken = next_escaped(bytes + at, size - at, BACKSLASH, out);
        if (strlen(out) > head)
            break;
        to = stpcpy(to, out);
        head -= strlen(out);
        left -= strlen(out);
    }
    if (at < size)
        to = stpcpy(to, gap);
    for (; at < size; at += taken) {
        taken = next_escaped(bytes + at, size - at, BACKSLASH, out);
        if (left <= tail)
            to = stpcpy(to, out);
        left -= strlen(out);
    }
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
