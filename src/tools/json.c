/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of JSON, and how a tree of them is written. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"
#include "print.h"
#include "report_json.h"
#include "utf8.h"

/* A copy of text in which U+FFFD stands for each byte that is no UTF-8; NULL: no memory. */
static char *mend(const char *text)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t left = strlen(text);
    char *mended = malloc((sizeof(replacement) - 1) * left + 1);
    char *to = mended;

    while (mended != NULL && left > 0) {
        uint32_t code;
        const size_t length = utf8_character((const uint8_t *)text, left, &code);
        const size_t taken = length != 0 ? length : 1;

        to = length != 0 ? mempcpy(to, text, length) : stpcpy(to, replacement);
        text += taken;
        left -= taken;
    }
    if (mended != NULL)
        *to = '\0';
    return mended;
}

json_t *json_path(const char *path)
{
    char *mended;
    json_t *value;

    if (path == NULL)
        return json_null();
    mended = mend(path);
    value = json_string(mended);
    free(mended);
    return value;
}

json_t *json_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *json_hex(const uint8_t *bytes, size_t size)
{
    char *text = bytes != NULL ? hex_string(bytes, size) : NULL;
    json_t *value = bytes != NULL ? json_string(text) : json_null();

    free(text);
    return value;
}

json_t *json_u32(uint32_t number)
{
    return json_integer((json_int_t)number);
}

/* A character as JSON escapes it. */
static void put_code(uint32_t code)
{
    if (code > 0xFFFF)
        (void)printf("\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + ((code - 0x10000) >> 10),
                     0xDC00 + (code & 0x3FF));
    else
        (void)printf("\\u%04" PRIx32, code);
}

/* json_dump_callback_t. What is not fit for a terminal, and not escaped yet, stands in strings. */
static int put_json(const char *text, size_t size, void *ctx)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t written = 0;
    size_t taken;

    (void)ctx;
    for (size_t at = 0; at < size; at += taken) {
        uint32_t code = 0;

        taken = utf8_character(bytes + at, size - at, &code);
        if (taken == 0 || code == '\n' || utf8_printable(bytes + at, size - at) != 0) {
            taken += taken == 0;
            continue;
        }
        (void)fwrite(text + written, 1, at - written, stdout);
        put_code(code);
        written = at + taken;
    }
    (void)fwrite(text + written, 1, size - written, stdout);
    return ferror(stdout) != 0 ? -1 : 0;
}

static bool print_json(const json_t *document)
{
    if (json_dump_callback(document, put_json, NULL, JSON_INDENT(2)) != 0)
        return ferror(stdout) != 0; /* finish_stdout reports it */
    (void)fputc('\n', stdout);
    return true;
}

bool print_document(const json_t *document, enum format format)
{
    if (format == FORMAT_YAML)
        return document_print_yaml(document);
    if (format == FORMAT_JSON || format == FORMAT_SARIF) /* which is JSON */
        return print_json(document);
    print_lines(document);
    return true;
}

void print_json_libraries(void)
{
    (void)printf("jansson %s\n", jansson_version_str());
}
